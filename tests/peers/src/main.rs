//! What a run costs in flowright and in its peers: `tests/peers/run [--quick] [--sweeps <count>] [--markdown]`.
//!
//! Each line is `peers/<peer>/<shape>/<actions> ratio <times flowright's> us/action <microseconds>`, of the time that processors
//! take. All peers run the same document by turns, and their fastest rounds are compared. What does not end has `–` for its
//! ratio. `--markdown` prints the table of `README.md` in the end, `--sweeps` measures all as often, for its spread.

#[path = "../../benches/counting/mod.rs"]
mod counting;
#[path = "../../benches/shapes/mod.rs"]
mod shapes;
#[path = "../../benches/steady/mod.rs"]
mod steady;

mod cpu;
mod dagrs_graph;
mod dataflow;
mod measuring;
mod peer;
mod process;
mod table;

use measuring::{Effort, measure};
use peer::{PEERS, Peer};
use shapes::{SHAPES, Shape};
use std::process::ExitCode;
use steady::steadily;
use table::{Figure, markdown};

struct Arguments {
    effort: Effort,
    sizes: &'static [usize],
    sweeps: usize,
    as_markdown: bool,
}

fn arguments() -> Option<Arguments> {
    let mut read =
        Arguments { effort: Effort::FULL, sizes: &[10, 100, 1_000, 10_000], sweeps: 1, as_markdown: false };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--quick" => (read.effort, read.sizes) = (Effort::QUICK, &[10, 100, 1_000]),
            "--sweeps" => read.sweeps = given.next()?.parse().ok()?,
            "--markdown" => read.as_markdown = true,
            _ => return None,
        }
    }
    Some(read)
}

/// Measures all peers, and prints a line for each.
fn compare(shape: Shape, actions: usize, effort: Effort) -> Vec<Figure> {
    let measured = measure(shape, actions, effort);
    let micros = |peer: Peer| {
        let (_, fastest) = measured.iter().find(|(one, _)| *one == peer)?;
        Some(fastest.as_secs_f64() * 1e6 / f64::from(u32::try_from(actions).unwrap_or(u32::MAX)))
    };
    let ours = micros(Peer::Flowright).expect("flowright is measured");
    let mut figures = Vec::new();
    for peer in PEERS {
        let name = format!("peers/{}/{}/{actions}", peer.name(), shape.name());
        let Some(theirs) = micros(peer) else {
            println!("{name} ratio –");
            continue;
        };
        println!("{name} ratio {:.2} us/action {theirs:.3}", theirs / ours);
        let value = if peer == Peer::Flowright { ours } else { theirs / ours };
        figures.push(Figure { peer, shape, actions, value });
    }
    figures
}

fn main() -> ExitCode {
    steadily();
    let given: Vec<String> = std::env::args().skip(1).collect();
    if let [first, name] = &given[..]
        && first == "--peer"
        && let Some(peer) = PEERS.into_iter().find(|peer| peer.name() == name)
    {
        process::answer(peer);
        return ExitCode::SUCCESS;
    }
    let Some(Arguments { effort, sizes, sweeps, as_markdown }) = arguments() else {
        eprintln!("usage: tests/peers/run [--quick] [--sweeps <count>] [--markdown]");
        return ExitCode::from(2);
    };
    let mut figures = Vec::new();
    for _ in 0..sweeps {
        for shape in SHAPES {
            for &actions in sizes {
                figures.extend(compare(shape, actions, effort));
            }
        }
    }
    if as_markdown {
        println!("\n{}", markdown(&figures, sizes));
    }
    ExitCode::SUCCESS
}
