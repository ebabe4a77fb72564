//! What may be written at a place of a document: for editors.

mod ends;
mod place;
mod refs;
mod values;

use crate::check;
use crate::diagnostic::{Code, Findings, Pointer};
use crate::registry::{Registry, Trigger};
use crate::source::Source;
use crate::workflow::read;
use serde::Serialize;
use serde_json::Value;

/// What may be written at a place of a document, by [`Registry::scope_at`].
///
/// As JSON it is an object whose `place` says what the others are. The shape is stable: members may be added, none is
/// taken away, and what is not known is left out.
///
/// ```json
/// { "place": "kind", "kinds": [{ "kind": "send_email", "name": "Send email", "description": "…", "icon": "✉" }] }
///
/// { "place": "inputs", "inputs": [
///   { "name": "to", "title": "To", "type": "string (email)", "schema": { "…": "…" }, "required": true, "given": false }
/// ] }
///
/// { "place": "value", "type": "\"low\" | \"high\"", "required": false, "default": "low", "literals": ["high", "low"],
///   "refs": [{ "ref": "!ref($.state.1.urgency)", "type": "string", "presence": "always", "nullable": false,
///              "verdict": "refused", "code": "may-not-fit" }],
///   "cut": false }
///
/// { "place": "end", "ids": ["$source", "1"], "cut": false }
///
/// { "place": "nothing" }
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "place", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScopeAt {
    /// The kind of an action: `/actions/0/kind`.
    Kind {
        /// All that the registry has.
        kinds: Vec<KindInScope>,
    },
    /// The inputs of an action: `/actions/0/inputs`.
    Inputs {
        /// In the order of the action's definition.
        inputs: Vec<InputInScope>,
    },
    /// A value: an input or a part of one, the ref of a condition, or the value that a condition compares with.
    Value {
        /// What must stand here, in flowright's notation.
        #[serde(rename = "type")]
        ty: String,
        /// The same as a JSON Schema, for a whole input.
        #[serde(skip_serializing_if = "Option::is_none")]
        schema: Option<Value>,
        /// Whether something must stand here.
        required: bool,
        /// What holds where nothing stands here.
        #[serde(skip_serializing_if = "Option::is_none")]
        default: Option<Value>,
        /// The values that the type lists.
        literals: Vec<Value>,
        /// What a ref may lead to: the event first, then the actions that run before, the nearest first.
        refs: Vec<RefInScope>,
        /// Whether there are more refs than are listed.
        cut: bool,
    },
    /// An end of an edge: `/edges/0/from` and `/edges/0/to`.
    End {
        /// The actions between which and the other end an edge makes neither a cycle nor one that is there already.
        ids: Vec<String>,
        /// Whether there are more: those that stand near the other end are listed.
        cut: bool,
    },
    /// Nothing is known of the place, or it is not there.
    Nothing,
}

/// A kind that an action may have.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct KindInScope {
    /// What to write.
    pub kind: String,
    /// What an editor calls it.
    pub name: String,
    /// What it does, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its picture, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// Why new actions should not be of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
}

/// An input that an action has.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct InputInScope {
    /// What to write.
    pub name: String,
    /// What an editor calls it.
    pub title: String,
    /// What it is for, in Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What its values are, in flowright's notation.
    #[serde(rename = "type")]
    pub ty: String,
    /// The same as a JSON Schema without refs.
    pub schema: Value,
    /// Whether it must be given.
    pub required: bool,
    /// Whether the document gives it.
    pub given: bool,
    /// What holds where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// Whether new documents should not give it.
    pub deprecated: bool,
}

/// A ref, and how it fits where it would stand.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RefInScope {
    /// What to write: `!ref($.event.data.name)`.
    #[serde(rename = "ref")]
    pub reference: String,
    /// What it yields, in flowright's notation, as far as conditions before this place tell.
    #[serde(rename = "type")]
    pub ty: String,
    /// Whether there is a value.
    pub presence: PresenceInScope,
    /// Whether null is one of its values.
    pub nullable: bool,
    /// What a check would say of it here.
    #[serde(flatten)]
    pub verdict: VerdictInScope,
}

/// Whether a ref leads to a value when its place is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PresenceInScope {
    /// There always is one.
    Always,
    /// Its type says that it may be absent.
    MayBeAbsent,
    /// Its action may be skipped.
    MayBeSkipped,
    /// That is not known.
    Unknown,
}

/// What a check says of a ref.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum VerdictInScope {
    /// It is right.
    Fits,
    /// It is allowed, and its value is checked before the action is called.
    CheckedAtRunTime,
    /// It is an error of this code.
    #[serde(serialize_with = "slug")]
    Refused(Code),
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn slug<S: serde::Serializer>(code: &Code, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(code.slug())
}

impl Registry {
    /// What may be written at a place of a document: the kinds of an action, its inputs, the refs and literals of a
    /// value, the ends of an edge. For editors; the document may be unfinished or wrong elsewhere.
    ///
    /// A ref that is said to fit is right where it is written at this place: the checker itself is asked. Lists are
    /// bounded, and say where they are cut.
    ///
    /// ```
    /// use flowright::prelude::*;
    /// use flowright::ScopeAt;
    ///
    /// /// Count the words of a text.
    /// #[engine_action]
    /// fn count(text: String) -> usize {
    ///     text.split_whitespace().count()
    /// }
    ///
    /// let registry = Registry::builder().actions(actions![count]).build()?;
    /// let document = r#"{
    ///     "actions": [{ "id": "1", "kind": "count", "inputs": { "text": "a b" } }, { "id": "2", "kind": "count" }],
    ///     "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2" }]
    /// }"#;
    /// let scope = registry.scope_at(document, &"/actions/1/inputs/text".parse()?);
    /// let ScopeAt::Value { ty, refs, .. } = &scope else { return Err("it is a value".into()) };
    /// assert_eq!(ty, "string");
    /// let last = serde_json::to_value(refs.last())?;
    /// assert_eq!(last, serde_json::json!({
    ///     "ref": "!ref($.state.1)", "type": "integer ≥ 0", "presence": "always", "nullable": false,
    ///     "verdict": "refused", "code": "never-fits",
    /// }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scope_at(&self, source: impl Into<Source>, pointer: &Pointer) -> ScopeAt {
        scope_at(self, &source.into(), self.any_trigger(), pointer)
    }

    /// The same for one event type. Of an event that the registry does not have nothing is known.
    pub fn scope_at_for(&self, event: &str, source: impl Into<Source>, pointer: &Pointer) -> ScopeAt {
        self.trigger(event)
            .map_or(ScopeAt::Nothing, |trigger| scope_at(self, &source.into(), trigger, pointer))
    }
}

fn scope_at(registry: &Registry, source: &Source, trigger: &Trigger, pointer: &Pointer) -> ScopeAt {
    let mut findings = Findings::new(registry.limits());
    let Some(document) = read(source, registry.limits(), &mut findings) else { return ScopeAt::Nothing };
    let Some(place) = place::Place::of(pointer, &document) else { return ScopeAt::Nothing };
    let (found, ..) = check::in_scope(registry, trigger, &document, &mut findings, |scope, known, _| {
        place::written_at(&place, scope, known).unwrap_or(ScopeAt::Nothing)
    });
    found
}
