//! Large documents take work in proportion to their size, and hostile ones no more than there is.

use super::Flow;
use super::known::{flow, on};
use crate::plan::{EdgeTest, Holds};
use crate::presence::Presence;
use crate::presence::runs::{STEPS, STEPS_EACH};
use crate::template::Root;
use serde_json::json;

type Edges = Vec<(Option<usize>, usize, Option<EdgeTest>)>;

fn flag(of: usize, holds: Holds) -> EdgeTest {
    on(Root::Output(of), "flag", holds)
}

/// The steps that each action and edge took.
fn steps_each(flow: &Flow, known: &Presence) -> usize {
    let size = flow.rules.len() + flow.edges.len();
    (STEPS + STEPS_EACH * size - known.steps_left()) / size
}

#[test]
fn a_long_chain_of_conditions() {
    const ACTIONS: usize = 10_000;
    let edges = (1..ACTIONS).map(|action| (Some(action - 1), action, Some(flag(action - 1, Holds::Truthy))));
    let mut edges: Edges = std::iter::once((None, 0, None)).chain(edges).collect();
    // The last of all runs in any case, by as many ways.
    edges.extend((0..ACTIONS - 1).map(|action| (Some(action), ACTIONS, Some(flag(action, Holds::Falsy)))));
    edges.push((Some(ACTIONS - 1), ACTIONS, None));
    edges.extend([(None, ACTIONS + 1, None), (Some(ACTIONS), ACTIONS + 1, None)]);
    let flow = flow(ACTIONS + 2, edges);
    let known = flow.known(None);
    for action in 1..ACTIONS {
        assert_eq!(known.completed(action - 1, Some(action)), Ok(()));
        assert_eq!(known.constant(action), None);
    }
    assert_eq!(known.completed(1, Some(ACTIONS)), Err(Some(1)));
    assert_eq!(known.completed(ACTIONS, Some(ACTIONS + 1)), Ok(()));
    assert!(steps_each(&flow, &known) < 32, "{}", steps_each(&flow, &known));
}

/// Two ways from an action that meet again.
fn fork(edges: &mut Edges, from: usize, ways: [usize; 2], join: usize) {
    edges.push((Some(from), ways[0], Some(flag(from, Holds::Truthy))));
    edges.push((Some(from), ways[1], Some(flag(from, Holds::Falsy))));
    edges.extend(ways.map(|way| (Some(way), join, None)));
}

#[test]
fn a_row_of_joins() {
    const JOINS: usize = 1_000;
    let mut edges: Edges = vec![(None, 0, None)];
    for at in (0..JOINS).map(|join| join * 3) {
        fork(&mut edges, at, [at + 1, at + 2], at + 3);
    }
    // The last is gone round, too.
    edges.extend([(None, JOINS * 3 + 1, None), (Some(JOINS * 3), JOINS * 3 + 1, None)]);
    let flow = flow(JOINS * 3 + 2, edges);
    let known = flow.known(None);
    for join in 1..=JOINS {
        assert_eq!(known.completed(join * 3, Some(JOINS * 3 + 1)), Ok(()));
        assert_eq!(known.completed(join * 3 - 2, Some(JOINS * 3)), Err(Some((join - 1) * 4 + 1)));
    }
    assert!(steps_each(&flow, &known) < 16, "{}", steps_each(&flow, &known));
}

#[test]
fn joins_side_by_side() {
    const JOINS: usize = 1_000;
    let mut edges: Edges = vec![];
    let last = JOINS * 4;
    for at in (0..JOINS).map(|join| join * 4) {
        edges.push((None, at, None));
        fork(&mut edges, at, [at + 1, at + 2], at + 3);
        edges.push((Some(at + 3), last, None));
    }
    let flow = flow(last + 1, edges);
    let known = flow.known(None);
    for at in (0..JOINS).map(|join| join * 4) {
        assert_eq!(known.completed(at + 3, Some(last)), Ok(()));
        assert!(known.completed(at + 1, Some(last)).is_err());
    }
    assert!(steps_each(&flow, &known) < 16, "{}", steps_each(&flow, &known));
}

#[test]
fn ways_of_many_conditions_side_by_side() {
    const WAYS: usize = 200;
    const LONG: usize = 6;
    let last = WAYS * LONG;
    let mut edges: Edges = vec![];
    for at in (0..WAYS).map(|way| way * LONG) {
        edges.push((None, at, None));
        for step in at..at + LONG - 1 {
            edges.push((Some(step), step + 1, Some(flag(step, Holds::Truthy))));
        }
        edges.push((Some(at + LONG - 1), last, None));
    }
    for at in (0..WAYS).map(|way| way * LONG) {
        edges.extend((at..at + LONG - 1).map(|step| (Some(step), last, Some(flag(step, Holds::Falsy)))));
    }
    edges.extend([(None, last + 1, None), (Some(last), last + 1, None)]);
    let flow = flow(last + 2, edges);
    let known = flow.known(None);
    assert_eq!(known.completed(last, Some(last + 1)), Ok(()));
    assert!(known.completed(1, Some(last + 1)).is_err());
    assert!(steps_each(&flow, &known) < 32, "{}", steps_each(&flow, &known));
}

#[test]
fn what_meets_again_and_again_ends() {
    const ACTIONS: usize = 3_000;
    // Numbers that look random, the same each time.
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % below
    };
    let mut edges: Edges = vec![(None, 0, None)];
    for action in 1..ACTIONS {
        for _ in 0..3 {
            let from = action - 1 - draw(action.min(40));
            let of = draw(from + 1);
            let test = match draw(4) {
                0 => None,
                1 => Some(flag(of, Holds::Truthy)),
                2 => Some(flag(of, Holds::Falsy)),
                _ => Some(on(Root::Output(of), "kind", Holds::Equal(json!(["a", "b", "c"][draw(3)])))),
            };
            edges.push((Some(from), action, test));
        }
    }
    let flow = flow(ACTIONS, edges);
    let known = flow.known(None);
    for action in 1..ACTIONS {
        let _ = known.completed(draw(action), Some(action));
        assert_eq!(known.completed(0, Some(action)), Ok(()));
    }
    assert!(steps_each(&flow, &known) <= STEPS_EACH + 1);
}
