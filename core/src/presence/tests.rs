//! What is known of runs, beside all runs there are.

use super::formula::ValueTest;
mod known;
mod scale;

use super::formula::tests::holds;
use super::{Formula, Presence, Sources};
use crate::graph::{Edge, From, Graph};
use crate::plan::{EdgeTest, Holds};
use crate::template::{Place, Root};
use flowright_schema::{Origin, Path, Segment, Type};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The members of an event and of every output: of one or several values, or none.
const MEMBERS: [&str; 4] = ["flag", "kind", "note", "size"];

fn values(member: &str) -> Vec<Option<Value>> {
    match member {
        "flag" => vec![Some(json!(false)), Some(json!(true))],
        "kind" => vec![Some(json!("a")), Some(json!("b")), Some(json!("c"))],
        "note" => vec![None, Some(json!(null)), Some(json!("n"))],
        _ => vec![Some(json!(0)), Some(json!(1)), Some(json!(2))],
    }
}

fn value_to_compare(place: &Place, pick: u8) -> Value {
    let values: Vec<Value> = match place.path.segments()[0].as_member() {
        Some("result") => vec![json!(true), json!(false), json!("other")],
        member => values(member.unwrap_or_default()).into_iter().flatten().collect(),
    };
    values[usize::from(pick) % values.len()].clone()
}

fn output() -> Type {
    let schema = json!({
        "type": "object",
        "properties": {
            "flag": { "type": "boolean" },
            "kind": { "enum": ["a", "b", "c"] },
            "note": { "enum": [null, "n"] },
            "size": { "enum": [0, 1, 2] }
        },
        "required": ["flag", "kind", "size"],
        "additionalProperties": false
    });
    Type::parse(&schema, Origin::Schema).unwrap()
}

fn result() -> Type {
    Type::object([("result".to_owned(), Type::boolean(), true)], false)
}

/// How something is tested, of which root and member, and with which value.
type Test = (u8, usize, u8);

#[derive(Clone, Debug)]
struct Drawn {
    /// Of each action but the first: one edge or more from an earlier action, or the start.
    edges: Vec<(usize, usize, Option<Test>)>,
    /// Of each action: whether it is a `builtin:if`, and of which rule.
    rules: Vec<Option<Vec<Test>>>,
}

/// A workflow: edges, what they test, and rules.
#[derive(Debug)]
struct Flow {
    edges: Vec<Option<Edge>>,
    conditional: Vec<bool>,
    tests: Vec<Option<EdgeTest>>,
    rules: Vec<Option<Formula>>,
    order: Vec<usize>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let test = || (any::<u8>(), any::<usize>(), any::<u8>());
    (2_usize..7).prop_flat_map(move |actions| {
        let into = |to: usize| {
            let edge =
                (0..=to, prop::option::weighted(0.6, test())).prop_map(move |(from, test)| (from, to, test));
            prop::collection::vec(edge, 1..=2)
        };
        let edges: Vec<_> = (0..actions).map(into).collect();
        let rule = prop::option::weighted(0.25, prop::collection::vec(test(), 1..3));
        (edges, prop::collection::vec(rule, actions))
            .prop_map(|(edges, rules)| Drawn { edges: edges.into_iter().flatten().collect(), rules })
    })
}

impl Flow {
    fn of(drawn: &Drawn) -> Flow {
        let actions = drawn.rules.len();
        let edges: Vec<Edge> = drawn
            .edges
            .iter()
            .map(|&(from, to, _)| Edge { from: from.checked_sub(1).map_or(From::Source, From::Action), to })
            .collect();
        let graph = Graph::new(actions, edges.iter().copied());
        let mut flow = Flow {
            order: graph.order(),
            edges: edges.iter().copied().map(Some).collect(),
            conditional: drawn.edges.iter().map(|(_, _, test)| test.is_some()).collect(),
            tests: Vec::new(),
            rules: vec![None; actions],
        };
        for (at, rule) in drawn.rules.iter().enumerate() {
            let before = flow.before(at, &graph);
            flow.rules[at] = rule.as_ref().map(|parts| {
                let parts = parts.iter().map(|part| flow.formula(&before, *part));
                Formula::Any(parts.collect())
            });
        }
        for (edge, (_, _, test)) in edges.iter().zip(&drawn.edges) {
            let before = match edge.from {
                From::Source => vec![Root::Event],
                From::Action(from) => {
                    let mut before = flow.before(from, &graph);
                    before.push(Root::Output(from));
                    before
                }
            };
            let test = test.map(|(how, root, value)| {
                let place = flow.place(&before, root);
                let holds = match how % 3 {
                    0 => Holds::Truthy,
                    1 => Holds::Falsy,
                    _ => Holds::Equal(value_to_compare(&place, value)),
                };
                EdgeTest { place, holds }
            });
            flow.tests.push(test);
        }
        flow
    }

