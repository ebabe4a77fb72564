//! What reading a document costs that is not checked, beside structs by hand whose inputs are left as they are written:
//! `cargo bench -p flowright-tests --bench parse -- [--quick]`.
//!
//! Each line is `parse/<shape>/<actions> ratio <times the hand-written> exponent <growth> spread <lowest>–<highest>`. Both
//! begin at the text. The two are measured in turns within one process; the ratio is of their fastest rounds.

mod measuring;
#[path = "shapes/mod.rs"]
mod shapes;
mod steady;
#[allow(dead_code, reason = "no document here has a condition")]
mod written;

use flowright::Workflow;
use measuring::{Growth, measure};
use shapes::{SHAPES, Shape};
use std::hint::black_box;
use written::{Document, Edge};

fn compare(shape: Shape, actions: usize, quick: bool, growth: &mut Growth) {
    let text = shape.document(actions, ["count", "count_both"], ".value");
    let (ours, theirs) = (Workflow::parse(&*text).expect("it is right"), by_hand(&text));
    assert!(ours.actions().iter().zip(&theirs.actions).all(|(ours, theirs)| {
        ours.id() == theirs.id && ours.kind() == theirs.kind && !theirs.inputs.is_empty()
    }));
    let ends = |edge: &Edge<'_>| (edge.from.to_owned(), edge.to.to_owned());
    assert!(
        ours.edges()
            .iter()
            .zip(&theirs.edges)
            .all(|(ours, theirs)| { (ours.from().to_owned(), ours.to().to_owned()) == ends(theirs) })
    );
    let measured = measure(
        if quick { 15 } else { 60 },
        (if quick { 4_000 } else { 20_000 } / actions).max(1),
        || drop(black_box(Workflow::parse(black_box(&*text)))),
        || drop(black_box(by_hand(black_box(&text)))),
    );
    let exponent = growth.note(actions, measured.ours);
    println!(
        "parse/{}/{actions} ratio {:.2}{exponent} spread {}",
        shape.name(),
        measured.ratio,
        measured.spread()
    );
}

fn by_hand(text: &str) -> Document<'_> {
    serde_json::from_str(text).expect("it is right")
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
