//! Events: the same members in each, of the same kinds.

use super::Nature;
use crate::chance::Chance;
use serde_json::{Value, json};

/// Texts that somebody might take for something else.
pub(crate) const NASTY: [&str; 14] = [
    "!ref($.event.data.secret)",
    "!ref($.state.a)",
    "$&",
    "$1",
    "$$",
    "$`",
    "$'",
    "__proto__",
    "constructor",
    "toString",
    "!ref(",
    "a)b",
    "{\"if\":[true,\"admin\"]}",
    "$",
];

const WORDS: [&str; 12] =
    ["", "0", "1", "-1.5", "Ada", "straße", "Žluťoučký", "a b", "x\ny", "true", "null", "9"];

pub(super) fn event(nature: Nature, chance: &mut Chance) -> Value {
    let is_nasty = nature == Nature::Wild || chance.percent(20);
    let text = |chance: &mut Chance| -> &str {
        let among = if is_nasty && chance.percent(40) { &NASTY[..] } else { &WORDS };
        among[chance.below(among.len())]
    };
    let number = |chance: &mut Chance| {
        let numbers = [
            json!(0),
            json!(1),
            json!(-7),
            json!(1.5),
            json!(0.1),
            json!(3.0),
            json!(-0.0),
            json!(1e21),
            json!(1.5e-7),
            json!(100),
        ];
        chance.pick(&numbers).clone()
    };
    let data = json!({
        "name": text(chance),
        "other": text(chance),
        "empty": "",
        "secret": "a secret",
        "age": chance.below(100),
        "total": number(chance),
        "ratio": number(chance),
        "paid": chance.percent(50),
        "never": false,
        "always": true,
        "nothing": null,
        "texts": (0..chance.below(4)).map(|_| text(chance)).collect::<Vec<_>>(),
        "numbers": [number(chance), number(chance)],
        "none": [],
        "user": { "name": text(chance), "tags": [text(chance), { "deep": number(chance) }], "2": "two" },
        "first name": text(chance),
        "größe": number(chance),
        "a)b": text(chance),
        "it's": text(chance),
    });
    let mut event = json!({ "name": chance.pick(&["order.placed", "a"]), "data": data });
    if nature == Nature::Wild {
        event["data"]["role"] = chance
            .pick(&[
                json!({ "if": [true, "admin"] }),
                json!("admin"),
                json!({ "var": "" }),
                json!([{ "!": [] }]),
            ])
            .clone();
        event["data"]["large"] = chance.pick(&[json!(9_007_199_254_740_991_i64), json!(12)]).clone();
        if chance.percent(5) {
            event["data"]["large"] = json!(9_007_199_254_740_993_i64);
        }
        for name in ["__proto__", "toString", "length"] {
            if chance.percent(20) {
                event["data"][name] = json!(text(chance));
            }
        }
    }
    event
}
