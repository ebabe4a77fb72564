//! A template and the state it is filled from, read as one value: nothing is cloned on its way into an action.

use crate::template::{Input, Piece, State, Template};
use flowright_schema::{Shape, Subject};
use serde::de::{
    self, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Error, Map, Number, Value};
use std::borrow::Cow;

/// What stands at an input, or at a place inside one.
#[derive(Clone, Copy)]
pub(crate) enum View<'v> {
    /// Nothing. Only an optional type accepts it, as in serde's own handling of a missing field.
    Missing,
    /// A value of the document or of the state.
    Value(&'v Value),
    /// Text with refs.
    Text(&'v [Piece], &'v State),
    /// An array with refs below it.
    Array(&'v [Template], &'v State),
    /// An object with refs below it.
    Object(&'v [(Box<str>, Template)], &'v State),
}

impl<'v> View<'v> {
    #[inline]
    pub(crate) fn of(template: &'v Template, state: &'v State) -> Self {
        match template {
            Template::Literal(value) => View::Value(value),
            Template::Ref(place) => state.find(place).map_or(View::Missing, View::Value),
            Template::Text(pieces) => View::Text(pieces, state),
            Template::Array(elements) => View::Array(elements, state),
            Template::Object(members) => View::Object(members, state),
        }
    }

    /// An input's value: what the document says, else the default.
    #[inline]
    pub(crate) fn of_input(input: &'v Input, state: &'v State) -> Self {
        let written = input.template.as_ref().map_or(View::Missing, |template| View::of(template, state));
        let written = match written {
            View::Value(Value::Null) if input.null_is_absent => View::Missing,
            written => written,
        };
        match (written, &input.default) {
            (View::Missing, Some(default)) => View::Value(default),
            (view, _) => view,
        }
    }

    pub(crate) fn is_missing(self) -> bool {
        matches!(self, View::Missing)
    }

    /// The value itself, cloned where it stands elsewhere; `None` where there is nothing.
    pub(crate) fn to_value(self) -> Result<Option<Value>, Error> {
        Ok(Some(match self {
            View::Missing => return Ok(None),
            View::Value(value) => value.clone(),
            View::Text(pieces, state) => Value::String(text(pieces, state)?),
            View::Array(elements, state) => {
                let mut array = Vec::with_capacity(elements.len());
                for element in elements {
                    array.push(View::of(element, state).to_value()?.ok_or_else(|| Error::custom(NOTHING))?);
                }
                Value::Array(array)
            }
            View::Object(members, state) => {
                let mut object = Map::new();
                for (name, member) in members {
                    if let Some(value) = View::of(member, state).to_value()? {
                        object.insert(name.to_string(), value);
                    }
                }
                Value::Object(object)
            }
        }))
    }
}

const NOTHING: &str = "required, and nothing is there";

/// Text with its refs filled in.
fn text(pieces: &[Piece], state: &State) -> Result<String, Error> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Verbatim(verbatim) => text.push_str(verbatim),
            Piece::Ref(place) => match state.find(place).and_then(as_text) {
                Some(found) => text.push_str(&found),
                None => return Err(Error::custom("only a string, a number or a boolean can stand in text")),
            },
        }
    }
    Ok(text)
}

/// A value as it stands in text: strings verbatim, numbers as ECMAScript prints them but integers exactly.
pub(crate) fn as_text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Bool(true) => Some(Cow::Borrowed("true")),
        Value::Bool(false) => Some(Cow::Borrowed("false")),
        Value::Number(number) => Some(Cow::Owned(number_as_text(number))),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number_as_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => ryu_js::Buffer::new().format(float).to_owned(),
        _ => number.to_string(),
    }
}

impl<'v> Subject<'v> for View<'v> {
    type Elements = Box<dyn ExactSizeIterator<Item = Self> + 'v>;
    type Members = Box<dyn Iterator<Item = (&'v str, Self)> + 'v>;

    fn shape(self) -> Shape<'v, Self::Elements, Self::Members> {
        match self {
            View::Missing => Shape::Hole,
            View::Value(value) => value.shape().boxed(View::Value),
            View::Text(pieces, state) => {
                text(pieces, state).map_or(Shape::Text, |text| Shape::String(text.into()))
            }
            View::Array(elements, state) => {
                Shape::Array(Box::new(elements.iter().map(move |element| View::of(element, state))))
            }
            View::Object(members, state) => Shape::Object(Box::new(present(members, state))),
        }
    }
}

/// The members that are there: a ref that yields nothing drops the member it stands for.
fn present<'v>(
    members: &'v [(Box<str>, Template)],
    state: &'v State,
) -> impl Iterator<Item = (&'v str, View<'v>)> + 'v {
    members
        .iter()
        .map(move |(name, member)| (&**name, View::of(member, state)))
        .filter(|(_, view)| !view.is_missing())
}

