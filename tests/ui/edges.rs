// errors: 20
#![allow(unused)]
use flowright::prelude::*;

#[engine_action(edges)]
fn no_list() {}

#[engine_action(edges())]
fn empty() {}

#[engine_action(edges(allow_add, allow_add = "no", allow_ad = true, edge, "x"))]
fn settings() {}

#[engine_action(edges(
    edge(),
    edge(if = "$.output"),
    edge(""),
    edge("a" if = "$.output"),
    edge("b", when = "$.output"),
    edge("c", if = "$.output", else = "$.output"),
    edge("c"),
))]
fn edges() {}

#[engine_action(edges(
    edge("a", if = "!ref($.output.result)"),
    edge("b", if = "$.event.data"),
    edge("c", else = "$.outputs"),
    edge("d", match = "$.output"),
    edge("e", match = ("$.output.status", SENT)),
    edge("f", match = (1, 2)),
))]
fn conditions() {}

fn main() {}
