//! The schema as a whole, and what it says of whole documents.

use crate::faults;
use flowright::{ActionDefinition, InputDefinition, Registry};
use flowright_tests::{awkward, errors};
use serde_json::{Value, json};
use std::path::Path;

#[test]
fn it_is_of_the_draft_that_it_names_and_the_same_elsewhere() {
    for registry in
        [awkward::registry(), errors::registry(), Registry::builder().without_builtins().build().unwrap()]
    {
        let schema = registry.workflow_schema();
        let faults: Vec<String> = jsonschema::draft7::meta::validator()
            .iter_errors(&schema)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(faults, [""; 0]);
        let elsewhere = Registry::from_exported(&registry.exported()).expect("it is read back");
        assert_eq!(elsewhere.workflow_schema(), schema);
    }
}

#[test]
fn a_subset_knows_its_own_kinds() {
    let schema =
        awkward::registry().subset(["tree", "older_ways"]).expect("they are there").workflow_schema();
    let kinds = &schema["properties"]["actions"]["items"]["properties"]["kind"]["enum"];
    assert_eq!(*kinds, json!(["tree", "old_ways", "older_ways"]));
    assert!(schema["definitions"].get("tree.Node").is_some());
    assert!(schema["definitions"].get("rule").is_none());
    assert!(!schema.to_string().contains("contact"));
}

#[test]
fn types_of_one_name_keep_apart() {
    let action = |kind: &str, ty: &str| {
        let schema = json!({ "$ref": "#/$defs/T", "$defs": { "T": { "type": "object", "properties": { "x": { "type": ty } }, "required": ["x"] } } });
        ActionDefinition::builder(kind).input_schema("a", schema, true).handler(|_| Ok(Value::Null)).build()
    };
    let registry = Registry::builder()
        .action(action("k.a", "string"))
        .action(action("k/a", "integer"))
        .build()
        .expect("it is right");
    let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
    let of = |kind: &str, x: Value| {
        let action = json!({ "id": "1", "kind": kind, "inputs": { "a": { "x": x } } });
        validator.is_valid(&json!({ "actions": [action], "edges": [] }))
    };
    assert!(of("k.a", json!("x")) && of("k/a", json!(7)));
    assert!(!of("k.a", json!(7)) && !of("k/a", json!("x")));
}

#[test]
fn what_is_secret_is_not_offered() {
    let token =
        InputDefinition::with_default("token", "hunter2".to_owned()).with_example("hunter3").as_secret();
    let action = ActionDefinition::builder("a").input_definition(token).handler(|_| Ok(Value::Null)).build();
    let schema = Registry::builder().action(action).build().expect("it is right").workflow_schema();
    assert!(!schema.to_string().contains("hunter"), "{schema}");
}

#[test]
fn the_examples_of_the_error_index_are_of_the_schema_where_they_are_accepted() {
    let registry = errors::registry();
    let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
    let mut accepted = 0;
    for page in Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/errors").read_dir().expect("the pages") {
        let page = page.expect("it is readable").path();
        let text = std::fs::read_to_string(&page).expect("it is readable");
        for block in text.split("```json\n").skip(1).filter_map(|rest| rest.split("```\n").next()) {
            let Ok(workflow) = registry.check(block) else { continue };
            let document = serde_json::to_value(workflow.workflow()).expect("it is JSON");
            let faults = faults(&validator, &document);
            assert!(faults.is_empty(), "{}: {faults:?}\n{block}", page.display());
            accepted += 1;
        }
    }
    assert!(accepted > 30, "only {accepted} are accepted");
}

/// Texts that the check accepts in a format, odd ones among them, and others that it may refuse.
const TEXTS: &[(&str, &[&str])] = &[
    ("date", &["2020-02-29", "0000-01-01", "2020-1-1", "x"]),
    ("time", &["23:59:60Z", "00:00:00.123456789+01:00", "00:00:00z", "12:00", "x"]),
    (
        "date-time",
        &[
            "2020-01-01t00:00:00z",
            "1998-12-31T23:59:60Z",
            "2020-01-01T00:00:00.5-23:59",
            "2020-01-01 00:00:00Z",
            "x",
        ],
    ),
    ("duration", &["P1Y2M3DT4H5M6S", "PT0S", "P4W", "x"]),
    (
        "email",
        &[
            "a@b.co",
            "a@localhost",
            "\"a b\"@c.de",
            "ü@ö.de",
            "a@[127.0.0.1]",
            "a@[IPv6:::1]",
            "a+b.c@d-e.fg",
            "@",
            "x",
        ],
    ),
    ("hostname", &["a", "xn--bcher-kva.example", "a.b-c.d", "1.2.3.4", "EXAMPLE", "a_b", "a b", ""]),
    ("ipv4", &["127.0.0.1", "255.255.255.255", "1.2.3", "x"]),
    ("ipv6", &["::1", "::ffff:1.2.3.4", "2001:DB8::", "1:2:3:4:5:6:7:8", "x"]),
    ("ip", &["::1", "127.0.0.1", "x"]),
    ("iri", &["https://ö.de/ä?ü#ß", "urn:x", "x"]),
    ("iri-reference", &["", "ä", "//ö", "#ß"]),
    ("json-pointer", &["", "/", "/a~1b/0", "x"]),
    ("regex", &["^a+$", "[", "x"]),
    ("relative-json-pointer", &["0", "1/a", "2#", "x"]),
    ("uri", &["https://a.b/c?d#e", "urn:isbn:1", "file:////a", "mailto:a@b", "a+b-c.d:x", "x"]),
    ("uri-reference", &["", "a", "//a", "?a", "#a", "x y"]),
    ("uri-template", &["", "/{a}/{+b}", "{", "x"]),
    ("uuid", &["00000000-0000-4000-8000-000000000000", "ABCDEF00-0000-0000-0000-00000000000f", "x"]),
];

#[test]
fn a_text_of_a_format_is_of_the_schema() {
    for (format, texts) in TEXTS {
        let input = InputDefinition::from_schema("x", json!({ "type": "string", "format": format }), true);
        let action =
            ActionDefinition::builder("a").input_definition(input).handler(|_| Ok(Value::Null)).build();
        let registry = Registry::builder().action(action).build().expect("it is right");
        let validator = jsonschema::validator_for(&registry.workflow_schema()).expect("it is a schema");
        let mut accepted = 0;
        for text in *texts {
            let action = json!({ "id": "1", "kind": "a", "inputs": { "x": text } });
            let document = json!({ "actions": [action], "edges": [{ "from": "$source", "to": "1" }] });
            if registry.check(&*document.to_string()).is_ok() {
                let faults = faults(&validator, &document);
                assert!(faults.is_empty(), "{format}: {text}: {faults:?}");
                accepted += 1;
            }
        }
        assert!(accepted > 0, "no text is of the format {format}");
    }
}
