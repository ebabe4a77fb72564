//! What may stand in a workflow: actions with their types, events with theirs, and how strictly it is checked.

mod builder;
mod exported;
mod fault;
mod kind;
mod memo;
mod registered;
mod trigger;

pub use builder::RegistryBuilder;
pub use exported::ExportedError;
pub use fault::{RegistryError, RegistryFault};
pub(crate) use memo::Memo;
pub(crate) use registered::{Builtin, Registered, RegisteredInput};
pub(crate) use trigger::Trigger;

use crate::Limits;
use crate::action::ActionDefinition;
use crate::check;
use crate::checked::CheckedWorkflow;
use crate::diagnostic::{Code, Level, Report};
use crate::event::Event;
use crate::map::Map;
use crate::repair::{self, Repaired};
use crate::run::{deep, size};
use crate::source::Source;
use flowright_schema::{Origin, Type};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use trigger::Triggers;

/// What may stand in a workflow. Needs nothing that runs: a registry checks and exports, an
/// [`Engine`](crate::Engine) runs. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);

struct Inner {
    /// All actions; subsets share them, so that positions mean the same in each.
    actions: Arc<[Registered]>,
    /// Positions by kind and by alias; what is not here may not be used.
    by_kind: Map<Box<str>, usize>,
    triggers: Triggers,
    limits: Limits,
    levels: HashMap<Code, Level>,
    mode: Mode,
    memo: Arc<Memo>,
    /// What tells it from other registries, once somebody asks.
    fingerprint: OnceLock<String>,
}

/// How strict the checker is with what it can neither prove nor refute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// Whatever is left to a run-time check is an error, also where the document asks for it: for workflows that are
    /// part of the program.
    Strict,
    /// Values that cannot be proven are checked at run time, before their action is called; those that may be of a
    /// wrong shape, null or absent are errors.
    #[default]
    Default,
    /// As the default, and values that may be absent, null, skipped or of a wrong shape are left to run time too: for
    /// documents from elsewhere. What can never be right stays an error.
    ///
    /// A document leaves single values in the same way, by pointers that begin with the input's name:
    /// `"metadata": { "flowright": { "leave": { "<action id>": ["/to", "/parts/1"] } } }`.
    Lenient,
}

