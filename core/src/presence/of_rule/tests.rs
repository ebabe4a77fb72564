use super::super::formula::tests::holds;
use super::*;
use crate::diagnostic::Pointer;
use crate::rule::Dialect;
use crate::template::State;
use flowright_schema::Path;
use proptest::prelude::*;
use serde_json::json;
use std::sync::Arc;

fn place(name: &str) -> Place {
    Place { root: Root::Event, path: Path::from(vec![Segment::shorthand(name)]) }
}

/// A condition in which `$a` stands for `!ref($.event.a)`, `text $a` for text with that ref, and `=1` for a literal.
fn condition(rule: &Value) -> Condition {
    let mut operands = Vec::new();
    let compiled = Rule::compile(rule, Dialect::Plain, 128, &mut |text, _| {
        let template = match (text.strip_prefix('='), text.split_once('$')) {
            (Some(literal), _) => Template::Literal(literal.parse().unwrap()),
            (None, Some(("", name))) => Template::Ref(place(name)),
            (None, Some((text, name))) => {
                Template::Text([Piece::Verbatim(text.into()), Piece::Ref(place(name))].into())
            }
            (None, None) => return None,
        };
        operands.push(Operand { pointer: Pointer::root(), template });
        Some(operands.len() - 1)
    });
    Condition::Rule { rule: compiled.unwrap(), operands: operands.into() }
}

fn formula(rule: &Value) -> Formula {
    Formula::of(&condition(rule), 0)
}

fn shown(formula: &Formula) -> String {
    let several = |formulas: &[Formula], sign: &str| {
        let formulas: Vec<String> = formulas.iter().map(shown).collect();
        format!("({})", formulas.join(sign))
    };
    match formula {
        Formula::Constant(holds) => holds.to_string(),
        Formula::Test(place, test) => {
            let name = place.path.to_string();
            let name = name.trim_start_matches('.');
            match test {
                ValueTest::Truthy => format!("{name}?"),
                ValueTest::RuleTruthy => format!("{name}!!"),
                ValueTest::Equals(value) => format!("{name} is {value}"),
                ValueTest::RuleStrictlyEquals(value) => format!("{name} === {value}"),
                ValueTest::RuleLooselyEquals(value) => format!("{name} == {value}"),
            }
        }
        Formula::Opaque(key) => format!("<{key}>"),
        Formula::Not(formula) => format!("!{}", shown(formula)),
        Formula::All(formulas) => several(formulas, " & "),
        Formula::Any(formulas) => several(formulas, " | "),
    }
}

#[track_caller]
fn assert_says(rule: &Value, expected: &str) {
    assert_eq!(shown(&formula(rule)), expected, "{rule}");
}

#[test]
fn truth_and_its_connectives_are_translated() {
    assert_says(&json!({ "!!": "$a" }), "a!!");
    assert_says(&json!({ "!": ["$a"] }), "!a!!");
    assert_says(&json!({ "!": { "!": "$a" } }), "a!!");
    assert_says(
        &json!({ "and": ["$a", { "!": "$b" }, { "or": ["$c", "$d"] }] }),
        "(a!! & !b!! & (c!! | d!!))",
    );
    assert_says(&json!({ "and": ["$a"] }), "a!!");
}

