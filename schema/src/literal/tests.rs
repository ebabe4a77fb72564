//! Values held against types.

use super::Check;
use crate::{Checked, Origin, Path, Segment, Shape, Subject, Type, verdict::Budget};
use serde_json::{Value, json};

/// A value with holes: the string `"?"` is one, and `"text"` is a string of unknown content.
#[derive(Clone, Copy)]
struct Holed<'v>(&'v Value);

struct Elements<'v>(std::slice::Iter<'v, Value>);

impl<'v> Iterator for Elements<'v> {
    type Item = Holed<'v>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Holed)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for Elements<'_> {}

struct Members<'v>(serde_json::map::Iter<'v>);

impl<'v> Iterator for Members<'v> {
    type Item = (&'v str, Holed<'v>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name.as_str(), Holed(value)))
    }
}

impl<'v> Subject<'v> for Holed<'v> {
    type Elements = Elements<'v>;
    type Members = Members<'v>;

    fn shape(self) -> Shape<'v, Elements<'v>, Members<'v>> {
        match self.0 {
            Value::Null => Shape::Null,
            Value::Bool(value) => Shape::Boolean(*value),
            Value::Number(number) => Shape::Number(number),
            Value::String(text) if text == "?" => Shape::Hole,
            Value::String(text) if text == "text" => Shape::Text,
            Value::String(text) => Shape::String(text.into()),
            Value::Array(elements) => Shape::Array(Elements(elements.iter())),
            Value::Object(members) => Shape::Object(Members(members.iter())),
        }
    }
}

fn ty(schema: &Value) -> Type {
    Type::parse(schema, Origin::Schema).unwrap()
}

/// The faults, each with its path.
fn said(checked: &Checked) -> Vec<String> {
    let segment = |step: &crate::Step| match step {
        crate::Step::Member(name) => Segment::Member(name.as_str().into()),
        crate::Step::Element(position) => Segment::Element(i64::try_from(*position).unwrap()),
    };
    let line = |fault: &crate::Fault| {
        let path: Path = fault.path.iter().map(segment).collect();
        format!("${path} {fault}")
    };
    checked.faults.iter().map(line).collect()
}

fn faults(schema: &Value, value: &Value) -> Vec<String> {
    said(&ty(schema).check(value))
}

#[test]
fn every_fault_is_at_its_element() {
    let schema = json!({
        "type": "object", "required": ["to", "count"], "additionalProperties": false,
        "properties": {
            "to": { "type": "string", "format": "email" },
            "count": { "type": "integer", "minimum": 0 },
            "tags": { "type": "array", "items": { "type": "string", "maxLength": 3, "pattern": "^[a-z]*$" }, "maxItems": 3 },
            "size": { "type": "number", "multipleOf": 0.5, "exclusiveMaximum": 2 }
        }
    });
    let value = json!({ "to": "nobody", "tags": ["ab", 7, "toolong", "A"], "size": 1.3, "tgas": [] });
    assert_eq!(
        faults(&schema, &value),
        [
            "$.size expected a multiple of 0.5, found `1.3`",
            "$.tags expected at most 3 elements, found an array of 4 elements",
            "$.tags[1] expected `string (/^[a-z]*$/, ≤ 3 characters)`, found `7`",
            "$.tags[2] expected at most 3 characters, found `\"toolong\"`",
            "$.tags[3] expected a match of `^[a-z]*$`, found `\"A\"`",
            "$.tgas unknown member `tgas`; did you mean `tags`?",
            "$.to expected the format `email`, found `\"nobody\"`",
            "$ missing `count`: `integer ≥ 0`",
        ]
    );
}

#[test]
fn integral_floats_are_integers_and_what_no_integer_holds_is_out_of_range() {
    let integer = json!({ "type": "integer" });
    assert!(faults(&integer, &json!(30.0)).is_empty());
    assert_eq!(faults(&integer, &json!(30.5)), ["$ expected `integer`, found `30.5`"]);
    assert_eq!(
        faults(&integer, &json!(1e21)),
        ["$ expected -9223372036854775808 to 18446744073709551615, found `1e+21`"]
    );
    let byte = json!({ "type": "integer", "format": "uint8" });
    assert_eq!(faults(&byte, &json!(256)), ["$ expected 0 to 255, found `256`"]);
}

#[test]
fn a_union_blames_the_branch_that_was_meant() {
    let shape = json!({ "oneOf": [
        { "type": "object", "properties": { "kind": { "const": "circle" }, "radius": { "type": "number" } }, "required": ["kind", "radius"] },
        { "type": "object", "properties": { "kind": { "const": "square" }, "side": { "type": "number" } }, "required": ["kind", "side"] },
        { "type": "null" }
    ] });
    assert_eq!(faults(&shape, &json!({ "kind": "square" })), ["$ missing `side`: `number`"]);
    assert_eq!(faults(&shape, &json!({ "side": 1 })), ["$ missing `kind`: `\"circle\" | \"square\"`"]);
    assert_eq!(
        faults(&shape, &json!({ "kind": "sqare" })),
        ["$.kind expected `\"circle\" | \"square\"`, found `\"sqare\"`; did you mean `\"square\"`?"]
    );
    assert_eq!(
        faults(&shape, &json!(3)),
        [
            "$ expected `{ kind: \"circle\", radius: number } | { kind: \"square\", side: number } | null`, found `3`"
        ]
    );
    let list = json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] });
    assert_eq!(faults(&list, &json!(["a", 1])), ["$[1] expected `string`, found `1`"]);
}

