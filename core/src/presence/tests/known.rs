//! What is known behind single conditions.

use super::{Flow, Sources, output};
use crate::graph::{Edge, From, Graph};
use crate::plan::{EdgeTest, Holds};
use crate::presence::Presence;
use crate::template::{Place, Root};
use flowright_schema::{Path, Presence as There, Segment, Type};
use serde_json::{Value, json};

fn path(member: &str) -> Path {
    Path::from(vec![Segment::shorthand(member)])
}

pub(super) fn on(root: Root, member: &str, holds: Holds) -> EdgeTest {
    EdgeTest { place: Place { root, path: path(member) }, holds }
}

/// Edges by whence they lead, where to, and what they test; `None` is the start.
pub(super) fn flow(actions: usize, edges: Vec<(Option<usize>, usize, Option<EdgeTest>)>) -> Flow {
    let ends: Vec<Edge> = edges
        .iter()
        .map(|&(from, to, _)| Edge { from: from.map_or(From::Source, From::Action), to })
        .collect();
    Flow {
        order: Graph::new(actions, ends.iter().copied()).order(),
        edges: ends.into_iter().map(Some).collect(),
        conditional: edges.iter().map(|(_, _, test)| test.is_some()).collect(),
        tests: edges.into_iter().map(|(_, _, test)| test).collect(),
        rules: vec![None; actions],
    }
}

fn equals(value: Value) -> Holds {
    Holds::Equal(value)
}

#[test]
fn a_condition_on_the_output_of_what_may_be_skipped_says_that_it_ran() {
    // 0 may skip 1; 2 joins them; 3 runs where 1 found something.
    let first = Root::Output(0);
    let flow = flow(
        4,
        vec![
            (None, 0, None),
            (Some(0), 1, Some(on(first, "flag", Holds::Truthy))),
            (Some(0), 2, None),
            (Some(1), 2, None),
            (Some(2), 3, Some(on(Root::Output(1), "flag", Holds::Truthy))),
        ],
    );
    let known = flow.known(None);
    assert_eq!(known.completed(1, Some(2)), Err(Some(1)));
    assert_eq!(known.completed(1, Some(3)), Ok(()));
    let narrowed = known.narrowed(first, &output(), &path("flag"), Some(3)).unwrap();
    assert_eq!(narrowed.at(&path("flag")).ty.to_string(), "true");
    assert!(known.narrowed(first, &output(), &path("flag"), Some(2)).is_none());
}

#[test]
fn where_an_output_is_found_its_action_ran() {
    // 2 may run without 0; but where 0 ran, only its own condition leads there.
    let first = Root::Output(0);
    let flow = flow(
        3,
        vec![
            (None, 0, Some(on(Root::Event, "flag", Holds::Truthy))),
            (None, 1, None),
            (Some(0), 2, Some(on(first, "kind", equals(json!("b"))))),
            (Some(1), 2, Some(on(Root::Event, "flag", Holds::Falsy))),
        ],
    );
    let known = flow.known(None);
    assert_eq!(known.completed(0, Some(2)), Err(Some(0)));
    let narrowed = known.narrowed(first, &output(), &path("kind"), Some(2)).unwrap();
    assert_eq!(narrowed.at(&path("kind")).ty.to_string(), r#""b""#);
}

#[test]
fn presence_is_narrowed_with_the_value() {
    let flow = flow(2, vec![(None, 0, None), (Some(0), 1, Some(on(Root::Event, "note", Holds::Truthy)))]);
    let known = flow.known(None);
    let narrowed = known.narrowed(Root::Event, &output(), &path("note"), Some(1)).unwrap().at(&path("note"));
    assert_eq!((narrowed.ty.to_string().as_str(), narrowed.presence), (r#""n""#, There::Always));
}

fn sources(flow: &Flow) -> Sources<'_> {
    Sources {
        order: &flow.order,
        edges: &flow.edges,
        conditional: &flow.conditional,
        tests: &flow.tests,
        rules: &flow.rules,
    }
}

#[test]
fn tests_of_two_outputs_of_one_type_are_not_mixed_up() {
    let ty = Type::object([("kind".to_owned(), Type::string(), true)], false);
    let matches = |of: usize, value: &str| Some(on(Root::Output(of), "kind", equals(json!(value))));
    let flow = flow(
        4,
        vec![(None, 0, None), (None, 1, None), (Some(0), 2, matches(0, "x")), (Some(1), 3, matches(1, "y"))],
    );
    let known = Presence::new(&sources(&flow), &|place| ty.at(&place.path));
    let behind = |of: usize, action: usize| {
        known.narrowed(Root::Output(of), &ty, &path("kind"), Some(action)).unwrap().to_string()
    };
    assert_eq!(behind(0, 2), r#"{ kind: "x" }"#);
    assert_eq!(behind(1, 3), r#"{ kind: "y" }"#);
}

#[test]
fn constants_that_are_too_many_to_tell_apart_are_not_taken_for_others() {
    let matches = |value: usize| on(Root::Event, "kind", equals(json!(format!("v{value}"))));
    let edges = (0..400).map(|action| (None, action, Some(matches(action))));
    let joins = (0..400).map(|action| (Some(action), 400, None));
    let flow = flow(401, edges.chain(joins).collect());
    for ty in [Type::any(), Type::constants((0..500).map(|value| json!({ "kind": format!("v{value}") })))] {
        let known = Presence::new(&sources(&flow), &|place| ty.at(&place.path));
        for action in 0..400 {
            assert_eq!(known.constant(action), None);
            assert!(known.completed(action, Some(400)).is_err());
            let narrowed = known.narrowed(Root::Event, &ty, &path("kind"), Some(action));
            let found = json!({ "kind": format!("v{action}") });
            assert!(narrowed.is_none_or(|narrowed| narrowed.check(&found).faults.is_empty()));
        }
    }
}

#[test]
fn what_a_path_that_leads_nowhere_finds_may_be_anything() {
    let ty = Type::object([("kind".to_owned(), Type::string(), true)], false);
    let flow = flow(2, vec![(None, 0, None), (Some(0), 1, Some(on(Root::Event, "kimd", Holds::Truthy)))]);
    let known = Presence::new(&sources(&flow), &|place| ty.at(&place.path));
    assert_eq!(known.constant(1), None);
    assert_eq!(known.completed(1, Some(0)), Err(None), "no second mistake is made of it");
}

#[test]
fn a_condition_that_was_reported_says_nothing() {
    let mut flow = flow(
        3,
        vec![
            (None, 0, None),
            (Some(0), 1, Some(on(Root::Event, "flag", Holds::Truthy))),
            (Some(0), 2, Some(on(Root::Event, "flag", Holds::Falsy))),
            (Some(1), 2, None),
        ],
    );
    assert_eq!(flow.known(None).completed(1, Some(2)), Err(Some(1)));
    flow.tests[1] = None;
    assert_eq!(flow.known(None).completed(1, Some(2)), Err(None));
    assert_eq!(flow.known(None).constant(1), None);
}
