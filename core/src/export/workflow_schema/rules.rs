//! The condition of `builtin:if`: a rule of `JsonLogic`.

use super::definitions::{Definitions, reference};
use super::notes::Notes;
use super::refs;
use crate::rule::Operator;
use serde_json::{Map, Value, json};

const UNKNOWN: &str =
    "rules have no such operator; what `var`, `missing` and `missing_some` read is written as a ref";
const EXPECTED: &str = "expected a JsonLogic rule, a boolean or a ref to one";

/// What of rules is read where.
#[derive(Clone, Copy)]
struct Reads {
    rule: &'static str,
    operand: &'static str,
    /// Whether `var` reads an element.
    elements: bool,
}

const OUTSIDE: Reads = Reads { rule: "rule", operand: "operand", elements: false };
const INSIDE: Reads = Reads { rule: "rule-of-elements", operand: "operand-of-elements", elements: true };

/// A rule, a boolean, or a ref to one.
pub(super) fn condition(notes: &Notes, definitions: &mut Definitions) -> Value {
    for reads in [OUTSIDE, INSIDE] {
        definitions.define(reads.rule, rule(reads));
        definitions.define(reads.operand, operand(reads));
    }
    json!({
        "title": notes.title,
        "markdownDescription": notes.text,
        "anyOf": [reference(OUTSIDE.rule), { "type": "boolean", "properties": {} }, refs::offered()],
        "if": refs::alike(),
        "then": refs::alone(),
        "defaultSnippets": [
            { "label": "a rule", "body": { "${1|==,!=,>,<,!!,!,and,or|}": ["^\"!ref(\\$.event.data.${2:field})\"", "^$3"] } },
            { "label": "true or false", "body": "^$1" },
        ],
    })
}

/// An object whose only member is an operator.
fn rule(reads: Reads) -> Value {
    let operators = Operator::ALL
        .iter()
        .filter(|operator| !operator.reads_data() || (reads.elements && **operator == Operator::Var));
    let operators: Map<String, Value> =
        operators.map(|operator| (operator.name().to_owned(), arguments(*operator, reads))).collect();
    let names: Vec<String> = operators.keys().map(|name| escaped(name)).collect();
    json!({
        "type": "object",
        "errorMessage": EXPECTED,
        "minProperties": 1,
        "maxProperties": 1,
        "properties": operators,
        "propertyNames": { "pattern": format!("^(?:{})$", names.join("|")), "patternErrorMessage": UNKNOWN },
    })
}

/// An operator's name in a pattern.
fn escaped(name: &str) -> String {
    let escaped = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '_' { c.to_string() } else { format!("[{c}]") });
    escaped.collect()
}

/// The arguments of an operator: a list, or one that stands for itself.
fn arguments(operator: Operator, reads: Reads) -> Value {
    let arity = operator.arity();
    let operand = reference(reads.operand);
    let mut list = Map::new();
    if operator.has_element_rule() {
        list.insert("items".to_owned(), json!([operand, reference(INSIDE.operand)]));
        list.insert("additionalItems".to_owned(), operand.clone());
    } else {
        list.insert("items".to_owned(), operand.clone());
    }
    list.insert("minItems".to_owned(), arity.least.into());
    list.extend(arity.most.map(|most| ("maxItems".to_owned(), most.into())));
    let several = format!("`{}` takes {arity}, in an array", operator.name());
    json!({
        "markdownDescription": format!("Takes {arity}: `{}`.", operator.example()),
        "if": { "type": "array" },
        "then": list,
        "else": if arity.allows(1) { operand } else { json!({ "type": "array", "errorMessage": several }) },
        "defaultSnippets": [{ "label": "arguments", "body": "^[$1]" }],
    })
}

/// A value in a rule: plain, a ref, a list, or another rule.
fn operand(reads: Reads) -> Value {
    json!({
        "if": { "type": "array" },
        "then": { "items": reference(reads.operand) },
        "else": {
            "if": { "type": "object" },
            "then": reference(reads.rule),
            "else": { "if": refs::alike(), "then": refs::in_text() },
        },
    })
}
