//! One named, typed value that an action takes.

use super::constraint::{Bound, Constraint, Kinds};
use super::contract::Contract;
use super::naming::humanised;
use crate::view::View;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What an action may take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an input of an action",
    label = "an input needs `serde::Deserialize` and `schemars::JsonSchema`, and borrows nothing",
    note = "write `#[derive(serde::Deserialize, schemars::JsonSchema)]` on it; or, if the engine is to provide it, borrow it: `&{Self}`"
)]
pub trait ActionInput: DeserializeOwned + JsonSchema {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema> ActionInput for T {}

/// What the default of an input may be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an input that has a default",
    label = "such an input needs `serde::Deserialize`, `schemars::JsonSchema` and, as its default is kept as JSON, `serde::Serialize`",
    note = "write `#[derive(serde::Deserialize, serde::Serialize, schemars::JsonSchema)]` on it, or take an `Option` and fall back in the function"
)]
pub trait ActionDefault: ActionInput + Serialize {}

#[diagnostic::do_not_recommend]
impl<T: ActionInput + Serialize> ActionDefault for T {}

/// One named, typed value that an action takes.
#[derive(Clone, Debug)]
pub struct InputDefinition {
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) aliases: Vec<String>,
    pub(super) deprecated: bool,
    pub(super) secret: bool,
    pub(super) required: bool,
    pub(super) default: Option<Arc<Value>>,
    pub(super) field_type: Option<String>,
    pub(super) constraints: Vec<Constraint>,
    pub(super) examples: Vec<Value>,
    pub(super) described: Described,
    pub(super) faults: Vec<String>,
}

/// Where an input's schema comes from.
#[derive(Clone, Debug)]
pub(super) enum Described {
    ByType(fn(&mut SchemaGenerator) -> Schema),
    BySchema(Value),
    /// A struct whose members are inputs themselves.
    ByMembers(fn(&mut SchemaGenerator) -> Schema),
    /// One of those members, its schema finished.
    AsMember(Value),
}

impl InputDefinition {
    /// An input of type `T`. Whether it may be left out is judged by the type's behaviour: it may when `T` can be
    /// read from nothing, as an `Option` can, or what deserializes like one.
    pub fn of<T: ActionInput>(name: impl Into<String>) -> Self {
        let required = T::deserialize(View::Missing).is_err();
        Self::described(name.into(), required, Described::ByType(SchemaGenerator::subschema_for::<T>))
    }

    /// An input of type `T` that is `default` when it is left out.
    #[allow(clippy::needless_pass_by_value, reason = "a default is written where it is used")]
    pub fn with_default<T: ActionDefault>(name: impl Into<String>, default: T) -> Self {
        let mut input = Self::of::<T>(name);
        input.required = false;
        match serde_json::to_value(&default) {
            Ok(default) => input.default = Some(Arc::new(default)),
            Err(error) => input.faults.push(format!("the default cannot be written as JSON: {error}")),
        }
        input
    }

    /// An input of the type that a JSON Schema describes.
    pub fn from_schema(name: impl Into<String>, schema: impl Into<Value>, required: bool) -> Self {
        Self::described(name.into(), required, Described::BySchema(schema.into()))
    }

    fn described(name: String, required: bool, described: Described) -> Self {
        InputDefinition {
            name,
            title: None,
            description: None,
            aliases: Vec::new(),
            deprecated: false,
            secret: false,
            required,
            default: None,
            field_type: None,
            constraints: Vec::new(),
            examples: Vec::new(),
            described,
            faults: Vec::new(),
        }
    }

    /// What an editor calls the input. Made of its name unless set.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What the input is for.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Another name, which documents may still use.
    #[must_use]
    pub fn with_alias(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }

    /// Still works, and new documents should not use it.
    #[must_use]
    pub fn as_deprecated(mut self) -> Self {
        self.deprecated = true;
        self
    }

    /// Its value is never shown: in no message, no trace, no readable part of a journal.
    #[must_use]
    pub fn as_secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// What stands in when the input is left out.
    #[must_use]
    pub fn with_default_value(mut self, default: impl Into<Value>) -> Self {
        self.required = false;
        self.default = Some(Arc::new(default.into()));
        self
    }

    /// Which field an editor shows: `text` or `textarea`.
    #[must_use]
    pub fn with_field_type(mut self, field_type: impl Into<String>) -> Self {
        self.field_type = Some(field_type.into());
        self
    }

    /// What the text is: one of JSON Schema's formats (`email`, `uri`, `date-time`, …).
    #[must_use]
    pub fn with_format(self, format: impl Into<String>) -> Self {
        self.with(Constraint::Format(format.into()))
    }

    /// The least number.
    #[must_use]
    pub fn with_min(self, min: impl Into<Bound>) -> Self {
        self.with_bound("min", min.into(), Constraint::Minimum)
    }

    /// The greatest number.
    #[must_use]
    pub fn with_max(self, max: impl Into<Bound>) -> Self {
        self.with_bound("max", max.into(), Constraint::Maximum)
    }

    /// What the number is divisible by.
    #[must_use]
    pub fn with_multiple_of(self, step: impl Into<Bound>) -> Self {
        self.with_bound("multiple_of", step.into(), Constraint::MultipleOf)
    }

    /// The fewest characters of a text, or elements of an array.
    #[must_use]
    pub fn with_min_length(self, min: u64) -> Self {
        self.with(Constraint::MinLength(min))
    }