#[test]
fn comparisons_of_a_ref_with_a_scalar_are_tests() {
    assert_says(&json!({ "==": ["$a", "x"] }), r#"a == "x""#);
    assert_says(&json!({ "===": [null, "$a"] }), "a === null");
    assert_says(&json!({ "!=": ["$a", 1] }), "!a == 1");
    assert_says(&json!({ "!==": [true, "$a"] }), "!a === true");
    assert_says(&json!({ "in": ["$a", ["x", 1]] }), r#"(a === "x" | a === 1)"#);
    assert_says(&json!({ "in": ["$a", []] }), "false");
    assert_says(&json!({ "==": [{ "!": "$a" }, false] }), "a!!");
    assert_says(&json!({ "===": [true, { "in": ["$a", ["x"]] }] }), r#"a === "x""#);
}

#[test]
fn literals_are_what_they_are_wherever_they_stand() {
    assert_says(&json!({ "==": ["$a", "=\"x\""] }), r#"a == "x""#);
    assert_says(&json!({ "in": ["$a", ["=1", "x"]] }), r#"(a === 1 | a === "x")"#);
    assert_says(&json!({ "<": ["=1", "=2"] }), "true");
    assert_says(&json!({ "and": ["=0", "$a"] }), "false");
    for several in ["[1]", r#"{"b":1}"#] {
        assert_says(&json!({ "==": ["$a", format!("={several}")] }), &format!("<==[$event.a,{several},]>"));
    }
}

#[test]
fn the_result_of_if_is_that_of_the_branch_taken() {
    assert_says(&json!({ "if": ["$a", "$b", "$c"] }), "((a!! & b!!) | (!a!! & c!!))");
    assert_says(&json!({ "?:": ["$a", true, false] }), "a!!");
    assert_says(&json!({ "if": ["$a", true] }), "a!!");
    assert_says(&json!({ "if": ["$a", false, "$b", true, "$c"] }), "((!a!! & b!!) | (!a!! & !b!! & c!!))");
    assert_says(&json!({ "if": ["$a"] }), "a!!");
}

#[test]
fn what_looks_nothing_up_is_constant() {
    assert_says(&json!({ "<": [1, 2] }), "true");
    assert_says(&json!({ "and": ["$a", { "==": [1, 2] }] }), "false");
    assert_says(&json!({ "or": ["$a", []] }), "a!!");
    assert_says(&json!({ "and": [] }), "false");
    assert_says(&json!({ "or": [] }), "false");
    assert_says(&json!({ "if": [] }), "false");
    assert_says(&json!({ "!": [] }), "true");
    assert_says(&json!([]), "false");
    assert_eq!(Formula::of(&Condition::Constant(true), 0), Formula::Constant(true));
    let truthy = Formula::Test(place("a"), ValueTest::Truthy);
    assert_eq!(Formula::of(&Condition::Ref(place("a")), 0), truthy);
}

#[test]
fn the_same_rules_of_the_same_refs_have_the_same_key() {
    assert_says(&json!({ "<": ["$a", 1] }), "<<[$event.a,1,]>");
    assert_says(&json!({ "!": { "<": ["$a", 1] } }), "!<<[$event.a,1,]>");
    assert_says(&json!({ "==": ["x $a", "x"] }), r#"<==[`"x "$event.a`,"x",]>"#);
    assert_says(&json!({ "==": ["$a", []] }), "<==[$event.a,[],]>");
    let different = [
        json!({ "<": ["$a", "$b"] }),
        json!({ "<": ["$b", "$a"] }),
        json!({ "<": ["$a", "b"] }),
        json!({ "<": ["$a", "$event.b"] }),
        json!({ "<": [["$a", "$b"], 1] }),
        json!({ "<": [["$a"], "$b", 1] }),
        json!({ "<": ["x $a", "$b"] }),
        json!({ "<=": ["$a", "$b"] }),
        json!({ "<": ["$a", "$['b']"] }),
        json!({ "some": ["$a", { "<": [{ "var": "" }, "$b"] }] }),
        json!({ "some": ["$a", { "<": [{ "var": "x" }, "$b"] }] }),
    ];
    let mut keys: Vec<String> = different.iter().map(|rule| shown(&formula(rule))).collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), different.len(), "{keys:#?}");
}

#[test]
fn a_formula_is_never_much_larger_than_it_may_be() {
    let mut nested = json!("$a");
    for _ in 0..60 {
        nested = json!({ "if": [nested, "$b", "$c"] });
    }
    let long = "x".repeat(100_000);
    let many: Vec<Value> = (0..100_000).map(|at| json!(format!("$a{at}"))).collect();
    let each_long: Vec<Value> =
        (0..1000).flat_map(|at| [json!({ "==": [format!("$a{at}"), long] }), json!("$b")]).collect();
    let compared: Vec<Value> = (0..1000).map(|at| json!({ "<": ["$a", at] })).collect();
    for rule in [
        nested,
        json!({ "if": many }),
        json!({ "and": many }),
        json!({ "and": many.chunks(100).take(100).map(|some| json!({ "or": some })).collect::<Vec<_>>() }),
        json!({ "in": ["$a", vec![1; 100_000]] }),
        json!({ "if": each_long }),
        json!({ "and": compared.clone() }),
        json!({ "and": [{ "or": compared.clone() }, { "if": compared }] }),
    ] {
        let formula = formula(&rule);
        assert!(formula.parts() <= 2 * MOST_PARTS, "{}", formula.parts());
    }
}

#[test]
fn parts_are_counted_one_by_one_and_long_text_as_several() {
    let named = |name: usize, test: ValueTest| Formula::Test(place(&"n".repeat(name)), test).parts();
    assert_eq!(named(BYTES_A_PART - 1, ValueTest::RuleTruthy), 1);
    assert_eq!(named(BYTES_A_PART, ValueTest::RuleTruthy), 2);
    assert_eq!(named(100, ValueTest::Equals(json!("t".repeat(3 * BYTES_A_PART - 100)))), 4);
    assert_eq!(named(1, ValueTest::Equals(json!(1))), 1);
    let opaque = Formula::Opaque("k".repeat(3 * BYTES_A_PART + 10));
    assert_eq!(opaque.parts(), 4);
    let test = || Formula::Test(place("a"), ValueTest::RuleTruthy);
    assert_eq!(Formula::Not(Box::new(opaque.clone())).parts(), 5);
    assert_eq!(Formula::All(vec![Formula::Constant(true), test(), opaque]).parts(), 7);
    assert_eq!(Formula::Any(vec![test(), test()]).parts(), 3);
}

#[test]
fn so_many_parts_are_told_apart_and_no_more() {
    let all = |count: usize| formula(&json!({ "and": vec!["$a"; count] }));
    assert!(matches!(all(MOST_PARTS - 1), Formula::All(parts) if parts.len() == MOST_PARTS - 1));
    assert!(matches!(all(MOST_PARTS), Formula::Opaque(_)));
}

#[test]
fn keys_have_so_much_text_together_and_no_more() {
    let long = |at: usize| json!({ "<": ["$a", format!("{at:01000}")] });
    let Formula::All(parts) = formula(&json!({ "and": (0..20).map(long).collect::<Vec<_>>() })) else {
        panic!()
    };
    let keys =
        parts.iter().map(|part| if let Formula::Opaque(key) = part { key } else { panic!("{part:?}") });
    let (unnamed, named): (Vec<&String>, Vec<&String>) = keys.partition(|key| key.starts_with('#'));
    let text: usize = named.iter().map(|key| key.len()).sum();
    assert!(text <= MOST_TEXT && text + named[0].len() > MOST_TEXT, "{text}");
    assert_eq!(unnamed, ["#0/1", "#0/2", "#0/3", "#0/4"]);
}

#[test]
fn what_has_no_name_is_like_nothing_else() {
    let long = "x".repeat(MOST_TEXT);
    let rule = json!({ "<": ["$a", long] });
    let (first, second) = (Formula::of(&condition(&rule), 1), Formula::of(&condition(&rule), 2));
    assert_ne!(first, second);
    let both = formula(&json!({ "and": [rule, rule] }));
    let Formula::All(parts) = both else { panic!("{both:?}") };
    assert_ne!(parts[0], parts[1]);
}

/// Whether a formula without opaque parts holds.
fn decided(formula: &Formula, state: &State) -> Option<bool> {
    Some(match formula {
        Formula::Constant(holds) => *holds,
        Formula::Test(place, test) => holds(test, state.find(place)),
        Formula::Opaque(_) => return None,
        Formula::Not(formula) => !decided(formula, state)?,
        Formula::All(formulas) => {
            let each: Option<Vec<bool>> = formulas.iter().map(|formula| decided(formula, state)).collect();
            each?.iter().all(|holds| *holds)
        }
        Formula::Any(formulas) => {
            let each: Option<Vec<bool>> = formulas.iter().map(|formula| decided(formula, state)).collect();
            each?.iter().any(|holds| *holds)
        }
    })
}

fn leaf() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("$a"),
        json!("$b"),
        json!("$absent"),
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(""),
        json!("1"),
        json!("a"),
        json!([]),
        json!(["a", 1, null]),
    ])
}

fn rule() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 30, 5, |inner| {
        let operators = prop::sample::select(vec![
            "!", "!!", "and", "or", "if", "?:", "==", "===", "!=", "!==", "in", "and", "or", "if",
        ]);
        (operators, prop::collection::vec(inner, 0..6))
            .prop_map(|(operator, rules)| json!({ operator: rules }))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_formula_holds_where_its_rule_does(rule in rule(), a in leaf(), b in leaf()) {
        let condition = condition(&rule);
        let state = State::new(Arc::new(json!({ "a": a, "b": b })), 0);
        let Condition::Rule { rule: compiled, operands } = &condition else { unreachable!() };
        let operand = |slot: usize| {
            let Template::Ref(place) = &operands[slot].template else { return Err(()) };
            Ok(state.find(place).map(Cow::Borrowed))
        };
        let truth = compiled.evaluate_bool(&operand, &Value::Null, 100_000).unwrap();
        if let Some(holds) = decided(&Formula::of(&condition, 0), &state) {
            prop_assert_eq!(holds, truth, "{} with {} and {}", rule, a, b);
        }
    }
}
