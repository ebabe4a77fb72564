//! How the cluster's ingress is reached.

use bytes::Bytes;
use http::{Request, Response};
use restate_sdk::ingress::RequestExecutor;

/// Reaches it over HTTP.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transport(reqwest::Client);

impl RequestExecutor for Transport {
    type Error = reqwest::Error;

    async fn execute(&self, request: Request<Bytes>) -> Result<Response<Bytes>, reqwest::Error> {
        let (parts, body) = request.into_parts();
        let sent = self.0.request(parts.method, parts.uri.to_string()).headers(parts.headers).body(body);
        let answer = sent.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut response = Response::new(answer.bytes().await?);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}