    fn before(&self, action: usize, graph: &Graph) -> Vec<Root> {
        let is_before = graph.upstream([action]);
        let before = (0..self.rules.len()).filter(|at| *at != action && is_before[*at]).map(Root::Output);
        std::iter::once(Root::Event).chain(before).collect()
    }

    fn place(&self, roots: &[Root], pick: usize) -> Place {
        let root = roots[pick % roots.len()];
        let is_rule = matches!(root, Root::Output(action) if self.rules[action].is_some());
        let member = if is_rule { "result" } else { MEMBERS[pick / 7 % MEMBERS.len()] };
        Place { root, path: Path::from(vec![Segment::shorthand(member)]) }
    }

    fn formula(&self, roots: &[Root], (how, root, value): (u8, usize, u8)) -> Formula {
        let place = self.place(roots, root);
        let value =
            Some(value_to_compare(&place, value)).filter(|value| !value.is_object()).unwrap_or_default();
        match how % 5 {
            0 => Formula::Test(place, ValueTest::RuleTruthy),
            1 => Formula::Not(Box::new(Formula::Test(place, ValueTest::RuleTruthy))),
            2 => Formula::Test(place, ValueTest::RuleStrictlyEquals(value)),
            3 => Formula::Test(place, ValueTest::RuleStrictlyEquals(Value::Null)),
            _ => Formula::Not(Box::new(Formula::Test(place, ValueTest::RuleLooselyEquals(value)))),
        }
    }

    fn ty(&self, root: Root) -> Type {
        match root {
            Root::Output(action) if self.rules[action].is_some() => result(),
            _ => output(),
        }
    }

    fn known(&self, steps: Option<usize>) -> Presence {
        let sources = Sources {
            order: &self.order,
            edges: &self.edges,
            conditional: &self.conditional,
            tests: &self.tests,
            rules: &self.rules,
        };
        let at = |place: &Place| self.ty(place.root).at(&place.path);
        match steps {
            None => Presence::new(&sources, &at),
            Some(steps) => Presence::within(&sources, &at, steps),
        }
    }

    /// Every place that something tests, results aside.
    fn tested(&self) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        let mut note = |place: &Place| {
            if !self.is_result(place) && !places.contains(place) {
                places.push(place.clone());
            }
        };
        self.tests.iter().flatten().for_each(|test| note(&test.place));
        let mut open: Vec<&Formula> = self.rules.iter().flatten().collect();
        while let Some(formula) = open.pop() {
            match formula {
                Formula::Test(place, _) => note(place),
                Formula::Not(formula) => open.push(formula),
                Formula::All(formulas) | Formula::Any(formulas) => open.extend(formulas),
                Formula::Constant(_) | Formula::Opaque(_) => {}
            }
        }
        places
    }

    fn is_result(&self, place: &Place) -> bool {
        matches!(place.root, Root::Output(action) if self.rules[action].is_some())
    }

    /// Every run there is, as far as tests tell values apart; `None` where that are very many.
    fn runs(&self) -> Option<Vec<Run>> {
        let places = self.tested();
        let choices: Vec<Vec<Option<Value>>> =
            places.iter().map(|place| values(place.path.segments()[0].as_member().unwrap())).collect();
        let count: usize = choices.iter().map(Vec::len).product();
        (count <= 2_000).then(|| {
            let run = |mut number: usize| {
                let mut world = Vec::new();
                for (place, choices) in places.iter().zip(&choices) {
                    world.push((place.clone(), choices[number % choices.len()].clone()));
                    number /= choices.len();
                }
                self.run(&world)
            };
            (0..count).map(run).collect()
        })
    }

    /// The run rule, word for word.
    fn run(&self, world: &[(Place, Option<Value>)]) -> Run {
        let value = |root: Root| {
            let mut members = Map::from_iter([
                ("flag".to_owned(), json!(true)),
                ("kind".to_owned(), json!("a")),
                ("size".to_owned(), json!(1)),
            ]);
            for (place, value) in world.iter().filter(|(place, _)| place.root == root) {
                let member = place.path.segments()[0].as_member().unwrap();
                match value {
                    Some(value) => members.insert(member.to_owned(), value.clone()),
                    None => members.remove(member),
                };
            }
            Value::Object(members)
        };
        let mut run =
            Run { event: value(Root::Event), outputs: BTreeMap::new(), held: vec![None; self.edges.len()] };
        for &action in &self.order {
            let mut is_taken = false;
            for (at, edge) in self.edges.iter().enumerate() {
                let Some(edge) = edge.filter(|edge| edge.to == action) else { continue };
                if matches!(edge.from, From::Action(from) if !run.outputs.contains_key(&from)) {
                    continue;
                }
                let holds = self.tests[at].as_ref().is_none_or(|test| {
                    let found = run.find(&test.place);
                    match &test.holds {
                        Holds::Truthy => holds(&ValueTest::Truthy, found),
                        Holds::Falsy => !holds(&ValueTest::Truthy, found),
                        Holds::Equal(value) => holds(&ValueTest::Equals(value.clone()), found),
                    }
                });
                run.held[at] = Some(holds);
                is_taken |= holds;
            }
            if is_taken {
                let output = match &self.rules[action] {
                    None => value(Root::Output(action)),
                    Some(formula) => json!({ "result": run.passes(formula) }),
                };
                run.outputs.insert(action, output);
            }
        }
        run
    }
}

