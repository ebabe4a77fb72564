//! Places in a JSON document.

use std::fmt;
use std::str::FromStr;

/// A JSON pointer (RFC 6901): a place in a document. `/actions/0/inputs/to`; the whole document is the empty pointer.
///
/// ```
/// use flowright::Pointer;
///
/// let pointer = Pointer::root().member("actions").element(0).member("a/b");
/// assert_eq!(pointer.as_str(), "/actions/0/a~1b");
/// assert_eq!("/actions/0/a~1b".parse(), Ok(pointer));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Pointer::default()
    }

    /// The member `name` of the object here.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let mut pointer = String::with_capacity(self.0.len() + 1 + name.len());
        pointer.push_str(&self.0);
        push(&mut pointer, name);
        Pointer(pointer)
    }

    /// The element at `position` of the array here.
    #[must_use]
    pub fn element(&self, position: usize) -> Self {
        Pointer(format!("{}/{position}", self.0))
    }

    /// An input of an action, by the action's position: `/actions/0/inputs/to`.
    pub(crate) fn of_input(action: usize, input: &str) -> Self {
        let mut pointer = format!("/actions/{action}/inputs");
        push(&mut pointer, input);
        Pointer(pointer)
    }

    /// The value that this one is a part of; of the whole document the document.
    pub(crate) fn parent(&self) -> Self {
        Pointer(self.0.rfind('/').and_then(|end| self.0.get(..end)).unwrap_or_default().to_owned())
    }

    /// The place at `inner` inside the value here.
    #[must_use]
    pub fn join(&self, inner: &Pointer) -> Self {
        Pointer(format!("{}{}", self.0, inner.0))
    }

    /// As RFC 6901 writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The steps from the whole document to the place, outermost first, unescaped.
    pub(crate) fn steps(&self) -> impl Iterator<Item = String> {
        self.0.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"))
    }
}

/// Adds a step, escaped.
fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    let mut rest = name;
    while let Some(at) = rest.find(['~', '/']) {
        let (plain, special) = rest.split_at(at);
        pointer.push_str(plain);
        pointer.push_str(if special.starts_with('~') { "~0" } else { "~1" });
        rest = special.get(1..).unwrap_or_default();
    }
    pointer.push_str(rest);
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        let escapes_are_whole =
            || text.split('~').skip(1).all(|rest| rest.starts_with('0') || rest.starts_with('1'));
        if !text.is_empty() && !text.starts_with('/') {
            Err(PointerError::NoSlash)
        } else if !escapes_are_whole() {
            Err(PointerError::Tilde)
        } else {
            Ok(Pointer(text.to_owned()))
        }
    }
}

/// The error of reading a [`Pointer`] from text that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PointerError {
    /// It neither is empty nor begins with `/`.
    NoSlash,
    /// A `~` that neither `0` nor `1` follows.
    Tilde,
}

impl fmt::Display for PointerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PointerError::NoSlash => "a JSON pointer is empty or begins with `/`",
            PointerError::Tilde => "in a JSON pointer, `~` is written `~0` and `/` in a name `~1`",
        })
    }
}

impl std::error::Error for PointerError {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pointer_leads_where_serde_json_finds_it() {
        let document = json!({ "a/b": [{ "~1": { "": 7 } }] });
        let pointer = Pointer::root().member("a/b").element(0).member("~1").member("");
        assert_eq!(pointer.as_str(), "/a~1b/0/~01/");
        assert_eq!(document.pointer(pointer.as_str()), Some(&json!(7)));
        assert_eq!(pointer.steps().collect::<Vec<_>>(), ["a/b", "0", "~1", ""]);
        assert_eq!(Pointer::root().steps().count(), 0);
    }

    #[test]
    fn only_rfc_6901_pointers_are_read() {
        assert_eq!("a".parse::<Pointer>(), Err(PointerError::NoSlash));
        assert_eq!("/a~2".parse::<Pointer>(), Err(PointerError::Tilde));
        assert_eq!("/a~".parse::<Pointer>(), Err(PointerError::Tilde));
        assert_eq!(
            "/~01".parse::<Pointer>().map(|pointer| pointer.steps().collect()),
            Ok(vec!["~1".to_owned()])
        );
        assert_eq!("".parse(), Ok(Pointer::root()));
    }
}
