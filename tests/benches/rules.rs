//! What a rule costs, beside the same condition written by hand: `cargo bench -p flowright-tests --bench rules -- [--quick]`.
//!
//! Each line is `rules/<shape>/<actions> ratio <times the hand-written> exponent <growth>`, of `builtin:if` actions that each have a
//! rule of five nodes. What such an action costs with a plain boolean in place of the rule is taken off. By hand means: split
//! keys that are looked up in borrowed data, and a comparison of what they lead to. All are measured in turns within one
//! process; the ratio is of their fastest rounds.

#[path = "counting/mod.rs"]
mod counting;
#[allow(dead_code, reason = "three works are compared here, not two")]
mod measuring;
#[path = "shapes/mod.rs"]
mod shapes;
mod steady;

use counting::Subject;
use measuring::{Growth, by_turns};
use schemars::JsonSchema;
use serde_json::{Value, json};
use shapes::{SHAPES, Shape};
use std::hint::black_box;
use std::time::Duration;

/// A document of so many conditions.
fn document(shape: Shape, actions: usize, condition: &Value) -> String {
    let mut document: Value =
        serde_json::from_str(&shape.document(actions, ["builtin:if"; 2], "")).expect("a document");
    for action in document["actions"].as_array_mut().expect("there are actions") {
        action["inputs"] = json!({ "condition": condition });
    }
    document.to_string()
}

fn rule() -> Value {
    json!({ "and": [
        { ">": ["!ref($.event.data.age)", 17] },
        { "==": ["!ref($.event.data.plan)", "pro"] },
    ] })
}

/// Whom a rule is about.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is only described")]
struct User {
    age: u64,
    plan: String,
}

/// The condition of one action by hand.
struct ByHand {
    age: Vec<String>,
    plan: Vec<String>,
}

impl ByHand {
    fn new() -> Self {
        let keys = |last: &str| vec!["data".to_owned(), last.to_owned()];
        ByHand { age: keys("age"), plan: keys("plan") }
    }

    fn holds(&self, event: &Value) -> bool {
        let found = |keys: &[String]| keys.iter().try_fold(event, |value, key| value.get(key));
        found(&self.age).and_then(Value::as_f64).is_some_and(|age| age > 17.0)
            && found(&self.plan).and_then(Value::as_str) == Some("pro")
    }
}

fn compare(shape: Shape, actions: usize, quick: bool, growth: &mut Growth) {
    let event = json!({ "name": "count", "data": { "age": 18, "plan": "pro" } });
    let subject = |condition: &Value| Subject::new::<User>(&document(shape, actions, condition));
    let (ruled, plain) = (subject(&rule()), subject(&json!(true)));
    let by_hand: Vec<ByHand> = (0..actions).map(|_| ByHand::new()).collect();
    let first = ruled.run(&event);
    assert!(
        by_hand.iter().all(|by_hand| by_hand.holds(&event))
            && first.value("1") == Some(&json!({ "result": true }))
    );
    let repeats = (if quick { 4_000 } else { 20_000 } / actions).max(1);
    let rounds = by_turns(
        // One round of many actions is one run of them, and differs from the next.
        if quick && actions < 10_000 { 15 } else { 60 },
        repeats,
        [
            &mut || drop(black_box(ruled.run(black_box(&event)))),
            &mut || drop(black_box(plain.run(black_box(&event)))),
            &mut || assert!(by_hand.iter().all(|by_hand| black_box(by_hand.holds(black_box(&event))))),
        ],
    );
    let least = |at: usize| rounds.iter().map(|round| round[at]).min().unwrap_or_default();
    let evaluation: Duration = least(0).saturating_sub(least(1));
    let exponent = growth.note(actions, least(0) / u32::try_from(repeats).unwrap_or(u32::MAX));
    println!(
        "rules/{}/{actions} ratio {:.2}{exponent}",
        shape.name(),
        evaluation.as_secs_f64() / least(2).as_secs_f64()
    );
}

fn main() {
    steady::steadily();
    let quick = std::env::args().any(|argument| argument == "--quick");
    for shape in SHAPES {
        let mut growth = Growth::default();
        for actions in [10, 100, 1_000, 10_000] {
            compare(shape, actions, quick, &mut growth);
        }
    }
}
