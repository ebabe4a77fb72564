//! What is wrong with a registry.

use flowright_schema::nearest;
use std::fmt;

/// Everything that is wrong with a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError(Vec<RegistryFault>);

/// One thing that is wrong with a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryFault {
    subject: String,
    message: String,
}

impl RegistryError {
    pub(crate) fn unless_empty(faults: Vec<RegistryFault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(RegistryError(faults)) }
    }

    /// Each fault, in the order the actions and events were registered.
    pub fn faults(&self) -> &[RegistryFault] {
        &self.0
    }
}

impl RegistryFault {
    pub(crate) fn of_action(kind: &str, message: impl Into<String>) -> Self {
        RegistryFault { subject: format!("action `{}`", kind.escape_debug()), message: message.into() }
    }

    pub(crate) fn of_event(name: &str, message: impl Into<String>) -> Self {
        RegistryFault { subject: format!("event `{}`", name.escape_debug()), message: message.into() }
    }

    pub(crate) fn of_level(code: crate::diagnostic::Code, message: impl Into<String>) -> Self {
        RegistryFault { subject: format!("lint `{code}`"), message: message.into() }
    }

    pub(crate) fn unknown_kind<'a>(kind: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let advice =
            nearest(kind, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        RegistryFault::of_action(kind, format!("the registry has no such kind{advice}"))
    }

    /// What the fault is about: an action or an event, by name.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// What is wrong, and what to do.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for RegistryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.message)
    }
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the registry cannot be built:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n- {fault}"))
    }
}

impl std::error::Error for RegistryError {}
