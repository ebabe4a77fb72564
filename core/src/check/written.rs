//! A compiled value, as far as the document alone tells it: refs are holes.

use crate::template::Template;
use flowright_schema::{Shape, Subject};
use serde_json::Value;

#[derive(Clone, Copy)]
pub(crate) enum Written<'v> {
    Value(&'v Value),
    Template(&'v Template),
}

impl<'v> Subject<'v> for Written<'v> {
    type Elements = Box<dyn ExactSizeIterator<Item = Self> + 'v>;
    type Members = Box<dyn Iterator<Item = (&'v str, Self)> + 'v>;

    fn shape(self) -> Shape<'v, Self::Elements, Self::Members> {
        let value = match self {
            Written::Value(value) | Written::Template(Template::Literal(value)) => value,
            Written::Template(Template::Ref(_)) => return Shape::Hole,
            Written::Template(Template::Text(_)) => return Shape::Text,
            Written::Template(Template::Array(elements)) => {
                return Shape::Array(Box::new(elements.iter().map(Written::Template)));
            }
            Written::Template(Template::Object(members)) => {
                let members = members.iter().map(|(name, member)| (&**name, Written::Template(member)));
                return Shape::Object(Box::new(members));
            }
        };
        value.shape().boxed(Written::Value)
    }
}
