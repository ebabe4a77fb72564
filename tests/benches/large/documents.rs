//! Documents of a megabyte.

use std::fmt::Write;

const BYTES: usize = 1 << 20;

/// A document.
pub(crate) struct Document {
    /// What it has much of.
    pub(crate) name: &'static str,
    pub(crate) write: fn() -> String,
    /// What comes of it.
    pub(crate) comes_to: &'static str,
}

const fn document(name: &'static str, comes_to: &'static str, write: fn() -> String) -> Document {
    Document { name, write, comes_to }
}

const COMPLETED: &str = "completed";

const REFUSED: &str = "refused";

/// All of them.
pub(crate) const DOCUMENTS: [Document; 16] = [
    document("refs-along-a-chain", COMPLETED, || chain(refer, "")),
    document("conditions-along-a-chain", COMPLETED, || {
        let test = r#", "conditional": { "type": "if", "ref": "!ref($.event.data.flag)" }"#;
        chain(|_| echo("!ref($.event.data.text)"), test)
    }),
    document("matches-along-a-chain", COMPLETED, || {
        let test = r#", "conditional": { "type": "match", "ref": "!ref($.output.a)", "value": "x" }"#;
        chain(|_| echo("!ref($.event.data.text)"), test)
    }),
    document("misspelt-kinds", REFUSED, || {
        chain(|_| echo("!ref($.event.data.text)").replacen("echo", "eco", 1), "")
    }),
    document("misspelt-inputs", REFUSED, || {
        chain(|_| echo("!ref($.event.data.text)").replacen("value", "vlue", 1), "")
    }),
    document("misspelt-ids", REFUSED, || chain(|before| echo(&format!("!ref($.state.x{before}.a)")), "")),
    document("unknown-members", COMPLETED, || {
        chain(|_| format!(r#"{}, "knd": 1, "nmae": 2"#, echo("x")), "")
    }),
    document("rules-of-many-operands", COMPLETED, || {
        let operands = repeated(r#"{ "==": ["!ref($.event.data.text)", "x"] }"#);
        one(&format!(r#""kind": "builtin:if", "inputs": {{ "condition": {{ "and": [{operands}] }} }}"#))
    }),
    document("rules-all-over", COMPLETED, || {
        let rule = r#"{ "or": [{ "!": "!ref($.event.data.flag)" }, { "<": [1, 2, 3] }] }"#;
        chain(|_| format!(r#""kind": "builtin:if", "inputs": {{ "condition": {rule} }}"#), "")
    }),
    document("refs-in-a-text", COMPLETED, || one(&echo(&"!ref($.event.data.text) ".repeat(BYTES / 24)))),
    document("escapes-in-a-text", COMPLETED, || one(&echo(&"\\u00e9".repeat(BYTES / 6)))),
    document("fractions", COMPLETED, || {
        one(&format!(r#""kind": "echo", "inputs": {{ "value": [{}] }}"#, repeated("0.1e-7")))
    }),
    document("nesting", COMPLETED, || {
        let nested = format!("{}{}", "[".repeat(50), "]".repeat(50));
        one(&format!(r#""kind": "echo", "inputs": {{ "value": [{}] }}"#, repeated(&nested)))
    }),
    document("a-member-again-and-again", REFUSED, || format!("{{ {} }}", repeated(r#""actions": []"#))),
    document("edges-between-all", COMPLETED, all_to_all),
    document("cut-off", REFUSED, || {
        let mut text = chain(refer, "");
        text.truncate(BYTES / 2);
        text
    }),
];

/// Schemas, which are held against themselves.
pub(crate) const SCHEMAS: [Document; 4] = [
    document("schema/members", FITS, || {
        let member = |at: usize| format!(r#""member{at}": {{ "type": "string", "maxLength": {at} }}"#);
        format!(r#"{{ "type": "object", "properties": {{ {} }} }}"#, numbered(member, 54))
    }),
    document("schema/choices", FITS, || {
        let choice = |at: usize| {
            format!(r#"{{ "type": "array", "items": {{ "type": "string" }}, "minItems": {at} }}"#)
        };
        format!(r#"{{ "anyOf": [{}] }}"#, numbered(choice, 70))
    }),
    document("schema/definitions", FITS, || {
        let definition = |at: usize| {
            format!(r##""d{at}": {{ "type": "array", "items": {{ "$ref": "#/$defs/d{}" }} }}"##, at + 1)
        };
        format!(
            r##"{{ "$ref": "#/$defs/d0", "$defs": {{ {}, "d{}": true }} }}"##,
            numbered(definition, 66),
            BYTES / 66
        )
    }),
    document("schema/values", FITS, || {
        format!(r#"{{ "enum": [{}] }}"#, numbered(|at| format!(r#""value{at}""#), 15))
    }),
];

const FITS: &str = "Fits";

/// As many of these as are a megabyte, each of about so many bytes.
fn numbered(element: impl Fn(usize) -> String, bytes: usize) -> String {
    (0..BYTES / bytes).map(element).collect::<Vec<_>>().join(", ")
}

fn echo(value: &str) -> String {
    format!(r#""kind": "echo", "inputs": {{ "value": {{ "a": "{value}" }} }}"#)
}

/// An action that takes the output of the one before.
fn refer(before: &str) -> String {
    match before {
        "$source" => echo("!ref($.event.data.text)"),
        before => echo(&format!("!ref($.state.{before}.a)")),
    }
}

fn repeated(element: &str) -> String {
    vec![element; BYTES / (element.len() + 2)].join(", ")
}

fn one(action: &str) -> String {
    format!(r#"{{ "actions": [{{ "id": "1", {action} }}], "edges": [{{ "from": "$source", "to": "1" }}] }}"#)
}

/// Actions one behind the other, of which each is written with the id of the one before; the edges have this besides.
fn chain(action: impl Fn(&str) -> String, test: &str) -> String {
    let (mut actions, mut edges) = (String::new(), String::new());
    let mut before = "$source".to_owned();
    for number in 1.. {
        let id = number.to_string();
        let separator = if number == 1 { "" } else { ", " };
        write!(actions, r#"{separator}{{ "id": "{id}", {} }}"#, action(&before)).expect("text is written");
        let test = if number == 1 { "" } else { test };
        write!(edges, r#"{separator}{{ "from": "{before}", "to": "{id}"{test} }}"#).expect("text is written");
        before = id;
        if actions.len() + edges.len() > BYTES {
            break;
        }
    }
    format!(r#"{{ "actions": [{actions}], "edges": [{edges}] }}"#)
}

/// As many actions as may be, with an edge from each to all behind it.
fn all_to_all() -> String {
    let (mut actions, mut edges) = (Vec::new(), vec![r#"{ "from": "$source", "to": "1" }"#.to_owned()]);
    let mut bytes = 0;
    for id in 1.. {
        actions.push(format!(r#"{{ "id": "{id}", {} }}"#, echo("x")));
        edges.extend((1..id).map(|from| format!(r#"{{ "from": "{from}", "to": "{id}" }}"#)));
        bytes += actions.last().map_or(0, String::len) + (id - 1) * 30;
        if bytes > BYTES {
            break;
        }
    }
    format!(r#"{{ "actions": [{}], "edges": [{}] }}"#, actions.join(", "), edges.join(", "))
}
