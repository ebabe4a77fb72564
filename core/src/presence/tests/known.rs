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

#[test]
fn what_always_runs_and_what_never_does_is_known() {
    let on_flag = |holds: Holds| Some(on(Root::Event, "flag", holds));
    let flow = flow(
        3,
        vec![(None, 0, None), (Some(0), 1, on_flag(Holds::Truthy)), (Some(1), 2, on_flag(Holds::Falsy))],
    );
    let known = flow.known(None);
    assert_eq!([0, 1, 2].map(|action| known.runs(action)), [Some(true), None, Some(false)]);
    assert_eq!([0, 1, 2].map(|edge| known.constant(edge)), [Some(true), None, Some(false)]);
    // Of what never runs nothing is said.
    assert!(known.narrowed(Root::Event, &output(), &path("flag"), Some(1)).is_some());
    assert!(known.narrowed(Root::Event, &output(), &path("flag"), Some(2)).is_none());
    assert!(known.narrowed(Root::Event, &output(), &path("flag"), None).is_none());
}

#[test]
fn what_was_narrowed_before_is_found_again_and_nothing_else() {
    let behind =
        |member: &str, holds: Holds, action: usize| (None, action, Some(on(Root::Event, member, holds)));
    let flow = flow(
        4,
        vec![
            behind("kind", equals(json!("a")), 0),
            behind("kind", equals(json!("b")), 1),
            behind("size", equals(json!(0)), 2),
            behind("size", equals(json!(1)), 3),
        ],
    );
    let (known, ty) = (flow.known(None), output());
    let found = |action: usize, member: &str| {
        let narrowed = known.narrowed(Root::Event, &ty, &path(member), Some(action)).unwrap();
        (narrowed.at(&path(member)).ty.to_string(), narrowed.identity())
    };
    let first: Vec<_> = [(0, "kind"), (1, "kind"), (2, "size"), (3, "size")]
        .map(|(action, member)| found(action, member))
        .into();
    let types: Vec<&str> = first.iter().map(|(ty, _)| &**ty).collect();
    assert_eq!(types, [r#""a""#, r#""b""#, "0", "1"]);
    assert_eq!(found(0, "kind"), first[0]);
    assert_eq!(found(3, "size"), first[3]);
}

/// What is said of `asked` behind the condition that `tested` is truthy.
fn behind_truthy(ty: &Type, tested: &[&str], asked: &[&str]) -> Option<Type> {
    let path = |names: &[&str]| names.iter().map(|name| Segment::shorthand(name)).collect::<Path>();
    let test = EdgeTest { place: Place { root: Root::Event, path: path(tested) }, holds: Holds::Truthy };
    let flow = flow(1, vec![(None, 0, Some(test))]);
    let known = Presence::new(&sources(&flow), &|place| ty.at(&place.path));
    known.narrowed(Root::Event, ty, &path(asked), Some(0))
}

#[test]
fn a_value_is_narrowed_by_what_is_tested_on_the_way_or_below_it() {
    let inner = Type::object([("b".to_owned(), Type::union([Type::string(), Type::null()]), true)], false);
    let ty = Type::object(
        [("a".to_owned(), Type::union([inner, Type::null()]), true), ("c".to_owned(), Type::string(), true)],
        false,
    );
    let shown = |tested: &[&str], asked: &[&str]| behind_truthy(&ty, tested, asked).map(|ty| ty.to_string());
    let above = "{ a: { b: string | null }, c: string }";
    assert_eq!(shown(&["a"], &["a", "b"]).as_deref(), Some(above));
    assert_eq!(shown(&["a"], &["a"]).as_deref(), Some(above));
    let below = "{ a: { b: string (≥ 1 characters) }, c: string }";
    assert_eq!(shown(&["a", "b"], &["a"]).as_deref(), Some(below));
    assert_eq!(shown(&["a", "b"], &[]).as_deref(), Some(below));
    assert_eq!(shown(&["a"], &["c"]), None);
    assert_eq!(shown(&["a", "b"], &["c"]), None);
    assert_eq!(shown(&["c"], &["a", "b"]), None);
}

#[test]
fn a_value_is_narrowed_by_what_tells_the_branches_around_it_apart() {
    let branch = |has_more: bool, more: Type| {
        let tag = Type::constant(json!(has_more));
        Type::object([("more".to_owned(), tag, true), ("value".to_owned(), more, true)], false)
    };
    let union = Type::union([branch(true, Type::integer()), branch(false, Type::null())]);
    let value = |ty: Option<Type>, asked: &[&str]| {
        let path: Path = asked.iter().map(|name| Segment::shorthand(name)).collect();
        ty.map(|ty| ty.at(&path).ty.to_string())
    };
    let found = value(behind_truthy(&union, &["more"], &["value"]), &["value"]);
    assert_eq!(found.as_deref(), Some("integer"));
    let around =
        Type::object([("in".to_owned(), union, true), ("beside".to_owned(), Type::string(), true)], false);
    let found = value(behind_truthy(&around, &["in", "more"], &["in", "value"]), &["in", "value"]);
    assert_eq!(found.as_deref(), Some("integer"));
    assert!(behind_truthy(&around, &["in", "more"], &["beside"]).is_none());
}

#[test]
fn what_every_way_leads_through_has_completed_without_any_work() {
    let flag = |of: usize| Some(on(Root::Output(of), "flag", Holds::Truthy));
    let flow = flow(3, vec![(None, 0, None), (Some(0), 1, flag(0)), (Some(1), 2, flag(1))]);
    let known = flow.known(Some(0));
    assert_eq!(known.completed(1, Some(2)), Ok(()));
    assert_eq!(known.completed(1, Some(1)), Ok(()));
    assert_eq!(known.completed(2, Some(1)), Err(Some(2)));
}

#[test]
fn a_test_of_what_every_way_leads_through_is_no_more_work_than_one_of_what_is_nearest() {
    let left = |of: usize| {
        let event = on(Root::Event, "flag", Holds::Truthy);
        let first = on(Root::Output(0), "kind", equals(json!("a")));
        let second = on(Root::Output(of), "size", equals(json!(0)));
        flow(3, vec![(None, 0, Some(event)), (Some(0), 1, Some(first)), (Some(1), 2, Some(second))])
            .known(None)
            .steps_left()
    };
    assert_eq!(left(0), left(1));
}

#[test]
fn the_edge_that_skips_an_action_is_looked_for_among_the_nearest() {
    // The condition stands above a chain, and the last joins what goes round it.
    let skipping = |length: usize| {
        let mut edges = vec![(None, 0, Some(on(Root::Event, "flag", Holds::Truthy)))];
        edges.extend((1..length).map(|action| (Some(action - 1), action, None)));
        edges.extend([(Some(length - 1), length, None), (None, length, None)]);
        flow(length + 1, edges).known(None).completed(length - 1, Some(length))
    };
    assert_eq!(skipping(64), Err(Some(0)));
    assert_eq!(skipping(65), Err(None));
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
