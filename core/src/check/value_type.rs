//! The type of a value that holds refs.

use super::templates::Hole;
use super::values::Holes;
use crate::fault;
use crate::scope::Present;
use crate::template::{Piece, Template};
use flowright_schema::Type;

/// The type of a value; where it is `concealed`, without what its literal parts are.
pub(super) fn value_type(template: &Template, holes: &mut Holes<'_>, concealed: bool) -> Type {
    match template {
        Template::Literal(value) if concealed => fault::kind_type(value),
        Template::Literal(value) => Type::constant(value.clone()),
        Template::Ref(_) => found_type(holes.next()),
        Template::Text(pieces) => {
            holes.of(template);
            text_type(pieces)
        }
        Template::Array(elements) => {
            Type::tuple(elements.iter().map(|element| value_type(element, holes, concealed)))
        }
        Template::Object(members) => {
            let members = members.iter().map(|(name, member)| {
                let hole = matches!(member, Template::Ref(_)).then(|| holes.ahead(member).first()).flatten();
                let present = hole.and_then(|hole| hole.found.as_ref()).map(|found| found.present);
                let is_there = matches!(present, None | Some(Present::Always | Present::Unknown));
                (name.to_string(), value_type(member, holes, concealed), is_there)
            });
            Type::object(members.collect::<Vec<_>>(), false)
        }
    }
}

fn found_type(hole: Option<&Hole<'_>>) -> Type {
    hole.and_then(|hole| hole.found.as_ref()).map_or_else(Type::any, |found| found.ty.clone())
}

/// Text is at least as long as what stands in it verbatim.
pub(super) fn text_type(pieces: &[Piece]) -> Type {
    let verbatim = pieces.iter().map(|piece| match piece {
        Piece::Verbatim(text) => text.chars().count() as u64,
        Piece::Ref(_) => 0,
    });
    Type::string_of_at_least(verbatim.sum())
}
