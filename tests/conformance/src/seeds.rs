//! Which documents are tried.

use std::ops::Range;

/// The seeds: as many as `FLOWRIGHT_CONFORMANCE` says, or else this many, from `FLOWRIGHT_CONFORMANCE_SEED` on, or else from 0.
/// Prints both.
pub fn seeds(count: u64) -> Range<u64> {
    let set = |name: &str| std::env::var(name).ok().and_then(|set| set.parse().ok());
    let count = set("FLOWRIGHT_CONFORMANCE").unwrap_or(count);
    let first: u64 = set("FLOWRIGHT_CONFORMANCE_SEED").unwrap_or(0);
    println!("FLOWRIGHT_CONFORMANCE={count} FLOWRIGHT_CONFORMANCE_SEED={first}");
    first..first.saturating_add(count)
}
