//! A registry, put together.

use super::fault::{RegistryError, RegistryFault};
use super::registered::{Builtin, Registered};
use super::trigger::{EventSchema, Triggers};
use super::{Inner, Memo, Mode, Registry, kind};
use crate::Limits;
use crate::action::ActionDefinition;
use crate::builtin;
use crate::diagnostic::{Code, Level, Severity};
use crate::map::Map;
use flowright_schema::{Origin, Type};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

/// Puts a [`Registry`] together; made by [`Registry::builder`].
#[derive(Debug)]
pub struct RegistryBuilder {
    definitions: Vec<ActionDefinition>,
    builtins: bool,
    events: Vec<EventSchema>,
    limits: Limits,
    levels: HashMap<Code, Level>,
    mode: Mode,
}

impl RegistryBuilder {
    pub(crate) fn new() -> Self {
        RegistryBuilder {
            definitions: Vec::new(),
            builtins: true,
            events: Vec::new(),
            limits: Limits::default(),
            levels: HashMap::new(),
            mode: Mode::default(),
        }
    }

    /// Adds actions: a list by `actions![…]`, or definitions made at run time.
    #[must_use]
    pub fn actions<A: Into<ActionDefinition>>(mut self, actions: impl IntoIterator<Item = A>) -> Self {
        self.definitions.extend(actions.into_iter().map(Into::into));
        self
    }

    /// Adds one action.
    #[must_use]
    pub fn action(self, action: impl Into<ActionDefinition>) -> Self {
        self.actions([action])
    }

    /// Leaves out `builtin:if`.
    #[must_use]
    pub fn without_builtins(mut self) -> Self {
        self.builtins = false;
        self
    }

    /// Adds an event `{ "name": name, "data": T }`: it types `$.event.data`.
    #[must_use]
    pub fn event<T: JsonSchema>(mut self, name: &str) -> Self {
        let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
        self.events.push(EventSchema::of_data(name, schema.as_value()));
        self
    }

    /// Adds an event by a schema of the whole of `$.event`.
    #[must_use]
    pub fn event_schema(mut self, name: &str, schema: Value) -> Self {
        self.events.push(EventSchema { name: name.to_owned(), schema, origin: Origin::Schema });
        self
    }

    pub(super) fn events(mut self, events: impl IntoIterator<Item = EventSchema>) -> Self {
        self.events.extend(events);
        self
    }

    /// Sets how large documents and their values may be.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the level of a diagnostic. What makes a document unrunnable stays an error.
    #[must_use]
    pub fn lint(mut self, code: Code, level: Level) -> Self {
        self.levels.insert(code, level);
        self
    }

    /// Sets how strict the checker is.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// The registry, or everything that is wrong with it.
    pub fn build(self) -> Result<Registry, RegistryError> {
        let mut faults = Vec::new();
        let builtins = self.builtins.then(|| (builtin::if_definition(), Some(Builtin::If)));
        let definitions = builtins.into_iter().chain(self.definitions.into_iter().map(|own| (own, None)));
        let mut actions: Vec<Registered> = Vec::new();
        let mut by_kind = Map::default();
        for (definition, builtin) in definitions {
            name(&definition, &actions, &mut by_kind, &mut faults);
            actions.push(Registered::new(definition, builtin, &mut faults));
        }
        let triggers = Triggers::new(self.events, &mut faults);
        let levels: BTreeMap<_, _> = self.levels.iter().collect();
        for (&code, level) in levels {
            if !code.may_be_lowered() && level.severity() != Some(Severity::Error) {
                let message = "what makes a document unrunnable is always an error; leave its level as it is";
                faults.push(RegistryFault::of_level(code, message));
            }
        }
        RegistryError::unless_empty(faults)?;
        let Self { limits, levels, mode, .. } = self;
        let memo = Arc::new(memo(&actions, &triggers));
        Ok(Registry(Arc::new(Inner {
            actions: actions.into(),
            by_kind,
            triggers,
            limits,
            levels,
            mode,
            memo,
            fingerprint: OnceLock::new(),
        })))
    }
}

/// Knows the types of the registry: refs begin at outputs and events, and end at inputs.
fn memo(actions: &[Registered], triggers: &Triggers) -> Memo {
    let outputs = actions.iter().map(|action| &action.output);
    let inputs = actions.iter().flat_map(|action| action.inputs.iter().map(|input| &input.takes));
    let conditions = [Type::any(), Type::boolean(), Type::string()];
    Memo::new(outputs.chain(triggers.types()), inputs.chain(&conditions))
}

/// Adds the kind and the aliases of the next action; each name must be one, and not be another's.
fn name(
    definition: &ActionDefinition,
    actions: &[Registered],
    by_kind: &mut Map<Box<str>, usize>,
    faults: &mut Vec<RegistryFault>,
) {
    let aliases = definition.aliases().iter().map(|alias| ("alias", &**alias));
    for (what, name) in std::iter::once(("kind", definition.kind())).chain(aliases) {
        if let Some(wrong) = kind::refuse(name) {
            faults.push(RegistryFault::of_action(definition.kind(), wrong));
            continue;
        }
        let first = *by_kind.entry(Box::from(name)).or_insert(actions.len());
        if let Some(other) = actions.get(first).map(Registered::kind) {
            let message = match what {
                "kind" if other == name => {
                    "the kind is registered twice; give one of them another `kind`".to_owned()
                }
                _ => format!("its {what} `{name}` is already taken by `{other}`"),
            };
            faults.push(RegistryFault::of_action(definition.kind(), message));
        }
    }
}
