//! What the server answers.

use axum::extract::rejection::{PathRejection, StringRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use flowright::RunError;
use serde_json::json;

/// Why a request was not answered: `{ "error": { "code": …, "message": … } }`.
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Problem { status, code, message: message.into() }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Problem { status, code, message } = self;
        (status, Json(json!({ "error": { "code": code, "message": message } }))).into_response()
    }
}

/// The path is not UTF-8.
impl From<PathRejection> for Problem {
    fn from(rejection: PathRejection) -> Self {
        Problem::new(rejection.status(), "bad-path", rejection.body_text())
    }
}

/// The body is too large, or is no text.
impl From<StringRejection> for Problem {
    fn from(rejection: StringRejection) -> Self {
        Problem::new(rejection.status(), "bad-body", rejection.body_text())
    }
}

/// The body is no JSON.
impl From<serde_json::Error> for Problem {
    fn from(error: serde_json::Error) -> Self {
        Problem::new(StatusCode::BAD_REQUEST, "bad-json", error.to_string())
    }
}

/// The run did not begin.
impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Event(refused) => {
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refused.code(), refused.to_string())
            }
            other => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "not-run", other.to_string()),
        }
    }
}