impl Registry {
    /// A registry with `builtin:if` and nothing else yet.
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::new()
    }

    /// Checks a document: it may run, or here is everything that is wrong with it.
    ///
    /// Refs to the event are held against the registry's only event type, or against all of them together; with
    /// none, `$.event` is untyped.
    pub fn check(&self, source: impl Into<Source>) -> Result<CheckedWorkflow, Report> {
        check::check(self, &source.into(), self.0.triggers.any())
    }

    /// Checks a document for one event type.
    ///
    /// An event that the registry does not have is a report of one diagnostic about the whole document.
    pub fn check_for(&self, event: &str, source: impl Into<Source>) -> Result<CheckedWorkflow, Report> {
        let source = source.into();
        if let Some(trigger) = self.0.triggers.named(event) {
            return check::check(self, &source, trigger);
        }
        Err(self.refuse(event, &source))
    }

    /// Repairs a document as far as its types and names tell what was meant, and checks what comes of it. Nothing is
    /// written anywhere.
    ///
    /// Values that were saved as text, as Workflow Kit's editor saves those of forms, become what their inputs take:
    /// `"7"` becomes `7`, `"[1, 2]"` an array, and what is empty is left out where it may be. A text that fits stays
    /// text. The nearest kind, input, field or id takes the place of a misspelt one. Edges to actions that are gone
    /// and edges that stand there twice are removed, and an action with the id of another gets its own, where nothing
    /// names it.
    ///
    /// Only the bytes that must change do. Repairing what was repaired changes nothing.
    ///
    /// ```
    /// use flowright::prelude::*;
    ///
    /// /// Ring a bell.
    /// #[engine_action]
    /// fn ring(times: u32, softly: Option<bool>) {}
    ///
    /// let registry = Registry::builder().actions(actions![ring]).build()?;
    /// let repaired = registry.repair(
    ///     r#"{ "actions": [{ "id": "1", "kind": "rign", "inputs": { "times": "7", "softly": "" } }],
    ///          "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2" }] }"#,
    /// );
    /// assert_eq!(
    ///     repaired.source().as_str(),
    ///     r#"{ "actions": [{ "id": "1", "kind": "ring", "inputs": { "times": 7 } }],
    ///          "edges": [{ "from": "$source", "to": "1" }] }"#
    /// );
    /// let what: Vec<&str> = repaired.repairs().iter().map(|repair| repair.description()).collect();
    /// assert_eq!(what, [
    ///     "write `ring`",
    ///     r#"write the number 7 in place of the text `"7"`"#,
    ///     "leave out `softly`, which is empty",
    ///     "remove the edge from `1` to `2`: there is no action `2`",
    /// ]);
    /// assert!(repaired.check().is_ok());
    /// # Ok::<(), flowright::RegistryError>(())
    /// ```
    pub fn repair(&self, source: impl Into<Source>) -> Repaired {
        repair::repair(self, &source.into(), self.0.triggers.any())
    }

    /// Repairs a document as [`repair`](Registry::repair) does, for one event type.
    ///
    /// Of an event that the registry does not have it repairs nothing, and reports that.
    pub fn repair_for(&self, event: &str, source: impl Into<Source>) -> Repaired {
        let source = source.into();
        if let Some(trigger) = self.0.triggers.named(event) {
            return repair::repair(self, &source, trigger);
        }
        let report = self.refuse(event, &source);
        repair::refuse(source, report)
    }

    /// A report that the registry has no such event.
    fn refuse(&self, event: &str, source: &Source) -> Report {
        let known = self.0.triggers.names().map(str::to_owned).collect();
        check::refuse(self, source, event, known)
    }

    /// Whether the registry has an event type of this name.
    pub fn has_event(&self, name: &str) -> bool {
        self.0.triggers.named(name).is_some()
    }

    /// Whether a run may wait for an event of this name: a message where it may not, as the registry has events and none
    /// of this name.
    pub fn knows_event(&self, name: &str) -> Result<(), String> {
        let triggers = &self.0.triggers;
        let mut names = triggers.names().peekable();
        if names.peek().is_none() || triggers.named(name).is_some() {
            return Ok(());
        }
        let nearest = flowright_schema::nearest(name, names);
        let meant = nearest.map(|nearest| format!("; did you mean `{nearest}`?")).unwrap_or_default();
        Err(format!("the registry has no event `{}`{meant}", name.escape_debug()))
    }

    /// Whether this may be sent to a run as the data of an event: a message where it may not, as the registry has events
    /// and none of this name, or as the data is not of its type.
    pub fn admits_data(&self, name: &str, data: &Value) -> Result<(), String> {
        self.knows_event(name)?;
        if size(data).is_err() {
            return Err(format!("the event `{}` is refused: {}", name.escape_debug(), deep("its data")));
        }
        let Some(trigger) = self.0.triggers.named(name) else { return Ok(()) };
        let event = Event::new(name, data.clone());
        trigger
            .admit(&event, |fault| fault)
            .map_err(|(_, message)| format!("the event `{name}` is refused: {message}"))
    }

    /// A registry with some of the actions, for one tenant or one plan. What it checks, an engine of the whole
    /// registry runs. The error names every kind that is not there.
    pub fn subset<K: AsRef<str>>(
        &self,
        kinds: impl IntoIterator<Item = K>,
    ) -> Result<Registry, RegistryError> {
        let mut by_kind = Map::default();
        let mut faults = Vec::new();
        for kind in kinds {
            match self.0.by_kind.get(kind.as_ref()) {
                Some(&action) => {
                    let names = self.0.by_kind.iter().filter(|(_, named)| **named == action);
                    by_kind.extend(names.map(|(name, &action)| (name.clone(), action)));
                }
                None => faults.push(RegistryFault::unknown_kind(kind.as_ref(), self.kinds())),
            }
        }
        RegistryError::unless_empty(faults)?;
        Ok(Registry(Arc::new(Inner {
            actions: self.0.actions.clone(),
            by_kind,
            triggers: self.0.triggers.clone(),
            limits: self.0.limits.clone(),
            levels: self.0.levels.clone(),
            mode: self.0.mode,
            memo: Arc::clone(&self.0.memo),
            fingerprint: OnceLock::new(),
        })))
    }

    /// The definitions of all actions, in the order they were registered.
    pub fn definitions(&self) -> impl Iterator<Item = &ActionDefinition> {
        let registered = self.0.actions.iter().enumerate();
        let used = registered.filter(|(at, action)| self.0.by_kind.get(action.kind()) == Some(at));
        used.map(|(_, action)| &action.definition)
    }

    /// The definition of an action, by its kind or an alias.
    pub fn definition(&self, kind: &str) -> Option<&ActionDefinition> {
        self.position(kind).map(|at| &self.registered(at).definition)
    }

    /// The names of all events, their schemas, and whether these were written by hand, so that objects are as open as
    /// they say.
    pub(crate) fn event_schemas(&self) -> impl Iterator<Item = (&str, &Value, bool)> {
        let schemas = self.0.triggers.schemas().iter();
        schemas.map(|event| (&*event.name, &event.schema, event.origin == Origin::Schema))
    }

    /// The names of all events, and the types of `$.event` that they give.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.0.triggers.named_types()
    }

    /// The type of `$.event` where nothing is said of which it is.
    pub(crate) fn any_event(&self) -> &Type {
        self.0.triggers.any().ty()
    }

    /// Every kind and alias that a document may use, in the order they were registered.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.definitions().flat_map(|definition| {
            std::iter::once(definition.kind()).chain(definition.aliases().iter().map(String::as_str))
        })
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = &str> {
        self.definitions().map(ActionDefinition::kind)
    }

    pub(crate) fn position(&self, kind: &str) -> Option<usize> {
        self.0.by_kind.get(kind).copied()
    }

    /// All actions by their positions, also those that a subset leaves out.
    pub(crate) fn all_registered(&self) -> impl Iterator<Item = &Registered> {
        self.0.actions.iter()
    }

    pub(crate) fn registered(&self, position: usize) -> &Registered {
        &self.0.actions[position]
    }

    pub(crate) fn kind_at(&self, position: usize) -> &str {
        self.registered(position).kind()
    }

    /// The event types, as far as nothing says which one a document is for.
    pub(crate) fn any_trigger(&self) -> &Trigger {
        self.0.triggers.any()
    }

    /// The event type of this name.
    pub(crate) fn trigger(&self, event: &str) -> Option<&Trigger> {
        self.0.triggers.named(event)
    }

    /// What is known of `$.event` in all workflows.
    pub(crate) fn event_type(&self) -> &Type {
        self.0.triggers.any().ty()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn levels(&self) -> &HashMap<Code, Level> {
        &self.0.levels
    }

    pub(crate) fn mode(&self) -> Mode {
        self.0.mode
    }

    /// What was found out about its types so far.
    pub(crate) fn memo(&self) -> &Memo {
        &self.0.memo
    }

    /// Whether positions in `other` mean the same actions here.
    pub(crate) fn shares_actions_with(&self, other: &Registry) -> bool {
        Arc::ptr_eq(&self.0.actions, &other.0.actions)
    }

    /// Whether all of `positions` may be used here. Where this is the registry that gave them, they may.
    pub(crate) fn has_all(&self, other: &Registry, mut positions: impl Iterator<Item = usize>) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || positions.all(|at| self.0.by_kind.get(self.kind_at(at)) == Some(&at))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("kinds", &self.kinds().collect::<Vec<_>>()).finish_non_exhaustive()
    }
}
