//! Places inside a schema document: bounded, interned, and found by `$ref`.

use crate::fault::SchemaFault;
use serde_json::Value;
use std::collections::HashMap;

/// How deep a schema may be nested.
const DEEPEST: usize = 128;

/// How many JSON values a schema may consist of.
const LARGEST: usize = 200_000;

/// A place in the schema document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place(u32);

/// The places of one schema document, each known once.
pub(crate) struct Places<'s> {
    root: &'s Value,
    known: Vec<(&'s Value, String)>,
    by_address: HashMap<usize, Place>,
}

impl<'s> Places<'s> {
    pub(crate) fn new(root: &'s Value) -> Result<Self, SchemaFault> {
        gate(root)?;
        Ok(Places { root, known: Vec::new(), by_address: HashMap::new() })
    }

    /// The root.
    pub(crate) fn root(&mut self) -> Place {
        self.intern(self.root, String::new)
    }

    /// The place `tokens` below another.
    pub(crate) fn below(&mut self, place: Place, value: &'s Value, tokens: &[&str]) -> Place {
        let pointer = self.pointer(place).to_owned();
        self.intern(value, || {
            tokens.iter().fold(pointer, |pointer, token| format!("{pointer}/{}", escape(token)))
        })
    }

    pub(crate) fn value(&self, place: Place) -> &'s Value {
        // INVARIANT: places are made by `intern` alone, each with its entry.
        self.known[place.0 as usize].0
    }

    pub(crate) fn pointer(&self, place: Place) -> &str {
        // INVARIANT: as in `value`.
        &self.known[place.0 as usize].1
    }

    /// The name under `$defs` or `definitions`, where the place is one of those.
    pub(crate) fn definition(&self, place: Place) -> Option<String> {
        let pointer = self.pointer(place);
        let name = pointer.strip_prefix("/$defs/").or_else(|| pointer.strip_prefix("/definitions/"))?;
        (!name.contains('/')).then(|| unescape(name))
    }

    /// The place a `$ref` means, or what is wrong with it.
    pub(crate) fn resolve(&mut self, reference: &str) -> Result<Place, String> {
        let own = self.root.get("$id").and_then(Value::as_str).map(|id| id.trim_end_matches('#'));
        let fragment = match (reference.split_once('#'), own) {
            (Some(("", fragment)), _) => fragment,
            (Some((document, fragment)), Some(own)) if document == own => fragment,
            (None, Some(own)) if reference == own => "",
            _ => return Err(format!("refers to `{reference}`, which is not in it; write `#/$defs/…`")),
        };
        let fragment =
            percent_decoded(fragment).ok_or_else(|| format!("refers to `{reference}`, which is no URI"))?;
        let missing = || format!("refers to `{reference}`, which does not exist");
        if !fragment.is_empty() && !fragment.starts_with('/') {
            let (value, pointer) = self.anchor(&fragment).ok_or_else(missing)?;
            return Ok(self.intern(value, || pointer));
        }
        let mut value = self.root;
        for token in fragment.split('/').skip(1) {
            let name = unescape(token);
            value = match value {
                Value::Object(members) => members.get(&name),
                Value::Array(elements) => name.parse::<usize>().ok().and_then(|index| elements.get(index)),
                _ => None,
            }
            .ok_or_else(missing)?;
        }
        Ok(self.intern(value, || fragment))
    }

    fn intern(&mut self, value: &'s Value, pointer: impl FnOnce() -> String) -> Place {
        let address = std::ptr::from_ref(value).addr();
        if let Some(place) = self.by_address.get(&address) {
            return *place;
        }
        // INVARIANT: the gate keeps the number of values far below 2^32.
        let place = Place(u32::try_from(self.known.len()).unwrap_or(u32::MAX));
        self.known.push((value, pointer()));
        self.by_address.insert(address, place);
        place
    }

    /// The schema with this `$anchor`.
    fn anchor(&self, name: &str) -> Option<(&'s Value, String)> {
        let mut pending = vec![(self.root, String::new())];
        while let Some((value, pointer)) = pending.pop() {
            match value {
                Value::Object(members) => {
                    if members.get("$anchor").and_then(Value::as_str) == Some(name) {
                        return Some((value, pointer));
                    }
                    pending.extend(
                        members
                            .iter()
                            .filter(|(key, _)| {
                                !matches!(key.as_str(), "enum" | "const" | "default" | "examples")
                            })
                            .map(|(key, value)| (value, format!("{pointer}/{}", escape(key)))),
                    );
                }
                Value::Array(elements) => {
                    let below = |(index, value)| (value, format!("{pointer}/{index}"));
                    pending.extend(elements.iter().enumerate().map(below));
                }
                _ => {}
            }
        }
        None
    }
}

/// Refuses what is too deep or too large to work on.
fn gate(root: &Value) -> Result<(), SchemaFault> {
    let fault = |message: String| SchemaFault { pointer: String::new(), message };
    let mut pending = vec![(root, 0)];
    let mut count = 0;
    while let Some((value, depth)) = pending.pop() {
        count += 1;
        if depth > DEEPEST {
            return Err(fault(format!("is nested more than {DEEPEST} levels deep")));
        }
        if count > LARGEST {
            return Err(fault(format!("consists of more than {LARGEST} values")));
        }
        match value {
            Value::Array(elements) => pending.extend(elements.iter().map(|value| (value, depth + 1))),
            Value::Object(members) => pending.extend(members.values().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}

fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn unescape(token: &str) -> String {
    token.replace("~1", "/").replace("~0", "~")
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            let (high, low) = (digit()?, digit()?);
            decoded.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            decoded.push(byte);
        }
    }
    String::from_utf8(decoded).ok()
}
