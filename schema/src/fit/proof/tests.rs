//! How much work proofs are, where they end, and what they remember.

use super::*;
use crate::{Origin, Path, Segment};
use serde_json::json;

const PLENTY: usize = 100_000;

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap()
}

/// The type of the member of this name.
fn of_member(ty: &Type, name: &str) -> Type {
    ty.at(&Path::from(vec![Segment::shorthand(name)])).ty
}

fn is_within(a: &Type, b: &Type) -> bool {
    Prover::new(PLENTY, false).within(a.view(), &[b.view()])
}

/// How much work it is to prove that `a` is within `b`.
fn work(a: &Type, b: &Type) -> usize {
    let mut prover = Prover::new(PLENTY, false);
    assert!(prover.within(a.view(), &[b.view()]), "{a} is within {b}");
    PLENTY - prover.fuel().left()
}

/// How much work is done with a prover that has plenty left.
fn spent(doing: impl FnOnce(&mut Prover<'_>)) -> usize {
    let mut prover = Prover::new(PLENTY, false);
    doing(&mut prover);
    PLENTY - prover.fuel().left()
}

/// Asserts that what is twice as large is at most twice the work.
fn assert_linear(work: impl Fn(usize) -> usize) {
    let (once, twice) = (work(100), work(200));
    assert!(twice <= 2 * once, "{once} for 100, {twice} for 200");
}

fn integers(range: std::ops::Range<i64>) -> Vec<Value> {
    range.map(Value::from).collect()
}

/// A choice between objects, each of which is known by the one member that it requires.
fn choice(keyword: &str, names: impl Iterator<Item = usize>, member: &Value) -> Type {
    let branch = |name: usize| {
        let name = format!("member{name}");
        json!({ "type": "object", "properties": { &name: member }, "required": [name], "additionalProperties": false })
    };
    ty(&json!({ keyword: names.map(branch).collect::<Vec<_>>() }))
}

/// A choice between objects that a tag tells apart.
fn tagged(names: impl Iterator<Item = usize>, member: &Value) -> Type {
    let branch = |name: usize| {
        let properties = json!({ "tag": { "const": name.to_string() }, "value": member });
        json!({ "type": "object", "properties": properties, "required": ["tag", "value"] })
    };
    ty(&json!({ "oneOf": names.map(branch).collect::<Vec<_>>() }))
}

fn lists(count: usize, element: &str, required: bool) -> Type {
    let names: Vec<String> = (0..count).map(|name| format!("member{name}")).collect();
    let list = json!({ "type": "array", "items": { "type": element } });
    let properties: Value = names.iter().map(|name| (name.clone(), list.clone())).collect();
    let required = if required { names } else { Vec::new() };
    ty(&json!({ "type": "object", "properties": properties, "required": required }))
}

fn nested(depth: usize, innermost: Type) -> Type {
    (0..depth).fold(innermost, |inner, _| Type::array(inner))
}

#[test]
fn a_proof_ends_where_its_work_is_spent() {
    let mut prover = Prover::new(3, false);
    assert!(prover.spend(2));
    assert!(!prover.spend(1));
    assert!(!prover.spend(1));
    assert_eq!(prover.fuel().left(), 0);
    let text = Type::string();
    let mut prover = Prover::new(3, false);
    assert!(prover.within(text.view(), &[text.view()]));
    assert!(!prover.within(text.view(), &[text.view()]));
}

#[test]
fn a_proof_goes_into_types_to_a_bound() {
    for (depth, proven) in [(DEEPEST, true), (DEEPEST + 1, false), (DEEPEST + 2, false)] {
        let (integers, numbers) = (nested(depth, Type::integer()), nested(depth, Type::number()));
        assert_eq!(is_within(&integers, &numbers), proven, "{depth}");
    }
}

#[test]
fn what_a_glance_tells_is_a_step_for_each_type_and_each_value_that_is_looked_at() {
    let (null, boolean) = (ty(&json!({ "type": "null" })), ty(&json!({ "type": "boolean" })));
    let email = ty(&json!({ "type": "string", "format": "email" }));
    let object = lists(10, "string", true);
    for (a, b, steps) in [
        (null, Type::null(), 3),
        (boolean, Type::boolean(), 2),
        (Type::boolean(), Type::constants([true.into(), false.into()]), 7),
        (Type::integer(), Type::number(), 5),
        (email, Type::string(), 3),
        (object.clone(), object.clone(), 2),
        (object.clone(), Type::any(), 2),
        (Type::never(), object, 2),
    ] {
        assert_eq!(work(&a, &b), steps, "{a} within {b}");
    }
}

#[test]
fn a_branch_that_is_the_type_itself_is_not_looked_into() {
    let text = json!({ "type": "string" });
    let many: Value = (0..50).map(|name| (format!("member{name}"), text.clone())).collect();
    let both = ty(&json!({
        "properties": { "alone": { "$ref": "#/$defs/many" }, "or": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/many" }] } },
        "$defs": { "many": { "type": "object", "properties": many } }
    }));
    assert!(work(&of_member(&both, "alone"), &of_member(&both, "or")) < 10);
}

#[test]
fn members_are_work_in_proportion_to_their_number() {
    assert_linear(|count| work(&lists(count, "integer", true), &lists(count, "number", false)));
}

#[test]
fn unions_in_the_same_order_are_compared_branch_by_branch() {
    let (own, other) = (json!({ "type": "integer" }), json!({ "type": "number" }));
    for keyword in ["anyOf", "oneOf"] {
        assert_linear(|count| work(&choice(keyword, 0..count, &own), &choice(keyword, 0..count, &other)));
    }
}

#[test]
fn many_branches_of_which_a_value_may_be_of_two_are_compared_in_order() {
    let branch = |name: usize| json!({ "type": "object", "required": [format!("member{name}")] });
    let one = || ty(&json!({ "oneOf": (0..100).map(branch).collect::<Vec<_>>() }));
    assert!(work(&one(), &one()) < 60_000);
}

#[test]
fn a_tag_leads_to_the_branch_in_any_order() {
    let (own, other) = (json!({ "type": "integer" }), json!({ "type": "number" }));
    assert_linear(|count| work(&tagged(0..count, &own), &tagged((0..count).rev(), &other)));
}

#[test]
fn long_lists_of_constants_are_looked_up_in_one_another() {
    assert_linear(|count| {
        let count = i64::try_from(count).unwrap();
        work(&Type::constants(integers(0..count)), &Type::constants(integers(-count..count)))
    });
    let values = integers(0..40);
    let mut some = integers(-5..45);
    some.retain(|value| *value != 37);
    let (some, more) = (Type::constants(some), Type::constants(integers(30..41)));
    let mut prover = Prover::new(PLENTY, false);
    assert_eq!(prover.unlisted(&values, &[some.view()]), values.get(37..));
    assert_eq!(prover.fuel().left(), PLENTY - 40 - 49);
    assert_eq!(prover.unlisted(&values, &[some.view(), more.view()]), values.get(40..));
    assert_eq!(Prover::new(80, false).unlisted(&values, &[some.view()]), None);
    assert_eq!(prover.unlisted(&values, &[some.view(), Type::string().view()]), None);
}

#[test]
fn short_lists_of_constants_are_compared_one_by_one() {
    let values = integers(0..40);
    let all = Type::constants(values.clone());
    let mut prover = Prover::new(PLENTY, false);
    for (count, unlisted) in [(MANY, None), (MANY + 1, values.get(..0)), (MANY + 2, values.get(..0))] {
        let some = values.get(..count).unwrap();
        assert_eq!(prover.unlisted(some, &[all.view()]).map(<[Value]>::len), unlisted.map(<[Value]>::len));
    }
}

#[test]
fn a_long_list_of_constants_is_within_a_type_that_has_each() {
    let positive = ty(&json!({ "type": "integer", "minimum": 0 }));
    assert!(is_within(&Type::constants(integers(0..200)), &positive));
    assert!(!is_within(&Type::constants(integers(-1..200)), &positive));
}

#[test]
fn what_finds_out_whether_there_are_values_counts_its_work() {
    let positive = ty(&json!({ "type": "integer", "minimum": 1 }));
    let zero_or_text = ty(&json!({ "anyOf": [{ "type": "integer", "maximum": 0 }, { "type": "string" }] }));
    let work = spent(|prover| assert!(prover.apart(positive.view(), zero_or_text.view())));
    assert_eq!(work, 3, "one for the union, and one for each branch");
    let member = |ty| Type::object([("member".to_owned(), ty, true)], true);
    let deep = member(member(Type::string()));
    let work = spent(|prover| assert!(!prover.is_empty(deep.view())));
    assert_eq!(work, 3, "one for each type on the way");
}

/// Trees with a value that comes after the branches, by name.
fn tree(value: &str) -> Type {
    ty(&json!({
        "$ref": "#/$defs/tree",
        "$defs": { "tree": {
            "type": "object",
            "properties": {
                "branches": { "type": "array", "items": { "$ref": "#/$defs/tree" } },
                "value": { "type": value }
            },
            "required": ["branches", "value"]
        } }
    }))
}

#[test]
fn what_rests_on_an_assumption_that_fails_is_not_believed() {
    let (own, other) = (tree("integer"), tree("string"));
    let (branches, others) = (of_member(&own, "branches"), of_member(&other, "branches"));
    let mut prover = Prover::new(PLENTY, false);
    assert!(!prover.within(own.view(), &[other.view()]));
    assert!(!prover.within(branches.view(), &[others.view()]));
}

#[test]
fn what_rests_on_an_assumption_that_holds_is_remembered() {
    let (own, other) = (tree("integer"), tree("number"));
    let (branches, others) = (of_member(&own, "branches"), of_member(&other, "branches"));
    let mut prover = Prover::new(PLENTY, false);
    assert!(prover.within(own.view(), &[other.view()]));
    let before = prover.fuel().left();
    assert!(prover.within(branches.view(), &[others.view()]));
    assert_eq!(before - prover.fuel().left(), 2);
}

#[test]
fn what_one_validator_judges_is_compared_by_its_outline() {
    let text = |unlike: &str| json!({ "type": "string", "not": { "const": unlike } });
    let schema = json!({ "properties": {
        "alone": { "$ref": "#/$defs/text" },
        "or": { "anyOf": [{ "type": "null" }, { "$ref": "#/$defs/text" }] },
        "other": text("other")
    }, "$defs": { "text": text("text") } });
    // Read twice, so that no two of them are the same type.
    let (own, other) = (ty(&schema), ty(&schema));
    let alone = of_member(&own, "alone");
    assert!(is_within(&alone, &of_member(&other, "alone")));
    assert!(is_within(&alone, &of_member(&other, "or")));
    assert!(!is_within(&alone, &of_member(&other, "other")));
}

#[test]
fn a_type_without_values_is_within_every_type() {
    let pattern = |source: &str| json!({ "pattern": source });
    let contradictory = json!({ "type": "string", "allOf": [pattern("^a+$"), pattern("^b+$")] });
    let needs_it = json!({ "type": "object", "properties": { "a": contradictory }, "required": ["a"] });
    let endless = json!({
        "$ref": "#/$defs/endless",
        "$defs": { "endless": {
            "type": "object", "properties": { "next": { "$ref": "#/$defs/endless" } }, "required": ["next"]
        } }
    });
    for schema in [contradictory, needs_it, endless] {
        assert!(is_within(&ty(&schema), &Type::null()), "{schema}");
    }
}

#[test]
fn what_has_few_values_is_told_by_each() {
    let boolean = json!({ "type": "boolean" });
    let switch = json!({
        "type": "object", "properties": { "on": boolean }, "required": ["on"], "additionalProperties": false
    });
    let switch = ty(&switch);
    let listed = Type::constants([json!({ "on": true }), json!({ "on": false })]);
    assert!(is_within(&switch, &listed));
    assert!(!is_within(&switch, &Type::constant(json!({ "on": true }))));
    // Each value is of two of its branches.
    let twice = ty(&json!({ "oneOf": [{ "required": ["on"] }, { "minProperties": 1 }] }));
    let mut prover = Prover::new(PLENTY, false);
    assert!(!prover.apart(switch.view(), twice.view()));
    assert!(prover.few_apart(switch.view(), twice.view()) && prover.few_apart(twice.view(), switch.view()));
    assert!(!prover.few_apart(switch.view(), listed.view()));
}