struct Run {
    event: Value,
    /// Of each action that completed.
    outputs: BTreeMap<usize, Value>,
    /// Of each edge whose action completed: whether it is taken.
    held: Vec<Option<bool>>,
}

impl Run {
    fn root(&self, root: Root) -> Option<&Value> {
        match root {
            Root::Event => Some(&self.event),
            Root::Output(action) => self.outputs.get(&action),
        }
    }

    fn find(&self, place: &Place) -> Option<&Value> {
        place.path.find(self.root(place.root)?)
    }

    fn passes(&self, formula: &Formula) -> bool {
        match formula {
            Formula::Constant(holds) => *holds,
            Formula::Test(place, test) => holds(test, self.find(place)),
            Formula::Opaque(_) => false,
            Formula::Not(formula) => !self.passes(formula),
            Formula::All(formulas) => formulas.iter().all(|formula| self.passes(formula)),
            Formula::Any(formulas) => formulas.iter().any(|formula| self.passes(formula)),
        }
    }
}

/// What is said is true of all runs; and where nothing is `cut`, what is true of all runs is said.
fn judge(flow: &Flow, known: &Presence, runs: &[Run], is_exact: bool) -> Result<(), TestCaseError> {
    let actions = flow.rules.len();
    let graph = Graph::new(actions, flow.edges.iter().flatten().copied());
    for action in 0..actions {
        let here: Vec<&Run> = runs.iter().filter(|run| run.outputs.contains_key(&action)).collect();
        for root in flow.before(action, &graph) {
            let there: Vec<&Value> = here.iter().filter_map(|run| run.root(root)).collect();
            if let Root::Output(above) = root {
                let always = there.len() == here.len();
                let said = known.completed(above, Some(action));
                prop_assert!(always || said.is_err(), "{above} is said to be there in {action}");
                if is_exact {
                    prop_assert!(!always || said.is_ok(), "{above} is always there in {action}");
                    if let Err(edge) = said {
                        let edge = edge.expect("an edge is named");
                        let skips =
                            |run: &&&Run| !run.outputs.contains_key(&above) && run.held[edge] == Some(false);
                        prop_assert!(
                            here.iter().find(skips).is_some(),
                            "{edge} is not why {above} is skipped"
                        );
                    }
                }
            }
            for member in MEMBERS {
                let ty = flow.ty(root);
                let path = Path::from(vec![Segment::shorthand(member)]);
                let Some(narrowed) = known.narrowed(root, &ty, &path, Some(action)) else { continue };
                for value in &there {
                    prop_assert!(
                        narrowed.check(*value).faults.is_empty(),
                        "{value} is found in {action} at {root:?}, said to be {narrowed}"
                    );
                }
            }
        }
    }
    for edge in 0..flow.edges.len() {
        let held: Vec<bool> = runs.iter().filter_map(|run| run.held[edge]).collect();
        let said = known.constant(edge);
        if let Some(said) = said {
            prop_assert!(held.iter().all(|held| *held == said), "edge {edge} is said to be {said} always");
        }
        if is_exact && flow.conditional[edge] && !held.is_empty() && held.iter().all(|all| *all == held[0]) {
            prop_assert_eq!(said, Some(held[0]), "edge {} does not vary", edge);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn what_is_known_is_what_is_so_in_all_runs(drawn in drawn()) {
        let flow = Flow::of(&drawn);
        if let Some(runs) = flow.runs() {
            judge(&flow, &flow.known(None), &runs, true)?;
        }
    }

    #[test]
    fn with_little_work_less_is_known_and_nothing_wrong(drawn in drawn(), steps in 0_usize..60) {
        let flow = Flow::of(&drawn);
        if let Some(runs) = flow.runs() {
            judge(&flow, &flow.known(Some(steps)), &runs, false)?;
        }
    }
}
