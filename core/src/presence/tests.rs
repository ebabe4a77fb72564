//! What is known of runs, held against all runs of small documents.

use super::formula::{Formula, ValueTest};
use super::{Presence, Sources};
use crate::graph::{Edge, From};
use crate::plan::{EdgeTest, Holds};
use crate::template::{Place, Root};
use flowright_schema::{Access, Path, Segment, Type};
use proptest::prelude::*;
use serde_json::{Value, json};

const ACTIONS: usize = 6;

/// Which values are at the places that can be tested, besides results of rules.
const EVENT: [(&str, &[Option<&str>]); 3] = [
    ("plan", &[Some("\"free\""), Some("\"pro\""), Some("\"team\"")]),
    ("on", &[Some("true"), Some("false")]),
    ("many", &[None, Some("null"), Some("7")]),
];
const OUTPUT: [(&str, &[Option<&str>]); 2] =
    [("done", &[Some("true"), Some("false")]), ("note", &[None, Some("\"\""), Some("\"x\"")])];

/// A condition: which of what can be tested, and how.
#[derive(Clone, Copy, Debug)]
struct Condition {
    /// How many actions there are between the edge and the output that it tests; the event where there are too few.
    up: usize,
    place: usize,
    test: usize,
}

#[derive(Clone, Debug)]
struct Document {
    edges: Vec<(Option<usize>, usize, Option<Condition>)>,
    /// Of the actions that are a `builtin:if`: two tests, of which both must hold, the second negated.
    rules: Vec<Option<(Condition, Condition)>>,
}

fn condition() -> impl Strategy<Value = Condition> {
    (0..4_usize, 0..6_usize, 0..7_usize).prop_map(|(up, place, test)| Condition { up, place, test })
}

fn document() -> impl Strategy<Value = Document> {
    let edge = (0..ACTIONS, 0..ACTIONS, prop::option::weighted(0.7, condition()));
    let edges = prop::collection::vec(edge, 4..12);
    let rule = prop::option::weighted(0.3, (condition(), condition()));
    (edges, prop::collection::vec(rule, ACTIONS)).prop_map(|(edges, rules)| {
        let edges = edges.into_iter().map(|(one, other, condition)| match one.cmp(&other) {
            std::cmp::Ordering::Equal => (None, one, condition),
            _ => (Some(one.min(other)), one.max(other), condition),
        });
        let mut edges: Vec<_> = edges.collect();
        for action in 0..ACTIONS {
            if !edges.iter().any(|(_, to, _)| *to == action) {
                edges.push((None, action, None));
            }
        }
        Document { edges, rules }
    })
}

fn place(root: Root, name: &str) -> Place {
    Place { root, path: Path::from(vec![Segment::shorthand(name)]) }
}

fn values(place: &Place) -> &'static [Option<&'static str>] {
    let name = place.path.segments()[0].as_member().unwrap();
    let names = EVENT.iter().chain(&OUTPUT);
    names.into_iter().find(|(known, _)| *known == name).map_or(&[], |(_, values)| values)
}

fn ty(root: Root) -> Type {
    let names = if root == Root::Event { &EVENT[..] } else { &OUTPUT[..] };
    let members = names.iter().map(|(name, values)| {
        let of = values.iter().flatten().map(|value| serde_json::from_str::<Value>(value).unwrap());
        (name.to_string(), Type::constants(of), !values.contains(&None))
    });
    Type::object(members, false)
}

fn at(place: &Place) -> Access {
    ty(place.root).at(&place.path)
}

impl Document {
    fn ancestors(&self, action: usize) -> Vec<usize> {
        let mut above = vec![false; ACTIONS];
        let mut open = vec![action];
        while let Some(at) = open.pop() {
            let parents = self.edges.iter().filter(|(_, to, _)| *to == at).filter_map(|(from, ..)| *from);
            open.extend(parents.filter(|parent| !std::mem::replace(&mut above[*parent], true)));
        }
        (0..ACTIONS).filter(|action| above[*action]).collect()
    }

