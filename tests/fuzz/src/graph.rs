//! Documents of many actions, most of which are accepted: an action refers to the event, and to the action that it follows alone.

use crate::actions::{Asked, KINDS, Kind};
use crate::choices::Choices;
use crate::values::{type_of, value};
use serde_json::{Map, Value, json};

/// How many actions there are at most.
const ACTIONS: usize = 9;

/// A document of many actions.
pub(crate) fn graph(choices: &mut Choices) -> Value {
    let (mut actions, mut edges) = (Vec::new(), Vec::new());
    let mut kinds: Vec<&Kind> = Vec::new();
    for at in 0..=choices.below(ACTIONS) {
        let id = at.to_string();
        let kind = kind(choices);
        let before: Vec<usize> = (0..at).filter(|_| choices.percent(25)).collect();
        for from in before.iter().map(usize::to_string) {
            edges.push(edge(&from, &id, choices));
        }
        if before.is_empty() {
            edges.push(edge("$source", &id, choices));
        }
        let follows = if let [alone] = before[..] { Some((alone, kinds[alone])) } else { None };
        actions.push(json!({ "id": id, "kind": kind.name, "inputs": inputs(kind, follows, choices) }));
        kinds.push(kind);
    }
    json!({ "actions": actions, "edges": edges })
}

/// Mostly one that is a function.
fn kind(choices: &mut Choices) -> &'static Kind {
    let functions: Vec<&Kind> = KINDS.iter().filter(|kind| kind.is_function()).collect();
    if choices.percent(20) { choices.pick(&KINDS) } else { choices.pick::<&Kind>(&functions) }
}

fn edge(from: &str, to: &str, choices: &mut Choices) -> Value {
    const PAYMENT: &str = "!ref($.event.data.payment)";
    let mut edge = json!({ "from": from, "to": to });
    match choices.below(8) {
        1 => edge["conditional"] = json!({ "type": "if", "ref": "!ref($.event.data.total)" }),
        2 => edge["conditional"] = json!({ "type": "else", "ref": "!ref($.event.data.customer)" }),
        3 => edge["conditional"] = json!({ "type": "match", "ref": PAYMENT, "value": "paid" }),
        _ => {}
    }
    edge
}

fn inputs(kind: &Kind, follows: Option<(usize, &Kind)>, choices: &mut Choices) -> Value {
    let mut inputs = Map::new();
    for (name, schema, asked) in &kind.inputs {
        if matches!(asked, Asked::Required | Asked::Secret) || choices.percent(50) {
            inputs.insert(name.clone(), input(schema, follows, choices));
        }
    }
    inputs.into()
}

fn input(schema: &Value, follows: Option<(usize, &Kind)>, choices: &mut Choices) -> Value {
    let ty = type_of(schema);
    let mut refs = match ty.as_deref() {
        Some("string") => vec!["!ref($.event.data.id)".to_owned(), "!ref($.event.data.email)".to_owned()],
        Some("number") => vec!["!ref($.event.data.total)".to_owned()],
        _ => Vec::new(),
    };
    if let Some((at, kind)) = follows
        && (ty.is_none() || type_of(&kind.output) == ty)
    {
        refs.push(format!("!ref($.state['{at}'])"));
    }
    if refs.is_empty() || choices.percent(40) {
        return value(schema, schema, choices, 3);
    }
    let reference = choices.pick(&refs);
    if ty.as_deref() == Some("string") && choices.percent(30) {
        let text = format!("{}{reference}{}", choices.text(), choices.text());
        return text.into();
    }
    reference.as_str().into()
}
