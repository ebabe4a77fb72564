//! Events that may start a workflow, and their types.

use super::fault::RegistryFault;
use crate::event::Event;
use crate::fault;
use flowright_schema::{Fault, Origin, SchemaPart, Type};
use serde_json::{Value, json};
use std::sync::Arc;

/// What `$.event` is in one workflow.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    name: Option<String>,
    ty: Type,
}

/// The event types of a registry.
#[derive(Clone, Debug)]
pub(crate) struct Triggers {
    named: Vec<Trigger>,
    any: Trigger,
    schemas: Arc<[EventSchema]>,
}

/// An event type before the registry is built.
#[derive(Debug)]
pub(crate) struct EventSchema {
    pub(crate) name: String,
    /// A schema of the whole event.
    pub(crate) schema: Value,
    pub(crate) origin: Origin,
}

impl EventSchema {
    /// The event `{ name, data }`, by the schema of its data.
    pub(crate) fn of_data(name: &str, data: &Value) -> Self {
        let schema = json!({
            "type": "object",
            "properties": { "name": { "const": name }, "data": { "$ref": "#/$defs/data" } },
            "required": ["name", "data"],
            "additionalProperties": true,
            "$defs": { "data": moved(data, SchemaPart::Schema, "#/$defs/data") },
        });
        EventSchema { name: name.to_owned(), schema, origin: Origin::Rust }
    }
}

impl Triggers {
    pub(crate) fn new(events: Vec<EventSchema>, faults: &mut Vec<RegistryFault>) -> Self {
        let mut named: Vec<Trigger> = Vec::new();
        for event in &events {
            if named.iter().any(|other| other.name.as_deref() == Some(&*event.name)) {
                faults.push(RegistryFault::of_event(&event.name, "it is registered twice"));
            }
            match Type::parse(&event.schema, event.origin) {
                Ok(ty) => named.push(Trigger { name: Some(event.name.clone()), ty }),
                Err(schema_faults) => faults.extend(schema_faults.into_iter().map(|found| {
                    let message =
                        format!("its schema cannot be used: {} (at {})", found.message, found.pointer);
                    RegistryFault::of_event(&event.name, message)
                })),
            }
        }
        let any = match &*named {
            [] => Trigger { name: None, ty: Type::any() },
            [only] => only.clone(),
            several => {
                Trigger { name: None, ty: Type::union(several.iter().map(|trigger| trigger.ty.clone())) }
            }
        };
        Triggers { named, any, schemas: events.into() }
    }

    /// What the event types were made of.
    pub(crate) fn schemas(&self) -> &[EventSchema] {
        &self.schemas
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Trigger> {
        self.named.iter().find(|trigger| trigger.name.as_deref() == Some(name))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().filter_map(Trigger::name)
    }

    /// The events with the type that each gives `$.event`.
    pub(crate) fn named_types(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.named.iter().filter_map(|trigger| Some((trigger.name()?, trigger.ty())))
    }

    /// The types that `$.event` may have.
    pub(crate) fn types(&self) -> impl Iterator<Item = &Type> {
        self.named.iter().map(Trigger::ty).chain([&self.any.ty])
    }

    /// The only event type, all of them together, or an untyped event.
    pub(crate) fn any(&self) -> &Trigger {
        &self.any
    }
}

impl Trigger {
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The type of `$.event`.
    pub(crate) fn ty(&self) -> &Type {
        &self.ty
    }

    /// Whether `event` may start the workflow: a code and a message where it may not.
    pub(crate) fn admit(
        &self,
        event: &Event,
        told: impl FnOnce(Fault) -> Fault,
    ) -> Result<(), (&'static str, String)> {
        if let (Some(expected), Some(found)) = (self.name(), event.name())
            && expected != found
        {
            let message =
                format!("the workflow is started by `{expected}`, and this is `{}`", found.escape_debug());
            return Err(("wrong-type", message));
        }
        if self.ty.accepts(event.as_value()) {
            return Ok(());
        }
        match self.ty.check(event.as_value()).faults.into_iter().next().map(told) {
            None => Ok(()),
            Some(found) => {
                let place = format!("$.event{}", fault::path(&found.path));
                Err((fault::code(&found.kind).slug(), format!("`{place}`: {}", found.kind)))
            }
        }
    }
}

/// A schema with its local refs as they must be once it stands at `place` of another.
fn moved(schema: &Value, part: SchemaPart, place: &str) -> Value {
    match schema {
        _ if part == SchemaPart::Data => schema.clone(),
        Value::Array(elements) => elements.iter().map(|element| moved(element, part, place)).collect(),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                let value = match (part, name.as_str(), value) {
                    (SchemaPart::Schema, "$ref", Value::String(target)) => match target.strip_prefix('#') {
                        Some(inside) => Value::String(format!("{place}{inside}")),
                        None => value.clone(),
                    },
                    _ => moved(value, part.member(name), place),
                };
                (name.clone(), value)
            };
            Value::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}
