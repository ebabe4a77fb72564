//! What a run tells those who trace it.

use crate::draft::{Draft, accepted, conformance, engine, run};
use crate::recorder::{Traced, recorded};
use serde_json::{Value, json};

#[test]
fn a_run_is_a_span_with_a_span_for_each_action() {
    let registry = conformance();
    let text = json!({
        "name": "Two steps",
        "actions": [
            { "id": "a", "kind": "echo", "inputs": { "value": 1 } },
            { "id": "b", "kind": "fail", "inputs": { "message": "no" } },
            { "id": "c", "kind": "echo", "inputs": { "value": 1 } },
        ],
        "edges": [{ "from": "$source", "to": "a" }, { "from": "a", "to": "b" }, { "from": "b", "to": "c" }],
    });
    let workflow = accepted(registry.check(text.to_string()));
    let engine = engine(registry);
    let ((), traced) = recorded(|| drop(run(&engine, &workflow, Value::Null)));
    let spans: Vec<_> = traced
        .iter()
        .filter_map(|traced| match traced {
            // Where an attempt is made elsewhere, that is a span there.
            Traced::Span { name: "attempt", .. } | Traced::Event { .. } => None,
            Traced::Span { name, within, fields } => Some((*name, *within, fields.clone())),
        })
        .collect();
    assert_eq!(
        spans.iter().map(|(name, within, _)| (*name, *within)).collect::<Vec<_>>(),
        [("run", None), ("action", Some("run")), ("action", Some("run")),]
    );
    assert_eq!(spans[0].2.get("workflow").map(String::as_str), Some("Two steps"));
    assert!(spans[0].2.get("id").is_some_and(|id| !id.is_empty()), "{spans:?}");
    for ((_, _, fields), (id, kind)) in spans[1..].iter().zip([("a", "echo"), ("b", "fail")]) {
        assert_eq!(fields.get("id").map(String::as_str), Some(id));
        assert_eq!(fields.get("kind").map(String::as_str), Some(kind));
        assert_eq!(fields.get("attempt").map(String::as_str), Some("1"));
    }
    let ends: Vec<_> = traced
        .iter()
        .filter_map(|traced| match traced {
            Traced::Event { within: Some((_, span)), fields } => {
                Some((span.get("id").cloned(), fields.clone()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(ends.len(), 2, "{ends:?}");
    assert_eq!(
        (ends[0].0.as_deref(), ends[0].1.get("message").map(String::as_str)),
        (Some("a"), Some("completed"))
    );
    assert_eq!(
        (ends[1].0.as_deref(), ends[1].1.get("code").map(String::as_str)),
        (Some("b"), Some("action-failed"))
    );
}

#[test]
fn every_run_has_an_id_of_its_own() {
    let registry = conformance();
    let workflow = accepted(registry.check(Draft::new().echo("1", 1).start("1").text()));
    let engine = engine(registry);
    let id = || {
        let (_, traced) = recorded(|| run(&engine, &workflow, Value::Null));
        match traced.into_iter().next() {
            Some(Traced::Span { name: "run", fields, .. }) => fields.get("id").cloned(),
            other => panic!("{other:?}"),
        }
    };
    let (first, second) = (id(), id());
    assert!(first.is_some() && first != second, "{first:?} {second:?}");
}
