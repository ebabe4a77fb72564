//! Any text is read.

use super::*;
use crate::diagnostic::Code;
use proptest::prelude::*;

/// A document with everything in it.
pub(super) const RICH: &str = r#"{ "name": "n\u00e9", "metadata": { "a": [1, 2.5, -3e2, true, null, {}] },
  "actions": [{ "id": "1", "kind": "k", "inputs": { "x": "!ref($.event)", "y": ["\"", ""] } }, { "id": "2", "kind": "é" }],
  "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2", "conditional": { "type": "match", "ref": "r", "value": 0 } }] }"#;

pub(super) fn mutated(text: &str) -> impl Strategy<Value = String> {
    let text = text.to_owned();
    let piece = prop_oneof![
        "[\\[\\]{},:\"'/*\\\\0-9eE+.a-z \\n\\r\\t\u{feff}\u{a0}-]{0,3}",
        proptest::sample::select(vec![
            "\\ud83d", "\\u00", "//", "/*", "*/", "null", "1e999", "\u{1}", "😀", "{}", "\"id\":"
        ])
        .prop_map(str::to_owned),
    ];
    proptest::collection::vec((any::<proptest::sample::Index>(), 0..6_usize, piece), 0..5).prop_map(
        move |edits| {
            let mut chars = text.chars().collect::<Vec<_>>();
            for (at, cut, piece) in edits {
                let at = at.index(chars.len() + 1);
                let end = (at + cut).min(chars.len());
                chars.splice(at..end, piece.chars());
            }
            String::from_iter(chars)
        },
    )
}

/// The actions with their inputs by name: a JSON value forgets their order.
fn sorted(workflow: &Workflow) -> Vec<WorkflowAction> {
    let mut actions = workflow.actions().to_vec();
    for action in &mut actions {
        action.inputs.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    actions
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_text_is_read_without_a_panic_and_what_is_accepted_is_json(
        text in prop_oneof![9 => mutated(RICH), 1 => any::<String>()],
        comments in any::<bool>(),
    ) {
        let source = Source::named(if comments { "a.jsonc" } else { "a.json" }, &text);
        match Workflow::parse(&source) {
            Ok(workflow) => {
                let value = serde_json::to_value(&workflow).expect("JSON");
                if !comments {
                    let direct = serde_json::from_str::<Value>(&text).expect("what is accepted is JSON");
                    prop_assert_eq!(&value, &direct);
                }
                let again = Workflow::try_from(value).expect("the same document");
                prop_assert_eq!(sorted(&again), sorted(&workflow));
                prop_assert_eq!(again.edges(), workflow.edges());
            }
            Err(report) => {
                prop_assert!(report.has_errors());
                for diagnostic in &report {
                    prop_assert!(diagnostic.span().is_none_or(|span| text.get(span).is_some()), "{:?}", diagnostic);
                }
                prop_assert!(report.to_string().contains("error"));
                prop_assert!(report.render(true).contains("error"));
                prop_assert!(report.to_json().is_object());
                if let Ok(value) = serde_json::from_str::<Value>(&text) {
                    // Whatever is JSON is no syntax error, but for names that stand twice.
                    let twice = |d: &crate::Diagnostic| d.message().ends_with("stands here twice");
                    prop_assert!(report.iter().all(|d| d.code() != Code::Syntax || twice(d)), "{}\n{}", report, value);
                }
            }
        }
    }
}
