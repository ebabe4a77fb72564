//! Refs: how they are told from other texts, what they must look like, and which an editor offers.

use super::definitions::{Definitions, reference};
use crate::reference::OPENING;
use crate::registry::Registry;
use flowright_schema::{Path, Segment, Type};
use serde_json::{Value, json};
use std::collections::VecDeque;

/// What a text is that has a ref in it, well-formed or not.
const ALIKE: &str = "ref";
/// The same as one of the things that a value may be.
const OFFERED: &str = "ref-or-value";
/// What an editor offers of refs.
const BESIDE: &str = "refs";
/// A text in which every ref is well-formed.
const IN_TEXT: &str = "refs-in-text";
/// One well-formed ref, and nothing beside it.
const ALONE: &str = "ref-alone";
/// Any value, its refs well-formed.
const ANYTHING: &str = "any";

/// How many refs into the event are offered.
const MOST: usize = 60;
/// How many members may lie within one another in them.
const DEEPEST: usize = 4;

const RIGHT: &str = "write `!ref($.event.data.<field>)` or `!ref($.state.<action id>.<field>)`; names with other \
    signs than letters, digits and `_` stand in brackets and quotes: `$.state['make-user']`";

pub(super) fn alike() -> Value {
    reference(ALIKE)
}

/// The same where it is one of the things that a value may be, with the refs that an editor offers.
pub(super) fn offered() -> Value {
    reference(OFFERED)
}

/// The refs that an editor offers, beside what else is said of a text.
pub(super) fn offered_beside() -> Value {
    reference(BESIDE)
}

pub(super) fn in_text() -> Value {
    reference(IN_TEXT)
}

pub(super) fn alone() -> Value {
    reference(ALONE)
}

pub(super) fn anything() -> Value {
    reference(ANYTHING)
}

/// The one ref of a condition.
pub(super) fn of_condition() -> Value {
    json!({
        "type": "string",
        "pattern": one(true),
        "patternErrorMessage": "this is no ref; write `!ref($.output.<field>)`, a field of the output of the action \
            that the edge leads from, or `!ref($.event.data.<field>)`",
        "errorMessage": "expected a ref; write `\"!ref($.output.<field>)\"`",
    })
}

pub(super) fn define(registry: &Registry, definitions: &mut Definitions) {
    let pattern = OPENING.replace('(', r"\(");
    let snippets = snippets(registry);
    definitions.define(ALIKE, json!({ "type": "string", "pattern": pattern }));
    definitions.define(BESIDE, json!({ "defaultSnippets": snippets }));
    definitions.define(
        OFFERED,
        json!({
            "type": "string", "pattern": pattern, "properties": {}, "defaultSnippets": snippets,
        }),
    );
    // Whatever begins as a ref must go on as one, or as the escape that stands for text.
    let inside = format!("(?:{}|{})", path(false), quoted('"'));
    let text = format!("^[^!]*(?:!(?:(?!ref\\()|ref\\({inside}\\))[^!]*)*$");
    let message = |wrong: &str| format!("{wrong}; {RIGHT}");
    definitions.define(
        IN_TEXT,
        json!({
            "pattern": text,
            "patternErrorMessage": message("a ref in this text cannot be read"),
        }),
    );
    definitions.define(
        ALONE,
        json!({
            "pattern": one(false),
            "patternErrorMessage": message("expected one ref that can be read, and no text beside it"),
        }),
    );
    definitions.define(
        ANYTHING,
        json!({
            // What has itself as `items` would send the language service of YAML round and round.
            "if": alike(), "then": in_text(), "else": { "items": anything(), "additionalProperties": anything() },
        }),
    );
}

/// One ref; where an edge's condition stands, also one to `$.output`.
fn one(on_edge: bool) -> String {
    format!("^!ref\\({}\\)$", path(on_edge))
}

/// A path as the checker reads it, or more: how long it may be is left to the check, and what a quoted root is.
fn path(on_edge: bool) -> String {
    // Letters, `_` and whatever is not ASCII; digits but at the beginning.
    let name = r"[^\x00-\x40\x5b-\x5e\x60\x7b-\x7f][^\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\x7f]*|[0-9]+";
    let bracketed = format!("(?:{}|{})", quoted('\''), quoted('"'));
    let named = format!("(?:\\.(?:{name})|\\[{bracketed}\\])");
    let index = r"\[(?:0|-?[1-9][0-9]{0,15})\]";
    let output = if on_edge { r"|\.output" } else { "" };
    format!("\\$(?:\\.event{output}|\\.state{named}|\\[{bracketed}\\])(?:{named}|{index})*")
}

/// A text in quotes, with JSON's escapes.
fn quoted(quote: char) -> String {
    format!(r"{quote}(?:[^{quote}\\\x00-\x1f]|\\(?:[{quote}/\\bfnrt]|u[0-9A-Fa-f]{{4}}))*{quote}")
}

/// What an editor offers wherever a value stands: what is known of the event, and refs to be filled in.
fn snippets(registry: &Registry) -> Vec<Value> {
    let of_event = event_paths(registry.event_type()).into_iter().map(|(path, ty)| {
        let reference = format!("!ref($.event{path})");
        let text = super::snippets::plain(&Value::from(&*reference));
        json!({ "label": reference, "markdownDescription": format!("`{ty:.60}`"), "bodyText": text })
    });
    let any = [
        json!({
            "label": "!ref($.event.data.<field>)",
            "markdownDescription": "A field of the event that started the workflow.",
            "bodyText": r#""!ref(\$.event.data.${1:field})""#,
        }),
        json!({
            "label": "!ref($.state.<action id>.<field>)",
            "markdownDescription": "A field of the output of an action that runs before.",
            "bodyText": r#""!ref(\$.state.${1:id}.${2:field})""#,
        }),
    ];
    of_event.chain(any).collect()
}

/// The paths that the event's type knows, the shorter ones first.
fn event_paths(event: &Type) -> Vec<(Path, Type)> {
    let mut paths = Vec::new();
    let mut left = VecDeque::from([(Vec::new(), event.clone())]);
    while let Some((path, ty)) = left.pop_front() {
        if path.len() == DEEPEST {
            continue;
        }
        for name in ty.property_names() {
            if paths.len() == MOST {
                return paths;
            }
            let step = Segment::Member(name.as_str().into());
            let below = ty.at(&Path::from(vec![step.clone()])).ty;
            let path: Vec<Segment> = path.iter().cloned().chain([step]).collect();
            paths.push((Path::from(path.clone()), below.clone()));
            left.push_back((path, below));
        }
    }
    paths
}