    /// What a condition behind an action tests; `itself`: its own output, too.
    fn test(&self, condition: Condition, behind: Option<usize>, itself: bool) -> (Place, ValueTest) {
        let mut producers: Vec<usize> = behind.map_or(Vec::new(), |action| self.ancestors(action));
        producers.extend(behind.filter(|_| itself));
        let producer = producers.len().checked_sub(condition.up + 1).map(|at| producers[at]);
        let place = match producer {
            Some(action) if self.rules[action].is_some() => place(Root::Output(action), "result"),
            Some(action) => place(Root::Output(action), OUTPUT[condition.place % 2].0),
            None => place(Root::Event, EVENT[condition.place % 3].0),
        };
        let test = match condition.test {
            0 | 1 => ValueTest::Truthy,
            2 => ValueTest::Equals(json!(true)),
            3 => ValueTest::Equals(json!("pro")),
            4 => ValueTest::Equals(json!("x")),
            5 => ValueTest::Equals(json!(false)),
            _ => ValueTest::Equals(json!("free")),
        };
        (place, test)
    }

    fn edge(&self, edge: usize) -> Option<EdgeTest> {
        let (from, _, condition) = self.edges[edge];
        let condition = condition?;
        let (place, test) = self.test(condition, from, true);
        let holds = match (condition.test, test) {
            (1, _) => Holds::Falsy,
            (_, ValueTest::Equals(value)) => Holds::Equal(value),
            _ => Holds::Truthy,
        };
        Some(EdgeTest { place, holds })
    }

    /// The formula of a rule. Results of other rules are not looked at in rules.
    fn rule(&self, action: usize) -> Option<Formula> {
        let (one, other) = self.rules[action]?;
        let test = |condition: Condition| {
            let (place, test) = self.test(condition, Some(action), false);
            let test = match condition.test {
                1 | 2 => ValueTest::RuleStrictlyEquals(Value::Null),
                3 => ValueTest::RuleTruthy,
                _ => test,
            };
            let is_result = place.path.segments()[0].as_member() == Some("result");
            if is_result { Formula::Constant(true) } else { Formula::Test(place, test) }
        };
        Some(Formula::All(vec![test(one), Formula::Not(Box::new(test(other)))]))
    }
}

/// The values at the places that are tested, in one run.
struct World(Vec<(Place, Option<Value>)>);

impl World {
    fn at(&self, place: &Place) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == place).and_then(|(_, value)| value.as_ref())
    }
}

/// What one run does: the results of the rules of actions that run.
struct Run(Vec<Option<Option<bool>>>);

impl Run {
    /// The run rule, followed in the actions' order.
    fn of(document: &Document, world: &World) -> Run {
        let mut run = Run(vec![None; ACTIONS]);
        for action in 0..ACTIONS {
            let mut incoming = (0..document.edges.len()).filter(|edge| document.edges[*edge].1 == action);
            let runs = incoming.any(|edge| {
                let from = document.edges[edge].0;
                from.is_none_or(|from| run.0[from].is_some())
                    && document.edge(edge).is_none_or(|test| match test.holds {
                        Holds::Truthy => run.passes(&test.place, &ValueTest::Truthy, world),
                        Holds::Falsy => !run.passes(&test.place, &ValueTest::Truthy, world),
                        Holds::Equal(value) => run.passes(&test.place, &ValueTest::Equals(value), world),
                    })
            });
            if runs {
                run.0[action] = Some(document.rule(action).map(|rule| run.holds(&rule, world)));
            }
        }
        run
    }

    fn at(&self, place: &Place, world: &World) -> Option<Value> {
        match place.root {
            Root::Event => world.at(place).cloned(),
            Root::Output(action) => match self.0[action]? {
                Some(result) => Some(json!(result)),
                None => world.at(place).cloned(),
            },
        }
    }

    fn passes(&self, place: &Place, test: &ValueTest, world: &World) -> bool {
        super::formula::tests::holds(test, self.at(place, world).as_ref())
    }

    fn holds(&self, formula: &Formula, world: &World) -> bool {
        match formula {
            Formula::Constant(holds) => *holds,
            Formula::Test(place, test) => self.passes(place, test, world),
            Formula::Not(formula) => !self.holds(formula, world),
            Formula::All(formulas) => formulas.iter().all(|formula| self.holds(formula, world)),
            Formula::Any(formulas) => formulas.iter().any(|formula| self.holds(formula, world)),
            Formula::Opaque(_) => unreachable!(),
        }
    }
}

