//! Values as JavaScript sees them, with its conversions.

use super::fuel::{Exhausted, Fuel, VALUE_DEPTH};
use super::{number, utf16};
use serde_json::{Map, Number, Value};
use std::borrow::Cow;
use std::rc::Rc;

/// A JavaScript value: borrowed where it stands in a rule, an operand or the data, built where a rule made it.
///
/// Arrays and objects have an identity, which is what `==` and `===` compare: a borrowed one is where it stands, a
/// built one is itself alone.
#[derive(Clone)]
pub(super) enum Scripted<'v> {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    Text(&'v str),
    BuiltText(Rc<str>),
    Array(&'v Vec<Value>),
    BuiltArray(Rc<Built<Scripted<'v>>>),
    Object(&'v Map<String, Value>),
    BuiltObject(Rc<Built<(Cow<'v, str>, Scripted<'v>)>>),
}

/// The content of a built array or object.
pub(super) struct Built<T> {
    content: Vec<T>,
    /// How many built values are inside each other here: never more than [`VALUE_DEPTH`], so that dropping
    /// them all is safe.
    depth: usize,
}

/// An array, borrowed or built.
pub(super) enum Elements<'v> {
    Borrowed(&'v Vec<Value>),
    Built(Rc<Built<Scripted<'v>>>),
}

impl<'v> Elements<'v> {
    pub(super) fn len(&self) -> usize {
        match self {
            Elements::Borrowed(elements) => elements.len(),
            Elements::Built(elements) => elements.content.len(),
        }
    }

    pub(super) fn get(&self, position: usize) -> Option<Scripted<'v>> {
        match self {
            Elements::Borrowed(elements) => elements.get(position).map(Scripted::of),
            Elements::Built(elements) => elements.content.get(position).cloned(),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Scripted<'v>> {
        (0..self.len()).filter_map(|position| self.get(position))
    }
}

impl<'v> Scripted<'v> {
    pub(super) fn of(value: &'v Value) -> Self {
        match value {
            Value::Null => Scripted::Null,
            Value::Bool(boolean) => Scripted::Boolean(*boolean),
            Value::Number(number) => Scripted::Number(float(number)),
            Value::String(text) => Scripted::Text(text),
            Value::Array(elements) => Scripted::Array(elements),
            Value::Object(members) => Scripted::Object(members),
        }
    }

    /// A value that stands nowhere.
    pub(super) fn of_owned(value: Value, fuel: &mut Fuel) -> Result<Self, Exhausted> {
        Self::of_owned_at(value, VALUE_DEPTH, fuel)
    }

    fn of_owned_at(value: Value, levels: usize, fuel: &mut Fuel) -> Result<Self, Exhausted> {
        Ok(match value {
            Value::Null => Scripted::Null,
            Value::Bool(boolean) => Scripted::Boolean(boolean),
            Value::Number(number) => Scripted::Number(float(&number)),
            Value::String(text) => Scripted::BuiltText(text.into()),
            Value::Array(_) | Value::Object(_) if levels == 0 => return Err(Exhausted::Depth),
            Value::Array(elements) => {
                let mut content = Vec::with_capacity(elements.len());
                for element in elements {
                    content.push(Self::of_owned_at(element, levels - 1, fuel)?);
                }
                Self::array(content, fuel)?
            }
            Value::Object(members) => {
                let mut content = Vec::with_capacity(members.len());
                for (name, member) in members {
                    content.push((Cow::Owned(name), Self::of_owned_at(member, levels - 1, fuel)?));
                }
                Self::object(content, fuel)?
            }
        })
    }

    /// A new array.
    pub(super) fn array(content: Vec<Self>, fuel: &mut Fuel) -> Result<Self, Exhausted> {
        fuel.copy(content.len())?;
        let depth = depth_above(content.iter())?;
        Ok(Scripted::BuiltArray(Rc::new(Built { content, depth })))
    }

    /// A new object. No name comes twice.
    pub(super) fn object(content: Vec<(Cow<'v, str>, Self)>, fuel: &mut Fuel) -> Result<Self, Exhausted> {
        fuel.copy(content.len())?;
        let depth = depth_above(content.iter().map(|(_, member)| member))?;
        Ok(Scripted::BuiltObject(Rc::new(Built { content, depth })))
    }

    /// New text.
    pub(super) fn text_of(text: Cow<'v, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Scripted::Text(text),
            Cow::Owned(text) => Scripted::BuiltText(text.into()),
        }
    }

    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Scripted::Undefined)
    }

    pub(super) fn is_nullish(&self) -> bool {
        matches!(self, Scripted::Undefined | Scripted::Null)
    }

    /// Whether it is an object to JavaScript, which arrays are too.
    #[cfg(test)]
    pub(super) fn is_object(&self) -> bool {
        matches!(
            self,
            Scripted::Array(_) | Scripted::BuiltArray(_) | Scripted::Object(_) | Scripted::BuiltObject(_)
        )
    }

    /// `JsonLogic`'s truthiness: JavaScript's, but an empty array is false.
    pub(super) fn truthy(&self) -> bool {
        match self {
            Scripted::Undefined | Scripted::Null => false,
            Scripted::Boolean(boolean) => *boolean,
            Scripted::Number(number) => *number != 0.0 && !number.is_nan(),
            Scripted::Text(text) => !text.is_empty(),
            Scripted::BuiltText(text) => !text.is_empty(),
            Scripted::Array(elements) => !elements.is_empty(),
            Scripted::BuiltArray(elements) => !elements.content.is_empty(),
            Scripted::Object(_) | Scripted::BuiltObject(_) => true,
        }
    }

    /// The text of a text.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Scripted::Text(text) => Some(text),
            Scripted::BuiltText(text) => Some(text),
            _ => None,
        }
    }

    /// The elements of an array.
    pub(super) fn elements(&self) -> Option<Elements<'v>> {
        match self {
            Scripted::Array(elements) => Some(Elements::Borrowed(elements)),
            Scripted::BuiltArray(elements) => Some(Elements::Built(Rc::clone(elements))),
            _ => None,
        }
    }

    /// An own member: of an object, an array or a text. `undefined` where there is none.
    pub(super) fn member(&self, name: &str, fuel: &mut Fuel) -> Result<Self, Exhausted> {
        let found = match self {
            Scripted::Object(members) => members.get(name).map(Scripted::of),
            Scripted::BuiltObject(members) => {
                members.content.iter().find(|(own, _)| own == name).map(|(_, member)| member.clone())
            }
            Scripted::Array(_) | Scripted::BuiltArray(_) => match (self.elements(), name) {
                (Some(elements), "length") => Some(count(elements.len())),
                (Some(elements), index) => position(index).and_then(|position| elements.get(position)),
                (None, _) => None,
            },
            Scripted::Text(_) | Scripted::BuiltText(_) => {
                let text = self.as_text().unwrap_or_default();
                fuel.read(text.len())?;
                match name {
                    "length" => Some(count(utf16::length(text))),
                    index => position(index)
                        .map(|position| utf16::slice(text, position, position.saturating_add(1)))
                        .filter(|unit| !unit.is_empty())
                        .map(|unit| Scripted::BuiltText(unit.into())),
                }
            }
            _ => None,
        };
        Ok(found.unwrap_or(Scripted::Undefined))
    }

    /// `String(value)`
    pub(super) fn to_text(&self, fuel: &mut Fuel) -> Result<Cow<'_, str>, Exhausted> {
        Ok(match self {
            Scripted::Undefined => Cow::Borrowed("undefined"),
            Scripted::Null => Cow::Borrowed("null"),
            Scripted::Boolean(true) => Cow::Borrowed("true"),
            Scripted::Boolean(false) => Cow::Borrowed("false"),
            Scripted::Number(number) => Cow::Owned(ryu_js::Buffer::new().format(*number).to_owned()),
            Scripted::Text(text) => Cow::Borrowed(text),
            Scripted::BuiltText(text) => Cow::Borrowed(text),
            Scripted::Array(_) | Scripted::BuiltArray(_) => {
                let mut text = String::new();
                self.append_text(&mut text, VALUE_DEPTH, fuel)?;
                Cow::Owned(text)
            }
            Scripted::Object(_) | Scripted::BuiltObject(_) => Cow::Borrowed(ANY_OBJECT),
        })
    }

    /// Appends the value as an element of `join`: `String(value)`, but null and undefined are nothing.
    pub(super) fn append_text(
        &self,
        text: &mut String,
        levels: usize,
        fuel: &mut Fuel,
    ) -> Result<(), Exhausted> {
        if self.is_nullish() {
            return Ok(());
        }
        let Some(elements) = self.elements() else {
            let own = self.to_text(fuel)?;
            fuel.build(own.len())?;
            text.push_str(&own);
            return Ok(());
        };
        let Some(levels) = levels.checked_sub(1) else { return Err(Exhausted::Depth) };
        fuel.spend(elements.len())?;
        for (position, element) in elements.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            element.append_text(text, levels, fuel)?;
        }
        Ok(())
    }

    /// The value without its arrays and objects: they become text.
    pub(super) fn to_primitive(&self, fuel: &mut Fuel) -> Result<Self, Exhausted> {
        Ok(match self {
            Scripted::Object(_) | Scripted::BuiltObject(_) => Scripted::Text(ANY_OBJECT),
            Scripted::Array(_) | Scripted::BuiltArray(_) => Scripted::BuiltText(self.to_text(fuel)?.into()),
            primitive => primitive.clone(),
        })
    }

    /// `Number(value)`
    pub(super) fn to_number(&self, fuel: &mut Fuel) -> Result<f64, Exhausted> {
        Ok(match self {
            Scripted::Undefined => f64::NAN,
            Scripted::Null => 0.0,
            Scripted::Boolean(boolean) => f64::from(u8::from(*boolean)),
            Scripted::Number(number) => *number,
            other => {
                let text = other.to_text(fuel)?;
                fuel.read(text.len())?;
                number::to_number(&text)
            }
        })
    }

    /// `parseFloat(value)`
    pub(super) fn parse_float(&self, fuel: &mut Fuel) -> Result<f64, Exhausted> {
        Ok(match self {
            // What is printed is read back, but for the sign of zero.
            Scripted::Number(number) => *number + 0.0,
            other => {
                let text = other.to_text(fuel)?;
                fuel.read(text.len())?;
                number::parse_float(&text)
            }
        })
    }

    /// As `JSON.stringify` writes it: NaN and the infinities are null. So is undefined, wherever it stands.
    #[cfg(test)]
    pub(super) fn to_json(&self, fuel: &mut Fuel) -> Result<Value, Exhausted> {
        self.to_json_at(VALUE_DEPTH, fuel)
    }

    #[cfg(test)]
    fn to_json_at(&self, levels: usize, fuel: &mut Fuel) -> Result<Value, Exhausted> {
        fuel.spend(1)?;
        if levels == 0 && self.is_object() {
            return Err(Exhausted::Depth);
        }
        Ok(match self {
            Scripted::Undefined | Scripted::Null => Value::Null,
            Scripted::Boolean(boolean) => Value::Bool(*boolean),
            Scripted::Number(number) => json_number(*number),
            Scripted::Text(_) | Scripted::BuiltText(_) => {
                let text = self.as_text().unwrap_or_default();
                fuel.build(text.len())?;
                Value::from(text)
            }
            Scripted::Array(elements) => {
                elements.iter().map(|element| copied(element, levels - 1, fuel)).collect::<Result<_, _>>()?
            }
            Scripted::BuiltArray(elements) => elements
                .content
                .iter()
                .map(|element| element.to_json_at(levels - 1, fuel))
                .collect::<Result<_, _>>()?,
            Scripted::Object(members) => members
                .iter()
                .map(|(name, member)| Ok((name.clone(), copied(member, levels - 1, fuel)?)))
                .collect::<Result<_, _>>()?,
            Scripted::BuiltObject(members) => members
                .content
                .iter()
                .map(|(name, member)| Ok((name.to_string(), member.to_json_at(levels - 1, fuel)?)))
                .collect::<Result<_, _>>()?,
        })
    }
}

