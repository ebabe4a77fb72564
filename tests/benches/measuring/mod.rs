//! Ways to do the same work, measured in turns within one process.

use std::time::{Duration, Instant};

/// The fastest round of ours, and how it compares with the fastest of theirs.
pub(crate) struct Measured {
    /// How long ours takes once.
    pub(crate) ours: Duration,
    /// How many times as long as theirs.
    pub(crate) ratio: f64,
    /// The same of every round, sorted.
    ratios: Vec<f64>,
}

impl Measured {
    /// The lowest and the highest ratio of a round: `1.38–1.51`.
    pub(crate) fn spread(&self) -> String {
        let (low, high) = (self.ratios.first(), self.ratios.last());
        format!("{:.2}–{:.2}", low.unwrap_or(&f64::NAN), high.unwrap_or(&f64::NAN))
    }
}

/// What each of these takes in each of the `rounds`, done `repeats` times in a row.
pub(crate) fn by_turns<const N: usize>(
    rounds: usize,
    repeats: usize,
    mut works: [&mut dyn FnMut(); N],
) -> Vec<[Duration; N]> {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        (0..repeats).for_each(|_| work());
        start.elapsed()
    };
    (0..rounds).map(|_| works.each_mut().map(|work| time(work))).collect()
}

/// Measures both in `rounds`, each time `repeats` times in a row.
pub(crate) fn measure(
    rounds: usize,
    repeats: usize,
    mut ours: impl FnMut(),
    mut theirs: impl FnMut(),
) -> Measured {
    Measured::of(&by_turns(rounds, repeats, [&mut ours, &mut theirs]), repeats)
}

impl Measured {
    /// Of what ours and theirs took in each round, each time `repeats` times in a row.
    pub(crate) fn of(pairs: &[[Duration; 2]], repeats: usize) -> Self {
        let least = |at: usize| pairs.iter().map(|pair| pair[at]).min().unwrap_or_default();
        let (ours, theirs) = (least(0), least(1));
        let mut ratios: Vec<f64> =
            pairs.iter().map(|[ours, theirs]| ours.as_secs_f64() / theirs.as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        Measured {
            ours: ours / u32::try_from(repeats).unwrap_or(u32::MAX),
            ratio: ours.as_secs_f64() / theirs.as_secs_f64(),
            ratios,
        }
    }
}

/// How time grows with size: 1 where it grows alike. The first size has none.
#[derive(Default)]
pub(crate) struct Growth(Option<(usize, Duration)>);

impl Growth {
    /// ` exponent 1.03`, from the size before to this one.
    pub(crate) fn note(&mut self, size: usize, time: Duration) -> String {
        let before = self.0.replace((size, time));
        before.map_or_else(String::new, |(less, shorter)| {
            let growth = (time.as_secs_f64() / shorter.as_secs_f64()).ln();
            #[expect(clippy::cast_precision_loss, reason = "a handful of sizes")]
            let sizes = (size as f64 / less as f64).ln();
            format!(" exponent {:.2}", growth / sizes)
        })
    }
}
