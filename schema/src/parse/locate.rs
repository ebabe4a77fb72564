//! Places inside a schema document: bounded, interned, and found by `$ref`.

use crate::{SchemaPart, fault::SchemaFault};
use serde_json::Value;
use std::{cell::OnceCell, collections::HashMap, rc::Rc};

/// How deep a schema may be nested.
const DEEPEST: usize = 128;

/// How many JSON values a schema may consist of.
const LARGEST: usize = 200_000;

/// How many bytes the JSON pointers to all its values may have together.
const LONGEST: usize = 64 << 20;

/// A place in the schema document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place(u32);

/// The places of one schema document, each known once.
pub(crate) struct Places<'s> {
    root: &'s Value,
    known: Vec<(&'s Value, String)>,
    by_address: HashMap<usize, Place>,
    /// The schemas with a name of their own, once one is asked for.
    anchors: OnceCell<HashMap<&'s str, (&'s Value, Rc<str>)>>,
}

impl<'s> Places<'s> {
    pub(crate) fn new(root: &'s Value) -> Result<Self, SchemaFault> {
        gate(root)?;
        Ok(Places { root, known: Vec::new(), by_address: HashMap::new(), anchors: OnceCell::new() })
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
            let anchors = self.anchors.get_or_init(|| anchors(self.root));
            let (value, pointer) = anchors.get(fragment.as_str()).cloned().ok_or_else(missing)?;
            return Ok(self.intern(value, || pointer.to_string()));
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
}

/// The schemas with an `$anchor` or a `$dynamicAnchor`, and where they are.
fn anchors(root: &Value) -> HashMap<&str, (&Value, Rc<str>)> {
    let mut anchors = HashMap::new();
    let mut pending = vec![(root, SchemaPart::Schema, String::new())];
    while let Some((value, part, pointer)) = pending.pop() {
        match value {
            Value::Object(members) => {
                for keyword in ["$anchor", "$dynamicAnchor"] {
                    if let (SchemaPart::Schema, Some(name)) =
                        (part, members.get(keyword).and_then(Value::as_str))
                    {
                        anchors.entry(name).or_insert_with(|| (value, pointer.as_str().into()));
                    }
                }
                let below = |(key, value): (&String, _)| {
                    (value, part.member(key), format!("{pointer}/{}", escape(key)))
                };
                pending.extend(members.iter().map(below).filter(|(_, part, _)| *part != SchemaPart::Data));
            }
            Value::Array(elements) => {
                let below = |(index, value)| (value, part, format!("{pointer}/{index}"));
                pending.extend(elements.iter().enumerate().map(below));
            }
            _ => {}
        }
    }
    anchors
}

/// Refuses what is too deep or too large to work on.
fn gate(root: &Value) -> Result<(), SchemaFault> {
    /// What an index adds to a pointer, about.
    const INDEX: usize = 4;
    let fault = |message: String| SchemaFault { pointer: String::new(), message };
    let mut pending = vec![(root, 0, 0)];
    let (mut count, mut pointers) = (0, 0_usize);
    while let Some((value, depth, pointer)) = pending.pop() {
        count += 1;
        pointers = pointers.saturating_add(pointer);
        if depth > DEEPEST {
            return Err(fault(format!("is nested more than {DEEPEST} levels deep")));
        }
        if count > LARGEST {
            return Err(fault(format!("consists of more than {LARGEST} values")));
        }
        if pointers > LONGEST {
            return Err(fault(format!(
                "has names so long that the paths to its values are {} MiB",
                LONGEST >> 20
            )));
        }
        match value {
            Value::Array(elements) => {
                pending.extend(elements.iter().map(|value| (value, depth + 1, pointer + INDEX)));
            }
            Value::Object(members) => {
                pending
                    .extend(members.iter().map(|(name, value)| (value, depth + 1, pointer + 1 + name.len())));
            }
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
