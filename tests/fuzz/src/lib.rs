//! What reads untrusted data, held against what it promises of any bytes. The fuzzer and the replay call the same
//! functions; each panics where something does not hold.

pub mod actions;
pub mod choices;
pub mod document;
mod example;
pub mod grammar;
mod graph;
pub mod journal;
pub mod reference;
pub mod rule;
pub mod run;
pub mod schema;
pub mod text;
mod typed;
mod values;

/// What holds a promise against bytes.
pub type Hold = fn(&[u8]);

/// All targets, by the names of their folders below `corpus`.
pub const TARGETS: [(&str, Hold); 7] = [
    ("reference", reference::hold),
    ("text", text::hold),
    ("document", document::hold),
    ("run", run::hold),
    ("rule", rule::hold),
    ("schema", schema::hold),
    ("journal", journal::hold),
];
