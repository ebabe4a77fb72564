//! Why a run failed.

use crate::action::ActionError;
use crate::diagnostic::{Code, Pointer};
use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;

const ACTION_FAILED: &str = "action-failed";
const DEADLINE: &str = "deadline";

/// Why a run failed: which action, and what went wrong there.
///
/// A failed run is an ordinary outcome: it keeps every output that was there before.
#[derive(Debug)]
pub struct Failure {
    action: String,
    kind: String,
    attempt: u32,
    cause: Cause,
}

/// What went wrong at the action.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cause {
    /// The action was called and returned an error.
    Action(ActionError),
    /// An input does not have the value its type asks for, or all of them are too large; the action was not called.
    Input(InputFault),
    /// The action's output is not of the type its definition gives; it is not kept.
    Output {
        /// `wrong-type`, `out-of-range`, …
        code: Code,
        /// What is wrong, and where inside the output.
        message: String,
    },
    /// A bound of [`Limits`](crate::Limits) was reached.
    Limit {
        /// What grew too large.
        message: String,
    },
    /// The run did not end in time; the action was under way then, or about to be tried again.
    Deadline {
        /// How long the run might take.
        deadline: Duration,
    },
    /// The failure was recorded, and this is what is known of it.
    Recorded {
        /// Its slug, as [`Failure::code`] gave it.
        code: &'static str,
        /// What went wrong.
        message: String,
        /// Where the input stands in the document that was refused.
        pointer: Option<Pointer>,
        /// The ref that yielded its value.
        reference: Option<String>,
    },
    /// The rule of a `builtin:if` has no value, such as one that divides text.
    Rule {
        /// What the rule cannot do.
        message: String,
    },
}

/// An input whose value could not be proven when the workflow was checked, and is wrong; or inputs that are too large with
/// their refs filled in.
#[derive(Debug)]
pub struct InputFault {
    pub(crate) code: Code,
    pub(crate) pointer: Pointer,
    pub(crate) reference: Option<String>,
    pub(crate) expected: Option<String>,
    pub(crate) message: String,
}

impl InputFault {
    /// The rule that is broken: `wrong-type`, `out-of-range`, `bad-format`, `may-be-absent`, `not-text`, `limit`.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Where the value stands in the document, or all inputs do.
    pub fn pointer(&self) -> &Pointer {
        &self.pointer
    }

    /// The ref that yielded the value: `!ref($.event.data.to)`.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    /// The type that is expected, in flowright's notation.
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }
}

impl fmt::Display for InputFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(reference) = &self.reference {
            write!(f, ", from `{reference}`")?;
        }
        write!(f, " (at {})", self.pointer)
    }
}

impl Failure {
    pub(crate) fn new(action: &str, kind: &str, attempt: u32, cause: Cause) -> Self {
        Failure { action: action.to_owned(), kind: kind.to_owned(), attempt, cause }
    }

    /// The id of the action that failed.
    pub fn action_id(&self) -> &str {
        &self.action
    }

    /// The kind of the action that failed.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Which attempt at the action this was; the first is 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What went wrong.
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    /// A stable slug: `action-failed` where the action itself returned an error, `deadline` where the run took too long,
    /// else the rule that is broken.
    pub fn code(&self) -> &'static str {
        match &self.cause {
            Cause::Action(_) => ACTION_FAILED,
            Cause::Input(fault) => fault.code.slug(),
            Cause::Output { code, .. } => code.slug(),
            Cause::Limit { .. } => Code::Limit.slug(),
            Cause::Rule { .. } => Code::BadCondition.slug(),
            Cause::Deadline { .. } => DEADLINE,
            Cause::Recorded { code, .. } => code,
        }
    }

    /// The failure that [`Failure::to_json`] gave, where it is one.
    pub fn from_json(json: &Value) -> Option<Self> {
        let text = |name: &str| json.get(name)?.as_str().map(str::to_owned);
        let attempt = u32::try_from(json.get("attempt")?.as_u64()?).ok()?;
        let code = match text("code")?.as_str() {
            DEADLINE => DEADLINE,
            code => code.parse::<Code>().map_or(ACTION_FAILED, Code::slug),
        };
        let pointer = text("pointer").and_then(|pointer| pointer.parse().ok());
        let cause = Cause::Recorded { code, message: text("message")?, pointer, reference: text("ref") };
        Some(Failure { action: text("action")?, kind: text("kind")?, attempt, cause })
    }

    /// `{ "action", "kind", "attempt", "code", "message", "pointer"?, "ref"? }`
    pub fn to_json(&self) -> Value {
        let mut json = json!({
            "action": self.action,
            "kind": self.kind,
            "attempt": self.attempt,
            "code": self.code(),
            "message": self.message(),
        });
        if let Some(pointer) = self.pointer() {
            json["pointer"] = pointer.as_str().into();
        }
        if let Some(reference) = self.reference() {
            json["ref"] = reference.into();
        }
        json
    }

    /// Where the input stands in the document that was refused, where that is why; its action was not called.
    pub fn pointer(&self) -> Option<&Pointer> {
        match &self.cause {
            Cause::Input(fault) => Some(&fault.pointer),
            Cause::Recorded { pointer, .. } => pointer.as_ref(),
            _ => None,
        }
    }

    /// Whether the action was called; it was not where its inputs were refused.
    pub(crate) fn is_of_call(&self) -> bool {
        self.pointer().is_none()
    }

    /// The ref that yielded the value of that input: `!ref($.event.data.to)`.
    pub fn reference(&self) -> Option<&str> {
        match &self.cause {
            Cause::Input(fault) => fault.reference(),
            Cause::Recorded { reference, .. } => reference.as_deref(),
            _ => None,
        }
    }

    /// What went wrong, without the action's name.
    pub fn message(&self) -> String {
        match &self.cause {
            Cause::Action(error) => error.to_string(),
            Cause::Input(fault) => fault.to_string(),
            Cause::Output { message, .. }
            | Cause::Limit { message }
            | Cause::Rule { message }
            | Cause::Recorded { message, .. } => message.clone(),
            Cause::Deadline { deadline } => format!("the run did not end within {deadline:?}"),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "action `{}` ({}) failed: {}", self.action, self.kind, self.message())
    }
}

impl std::error::Error for Failure {}
