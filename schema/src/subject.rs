//! What is held against a type: a JSON value, or something that stands for one.

use serde_json::{Number, Value};
use std::borrow::Cow;

/// A value as the type system sees it. A `&Value` is one; a template with refs inside is another, whose refs
/// are [`Shape::Hole`]s while nothing is known of them.
pub trait Subject<'v>: Copy {
    /// The elements of an array, in order.
    type Elements: ExactSizeIterator<Item = Self>;
    /// The members of an object; no name comes twice.
    type Members: Iterator<Item = (&'v str, Self)>;

    /// What this is, one level deep.
    fn shape(self) -> Shape<'v, Self::Elements, Self::Members>;
}

/// One level of a [`Subject`].
pub enum Shape<'v, Elements, Members> {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean(bool),
    /// A number as it was written.
    Number(&'v Number),
    /// A string.
    String(Cow<'v, str>),
    /// A string whose content is not known yet.
    Text,
    /// A value of which nothing is known yet.
    Hole,
    /// An array.
    Array(Elements),
    /// An object.
    Object(Members),
}

impl<'v, Elements: Iterator, Members> Shape<'v, Elements, Members> {
    /// The same with other parts, behind pointers: for a subject that stands for several kinds of thing.
    pub fn boxed<N: 'v>(self, part: impl Fn(Elements::Item) -> N + Copy + 'v) -> BoxedShape<'v, N>
    where
        Elements: ExactSizeIterator + 'v,
        Members: Iterator<Item = (&'v str, Elements::Item)> + 'v,
    {
        match self {
            Shape::Null => Shape::Null,
            Shape::Boolean(boolean) => Shape::Boolean(boolean),
            Shape::Number(number) => Shape::Number(number),
            Shape::String(string) => Shape::String(string),
            Shape::Text => Shape::Text,
            Shape::Hole => Shape::Hole,
            Shape::Array(elements) => Shape::Array(Box::new(elements.map(part))),
            Shape::Object(members) => {
                Shape::Object(Box::new(members.map(move |(name, member)| (name, part(member)))))
            }
        }
    }
}

/// A [`Shape`] whose parts are found behind pointers.
pub type BoxedShape<'v, N> =
    Shape<'v, Box<dyn ExactSizeIterator<Item = N> + 'v>, Box<dyn Iterator<Item = (&'v str, N)> + 'v>>;

/// The members of a JSON object.
pub struct ObjectMembers<'v>(serde_json::map::Iter<'v>);

impl<'v> Iterator for ObjectMembers<'v> {
    type Item = (&'v str, &'v Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), value))
    }
}

impl<'v> Subject<'v> for &'v Value {
    type Elements = std::slice::Iter<'v, Value>;
    type Members = ObjectMembers<'v>;

    fn shape(self) -> Shape<'v, Self::Elements, Self::Members> {
        match self {
            Value::Null => Shape::Null,
            Value::Bool(value) => Shape::Boolean(*value),
            Value::Number(value) => Shape::Number(value),
            Value::String(value) => Shape::String(Cow::Borrowed(value)),
            Value::Array(elements) => Shape::Array(elements.iter()),
            Value::Object(members) => Shape::Object(ObjectMembers(members.iter())),
        }
    }
}
