use super::*;
use proptest::prelude::*;

/// What is said of three variables, with 2, 3 and 4 values.
#[derive(Clone, Debug)]
enum Said {
    OneOf(usize, [bool; 4]),
    Not(Box<Said>),
    All(Vec<Said>),
    Any(Vec<Said>),
}

const SIZES: [usize; 3] = [2, 3, 4];

fn said() -> impl Strategy<Value = Said> {
    (0..3_usize, any::<[bool; 4]>())
        .prop_map(|(variable, values)| Said::OneOf(variable, values))
        .prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                inner.clone().prop_map(|said| Said::Not(Box::new(said))),
                prop::collection::vec(inner.clone(), 0..4).prop_map(Said::All),
                prop::collection::vec(inner, 0..4).prop_map(Said::Any),
            ]
        })
}

impl Said {
    fn holds(&self, values: &[usize]) -> bool {
        match self {
            Said::OneOf(variable, of) => of[values[*variable]],
            Said::Not(said) => !said.holds(values),
            Said::All(said) => said.iter().all(|said| said.holds(values)),
            Said::Any(said) => said.iter().any(|said| said.holds(values)),
        }
    }

    fn diagram(&self, diagrams: &mut Diagrams, variables: &[Variable]) -> Option<When> {
        let of_each = |diagrams: &mut Diagrams, said: &[Said]| -> Option<Vec<When>> {
            said.iter().map(|said| said.diagram(diagrams, variables)).collect()
        };
        match self {
            Said::OneOf(variable, of) => Some(diagrams.is_one_of(variables[*variable], |value| of[value])),
            Said::Not(said) => said.diagram(diagrams, variables).and_then(|when| diagrams.not(when)),
            Said::All(said) => {
                let mut said = of_each(diagrams, said)?.into_iter();
                said.try_fold(When::ALWAYS, |all, when| diagrams.and(all, when))
            }
            Said::Any(said) => of_each(diagrams, said).and_then(|said| diagrams.any(said)),
        }
    }
}

fn worlds() -> Vec<[usize; 3]> {
    let pairs =
        |one: usize| (0..SIZES[1]).flat_map(move |two| (0..SIZES[2]).map(move |three| [one, two, three]));
    (0..SIZES[0]).flat_map(pairs).collect()
}

fn spread(values: &Values) -> Vec<usize> {
    values.iter().flat_map(|&(begin, end)| begin as usize..end as usize).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn diagrams_say_what_truth_tables_say(one in said(), other in said(), first in 0..3_usize) {
        let mut diagrams = Diagrams::with_each(1_000_000, 1_000_000);
        let mut variables: Vec<(usize, Variable)> =
            (0..3).map(|at| (first + at) % 3).map(|at| (at, diagrams.variable(SIZES[at]))).collect();
        variables.sort_unstable();
        let variables: Vec<Variable> = variables.into_iter().map(|(_, variable)| variable).collect();
        let a = one.diagram(&mut diagrams, &variables).unwrap();
        let b = other.diagram(&mut diagrams, &variables).unwrap();
        let same = worlds().iter().all(|world| one.holds(world) == other.holds(world));
        prop_assert_eq!(same, a == b, "equal diagrams are one node");
        let implied = worlds().iter().all(|world| !one.holds(world) || other.holds(world));
        prop_assert_eq!(diagrams.implied(a, b), Some(implied));
        for (at, variable) in variables.iter().enumerate() {
            let can: Vec<usize> = (0..SIZES[at])
                .filter(|value| worlds().iter().any(|world| world[at] == *value && one.holds(world)))
                .collect();
            prop_assert_eq!(spread(&diagrams.values(a, *variable).unwrap()), can);
        }
    }

    #[test]
    fn what_is_said_with_little_left_is_true_all_the_same(one in said(), other in said(), steps in 0..60_usize) {
        let mut diagrams = Diagrams::with_each(1_000_000, steps);
        let variables: Vec<Variable> = SIZES.iter().map(|size| diagrams.variable(*size)).collect();
        let a = one.diagram(&mut diagrams, &variables);
        let b = other.diagram(&mut diagrams, &variables);
        if let (Some(a), Some(b)) = (a, b) {
            let implied = worlds().iter().all(|world| !one.holds(world) || other.holds(world));
            let answer = diagrams.implied(a, b);
            prop_assert!(answer.is_none_or(|answer| answer == implied));
        }
        for (at, variable) in variables.iter().enumerate() {
            let Some(can) = a.and_then(|a| diagrams.values(a, *variable)) else { continue };
            for world in worlds().iter().filter(|world| one.holds(*world)) {
                prop_assert!(spread(&can).contains(&world[at]));
            }
        }
    }
}

/// Of each of many actions in a row, all before it included: a condition on a variable of its own.
fn chain(diagrams: &mut Diagrams, length: usize) -> (Vec<Variable>, Vec<When>) {
    let mut when = When::ALWAYS;
    let mut variables = Vec::new();
    let mut all = Vec::new();
    for _ in 0..length {
        let variable = diagrams.variable(2);
        let condition = diagrams.is_one_of(variable, |value| value == 1);
        when = diagrams.and(when, condition).unwrap();
        variables.push(variable);
        all.push(when);
    }
    (variables, all)
}

#[test]
fn a_long_chain_costs_little_a_link_and_overflows_nothing() {
    let mut diagrams = Diagrams::with_each(400_000, 100_000);
    let (variables, all) = chain(&mut diagrams, 10_000);
    assert!(diagrams.left > 300_000, "{}", diagrams.left);
    assert_eq!(diagrams.implied(all[9_999], all[0]), Some(true));
    assert_eq!(diagrams.implied(all[0], all[9_999]), Some(false));
    assert_eq!(diagrams.values(all[9_999], variables[0]).as_deref(), Some(&[(1, 2)][..]));
    let before = diagrams.left;
    for when in &all {
        assert_eq!(diagrams.values(*when, variables[0]).as_deref(), Some(&[(1, 2)][..]));
    }
    assert_eq!(diagrams.left, before, "what is known is not worked out again");
    assert!(diagrams.not(all[9_999]).is_some());
}

#[test]
fn an_operation_stops_when_nothing_is_left() {
    let mut diagrams = Diagrams::with_each(100_000, 50);
    let (_, all) = chain(&mut diagrams, 100);
    assert_eq!(diagrams.implied(all[99], all[0]), None);
    assert_eq!(diagrams.not(all[99]), None);
    let variable = diagrams.variable(3);
    let none = diagrams.unknown();
    assert!(!diagrams.implies(all[99], all[0]) && diagrams.implies(none, none));
    assert_eq!(diagrams.possible(all[99], Variable(0)), [true, true]);
    assert_eq!(diagrams.possible(When::NEVER, variable), [false, false, false]);
}

#[test]
fn many_constants_of_one_place_make_no_large_nodes() {
    let mut diagrams = Diagrams::with_each(usize::MAX, usize::MAX);
    let variable = diagrams.variable(1000);
    let each: Vec<When> = (0..1000).map(|of| diagrams.is_one_of(variable, |value| value == of)).collect();
    let branches = |diagrams: &Diagrams| diagrams.nodes.iter().map(|node| node.branches.len()).sum::<usize>();
    assert!(branches(&diagrams) <= 3000);
    assert_eq!(diagrams.any(each), Some(When::ALWAYS));
    assert!(branches(&diagrams) <= 6000);
}