/// All runs of a document; `None` where they are too many to try.
fn worlds(document: &Document) -> Option<Vec<World>> {
    let mut places: Vec<Place> = Vec::new();
    fn note(formula: &Formula, places: &mut Vec<Place>) {
        match formula {
            Formula::Test(place, _) if !places.contains(place) => places.push(place.clone()),
            Formula::Not(formula) => note(formula, places),
            Formula::All(formulas) => formulas.iter().for_each(|formula| note(formula, places)),
            _ => {}
        }
    }
    (0..ACTIONS).filter_map(|action| document.rule(action)).for_each(|rule| note(&rule, &mut places));
    let tests = (0..document.edges.len()).filter_map(|edge| document.edge(edge));
    tests.for_each(|test| note(&Formula::Test(test.place, ValueTest::Truthy), &mut places));
    places.retain(|place| !values(place).is_empty());
    let mut worlds = vec![Vec::new()];
    for place in places {
        let with = |world: &Vec<(Place, Option<Value>)>, value: &Option<&str>| {
            let value = value.map(|value| serde_json::from_str(value).unwrap());
            world.iter().cloned().chain([(place.clone(), value)]).collect::<Vec<_>>()
        };
        worlds =
            worlds.iter().flat_map(|world| values(&place).iter().map(|value| with(world, value))).collect();
        if worlds.len() > 3_000 {
            return None;
        }
    }
    Some(worlds.into_iter().map(World).collect())
}

fn presence(document: &Document, steps: Option<usize>) -> Presence {
    let edge = |(from, to, _): &(Option<usize>, usize, _)| {
        Some(Edge { from: from.map_or(From::Source, From::Action), to: *to })
    };
    let edges: Vec<Option<Edge>> = document.edges.iter().map(edge).collect();
    let conditional: Vec<bool> = document.edges.iter().map(|(.., condition)| condition.is_some()).collect();
    let tests: Vec<Option<EdgeTest>> = (0..document.edges.len()).map(|edge| document.edge(edge)).collect();
    let rules: Vec<Option<Formula>> = (0..ACTIONS).map(|action| document.rule(action)).collect();
    let order: Vec<usize> = (0..ACTIONS).collect();
    let sources =
        Sources { order: &order, edges: &edges, conditional: &conditional, tests: &tests, rules: &rules };
    Presence::with_steps(&sources, &at, steps)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_has_certainly_completed_has_in_every_run(document in document(), steps in 0..400_usize) {
        let Some(worlds) = worlds(&document) else { return Ok(()) };
        let runs: Vec<Run> = worlds.iter().map(|world| Run::of(&document, world)).collect();
        let (known, little) = (presence(&document, None), presence(&document, Some(steps)));
        for here in 0..ACTIONS {
            for above in document.ancestors(here) {
                let expected = runs.iter().all(|run| run.0[here].is_none() || run.0[above].is_some());
                let found = known.completed(above, Some(here)).is_ok();
                prop_assert_eq!(found, expected, "{} where {} runs", above, here);
                prop_assert!(expected || little.completed(above, Some(here)).is_err());
            }
        }
    }

    #[test]
    fn what_a_value_is_in_some_run_is_of_its_narrowed_type(document in document(), steps in 0..400_usize) {
        let Some(worlds) = worlds(&document) else { return Ok(()) };
        let runs: Vec<(&World, Run)> = worlds.iter().map(|world| (world, Run::of(&document, world))).collect();
        let known = [presence(&document, None), presence(&document, Some(steps))];
        for (place, _) in &worlds[0].0 {
            let whole = ty(place.root);
            for here in 0..ACTIONS {
                for known in &known {
                    let Some(narrowed) = known.narrowed(place.root, &whole, &place.path, Some(here)) else {
                        continue;
                    };
                    let narrowed = narrowed.at(&place.path);
                    for (world, run) in runs.iter().filter(|(_, run)| run.0[here].is_some()) {
                        match run.at(place, world) {
                            Some(value) => prop_assert!(narrowed.ty.accepts(&value), "{} at {:?}", value, place),
                            None if place.root == Root::Event => {
                                prop_assert!(narrowed.presence != flowright_schema::Presence::Always);
                            }
                            None => {}
                        }
                    }
                }
            }
        }
    }
}