/// A plain value is read by `serde_json` itself: the same answers by construction.
macro_rules! read_values_as_serde_json_does {
    ($($method:ident ($($argument:ident: $type:ty),*))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Error> {
            match self {
                View::Value(value) => value.$method($($argument,)* visitor),
                other => other.walk(visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for View<'de> {
    type Error = Error;

    read_values_as_serde_json_does! {
        deserialize_any() deserialize_bool() deserialize_char() deserialize_str() deserialize_string()
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_bytes() deserialize_byte_buf() deserialize_unit()
        deserialize_unit_struct(name: &'static str) deserialize_seq() deserialize_tuple(len: usize)
        deserialize_tuple_struct(name: &'static str, len: usize) deserialize_map()
        deserialize_struct(name: &'static str, fields: &'static [&'static str]) deserialize_identifier()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            View::Missing => visitor.visit_none(),
            View::Value(value) => value.deserialize_option(visitor),
            some => visitor.visit_some(some),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            View::Missing => self.walk(visitor),
            View::Value(value) => value.deserialize_newtype_struct(name, visitor),
            inner => visitor.visit_newtype_struct(inner),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            View::Value(value) => value.deserialize_enum(name, variants, visitor),
            View::Text(pieces, state) => visitor.visit_enum(text(pieces, state)?.into_deserializer()),
            View::Object(members, state) => {
                let mut present = present(members, state);
                match (present.next(), present.next()) {
                    (Some(variant), None) => {
                        visitor.visit_enum(de::value::MapAccessDeserializer::new(Members {
                            rest: std::iter::once(variant),
                            value: View::Missing,
                        }))
                    }
                    _ => Err(Error::custom("expected an object with one member, the variant's name")),
                }
            }
            View::Missing | View::Array(..) => self.walk(visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            View::Missing => self.walk(visitor),
            _ => visitor.visit_unit(),
        }
    }
}

impl<'v> View<'v> {
    /// What is not one plain value.
    fn walk<V: Visitor<'v>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            View::Missing => Err(Error::custom(NOTHING)),
            View::Value(value) => value.deserialize_any(visitor),
            View::Text(pieces, state) => visitor.visit_string(text(pieces, state)?),
            View::Array(templates, state) => {
                let mut elements = Elements(templates.iter().map(|template| View::of(template, state)));
                let value = visitor.visit_seq(&mut elements)?;
                match elements.0.next() {
                    None => Ok(value),
                    Some(_) => Err(Error::invalid_length(templates.len(), &"fewer elements")),
                }
            }
            View::Object(templates, state) => {
                let mut members = Members { rest: present(templates, state), value: View::Missing };
                let value = visitor.visit_map(&mut members)?;
                match members.rest.next() {
                    None => Ok(value),
                    Some(_) => Err(Error::invalid_length(templates.len(), &"fewer members")),
                }
            }
        }
    }
}

struct Elements<I>(I);

impl<'de, I: Iterator<Item = View<'de>>> SeqAccess<'de> for Elements<I> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        match self.0.next() {
            None => Ok(None),
            Some(View::Missing) => Err(Error::custom(NOTHING)),
            Some(view) => seed.deserialize(view).map(Some),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint().1
    }
}

struct Members<'de, I> {
    rest: I,
    value: View<'de>,
}

impl<'de, I: Iterator<Item = (&'de str, View<'de>)>> MapAccess<'de> for Members<'de, I> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Key(name)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.value)
    }
}

/// A member's name: text, or what the text spells where a number or a boolean is wanted, as `serde_json` has it.
struct Key<'v>(&'v str);

macro_rules! spelled {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            if self.0.trim_ascii().len() != self.0.len() {
                return Err(Error::custom("expected a number or a boolean as a name"));
            }
            let mut spelled = serde_json::Deserializer::from_str(self.0);
            let value = spelled.$method(visitor)?;
            spelled.end()?;
            Ok(value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        de::value::BorrowedStrDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    spelled! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    serde::forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Place, Root};
    use flowright_schema::Path;
    use serde::Deserialize;
    use serde_json::json;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    /// Whether an object of one member, which is a ref, is read; and whether the plain value is.
    fn reads<K: for<'de> Deserialize<'de> + Ord>(name: &str) -> (bool, bool) {
        let members = [(name.into(), Template::Ref(Place { root: Root::Event, path: Path::default() }))];
        let state = State::new(Arc::new(json!([1, 2])), 0);
        let view = BTreeMap::<K, Vec<u8>>::deserialize(View::Object(&members, &state));
        let value = BTreeMap::<K, Vec<u8>>::deserialize(&json!({ name: [1, 2] }));
        (view.is_ok(), value.is_ok())
    }

    #[test]
    fn names_are_read_as_serde_json_reads_them() {
        for name in ["1", "-1", "1x", " 1", "1 ", "", "true", "true ", "x", "256"] {
            for (view, value) in
                [reads::<u8>(name), reads::<i32>(name), reads::<bool>(name), reads::<String>(name)]
            {
                assert_eq!(view, value, "{name:?}");
            }
        }
    }

    #[test]
    fn text_is_printed_as_ecmascript_prints_it() {
        let texts =
            [json!(3.0), json!(-0.0), json!(1e21), json!(0.1), json!(u64::MAX), json!(true), json!("a")];
        let texts: Vec<_> = texts.iter().map(|value| as_text(value).map(Cow::into_owned)).collect();
        let expected = ["3", "0", "1e+21", "0.1", "18446744073709551615", "true", "a"];
        assert_eq!(texts, expected.map(|text| Some(text.to_owned())));
        assert!([json!(null), json!([]), json!({})].iter().all(|value| as_text(value).is_none()));
    }
}
