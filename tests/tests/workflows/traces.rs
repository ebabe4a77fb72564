//! What a run tells those who trace it.

use crate::draft::{Draft, accepted, conformance, engine, run};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

type Fields = BTreeMap<&'static str, String>;

/// What was traced, in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Traced {
    Span { name: &'static str, within: Option<&'static str>, fields: Fields },
    Event { within: Option<(&'static str, Fields)>, fields: Fields },
}

/// Keeps everything.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<Tape>>);

#[derive(Default)]
struct Tape {
    spans: Vec<(&'static str, Fields)>,
    entered: Vec<usize>,
    traced: Vec<Traced>,
}

struct Reader<'f>(&'f mut Fields);

impl Visit for Reader<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Recorder {
    fn tape(&self) -> std::sync::MutexGuard<'_, Tape> {
        self.0.lock().expect("nothing panics while it records")
    }
}

fn index(id: &Id) -> usize {
    usize::try_from(id.into_u64()).expect("few spans") - 1
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("flowright")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut fields = Fields::new();
        span.record(&mut Reader(&mut fields));
        let mut tape = self.tape();
        let within = tape.entered.last().map(|&span| tape.spans[span].0);
        let name = span.metadata().name();
        tape.spans.push((name, fields.clone()));
        tape.traced.push(Traced::Span { name, within, fields });
        Id::from_u64(tape.spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        values.record(&mut Reader(&mut self.tape().spans[index(span)].1));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::new();
        event.record(&mut Reader(&mut fields));
        let mut tape = self.tape();
        let within = tape.entered.last().map(|&span| tape.spans[span].clone());
        tape.traced.push(Traced::Event { within, fields });
    }

    fn enter(&self, span: &Id) {
        self.tape().entered.push(index(span));
    }

    fn exit(&self, _: &Id) {
        self.tape().entered.pop();
    }
}

/// What `act` came to, and what was traced meanwhile.
pub(crate) fn recorded<T>(act: impl FnOnce() -> T) -> (T, Vec<Traced>) {
    let recorder = Recorder::default();
    let result = tracing::subscriber::with_default(recorder.clone(), act);
    let traced = std::mem::take(&mut recorder.tape().traced);
    (result, traced)
}

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
            Traced::Span { name, within, fields } => Some((*name, *within, fields.clone())),
            Traced::Event { .. } => None,
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
