//! Why an action did not succeed.

use std::error::Error;
use std::fmt;

/// What an action comes to: its output as JSON, or why there is none.
pub type ActionResult = Result<serde_json::Value, ActionError>;

/// Why an action failed, and whether trying again may help.
///
/// Every `std::error::Error` becomes a retryable one by `?`, its source kept; [`ActionError::fatal`] says that no
/// further attempt is worth making. In the failure of a run, what an action has in secret inputs is masked in its message,
/// and its source is left out, which may show it too.
///
/// ```
/// use flowright::ActionError;
///
/// fn charge(cents: i64) -> Result<(), ActionError> {
///     if cents < 0 {
///         return Err(ActionError::fatal("a charge cannot be negative"));
///     }
///     "12".parse::<i64>()?; // retryable, like any other error
///     Ok(())
/// }
/// assert!(!charge(-1).unwrap_err().is_retryable());
/// ```
pub struct ActionError(Box<Inner>);

struct Inner {
    message: String,
    retryable: bool,
    source: Option<Box<dyn Error + Send + Sync>>,
    input: Option<InputFault>,
    /// What was recorded before is of another type than is asked for now.
    misfit: bool,
}

struct InputFault {
    name: String,
    pointer: String,
}

impl ActionError {
    /// A failure that another attempt may not meet.
    #[must_use]
    pub fn retryable(message: impl fmt::Display) -> Self {
        Self::new(message.to_string(), true)
    }

    /// A failure that every further attempt would meet.
    #[must_use]
    pub fn fatal(message: impl fmt::Display) -> Self {
        Self::new(message.to_string(), false)
    }

    /// The same failure with what caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Whether another attempt may succeed.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// What caused this failure, where that is known.
    pub fn source(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }

    /// Its message, without the input that was refused.
    pub(crate) fn text(&self) -> &str {
        &self.0.message
    }

    /// The same failure with another text in place of its message.
    pub(crate) fn with_text(mut self, text: impl FnOnce(&str) -> String) -> Self {
        self.0.message = text(&self.0.message);
        self
    }

    pub(crate) fn without_source(mut self) -> Self {
        self.0.source = None;
        self
    }

    /// A value that was refused before the action was called.
    #[cold]
    pub(crate) fn input(name: &str, pointer: String, message: String) -> Self {
        let mut error = Self::new(message, false);
        error.0.input = Some(InputFault { name: name.to_owned(), pointer });
        error
    }

    /// What was recorded of a sub-step or an event is of another type than the action asks for now.
    #[cold]
    pub(crate) fn misfit(message: impl fmt::Display) -> Self {
        let mut error = Self::new(message.to_string(), false);
        error.0.misfit = true;
        error
    }

    pub(crate) fn is_misfit(&self) -> bool {
        self.0.misfit
    }

    /// The input's name, the JSON pointer inside its value, and what is wrong there.
    pub(crate) fn as_input_fault(&self) -> Option<(&str, &str, &str)> {
        self.0.input.as_ref().map(|fault| (&*fault.name, &*fault.pointer, &*self.0.message))
    }

    fn new(message: String, retryable: bool) -> Self {
        ActionError(Box::new(Inner { message, retryable, source: None, input: None, misfit: false }))
    }
}

impl fmt::Display for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.input {
            Some(fault) => write!(f, "input `{}{}`: {}", fault.name, fault.pointer, self.0.message),
            None => f.write_str(&self.0.message),
        }
    }
}

impl fmt::Debug for ActionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActionError")
            .field("message", &self.to_string())
            .field("retryable", &self.0.retryable)
            .field("source", &self.0.source)
            .finish()
    }
}

#[diagnostic::do_not_recommend]
impl<E: Error + Send + Sync + 'static> From<E> for ActionError {
    fn from(error: E) -> Self {
        Self::retryable(&error).with_source(error)
    }
}

/// What an action's `Result` may fail with.
#[diagnostic::on_unimplemented(
    message = "an action cannot fail with `{Self}`",
    label = "not an error that `ActionError` can be made from",
    note = "implement `std::error::Error` for it (and let it be `Send + Sync + 'static`), or fail with an `ActionError`: `.map_err(ActionError::retryable)`"
)]
pub trait ActionFault {
    /// The failure as the engine sees it.
    fn into_action_error(self) -> ActionError;
}

#[diagnostic::do_not_recommend]
impl<E: Into<ActionError>> ActionFault for E {
    fn into_action_error(self) -> ActionError {
        self.into()
    }
}
