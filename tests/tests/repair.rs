//! Documents before and after they were repaired, as files and at random.
//!
//! `repair/<name>/before.json` becomes `after.json`, and `repairs.txt` says what was repaired, what was not, and what
//! is still wrong; `FLOWRIGHT_BLESS=1` writes both anew.

use flowright::{ActionDefinition, Edit, InputDefinition, Registry, Repair, Repaired, Source};
use flowright_tests::awkward;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

fn said(repaired: &Repaired) -> String {
    let mut said = String::new();
    for repair in repaired.repairs() {
        let ranges: Vec<_> = repair.edits().iter().map(Edit::range).collect();
        let _ = writeln!(said, "{}: {} {ranges:?}", repair.pointer(), repair.description());
    }
    for left in repaired.unrepaired() {
        let _ = writeln!(said, "not repaired: {}: {}", left.pointer(), left.reason());
    }
    let report = match repaired.check() {
        Ok(workflow) => workflow.report(),
        Err(report) => report,
    };
    if report.is_empty() { said + "\nall is right\n" } else { format!("{said}\n{report}\n") }
}

/// The text that was read, with the edits of all repairs.
fn replayed(before: &str, repaired: &Repaired) -> String {
    let mut edits: Vec<&Edit> = repaired.repairs().iter().flat_map(Repair::edits).collect();
    edits.sort_by_key(|edit| edit.range().start);
    let mut after = before.to_owned();
    for edit in edits.into_iter().rev() {
        after.replace_range(edit.range(), edit.replacement());
    }
    after
}

/// What holds of every repair.
fn hold_to_it(registry: &Registry, before: &Source) -> Repaired {
    let repaired = registry.repair(before);
    let after = repaired.source();
    assert_eq!(replayed(before.as_str(), &repaired), after.as_str(), "the edits make the text");
    let again = registry.repair(after);
    assert_eq!(again.source(), after, "{:?}", again.repairs());
    assert!(again.repairs().is_empty(), "{:?}", again.repairs());
    assert_eq!(registry.check(after).is_ok(), repaired.check().is_ok());
    repaired
}

#[test]
fn documents_are_repaired_as_the_files_beside_them_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repair");
    let bless = std::env::var_os("FLOWRIGHT_BLESS").is_some();
    let mut folders: Vec<_> =
        fs::read_dir(&root).expect("it is there").map(|entry| entry.expect("readable").path()).collect();
    folders.sort();
    assert!(folders.len() >= 6);
    let mut stale = Vec::new();
    for folder in folders {
        let extension = if folder.join("before.jsonc").exists() { "jsonc" } else { "json" };
        let text = fs::read_to_string(folder.join(format!("before.{extension}"))).expect("it is readable");
        let before = Source::named(&format!("before.{extension}"), &text);
        let repaired = hold_to_it(&awkward::registry(), &before);
        let now = [
            (format!("after.{extension}"), repaired.source().as_str().to_owned()),
            ("repairs.txt".to_owned(), said(&repaired)),
        ];
        for (name, now) in now {
            let path = folder.join(name);
            if fs::read_to_string(&path).unwrap_or_default() != now {
                if bless {
                    fs::write(&path, &now).expect("it is writable");
                } else {
                    stale.push(format!("{}:\n{now}", path.display()));
                }
            }
        }
    }
    assert!(stale.is_empty(), "run with FLOWRIGHT_BLESS=1, and read what changes:\n{}", stale.join("\n"));
}

#[test]
fn what_is_no_document_stays_as_it_is() {
    let deep = "[".repeat(100_000);
    for text in ["", "no JSON", "{", "[]", "{\"actions\": 3, \"edges\": null}", "\u{feff}\"x\"", &deep] {
        let repaired = hold_to_it(&awkward::registry(), &Source::text(text));
        assert!(repaired.repairs().is_empty());
        assert!(repaired.check().is_err());
    }
}

#[test]
fn a_byte_order_mark_and_line_breaks_of_windows_stay() {
    let before = "\u{feff}{ \"actions\": [{ \"id\": \"1\", \"kind\": \"weigh\",\r\n  \"inputs\": {\r\n    \
                  \"weight\": \"7\",\r\n    \"round\": \"true\",\r\n    \"others\": \"\"\r\n  } }],\r\n  \"edges\": \
                  [{ \"from\": \"$source\", \"to\": \"1\" }] }\r\n";
    let after = "\u{feff}{ \"actions\": [{ \"id\": \"1\", \"kind\": \"weigh\",\r\n  \"inputs\": {\r\n    \
                 \"weight\": 7,\r\n    \"round\": true\r\n  } }],\r\n  \"edges\": [{ \"from\": \"$source\", \"to\": \
                 \"1\" }] }\r\n";
    assert_eq!(hold_to_it(&awkward::registry(), &Source::text(before)).source().as_str(), after);
}

#[test]
fn ten_thousand_wrong_values_are_repaired_at_once() {
    let numbers: Vec<String> = (0..10_000).map(|number| number.to_string()).collect();
    let mut actions: Vec<Value> = (0..1_000)
        .map(|at| json!({ "id": at.to_string(), "kind": "weihg", "inputs": { "weight": "1", "round": "x" } }))
        .collect();
    let labels =
        json!({ "id": "l", "kind": "labels", "inputs": { "labels": {}, "scores": { "a": numbers } } });
    actions.push(labels);
    let document = json!({ "actions": actions, "edges": [] }).to_string();
    let repaired = hold_to_it(&awkward::registry(), &Source::text(&document));
    assert_eq!(repaired.repairs().len(), 12_000);
}