/// What JavaScript makes of any object that is no array, as text.
pub(crate) const ANY_OBJECT: &str = "[object Object]";

fn depth_above<'a, 'v: 'a>(inside: impl Iterator<Item = &'a Scripted<'v>>) -> Result<usize, Exhausted> {
    let below = inside.map(|value| match value {
        Scripted::BuiltArray(elements) => elements.depth,
        Scripted::BuiltObject(members) => members.depth,
        _ => 0,
    });
    let depth = 1 + below.max().unwrap_or(0);
    if depth > VALUE_DEPTH { Err(Exhausted::Depth) } else { Ok(depth) }
}

/// A number of a document keeps its digits.
#[cfg(test)]
fn copied(value: &Value, levels: usize, fuel: &mut Fuel) -> Result<Value, Exhausted> {
    match value {
        Value::Number(number) => {
            fuel.spend(1)?;
            Ok(Value::Number(number.clone()))
        }
        other => Scripted::of(other).to_json_at(levels, fuel),
    }
}

/// The nearest JavaScript number.
fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN)
}

/// A length as a number.
pub(super) fn count<'v>(count: usize) -> Scripted<'v> {
    #[expect(clippy::cast_precision_loss, reason = "nothing in memory has 2^53 elements")]
    let number = count as f64;
    Scripted::Number(number)
}

/// A member name that is an array index: digits without leading zeros.
fn position(name: &str) -> Option<usize> {
    let digits = name.bytes().all(|byte| byte.is_ascii_digit());
    (digits && (name == "0" || !name.starts_with('0'))).then(|| name.parse().ok())?
}

/// Integers as integers, as JSON prints them.
#[cfg(test)]
fn json_number(number: f64) -> Value {
    const PAST_I64: f64 = 9_223_372_036_854_775_808.0;
    if number.fract() == 0.0 && (-PAST_I64..PAST_I64).contains(&number) {
        #[expect(clippy::cast_possible_truncation, reason = "it is an integer in this range")]
        let integer = number as i64;
        return Value::from(integer);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}
