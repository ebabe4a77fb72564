//! What exporting a registry costs, beside a table by hand that is written as JSON:
//! `cargo bench -p flowright-tests --bench export -- [--quick]`.
//!
//! Each line is `export/<what>/<kinds> ratio <times the hand-written> exponent <growth> spread <lowest>–<highest>`. By hand means:
//! a struct for each kind, with its schemas as they were made, put into one JSON value. The two are measured in turns within
//! one process; the ratio is of their fastest rounds.

mod measuring;
mod steady;

use flowright::{ActionDefinition, Registry};
use measuring::{Growth, measure};
use schemars::schema_for;
use serde::Serialize;
use serde_json::{Value, json};
use std::hint::black_box;

fn kind(number: usize) -> ActionDefinition {
    ActionDefinition::builder(format!("kind_{number}"))
        .description(format!("Do the thing of number {number}."))
        .input::<String>("text")
        .input::<u32>("count")
        .input::<Option<Vec<String>>>("tags")
        .output::<String>()
        .handler(|_| Ok(Value::Null))
        .build()
}

/// An action, as somebody writes it down who has no registry.
#[derive(Serialize)]
struct Definition {
    kind: String,
    description: String,
    inputs: Vec<Input>,
    output: Value,
}

#[derive(Serialize)]
struct Input {
    name: &'static str,
    schema: Value,
    required: bool,
}

fn by_hand(number: usize) -> Definition {
    let input =
        |name, schema: schemars::Schema, required| Input { name, schema: schema.to_value(), required };
    Definition {
        kind: format!("kind_{number}"),
        description: format!("Do the thing of number {number}."),
        inputs: vec![
            input("text", schema_for!(String), true),
            input("count", schema_for!(u32), true),
            input("tags", schema_for!(Option<Vec<String>>), false),
        ],
        output: schema_for!(String).to_value(),
    }
}

/// Exports a registry.
type Export = fn(&Registry) -> Value;

const EXPORTS: [(&str, Export); 5] = [
    ("registry", Registry::exported),
    ("actions", Registry::public_actions),
    ("schema", Registry::workflow_schema),
    ("tools", Registry::tools),
    ("typescript", |registry| registry.typescript().into()),
];

fn main() {
    steady::steadily();
    let quick = std::env::args().any(|argument| argument == "--quick");
    for (what, export) in EXPORTS {
        let mut growth = Growth::default();
        for kinds in [10, 100, 1_000] {
            let registry = Registry::builder().actions((0..kinds).map(kind)).build().expect("it is right");
            let table: Vec<Definition> = (0..kinds).map(by_hand).collect();
            assert!(export(&registry).to_string().contains(&table[kinds - 1].kind));
            let measured = measure(
                if quick { 5 } else { 60 },
                (if quick { 100 } else { 5_000 } / kinds).max(1),
                || drop(black_box(export(black_box(&registry)))),
                || drop(black_box(json!(black_box(&table)))),
            );
            let exponent = growth.note(kinds, measured.ours);
            println!(
                "export/{what}/{kinds} ratio {:.2}{exponent} spread {}",
                measured.ratio,
                measured.spread()
            );
        }
    }
}