#[test]
fn json_text_that_is_too_deep_stays_text() {
    let deep = format!("{}{}", "[".repeat(59), "]".repeat(59));
    let deeper = format!("[{deep}]");
    let action =
        |extra: &str| json!({ "id": "1", "kind": "labels", "inputs": { "labels": "{}", "scores": extra } });
    let edges = json!([{ "from": "$source", "to": "1" }]);
    for text in [deep, deeper, "[".repeat(1_000_000)] {
        let document = json!({ "actions": [action(&text)], "edges": edges }).to_string();
        let repaired = hold_to_it(&awkward::registry(), &Source::text(&document));
        assert_eq!(repaired.repairs().len(), 1);
    }
}

#[test]
fn fixes_that_overlap_or_clash_are_not_applied_together() {
    let document = r#"{ "actions": [{ "id": "1", "kind": "weigh", "inputs": { "wieght": 1, "weihgt": 2, "rond": true } }],
        "edges": [{ "from": "$source", "to": "1" }] }"#;
    let report = awkward::registry().check(document).expect_err("names are wrong");
    let fixed = report.apply_fixes();
    assert!(fixed.as_str().contains(r#"{ "weight": 1, "weihgt": 2, "round": true }"#), "{}", fixed.as_str());
    hold_to_it(&awkward::registry(), &Source::text(document));
}

#[test]
fn a_secret_is_not_repeated() {
    let schema = json!({ "type": "object", "properties": { "code": { "type": "integer" } } });
    let vault = ActionDefinition::builder("vault")
        .input_definition(InputDefinition::from_schema("pin", schema, true).as_secret())
        .handler(|_| Ok(Value::Null))
        .build();
    let registry = Registry::builder().action(vault).build().expect("it is right");
    let document = r#"{ "actions": [{ "id": "1", "kind": "vault", "inputs": { "pin": { "code": "4711" } } }],
        "edges": [{ "from": "$source", "to": "1" }] }"#;
    let repaired = hold_to_it(&registry, &Source::text(document));
    assert_eq!(repaired.repairs().len(), 1);
    assert_eq!(repaired.repairs()[0].description(), "write the value in place of its text");
}

/// Any JSON, near to what forms save.
fn value() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "null",
        "7",
        "true",
        "[1, 2]",
        "{\"label\": \"x\"}",
        "[\"1\"]",
        "x",
        "!ref($.event.name)",
        "team",
    ];
    let leaf = prop_oneof![
        proptest::sample::select(texts.to_vec()).prop_map(Value::from),
        any::<i8>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    let names = ["label", "children", "next", "kind", "street", "city", "lable", "a"];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        let members =
            proptest::collection::btree_map(proptest::sample::select(names.to_vec()), inner.clone(), 0..4);
        prop_oneof![
            proptest::collection::vec(inner, 0..4).prop_map(Value::from),
            members.prop_map(|members| members.into_iter().collect::<Value>()),
        ]
    })
    .prop_flat_map(|value| prop_oneof![Just(Value::from(value.to_string())), Just(value)])
}

/// A document as the editor may leave it.
fn document() -> impl Strategy<Value = Value> {
    let kinds = [
        "tree",
        "labels",
        "weigh",
        "weihg",
        "route",
        "choose_plan",
        "builtin:if",
        "schedule",
        "nothing",
        "?",
    ];
    let inputs = [
        "root",
        "other",
        "labels",
        "scores",
        "extra",
        "weight",
        "round",
        "others",
        "channel",
        "key",
        "text",
        "plan",
        "paln",
        "seats",
        "condition",
        "window",
        "days",
        "at",
    ];
    let ids = ["1", "2", "3", "7", "mail", "mial", "$source", "gone"];
    let id = move || proptest::sample::select(ids.to_vec());
    let inputs = proptest::collection::btree_map(proptest::sample::select(inputs.to_vec()), value(), 0..4);
    let action = (id(), proptest::sample::select(kinds.to_vec()), inputs)
        .prop_map(|(id, kind, inputs)| json!({ "id": id, "kind": kind, "inputs": inputs }));
    let conditional =
        proptest::option::of(proptest::sample::select(vec!["!ref($.result)", "!ref($.output.paid)"]));
    let edge = (id(), id(), conditional).prop_map(|(from, to, reference)| match reference {
        None => json!({ "from": from, "to": to }),
        Some(reference) => {
            json!({ "from": from, "to": to, "conditional": { "type": "if", "ref": reference } })
        }
    });
    (proptest::collection::vec(action, 0..5), proptest::collection::vec(edge, 0..8))
        .prop_map(|(actions, edges)| json!({ "actions": actions, "edges": edges }))
}

proptest! {
    #[test]
    fn a_repaired_document_needs_no_further_repair(document in document(), wide in any::<bool>()) {
        let text = if wide { format!("{document:#}") } else { document.to_string() };
        hold_to_it(&awkward::registry(), &Source::text(&text));
    }
}
