//! The way from a value to one inside it.

use serde_json::Value;
use std::fmt;

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// `.name` or `['name']`: a member of an object.
    Member(Box<str>),
    /// `[0]` or `[-1]`: an element of an array; a negative index counts from the end.
    Element(i64),
    /// `.1`: the member `"1"` of an object, or the element 1 of an array. `.01` is a member only.
    Digits(Box<str>),
}

impl Segment {
    /// `.name`: digits alone may also mean an element.
    pub fn shorthand(name: &str) -> Self {
        if !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit()) {
            Segment::Digits(name.into())
        } else {
            Segment::Member(name.into())
        }
    }

    /// The member's name, where this can be one.
    pub fn as_member(&self) -> Option<&str> {
        match self {
            Segment::Member(name) | Segment::Digits(name) => Some(name),
            Segment::Element(_) => None,
        }
    }

    /// The element's index, where this can be one.
    pub(crate) fn as_index(&self) -> Option<i64> {
        match self {
            Segment::Member(_) => None,
            Segment::Element(index) => Some(*index),
            Segment::Digits(digits) if digits.len() > 1 && digits.starts_with('0') => None,
            Segment::Digits(digits) => digits.parse().ok(),
        }
    }

    /// The position this means in an array of `len` elements; `None` where there is none.
    pub fn position(&self, len: usize) -> Option<usize> {
        let index = self.as_index()?;
        let position = match usize::try_from(index) {
            Ok(position) => position,
            Err(_) => len.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
        };
        (position < len).then_some(position)
    }

    /// The value one step inside `value`. Only a value's own members and elements exist.
    #[inline]
    pub fn find<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match value {
            Value::Object(members) => members.get(self.as_member()?),
            Value::Array(elements) => elements.get(self.position(elements.len())?),
            _ => None,
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Element(index) => write!(f, "[{index}]"),
            Segment::Digits(digits) => write!(f, ".{digits}"),
            Segment::Member(name) if is_shorthand(name) => write!(f, ".{name}"),
            Segment::Member(name) => {
                f.write_str("['")?;
                for c in name.chars() {
                    match c {
                        '\'' | '\\' => write!(f, "\\{c}")?,
                        '\u{8}' => f.write_str("\\b")?,
                        '\u{c}' => f.write_str("\\f")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        c if c < ' ' => write!(f, "\\u{:04x}", u32::from(c))?,
                        c => write!(f, "{c}")?,
                    }
                }
                f.write_str("']")
            }
        }
    }
}

/// Whether `name` is an RFC 9535 member-name-shorthand. Digits alone are not: `.1` also means an element.
fn is_shorthand(name: &str) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    name.chars().next().is_some_and(first) && name.chars().all(|c| first(c) || c.is_ascii_digit())
}

/// A singular path: it means one value or none. Prints as RFC 9535 writes it, without the leading `$`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Box<[Segment]>);

impl Path {
    /// The steps, outermost first.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The value at this path inside `value`.
    #[inline]
    pub fn find<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |value, segment| segment.find(value))
    }
}

impl From<Vec<Segment>> for Path {
    fn from(segments: Vec<Segment>) -> Self {
        Path(segments.into())
    }
}

impl FromIterator<Segment> for Path {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        Path(segments.into_iter().collect())
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|segment| segment.fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn digits_are_a_member_of_an_object_and_an_element_of_an_array() {
        let path = Path::from(vec![Segment::shorthand("1")]);
        assert_eq!(path.find(&json!({ "1": "member" })), Some(&json!("member")));
        assert_eq!(path.find(&json!(["zero", "one"])), Some(&json!("one")));
        assert_eq!(Path::from(vec![Segment::shorthand("01")]).find(&json!(["zero", "one"])), None);
    }

    #[test]
    fn a_negative_element_counts_from_the_end() {
        let at = |index| Path::from(vec![Segment::Element(index)]);
        let value = json!([10, 20, 30]);
        assert_eq!(at(-1).find(&value), Some(&json!(30)));
        assert_eq!(at(-3).find(&value), Some(&json!(10)));
        assert_eq!(at(-4).find(&value), None);
        assert_eq!(at(i64::MIN).find(&value), None);
        assert_eq!(at(0).find(&json!({ "0": 1 })), None);
    }

    #[test]
    fn only_a_values_own_members_exist() {
        let length = Path::from(vec![Segment::shorthand("length")]);
        assert_eq!(length.find(&json!([1])), None);
        assert_eq!(length.find(&json!("text")), None);
    }

    #[test]
    fn names_are_quoted_only_where_they_must_be() {
        let path: Path = ["a", "1", "make-user", "it's", "é"].map(Segment::shorthand).into_iter().collect();
        assert_eq!(path.to_string(), r".a.1['make-user']['it\'s'].é");
    }
}
