//! What the real editor of Workflow Kit does with a registry's actions, in a real browser.

use flowright::{Code, Engine, Event, InputDefinition, Status};
use flowright_tests::awkward;
use flowright_tests::node::Package;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// What `drive.js` saw. It leaves a picture of the editor in `target/editors/workflow-kit.png`.
fn driven(actions: &Value) -> Value {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../editors");
    std::fs::create_dir_all(&target).expect("the target folder is writable");
    let screenshot = target.join("workflow-kit.png");
    let input = json!({ "actions": actions, "screenshot": screenshot });
    Package::at("examples/editor");
    let printed = Package::at("tests/editors").run("drive.js", &[], &input.to_string());
    assert!(screenshot.metadata().expect("there is a picture").len() > 10_000);
    serde_json::from_str(&printed).expect("it prints JSON")
}

#[test]
fn the_editor_shows_every_action_and_builds_workflows_that_run() {
    let registry = awkward::registry();
    let actions = registry.public_actions();
    let seen = driven(&actions);
    assert_eq!(seen["problems"], json!([]));

    let forms = seen["forms"].as_array().expect("forms were shown");
    assert_eq!(forms.len(), registry.definitions().count());
    for (form, definition) in forms.iter().zip(registry.definitions()) {
        assert_eq!((&form["kind"], &form["shown"]), (&definition.kind().into(), &definition.name().into()));
        // In the order of their names, which is that of JSON objects.
        let inputs: BTreeMap<_, _> = definition.inputs().iter().map(|input| (input.name(), input)).collect();
        let titles: Value = inputs.values().map(|input| Value::from(input.title())).collect();
        assert_eq!(form["labels"], titles, "{}", definition.kind());
        let field = |input: &&InputDefinition| match input.field_type() {
            Some("textarea") => json!("TEXTAREA"),
            _ => json!("INPUT"),
        };
        assert_eq!(form["fields"], inputs.values().map(field).collect::<Value>());
    }

    // The editor shows fields, and does not keep what is typed into them: the plan is still the default.
    let built = registry.check_for("user.signed_up", &*seen["built"].to_string()).expect("it checks");
    let engine = Engine::builder(registry.clone()).build().expect("it needs nothing");
    let data = json!({ "name": "Ada", "email": "ada@example.org", "plan": "free", "age": null });
    let run = engine.run(&built, Event::new("user.signed_up", data));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let outcome = runtime.block_on(run).expect("the event is right");
    assert_eq!(outcome.status(), Status::Completed);
    assert_eq!(outcome.value("2"), Some(&json!({ "plan": "free", "paid": false, "seats": 1 })));
    assert_eq!(outcome.value("3"), Some(&Value::Null));

    // What it leaves out is named.
    let mut branched = seen["branched"].clone();
    let report = registry.check(&*branched.to_string()).expect_err("the condition is missing");
    let missing: Vec<_> = report.iter().map(|found| (found.code(), found.pointer().as_str())).collect();
    assert_eq!(missing, [(Code::MissingInput, "/actions/0")], "{report}");
    branched["actions"][0]["inputs"] =
        json!({ "condition": { "==": ["!ref($.event.name)", "user.signed_up"] } });
    let branched = registry.check(&*branched.to_string()).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(branched.workflow().actions().len(), 3);
}
