//! What an engine lacks.

use std::fmt;

/// What an engine lacks: resources that actions borrow and that it was not given, and actions that it was given a policy
/// for.
#[derive(Debug)]
pub struct MissingResources {
    pub(super) missing: Vec<MissingResource>,
    pub(super) unknown: Vec<String>,
}

/// A resource that an action borrows and that the engine was not given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingResource {
    /// The kind of the action that borrows it.
    pub kind: String,
    /// The name of the resource's Rust type.
    pub resource: String,
}

impl MissingResources {
    /// Each resource, in the order of the registry.
    pub fn iter(&self) -> impl Iterator<Item = &MissingResource> {
        self.missing.iter()
    }

    /// The kinds that a policy is for and that the registry does not have.
    pub fn unknown_kinds(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }
}

impl fmt::Display for MissingResources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.missing.is_empty() {
            f.write_str(
                "the engine lacks resources that its actions borrow; give each with `.resource(…)`:",
            )?;
        }
        let borrows =
            |missing: &MissingResource| format!("- `{}` borrows `&{}`", missing.kind, missing.resource);
        let mut lines: Vec<String> = self.missing.iter().map(borrows).collect();
        if let ([_, ..], [_, ..]) = (&*self.missing, &*self.unknown) {
            lines.push(String::new());
        }
        let policies = |kind: &String| {
            format!("`.policy(\"{kind}\", …)` is for an action that the registry does not have")
        };
        lines.extend(self.unknown.iter().map(policies));
        let lines = lines.join("\n");
        let apart = if self.missing.is_empty() { "" } else { "\n" };
        write!(f, "{apart}{lines}")
    }
}

impl std::error::Error for MissingResources {}
