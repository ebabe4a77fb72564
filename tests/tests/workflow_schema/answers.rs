//! Questions whose answers stand in `language-services/answers.txt`; `FLOWRIGHT_BLESS=1` writes it anew.

use crate::editors::{LANGUAGES, Question, answers, document, unfinished};
use flowright_tests::awkward;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Questions whose answers are kept.
fn asked() -> Vec<Question> {
    let mut questions: Vec<Question> = Vec::new();
    let in_both = |ask: &'static str, text: &str| LANGUAGES.map(|language| (language, ask, text.to_owned()));
    for (kind, inputs) in [
        ("choose_plan", r#"{ "plan": "fre", "seats": 501 }"#),
        ("choose_plan", r#"{ "plan": null, "seats": "!ref($.event.data.age)" }"#),
        ("chose_plan", "{}"),
        (
            "route",
            r#"{ "channel": { "kind": "mail", "street": 7 }, "key": true, "text": "a !ref(event) b" }"#,
        ),
        (
            "route",
            r#"{ "channel": { "kind": "mall" }, "key": 1, "text": "!ref($.event.data.x): !ref($.state.1.y)" }"#,
        ),
        ("route", r#"{ "channel": { "kind": "text_message" }, "key": 1.5, "text": "" }"#),
        ("grüße", r#"{ "名前": "x", "wie_oft": 3.0 }"#),
        ("grüße", r#"{ "名前": "x", "wie_oft": 1.5 }"#),
        ("grüße", r#"{ "名前": "x", "wie_oft": "!ref($.event.data.age) times" }"#),
        ("schedule", r#"{ "at": "2020-01-01", "window": [1, 2, 3], "days": ["Munday"], "to": "nobody" }"#),
        (
            "tree",
            r#"{ "root": { "label": "a", "children": [{ "label": "!ref($.event.data.name)", "next": { "label": 7 } }] } }"#,
        ),
        ("old_ways", r#"{ "thing": "x", "how": "y" }"#),
        ("older_ways", "{}"),
        ("builtin:if", r#"{ "condition": { "==": ["!ref($.event.name)", 1] } }"#),
        (
            "builtin:if",
            r#"{ "condition": { "some": ["!ref($.event.data.lines)", { "==": [{ "var": "" }, "x"] }] } }"#,
        ),
        ("builtin:if", r#"{ "condition": { "var": "name" } }"#),
        ("builtin:if", r#"{ "condition": { "==": [1] } }"#),
        ("builtin:if", r#"{ "condition": { ">": 1 } }"#),
        ("builtin:if", r#"{ "condition": "yes" }"#),
    ] {
        let text = format!(
            r#"{{ "actions": [{{ "id": "1", "kind": "{kind}", "inputs": {inputs} }}], "edges": [] }}"#
        );
        questions.extend(in_both("validate", &text));
    }
    for text in [
        "[]",
        r#"{ "actions": 7 }"#,
        r#"{ "actions": [], "edges": [], "nodes": [] }"#,
        r#"{ "actions": [{ "id": "$1", "kind": "nothing", "position": 7 }], "edges": [{ "from": "1", "to": "$source" }] }"#,
        r#"{ "actions": [], "edges": [{ "from": "1", "to": "2", "conditional": { "type": "match", "ref": "$.output" } }] }"#,
        r#"{ "actions": [], "edges": [{ "from": "1", "to": "2", "conditional": { "type": "iff", "ref": "!ref($.output.x)" } }] }"#,
        r#"{ "actions": [], "edges": [{ "from": "1", "to": "2", "conditional": { "type": "if", "ref": "!ref($.output)", "value": 1 } }] }"#,
    ] {
        questions.extend(in_both("validate", text));
    }
    for (json, yaml) in [
        (r#"{ "actions": [{ "id": "1", "kind": "choose_plan", "inputs": { "plan": ¦ } }] }"#, "plan: ¦"),
        (r#"{ "actions": [{ "id": "1", "kind": "weigh", "inputs": { "round": ¦ } }] }"#, "round: ¦"),
    ] {
        questions.push(("json", "complete", json.to_owned()));
        let kind = if yaml.starts_with("plan") { "choose_plan" } else { "weigh" };
        questions.push(("yaml", "complete", unfinished("yaml", kind, yaml)));
    }
    questions.push(("json", "complete", unfinished("json", "route", r#""channel": { "kind": ¦ }"#)));
    questions.push(("yaml", "complete", unfinished("yaml", "route", "channel:\n        kind: ¦")));
    questions.push(("json", "complete", unfinished("json", "route", r#""channel": { "kind": "mail", ¦ }"#)));
    questions.push((
        "yaml",
        "complete",
        unfinished("yaml", "route", "channel:\n        kind: mail\n        ¦"),
    ));
    questions.push((
        "json",
        "complete",
        r#"{ "actions": [{ "id": "1", "kind": "contact", ¦ }], "edges": [] }"#.to_owned(),
    ));
    questions.push(("yaml", "complete", "actions:\n  - ¦\n".to_owned()));
    questions.push(("json", "complete", r#"{ "actions": [], "edges": [¦] }"#.to_owned()));
    questions.push(("yaml", "complete", "actions: []\nedges:\n  - ¦\n".to_owned()));
    questions.push(("json", "complete", r#"{ "actions": [], "edges": [{ "from": ¦ }] }"#.to_owned()));
    questions.push(("json", "complete", "¦".to_owned()));
    questions.extend(in_both("hover", &document("choose_plan", &json!({ "plan": "te¦am" }))));
    questions.extend(in_both("hover", &document("tree", &json!({ "root": { "label": "x¦" } }))));
    questions.extend(in_both("hover", &document("secret_call", &json!({ "token": "x¦" }))));
    questions.extend(in_both("hover", &document("builtin:if", &json!({ "condition": { "¦==": [1, 1] } }))));
    questions
}

#[test]
fn what_is_answered_stands_in_a_file() {
    let questions = asked();
    let mut now = String::new();
    for ((language, ask, text), answer) in questions.iter().zip(answers(&awkward::registry(), &questions)) {
        let _ = writeln!(now, "{language} {ask}\n{}", text.trim_end());
        let lines: Vec<String> = match answer {
            Value::Array(items) if *ask == "validate" => items
                .iter()
                .map(|said| {
                    format!(
                        "{} {}: {}",
                        said["severity"].as_str().unwrap_or_default(),
                        said["about"],
                        said["message"].as_str().unwrap_or_default()
                    )
                })
                .collect(),
            Value::Array(items) => items
                .iter()
                .map(|item| format!("{} {} {}", item["label"], item["writes"], item["says"]))
                .collect(),
            shown => vec![shown.to_string()],
        };
        for line in lines {
            let _ = writeln!(now, "  => {line}");
        }
        now.push('\n');
    }
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("language-services/answers.txt");
    if std::env::var_os("FLOWRIGHT_BLESS").is_some() {
        std::fs::write(&file, &now).expect("it is writable");
    }
    let before = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(before == now, "run with FLOWRIGHT_BLESS=1, and read what changes:\n{now}");
}
