//! What was measured, in Markdown.

use crate::peer::{PEERS, Peer};
use crate::shapes::{SHAPES, Shape};

/// A figure, and what it is of.
pub(crate) struct Figure {
    pub(crate) peer: Peer,
    pub(crate) shape: Shape,
    pub(crate) actions: usize,
    /// Times flowright's; or of flowright itself, microseconds an action.
    pub(crate) value: f64,
}

/// A row for each peer and shape, a column for each size; in a cell the lowest and the highest of all sweeps.
pub(crate) fn markdown(figures: &[Figure], sizes: &[usize]) -> String {
    let columns: Vec<String> = sizes.iter().map(usize::to_string).collect();
    let mut lines = vec![
        format!("| times flowright's CPU time | | {} |", columns.join(" | ")),
        format!("|---|---|{}", "---|".repeat(sizes.len())),
    ];
    for peer in PEERS {
        let name = match peer {
            Peer::Flowright => "flowright: µs an action",
            other => other.name(),
        };
        for shape in SHAPES {
            let cell = |&actions: &usize| {
                let is_of =
                    |figure: &&Figure| (figure.peer, figure.shape, figure.actions) == (peer, shape, actions);
                spread(figures.iter().filter(is_of).map(|figure| figure.value))
            };
            let cells: Vec<String> = sizes.iter().map(cell).collect();
            lines.push(format!("| {name} | {} | {} |", shape.name(), cells.join(" | ")));
        }
    }
    lines.join("\n")
}

/// `640–665`, or `–` where there is nothing.
fn spread(values: impl Iterator<Item = f64>) -> String {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (Some(&low), Some(&high)) = (values.first(), values.last()) else { return "–".to_owned() };
    let (low, high) = (short(low), short(high));
    if low == high { low } else { format!("{low}–{high}") }
}

/// With as many digits as say something.
fn short(value: f64) -> String {
    match value {
        ..10.0 => format!("{value:.2}"),
        10.0..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