    /// The most characters of a text, or elements of an array.
    #[must_use]
    pub fn with_max_length(self, max: u64) -> Self {
        self.with(Constraint::MaxLength(max))
    }

    /// A regular expression that matches somewhere in the text.
    #[must_use]
    pub fn with_pattern(self, pattern: impl Into<String>) -> Self {
        self.with(Constraint::Pattern(pattern.into()))
    }

    /// A value as users may write it.
    #[must_use]
    pub fn with_example(mut self, example: impl Serialize) -> Self {
        match serde_json::to_value(example) {
            Ok(example) => self.examples.push(example),
            Err(error) => self.faults.push(format!("an example cannot be written as JSON: {error}")),
        }
        self
    }

    fn with(mut self, constraint: Constraint) -> Self {
        self.constraints.push(constraint);
        self
    }

    fn with_bound(
        mut self,
        key: &str,
        bound: Bound,
        constraint: fn(serde_json::Number) -> Constraint,
    ) -> Self {
        match bound.0 {
            Some(bound) => self.constraints.push(constraint(bound)),
            None => self.faults.push(format!("`{key}` is not a finite number")),
        }
        self
    }

    /// The name that documents use.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What an editor calls the input.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or_default()
    }

    /// What the input is for.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// Other names, which documents may still use.
    pub fn aliases(&self) -> &[String] {
        &self.aliases
    }

    /// Whether new documents should leave it out.
    pub fn deprecated(&self) -> bool {
        self.deprecated
    }

    /// Whether its value is never shown.
    pub fn secret(&self) -> bool {
        self.secret
    }

    /// Whether a document must give it.
    pub fn required(&self) -> bool {
        self.required
    }

    /// What stands in when it is left out.
    pub fn default(&self) -> Option<&Arc<Value>> {
        self.default.as_ref()
    }

    /// Which field an editor shows.
    pub fn field_type(&self) -> Option<&str> {
        self.field_type.as_deref()
    }

    /// What is asked of its value beyond the type.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// Makes the input a property of the action's schema. What the schema says of itself holds where this says nothing.
    pub(super) fn finish(&mut self, contract: &mut Contract) {
        let schema = match std::mem::replace(&mut self.described, Described::AsMember(Value::Null)) {
            Described::ByType(schema_of) | Described::ByMembers(schema_of) => contract.of_type(schema_of),
            Described::BySchema(schema) => contract.of_schema(&self.name, schema),
            Described::AsMember(schema) => schema,
        };
        let kinds = Kinds::of(&schema, contract);
        let mut schema = match schema {
            Value::Object(schema) => schema,
            Value::Bool(false) => Map::from_iter([("not".to_owned(), Value::Object(Map::new()))]),
            Value::Bool(true) => Map::new(),
            _ => {
                self.faults.push("its schema is neither an object nor a boolean".to_owned());
                Map::new()
            }
        };
        let own = |keyword: &str| schema.get(keyword).and_then(Value::as_str).map(str::to_owned);
        let title = self.title.take().or_else(|| own("title")).unwrap_or_else(|| humanised(&self.name));
        let description = self.description.take().or_else(|| own("description"));
        self.deprecated |= schema.get("deprecated") == Some(&Value::Bool(true));
        schema.insert("title".to_owned(), title.as_str().into());
        self.title = Some(title);
        if let Some(description) = &description {
            schema.insert("description".to_owned(), description.as_str().into());
        }
        self.description = description;
        if self.deprecated {
            schema.insert("deprecated".to_owned(), true.into());
        }
        if let Some(default) = &self.default {
            schema.insert("default".to_owned(), Value::clone(default));
        }
        if !self.examples.is_empty() {
            schema.insert("examples".to_owned(), std::mem::take(&mut self.examples).into());
        }
        for constraint in &self.constraints {
            if let Err(fault) = constraint.write(&mut schema, kinds) {
                self.faults.push(fault);
            }
        }
        self.described = Described::AsMember(Value::Object(schema));
    }

    /// The members of a flattened struct as inputs.
    pub(super) fn members(&self, contract: &mut Contract) -> Result<Vec<InputDefinition>, String> {
        let Described::ByMembers(schema_of) = self.described else { return Ok(Vec::new()) };
        let mut schema = contract.of_type(schema_of);
        let mut hops = 16;
        while let Some(target) =
            schema.get("$ref").and_then(Value::as_str).and_then(|r| contract.definition(r))
        {
            schema = target.clone();
            hops -= 1;
            if hops == 0 {
                break;
            }
        }
        let is_struct = schema.get("type").and_then(Value::as_str) == Some("object")
            && !["anyOf", "oneOf", "allOf", "patternProperties"].iter().any(|k| schema.get(k).is_some())
            && matches!(schema.get("additionalProperties"), None | Some(Value::Bool(false)));
        let members = match schema.get_mut("properties").map(Value::take) {
            Some(Value::Object(members)) if is_struct => members,
            None if is_struct => Map::new(),
            _ => return Err("only a struct with named fields can be flattened into inputs".to_owned()),
        };
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|n| n == name));
        let input = |(name, schema): (String, Value)| {
            let required = is_required(&name);
            let member = Self::described(name, required, Described::AsMember(schema));
            InputDefinition { secret: self.secret, ..member }
        };
        Ok(members.into_iter().map(input).collect())
    }
}

/// The members of the struct `T`, each an input of the action.
pub fn flattened<T: ActionInput>(name: &str) -> InputDefinition {
    InputDefinition::described(name.to_owned(), false, Described::ByMembers(T::json_schema))
}
