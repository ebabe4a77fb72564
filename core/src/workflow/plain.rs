//! The quick way to read a document of which there is nothing to report. Of any other it says nothing at all, and
//! the text is read the long way.

use super::document::{Conditional, Document, Test, WorkflowAction, WorkflowEdge};
use super::is_deeper;
use crate::limits::Limits;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

/// How many arrays and objects stand around the value of an input, a condition and the metadata.
const AROUND_INPUT: usize = 4;
const AROUND_CONDITION: usize = 4;
const AROUND_METADATA: usize = 1;

/// The document; `None` where anything about it might be worth a word.
pub(super) fn read(text: &str, limits: &Limits) -> Option<Document> {
    let Object(written): Object<WrittenWorkflow> = serde_json::from_str(text).ok()?;
    if written.actions.len() > limits.actions || written.edges.len() > limits.edges {
        return None;
    }
    let nesting = limits.nesting.min(super::DEEPEST);
    let room = nesting.checked_sub(AROUND_INPUT.max(AROUND_CONDITION))?;
    let mut values = written.actions.iter().flat_map(|action| &action.0.inputs).flat_map(|inputs| &inputs.0);
    if values.any(|(_, value)| is_deeper(value, room)) {
        return None;
    }
    let metadata = written.metadata.map(|Exact(value)| value);
    if metadata
        .as_ref()
        .is_some_and(|value| !value.is_object() || is_deeper(value, nesting - AROUND_METADATA))
    {
        return None;
    }
    let edges = written.edges.into_iter().map(|edge| edge.0.read(room)).collect::<Option<_>>()?;
    Some(Document {
        name: written.name,
        description: written.description,
        metadata,
        actions: written.actions.into_iter().map(|action| action.0.read()).collect(),
        edges,
        has_edges: true,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenWorkflow {
    #[serde(default, deserialize_with = "present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    description: Option<String>,
    #[serde(default, deserialize_with = "present")]
    metadata: Option<Exact>,
    actions: Vec<Object<WrittenAction>>,
    edges: Vec<Object<WrittenEdge>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAction {
    id: String,
    kind: String,
    #[serde(default, deserialize_with = "present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    description: Option<String>,
    #[serde(default, deserialize_with = "present")]
    inputs: Option<Members>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenEdge {
    from: String,
    to: String,
    #[serde(default, deserialize_with = "present")]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    conditional: Option<Object<WrittenConditional>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenConditional {
    r#type: String,
    r#ref: String,
    #[serde(default, deserialize_with = "present")]
    value: Option<Exact>,
}

impl WrittenAction {
    fn read(self) -> WorkflowAction {
        WorkflowAction {
            id: Some(self.id),
            kind: Some(self.kind),
            name: self.name,
            description: self.description,
            has_inputs: self.inputs.is_some(),
            inputs: self.inputs.map(|inputs| inputs.0).unwrap_or_default(),
            inputs_are_lost: false,
        }
    }
}

impl WrittenEdge {
    fn read(self, room: usize) -> Option<WorkflowEdge> {
        let conditional = match self.conditional {
            None => None,
            Some(Object(written)) => {
                let test = match (&*written.r#type, written.value) {
                    ("if", None) => Test::If,
                    ("else", None) => Test::Else,
                    ("match", Some(Exact(value))) if !is_deeper(&value, room) => Test::Match(value),
                    _ => return None,
                };
                Some(Conditional { test: Some(test), reference: Some(written.r#ref) })
            }
        };
        Some(WorkflowEdge { from: Some(self.from), to: Some(self.to), name: self.name, conditional })
    }
}

/// A member that is left out, or has a value of its type.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Something that is written as an object; derived reading takes arrays, too.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

/// A value of which nothing is lost when it is read: no member stands in it twice, and no number is rounded.
struct Exact(Value);

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExactVisitor).map(Exact)
    }
}

struct ExactVisitor;

impl<'de> Visitor<'de> for ExactVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that is read exactly")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Exact(value)) = elements.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some((name, Exact(value))) = members.next_entry::<String, Exact>()? {
            if values.insert(name, value).is_some() {
                return Err(A::Error::custom("a member stands here twice"));
            }
        }
        Ok(Value::Object(values))
    }
}

/// The members of an object in their order, each once.
struct Members(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Members, A::Error> {
        let mut read = Vec::new();
        while let Some((name, Exact(value))) = members.next_entry::<String, Exact>()? {
            read.push((name, value));
        }
        let mut names = HashSet::new();
        if read.len() > 1 && !read.iter().all(|(name, _)| names.insert(&**name)) {
            return Err(A::Error::custom("a member stands here twice"));
        }
        Ok(Members(read))
    }
}
