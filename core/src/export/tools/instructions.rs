//! What a model is told of a registry's workflows.

use super::example;
use crate::builtin;
use crate::diagnostic::Code;
use crate::registry::{Registered, RegisteredInput, Registry};
use crate::rule::Operator;
use flowright_schema::Type;
use serde_json::Value;
use std::fmt::Write as _;

const FORMAT: &str = include_str!("format.md");
const REPORT: &str = include_str!("report.md");

/// After how many characters a type leaves things out.
const LONGEST: usize = 1_000;

/// Operators that read data, which documents have refs for.
const OF_DATA: [Operator; 3] = [Operator::Var, Operator::Missing, Operator::MissingSome];

pub(super) fn of(registry: &Registry) -> String {
    let mut text = FORMAT.to_owned();
    if registry.position(builtin::IF).is_some() {
        text.push_str(&rules());
    }
    let examples = [example::with_a_ref(registry), example::with_a_branch(registry)];
    let mut examples = examples.iter().flatten().peekable();
    if examples.peek().is_some() {
        text.push_str("\n## Examples\n");
    }
    for example in examples {
        let _ = write!(text, "\n```json\n{example}\n```\n");
    }
    text.push_str("\n## Events\n\n");
    text.push_str(&events(registry));
    text.push_str("\n## Actions\n\nTypes are written so: `{ name: string, age?: integer }` is an object whose `age` may be absent.\n");
    for action in registry.kinds().filter_map(|kind| registry.position(kind)) {
        text.push_str(&described(registry.registered(action)));
    }
    text.push('\n');
    text.push_str(REPORT);
    for code in Code::ALL {
        let _ = writeln!(text, "- `{}`: {}", code.slug(), code.summary());
    }
    text
}

/// How to write a rule.
fn rules() -> String {
    let operators: Vec<String> = Operator::ALL
        .iter()
        .filter(|operator| !OF_DATA.contains(operator))
        .map(|operator| format!("`{}`", operator.name()))
        .collect();
    format!(
        "\n## Rules\n\nThe action `{}` takes a JsonLogic rule as its `condition`, and gives `{{ \"result\": true }}` or \
         `{{ \"result\": false }}`:\n\n```json\n{}\n```\n\nA rule is an object with one member: the operator, and the list \
         of its arguments, which are values, refs or rules. Refs stand where JsonLogic has `var`; only inside `map`, \
         `filter`, `reduce`, `all`, `some` and `none` does `{{ \"var\": \"\" }}` stand for the element. The operators are \
         {}.\n",
        builtin::IF,
        r#"{ "and": [{ "==": ["!ref($.event.data.status)", "published"] }, { ">": ["!ref($.event.data.total)", 100] }] }"#,
        operators.join(", "),
    )
}

fn events(registry: &Registry) -> String {
    let events: Vec<String> =
        registry.events().map(|(name, ty)| format!("- `{name}`: `$.event` is {}.\n", notation(ty))).collect();
    match &*events {
        [] => "Any event starts a workflow: `$.event` has a `name`, and in `data` whatever comes with it.\n"
            .to_owned(),
        [_] => format!("Workflows are started by this event:\n\n{}", events.concat()),
        _ => format!(
            "Workflows are started by one of these events. Refs must fit each that may start the workflow.\n\n{}",
            events.concat()
        ),
    }
}

fn described(action: &Registered) -> String {
    let definition = &action.definition;
    let mut text = format!("\n### `{}`\n\n", definition.kind());
    if let Some(description) = definition.description() {
        let _ = write!(text, "{}\n\n", description.trim());
    }
    if let Some(instead) = definition.deprecated() {
        let _ = write!(text, "Deprecated: {instead}.\n\n");
    }
    if action.inputs.is_empty() {
        text.push_str("- takes no inputs\n");
    }
    for input in &action.inputs {
        let _ = writeln!(
            text,
            "- input `{}`, {}: {}{}",
            input.name,
            needed(input),
            notation(&input.ty),
            about(input)
        );
    }
    let _ = writeln!(text, "- output: {}", notation(&action.output));
    for edge in definition.edges().predefined() {
        let condition = edge.condition().map_or_else(String::new, |condition| {
            let value = match condition.test() {
                crate::action::EdgeTest::If => "`if`".to_owned(),
                crate::action::EdgeTest::Else => "`else`".to_owned(),
                crate::action::EdgeTest::Match(value) => format!("`match` with `{value}`"),
            };
            format!(": {value} on `{}`", condition.reference())
        });
        let _ = writeln!(text, "- edge `{}`{condition}", edge.name());
    }
    text
}

fn needed(input: &RegisteredInput) -> String {
    match &input.default {
        _ if input.required => "required".to_owned(),
        Some(default) if !input.secret => format!("optional (`{}`)", Value::clone(default)),
        _ => "optional".to_owned(),
    }
}

fn about(input: &RegisteredInput) -> String {
    let deprecated = if input.deprecated { " Deprecated." } else { "" };
    let description = input.description.as_deref().unwrap_or_default();
    let description: Vec<&str> = description.split_whitespace().collect();
    let between = if description.is_empty() { "" } else { ". " };
    format!("{between}{}{deprecated}", description.join(" "))
}

fn notation(ty: &Type) -> String {
    format!("`{ty:.LONGEST$}`")
}
