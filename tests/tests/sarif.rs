//! Reports as SARIF, held against the schema of that format.

use flowright::{Registry, Source, sarif};
use flowright_tests::actions::ACTIONS;
use flowright_tests::node::Package;
use serde_json::Value;

/// The schema has a pattern that is none: a bracket is closed that was not opened.
fn mend(schema: &mut Value) {
    match schema {
        Value::Array(elements) => elements.iter_mut().for_each(mend),
        Value::Object(members) => {
            if members.get("pattern").and_then(Value::as_str).is_some_and(|pattern| pattern.contains("}]?$"))
            {
                members.remove("pattern");
            }
            members.values_mut().for_each(mend);
        }
        _ => {}
    }
}

fn validator() -> jsonschema::Validator {
    let schema = "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
    let schema =
        std::fs::read_to_string(Package::at("tests/sarif").folder().join(schema)).expect("it is installed");
    let mut schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    mend(&mut schema);
    jsonschema::validator_for(&schema).expect("it is a schema")
}

#[test]
fn reports_are_valid_logs() {
    let registry = Registry::builder().actions(ACTIONS).build().expect("it is right");
    let documents = [
        ("one.json", "{"),
        (
            "a folder/two.json",
            r#"{ "actions": [{ "id": "1", "kind": "ecoh", "inputs": {} }], "edges": [{ "from": "$source", "to": "2" }] }"#,
        ),
        (
            "drei-ü.json",
            r#"{ "actions": [{ "id": "1", "kind": "upper", "inputs": { "text": 7, "x": "!ref($.state.2.a)" } },
            { "id": "1", "kind": "upper" }], "edges": [] }"#,
        ),
    ];
    let report =
        |(name, text): &(&str, &str)| registry.check(Source::named(name, text)).expect_err("it is wrong");
    let mut reports: Vec<_> = documents.iter().map(report).collect();
    reports.push(registry.check("[]").expect_err("it is wrong"));
    let log = sarif(&reports);
    let results = log["runs"][0]["results"].as_array().expect("there are results");
    assert!(results.iter().any(|result| result.get("fixes").is_some()));
    assert!(results.iter().any(|result| result.get("relatedLocations").is_some()));
    let faults: Vec<String> =
        validator().iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
