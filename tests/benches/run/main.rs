//! What a run costs, beside the same work written by hand: `cargo bench -p flowright-tests --bench run -- [--quick]`.
//!
//! Each line is `run/<shape>/<actions> ratio <times the hand-written> exponent <growth> spread <lowest>–<highest>`, where
//! actions are synchronous and give an object. `run/async/…` is of actions that are ready at once, `run/waiting/…` of such as
//! are pending once; both are held against the same synchronous steps by hand. `run/number/…` is of synchronous actions that
//! take and give a bare number, and says also how many nanoseconds an action takes longer. The two are measured in turns
//! within one process; the ratio is of their fastest rounds.

#[path = "../counting/mod.rs"]
mod counting;
#[path = "../measuring/mod.rs"]
#[expect(dead_code, reason = "what is compared here is a future, which has rounds of its own")]
mod measuring;
#[path = "../shapes/mod.rs"]
mod shapes;
#[path = "../steady/mod.rs"]
mod steady;

mod by_hand;

use counting::{Count, Subject};
use measuring::{Growth, Measured, by_turns};
use serde_json::json;
use shapes::{SHAPES, Shape};
use std::hint::black_box;
use steady::steadily;

/// What the actions of a run are like.
struct Manner {
    name: &'static str,
    kinds: [&'static str; 2],
    are_numbers: bool,
}

const MANNERS: [Manner; 4] = [
    Manner { name: "", kinds: ["count", "count_both"], are_numbers: false },
    Manner { name: "number/", kinds: ["number", "number_both"], are_numbers: true },
    Manner { name: "async/", kinds: ["soon", "soon_both"], are_numbers: false },
    Manner { name: "waiting/", kinds: ["later", "later_both"], are_numbers: false },
];

fn compare(manner: &Manner, shape: Shape, actions: usize, quick: bool, growth: &mut Growth) {
    let event = json!({ "name": "count", "data": { "value": 0 } });
    let field = if manner.are_numbers { "" } else { ".value" };
    let subject = Subject::new::<Count>(&shape.document(actions, manner.kinds, field));
    let steps = by_hand::steps(shape, actions, manner.are_numbers);
    let last = subject.run(&event);
    assert_eq!(last.value(&actions.to_string()), by_hand::run(&steps, &event).expect("a result").last());
    let repeats = (if quick { 4_000 } else { 20_000 } / actions).max(1);
    let mut ours = || {
        subject.block_on(async {
            for _ in 0..repeats {
                let ran = subject.engine.run(&subject.workflow, black_box(event.clone()));
                drop(black_box(ran.await));
            }
        });
    };
    let mut theirs = || {
        for _ in 0..repeats {
            drop(black_box(by_hand::run(black_box(&steps), black_box(&event))));
        }
    };
    let rounds = by_turns(if quick { 15 } else { 60 }, 1, [&mut ours, &mut theirs]);
    let measured = Measured::of(&rounds, repeats);
    let exponent = growth.note(actions, measured.ours);
    let longer = if manner.are_numbers {
        let each = measured.ours.as_secs_f64() * 1e9 / f64::from(u32::try_from(actions).unwrap_or(u32::MAX));
        format!(" longer {:.0} ns", each - each / measured.ratio)
    } else {
        String::new()
    };
    println!(
        "run/{}{}/{actions} ratio {:.2}{exponent}{longer} spread {}",
        manner.name,
        shape.name(),
        measured.ratio,
        measured.spread()
    );
}

fn main() {
    steadily();
    let quick = std::env::args().any(|argument| argument == "--quick");
    for manner in &MANNERS {
        for shape in SHAPES {
            let mut growth = Growth::default();
            for actions in [10, 100, 1_000, 10_000] {
                compare(manner, shape, actions, quick, &mut growth);
            }
        }
    }
}
