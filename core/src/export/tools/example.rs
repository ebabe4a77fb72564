//! Documents that show a model how the registry's own actions are put together. Each was checked before it is shown.

use crate::builtin;
use crate::registry::{Registered, RegisteredInput, Registry};
use flowright_schema::{Path, Segment, Type};
use serde_json::{Map, Value, json};

/// How many documents are tried for one example.
const TRIES: usize = 400;

/// How many actions, and fields of a value, are looked at.
const MOST: usize = 12;

/// An action with inputs that it takes.
struct Sample<'r> {
    action: &'r Registered,
    inputs: Map<String, Value>,
}

/// A ref, as documents write it, and the type of what it leads to.
type Ref = (String, Type);

/// A workflow in which one action takes what another gives, or what the event has; or else one of a single action.
pub(super) fn with_a_ref(registry: &Registry) -> Option<String> {
    let samples = samples(registry);
    let pair = |first: &Sample<'_>, second: &Sample<'_>| {
        let (first_action, kind) =
            (action(1, first.action.kind(), &first.inputs), second.action.kind().to_owned());
        let inputs: Vec<_> = second.with_refs(&refs("$.state.1", &first.action.output)).collect();
        inputs.into_iter().map(move |inputs| chain(&[first_action.clone(), action(2, &kind, &inputs)]))
    };
    let all = || samples.iter().flat_map(|first| samples.iter().map(move |second| (first, second)));
    let (different, same): (Vec<_>, Vec<_>) =
        all().partition(|(first, second)| first.action.kind() != second.action.kind());
    let pairs = different.into_iter().chain(same).flat_map(|(first, second)| pair(first, second));
    let event = event_refs(registry);
    let of_event = samples.iter().flat_map(|only| {
        only.with_refs(&event)
            .map(|inputs| chain(&[action(1, only.action.kind(), &inputs)]))
            .collect::<Vec<_>>()
    });
    let alone = samples.iter().map(|only| chain(&[action(1, only.action.kind(), &only.inputs)]));
    first_right(registry, pairs)
        .or_else(|| first_right(registry, of_event))
        .or_else(|| first_right(registry, alone))
}

/// A workflow that goes one way or another.
pub(super) fn with_a_branch(registry: &Registry) -> Option<String> {
    registry.position(builtin::IF)?;
    let sample = samples(registry).into_iter().next()?;
    let kind = sample.action.kind();
    let branches = |rule: Value| {
        let condition = Map::from_iter([("condition".to_owned(), rule)]);
        let actions = [
            action(1, builtin::IF, &condition),
            action(2, kind, &sample.inputs),
            action(3, kind, &sample.inputs),
        ];
        let edge = |to: usize, name: &str, test: &str| {
            format!(
                r#"{{ "from": "1", "to": "{to}", "name": "{name}", "conditional": {{ "type": "{test}", "ref": "!ref($.output.result)" }} }}"#
            )
        };
        let start = r#"{ "from": "$source", "to": "1" }"#.to_owned();
        document(&actions, &[start, edge(2, "True", "if"), edge(3, "False", "else")])
    };
    let plain = |ty: &Type| {
        value(ty).filter(|value| !matches!(value, Value::Null | Value::Array(_) | Value::Object(_)))
    };
    let mut rules: Vec<(String, Value)> = event_refs(registry)
        .into_iter()
        .filter_map(|(reference, ty)| Some((reference, plain(&ty)?)))
        .collect();
    rules.sort_by_key(|(_, value)| value == "");
    rules.push(("!ref($.event.data.status)".to_owned(), "published".into()));
    first_right(registry, rules.into_iter().map(|rule| branches(json!({ "==": rule }))))
}

/// Actions for examples, none of them deprecated.
fn samples(registry: &Registry) -> Vec<Sample<'_>> {
    let actions =
        registry.kinds().filter_map(|kind| registry.position(kind)).map(|at| registry.registered(at));
    let actions =
        actions.filter(|action| action.builtin.is_none() && action.definition.deprecated().is_none());
    let sample = |action| Some(Sample { inputs: inputs(action)?, action });
    actions.filter_map(sample).take(MOST).collect()
}

/// A value for each input that must be given.
fn inputs(action: &Registered) -> Option<Map<String, Value>> {
    let schema = action.definition.inputs_schema();
    let given = |input: &RegisteredInput| {
        let examples = schema["properties"][&*input.name]["examples"].as_array();
        let example = examples.into_iter().flatten().find(|example| input.ty.accepts(*example)).cloned();
        Some((input.name.to_string(), example.or_else(|| value(&input.ty))?))
    };
    action.inputs.iter().filter(|input| input.required).map(given).collect()
}

/// Any value of a type: it shows that the type is not the one without values.
fn value(ty: &Type) -> Option<Value> {
    ty.fits(&Type::never()).reason?.counterexample
}

impl Sample<'_> {
    /// Its inputs with each of these refs in place of each of them.
    fn with_refs(&self, refs: &[Ref]) -> impl Iterator<Item = Map<String, Value>> {
        let inputs = self.action.inputs.iter().take(MOST);
        inputs.flat_map(move |input| {
            refs.iter().map(move |(reference, _)| {
                let mut inputs = self.inputs.clone();
                inputs.insert(input.name.to_string(), reference.as_str().into());
                inputs
            })
        })
    }
}

/// Refs to a value's fields, and to the value itself, where they have types.
fn refs(path: &str, ty: &Type) -> Vec<Ref> {
    let is_shorthand = |name: &String| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let fields = ty.property_names().into_iter().filter(is_shorthand).take(MOST);
    let fields = fields.map(|name| (format!("!ref({path}.{name})"), member(ty, &name)));
    let whole = (format!("!ref({path})"), ty.clone());
    fields.chain([whole]).filter(|(_, ty)| !ty.is_any()).collect()
}

fn event_refs(registry: &Registry) -> Vec<Ref> {
    refs("$.event.data", &member(registry.any_event(), "data"))
}

fn member(ty: &Type, name: &str) -> Type {
    ty.at(&Path::from(vec![Segment::Member(name.into())])).ty
}

fn action(id: usize, kind: &str, inputs: &Map<String, Value>) -> String {
    let (kind, inputs) = (Value::from(kind), Value::from(inputs.clone()));
    format!(r#"{{ "id": "{id}", "kind": {kind}, "inputs": {inputs} }}"#)
}

/// Actions one after another.
fn chain(actions: &[String]) -> String {
    let edges = (1..=actions.len()).map(|to| {
        let from = if to == 1 { "$source".to_owned() } else { (to - 1).to_string() };
        format!(r#"{{ "from": "{from}", "to": "{to}" }}"#)
    });
    document(actions, &edges.collect::<Vec<_>>())
}

fn document(actions: &[String], edges: &[String]) -> String {
    let lines = |elements: &[String]| elements.join(",\n    ");
    format!(
        "{{\n  \"actions\": [\n    {}\n  ],\n  \"edges\": [\n    {}\n  ]\n}}",
        lines(actions),
        lines(edges)
    )
}

/// The first document of which the registry has nothing to say.
fn first_right(registry: &Registry, documents: impl Iterator<Item = String>) -> Option<String> {
    let right = |document: &String| {
        registry.check(document.as_str()).is_ok_and(|workflow| workflow.report().is_empty())
    };
    documents.take(TRIES).find(right)
}
