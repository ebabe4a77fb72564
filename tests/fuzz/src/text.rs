//! Text with refs: what is read is read again from what it says.

use crate::actions::REGISTRIES;
use crate::reference::is_read_back;
use flowright::__private::{Parsed, PieceOf, read_refs};
use serde_json::json;

/// Holds for a string of a document.
///
/// # Panics
///
/// Where it is not read back from how it is written, or a report about it cannot be drawn.
pub fn hold(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = read_refs(&text);
    match &parsed {
        None => {}
        Some(Parsed::Plain) => assert!(!text.contains("!ref(")),
        Some(Parsed::Ref(reference)) => is_read_back(&text, reference),
        Some(Parsed::Literal(literal)) => {
            let written = read_refs(&escaped(literal));
            let is_itself = match &written {
                Some(Parsed::Plain) => !literal.contains("!ref("),
                Some(Parsed::Literal(again)) => again == literal,
                _ => false,
            };
            assert!(is_itself, "{literal:?} is written as {written:?}");
        }
        Some(Parsed::Text(pieces)) => are_read_back(&text, pieces),
    }
    let document = json!({
        "actions": [{ "id": "1", "kind": "echo", "inputs": { "value": text } }],
        "edges": [{ "from": "$source", "to": "1" }],
    });
    if let Err(report) = REGISTRIES[0].check(document.to_string()) {
        report.render(true);
    } else {
        assert!(parsed.is_some(), "a malformed ref is accepted: {text:?}");
    }
}

fn are_read_back(text: &str, pieces: &[PieceOf]) {
    let mut written = String::from("!ref(\"\")");
    for piece in pieces {
        match piece {
            PieceOf::Verbatim(verbatim) => written.push_str(&escaped(verbatim)),
            PieceOf::Ref(reference) => {
                is_read_back(text, reference);
                written.push_str(&reference.to_string());
            }
        }
    }
    let Some(Parsed::Text(again)) = read_refs(&written) else {
        panic!("{text:?} is written as {written:?}, which is no text with refs")
    };
    let says = |pieces: &[PieceOf]| -> Vec<(Option<String>, String)> {
        let says = pieces.iter().map(|piece| match piece {
            PieceOf::Verbatim(verbatim) => (Some(verbatim.clone()), String::new()),
            PieceOf::Ref(reference) => (None, format!("{:?} {:?}", reference.root, reference.path)),
        });
        says.collect()
    };
    assert_eq!(says(&again), says(pieces), "{text:?} is written as {written:?}");
}

/// How a document writes text that is to stand for itself.
fn escaped(text: &str) -> String {
    text.replace("!ref(", r#"!ref("!ref(")"#)
}
