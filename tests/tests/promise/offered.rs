//! What a scope offers at a place is what a check says of it once it is written there.

use crate::{Counts, MODES, count, document_of, is_inside, scenes};
use flowright::{
    CheckedWorkflow, Code, Diagnostic, Pointer, Registry, Report, ScopeAt, Severity, VerdictInScope,
};
use serde_json::Value;

/// Of every so many cases one is tried, and so many of what is offered at a place.
const EVERY: u64 = 28;
const MOST: usize = 10;

struct Tried<'t> {
    registry: &'t Registry,
    document: &'t Value,
    counts: &'t mut Counts,
    broken: Vec<String>,
}

impl Tried<'_> {
    fn scope(&self, pointer: &str) -> ScopeAt {
        let pointer: Pointer = pointer.parse().expect("a pointer");
        self.registry.scope_at(self.document.to_string(), &pointer)
    }

    /// What is said around a place once the value stands there: the codes of errors, and whether it is left.
    fn written(&self, pointer: &str, value: Value) -> (Vec<Code>, bool) {
        let mut document = self.document.clone();
        let (parent, name) = pointer.rsplit_once('/').expect("not the root");
        match document.pointer_mut(parent) {
            Some(Value::Object(members)) => {
                members.insert(name.to_owned(), value);
            }
            Some(Value::Array(elements)) => elements[name.parse::<usize>().expect("an index")] = value,
            _ => panic!("nothing holds {pointer}"),
        }
        // What is said of the whole action is not said of the value.
        let whole = pointer.split('/').take(5).collect::<Vec<_>>().join("/");
        let said = |report: &Report| {
            let errors = report.iter().filter(|found| found.severity() == Severity::Error);
            let errors = errors.filter(|found| {
                let found = found.pointer().as_str();
                is_inside(pointer, found) && is_inside(found, &whole)
            });
            let left = report.left_to_run_time();
            (
                errors.map(Diagnostic::code).collect(),
                left.iter().any(|left| is_inside(pointer, left.as_str())),
            )
        };
        match self.registry.check(document.to_string()) {
            Ok(workflow) => said(CheckedWorkflow::report(&workflow)),
            Err(report) => said(&report),
        }
    }

    fn expect(&mut self, is_so: bool, pointer: &str, value: &str, said: &str) {
        if !is_so {
            self.broken.push(format!("{value} at {pointer}: {said}"));
        }
    }

    fn value(&mut self, pointer: &str) {
        let ScopeAt::Value { refs, literals, .. } = self.scope(pointer) else { return };
        let step = refs.len().div_ceil(MOST).max(1);
        for offered in refs.iter().step_by(step) {
            let (errors, is_left) = self.written(pointer, offered.reference.as_str().into());
            let is_so = match offered.verdict {
                VerdictInScope::Fits => errors.is_empty() && !is_left,
                VerdictInScope::CheckedAtRunTime => errors.is_empty() && is_left,
                VerdictInScope::Refused(code) => errors.contains(&code),
                _ => false,
            };
            let verdict = format!("{:?}", offered.verdict);
            count(self.counts, verdict.split('(').next().unwrap_or_default());
            self.expect(is_so, pointer, &offered.reference, &format!("{verdict}, and {errors:?}, {is_left}"));
        }
        for literal in literals.into_iter().take(MOST) {
            count(self.counts, "literals");
            let shown = literal.to_string();
            let (errors, _) = self.written(pointer, literal);
            self.expect(errors.is_empty(), pointer, &shown, &format!("{errors:?}"));
        }
    }

    fn end(&mut self, pointer: &str) {
        let ScopeAt::End { ids, .. } = self.scope(pointer) else { return };
        let cycles = |tried: &Self, id: &str| {
            let mut document = tried.document.clone();
            *document.pointer_mut(pointer).expect("an end") = id.into();
            let report = tried.registry.check(document.to_string()).err();
            let codes = report.iter().flat_map(|report| report.iter().map(Diagnostic::code));
            codes.filter(|code| *code == Code::Cycle).count()
        };
        let nowhere = cycles(self, "nowhere");
        for id in ids.into_iter().take(MOST) {
            count(self.counts, "ends");
            let (errors, _) = self.written(pointer, id.as_str().into());
            let makes_cycles = cycles(self, &id) > nowhere;
            let is_so = !makes_cycles && !errors.contains(&Code::UnknownAction);
            self.expect(is_so, pointer, &id, &format!("{errors:?}, cycles: {makes_cycles}"));
        }
    }
}

/// The pointers to the parts of a value.
fn parts(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                parts(member, format!("{pointer}/{name}"), found);
            }
        }
        Value::Array(elements) => {
            for (at, element) in elements.iter().enumerate() {
                parts(element, format!("{pointer}/{at}"), found);
            }
        }
        _ => {}
    }
    found.push(pointer);
}

#[test]
fn what_is_offered_is_what_a_check_says() {
    let (mut counts, mut broken) = (Counts::new(), Vec::new());
    for (scene, cases) in scenes() {
        for case in cases.filter(|case| case.is_multiple_of(EVERY)) {
            let mode = MODES[usize::try_from(case / EVERY % 3).expect("small")];
            let registry = scene.registry(mode, &[]);
            let (document, _) = document_of(&scene, case);
            let mut tried =
                Tried { registry: &registry, document: &document, counts: &mut counts, broken: Vec::new() };
            let list = |name: &str| document[name].as_array().map_or(0, Vec::len);
            for action in 0..list("actions") {
                let pointer = format!("/actions/{action}/inputs");
                let mut places = Vec::new();
                if let Some(Value::Object(given)) = document.pointer(&pointer) {
                    given.iter().for_each(|(name, value)| {
                        parts(value, format!("{pointer}/{name}"), &mut places);
                    });
                    if let ScopeAt::Inputs { inputs } = tried.scope(&pointer) {
                        let missing = inputs.iter().filter(|input| !input.given);
                        places.extend(missing.map(|input| format!("{pointer}/{}", input.name)));
                    }
                }
                for place in &places {
                    tried.value(place);
                }
            }
            for edge in 0..list("edges") {
                for end in ["from", "to"].map(|end| format!("/edges/{edge}/{end}")) {
                    if document.pointer(&end).is_some() {
                        tried.end(&end);
                    }
                }
            }
            let wrong = tried.broken;
            if !wrong.is_empty() {
                broken.push(format!(
                    "case {case}, {mode:?}: {}\n{scene}document: {document}\n",
                    wrong.join("\n")
                ));
            }
        }
    }
    println!("{counts:?}");
    let shown = broken.iter().take(3).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(broken.is_empty(), "{} broken:\n{shown}", broken.len());
    if std::env::var_os("FLOWRIGHT_PROMISE_CASE").is_none() {
        for what in ["Fits", "CheckedAtRunTime", "Refused", "literals", "ends"] {
            assert!(counts.contains_key(what), "{what} never happened: {counts:?}");
        }
    }
}
