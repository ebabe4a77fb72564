//! The smallest program: one action, one document, one run.

use flowright::prelude::*;

/// Greet someone.
#[engine_action]
fn greet(name: String) -> String {
    format!("Hello, {name}!")
}

const DOCUMENT: &str = r#"{
    "actions": [{ "id": "1", "kind": "greet", "inputs": { "name": "!ref($.event.data.name)" } }],
    "edges": [{ "from": "$source", "to": "1" }]
}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registry = Registry::builder().actions(actions![greet]).build()?;
    let workflow = registry.check(DOCUMENT)?;
    let engine = Engine::builder(registry).build()?;
    let event = Event::new("user.created", serde_json::json!({ "name": "Ada" }));
    let outcome = engine.run(&workflow, event).await?;
    println!("{}", outcome.output::<String>("1")?);
    Ok(())
}