#[test]
fn a_value_of_two_branches_of_one_of_is_ambiguous() {
    let schema = json!({ "oneOf": [{ "type": "integer" }, { "type": "number", "minimum": 0 }] });
    assert!(faults(&schema, &json!(-1)).is_empty() && faults(&schema, &json!(0.5)).is_empty());
    assert_eq!(
        faults(&schema, &json!(1)),
        ["$ fits more than one of the types of which it must fit exactly one: `integer`, `number ≥ 0`"]
    );
}

#[test]
fn what_has_no_structure_is_refused_by_keyword_beside_what_has() {
    let schema = json!({
        "type": "object", "properties": { "a": { "type": "string" }, "b": { "not": { "const": 1 } } }, "required": ["a"]
    });
    assert_eq!(
        faults(&schema, &json!({ "a": 1, "b": 1 })),
        ["$.a expected `string`, found `1`", "$.b refused by the schema's `not`"]
    );
    let repeated = json!({ "type": "array", "uniqueItems": true });
    assert_eq!(
        faults(&repeated, &json!([1, 2, 1.0])),
        ["$[2] the same as element 0; all elements must differ"]
    );
}

#[test]
fn a_hole_is_accepted_and_leaves_the_value_undecided() {
    let schema = json!({
        "type": "object", "required": ["a", "b"],
        "properties": { "a": { "type": "integer" }, "b": { "type": "array", "items": { "type": "string" } }, "c": true }
    });
    let check = |value: Value| {
        let checked = ty(&schema).check(Holed(&value));
        (said(&checked), checked.undecided)
    };
    assert_eq!(check(json!({ "a": "?", "b": [] })), (vec![], true));
    assert_eq!(check(json!({ "a": 1, "b": [], "c": "?" })), (vec![], false));
    assert_eq!(check(json!({ "a": 1, "b": ["text"] })), (vec![], false));
    let (said, _) = check(json!({ "a": "text", "b": ["?", 3] }));
    assert_eq!(said, ["$.a expected `integer`, found text", "$.b[1] expected `string`, found `3`"]);
}

#[test]
fn text_is_undecided_where_strings_are_refined() {
    let check = |schema: Value| {
        let checked = ty(&schema).check(Holed(&json!("text")));
        (checked.faults.is_empty(), checked.undecided)
    };
    assert_eq!(check(json!({ "type": "string" })), (true, false));
    assert_eq!(check(json!({})), (true, false));
    assert_eq!(check(json!({ "type": "string", "minLength": 1 })), (true, true));
    assert_eq!(check(json!({ "enum": ["a", 1] })), (true, true));
    assert_eq!(check(json!({ "type": ["integer", "null"] })), (false, false));
    assert_eq!(check(json!({ "not": { "const": "a" } })), (true, true));
}

#[test]
fn a_concealed_fault_shows_no_value() {
    let checked = ty(&json!({ "type": "string", "pattern": "^a$" })).check(&json!("hunter2"));
    let kind = checked.faults[0].kind.clone().concealed();
    assert_eq!(kind.to_string(), "expected a match of `^a$`, found a string");
    let checked = ty(&json!({ "type": "integer" })).check(&json!("hunter2"));
    assert_eq!(checked.faults[0].kind.clone().concealed().to_string(), "expected `integer`, found a string");
}

#[test]
fn no_more_faults_are_collected_than_anybody_reads() {
    let many = Value::from(vec![json!(1); 5000]);
    let checked = ty(&json!({ "type": "array", "items": { "type": "string" } })).check(&many);
    assert_eq!(checked.faults.len(), 1000);
}

#[test]
fn a_check_ends_that_holds_many_names_against_patterns() {
    let patterns: Vec<(String, Value)> = (0..20).map(|n| (format!("^a{n}$"), json!(true))).collect();
    let schema =
        json!({ "type": "object", "patternProperties": Value::Object(patterns.into_iter().collect()) });
    let ty = Type::parse(&schema, Origin::Schema).unwrap();
    let value: Value = (0..50).map(|n| (format!("b{n}"), json!(1))).collect::<serde_json::Map<_, _>>().into();
    let mut check = Check { checked: Checked::default(), path: Vec::new(), budget: Budget::of(10_000) };
    check.value(ty.view(), &value, 0);
    assert_eq!(10_000 - check.budget.left(), 20 * 50);
}
