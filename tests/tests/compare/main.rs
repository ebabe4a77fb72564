//! What changes from one registry to another, and whether it can break documents.

mod documents;
mod json;
mod rules;
mod signatures;
mod types;

use flowright::{Action, ActionBuilder, ActionDefinition, Changes, InputDefinition, Registry};
use serde_json::{Value, json};

/// A registry with this action.
fn with(action: &impl Action) -> Registry {
    Registry::builder().action(action.definition()).build().unwrap()
}

fn action(kind: &str) -> ActionBuilder {
    ActionDefinition::builder(kind)
}

fn build(action: ActionBuilder) -> Registry {
    Registry::builder().action(action.handler(|_| Ok(Value::Null)).build()).build().unwrap()
}

/// A registry whose only action takes an input of this schema.
fn taking(schema: Value) -> Registry {
    build(action("act").input_definition(InputDefinition::from_schema("x", schema, true)))
}

/// A registry whose only action puts out values of this schema.
fn giving(schema: Value) -> Registry {
    build(action("act").output_schema(schema))
}

/// Asserts what is said of the change from the one to the other.
#[track_caller]
fn assert_change(old: &Registry, new: &Registry, said: &[&str]) -> Changes {
    let changes = new.compare(old);
    let text = changes.to_string();
    assert_eq!(text.lines().collect::<Vec<_>>(), said, "\n{text}");
    let is_breaking = said.iter().any(|line| line.starts_with("breaking: "));
    assert_eq!(changes.is_breaking(), is_breaking);
    assert_eq!((changes.len(), changes.is_empty()), (said.len(), said.is_empty()));
    assert_eq!(changes.to_json()["breaking"], json!(is_breaking));
    // An exported registry is compared as the registry itself.
    let read = |registry: &Registry| Registry::from_exported(&registry.exported()).unwrap();
    assert_eq!(read(new).compare(&read(old)).to_string(), text);
    assert!(new.compare(new).is_empty() && old.compare(old).is_empty());
    changes
}
