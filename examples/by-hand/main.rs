//! Actions without the attribute: one is a type that implements `Action`, the others are described by a plugin's
//! manifest, which the program reads when it starts.

use flowright::prelude::*;
use flowright::{ActionCall, EdgeDefinition, InputDefinition};
use serde::Deserialize;
use serde_json::{Value, json};
use std::error::Error;

/// Rounds a number to some digits: how many at most, the program decides.
struct Round {
    most_digits: i32,
}

impl Action for Round {
    fn definition(&self) -> ActionDefinition {
        let digits = InputDefinition::with_default("digits", 0)
            .with_description("How many digits to keep behind the point.")
            .with_min(0)
            .with_max(self.most_digits);
        ActionDefinition::builder("round")
            .description("Round a number.")
            .input::<f64>("number")
            .input_definition(digits)
            .output::<f64>()
            .edge(EdgeDefinition::otherwise("Zero", "$.output"))
            .handler(|call| {
                let shift = 10_f64.powi(call.input("digits")?);
                Ok(json!((call.input::<f64>("number")? * shift).round() / shift))
            })
            .build()
    }
}

/// A conversion between units, as a plugin describes it.
#[derive(Deserialize)]
struct Conversion {
    kind: String,
    description: String,
    input: String,
    /// Any JSON Schema.
    accepts: Value,
    factor: f64,
    offset: f64,
}

const MANIFEST: &str = r#"[
    {
        "kind": "units/fahrenheit",
        "description": "Convert degrees Celsius to degrees Fahrenheit.",
        "input": "celsius",
        "accepts": { "type": "number", "minimum": -273.15 },
        "factor": 1.8,
        "offset": 32
    },
    {
        "kind": "units/miles",
        "description": "Convert kilometres to miles.",
        "input": "kilometres",
        "accepts": { "type": "number", "minimum": 0 },
        "factor": 0.621371,
        "offset": 0
    }
]"#;

impl From<Conversion> for ActionDefinition {
    fn from(plugin: Conversion) -> Self {
        let Conversion { kind, description, input, accepts, factor, offset } = plugin;
        ActionDefinition::builder(kind)
            .description(description)
            .input_schema(&*input, accepts, true)
            .output_schema(json!({ "type": "number" }))
            .handler(move |call: ActionCall| Ok(json!(call.input::<f64>(&input)? * factor + offset)))
            .build()
    }
}

const WORKFLOW: &str = r#"{
    "name": "Weather for visitors",
    "actions": [
        { "id": "fahrenheit", "kind": "units/fahrenheit", "inputs": { "celsius": "!ref($.event.data.celsius)" } },
        { "id": "rounded", "kind": "round", "inputs": { "number": "!ref($.state.fahrenheit)", "digits": 1 } },
        { "id": "sight", "kind": "units/miles", "inputs": { "kilometres": 10 } }
    ],
    "edges": [
        { "from": "$source", "to": "fahrenheit" },
        { "from": "fahrenheit", "to": "rounded" },
        { "from": "$source", "to": "sight" }
    ]
}"#;

/// Below absolute zero, which the plugin's schema does not allow.
const TOO_COLD: &str = r#"{
    "actions": [{ "id": "1", "kind": "units/fahrenheit", "inputs": { "celsius": -300 } }],
    "edges": [{ "from": "$source", "to": "1" }]
}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let plugins: Vec<Conversion> = serde_json::from_str(MANIFEST)?;
    let registry = Registry::builder().action(&Round { most_digits: 3 }).actions(plugins).build()?;
    for definition in registry.definitions() {
        println!("{}: {}", definition.kind(), definition.summary().unwrap_or_default());
    }

    if let Err(report) = registry.check(TOO_COLD) {
        println!("\n{report}");
    }

    let workflow = registry.check(WORKFLOW)?;
    let engine = Engine::builder(registry).build()?;
    let event = Event::new("weather.measured", json!({ "celsius": 21.37 }));
    println!("\n{}", engine.run(&workflow, event).await?);
    Ok(())
}
