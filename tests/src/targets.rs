//! What benchmarks are to come to, and whether they did.

use std::fmt;

/// What is to hold of a figure.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    AtMost(f64),
    AtLeast(f64),
}

/// What the figures of some lines are to be.
struct Target {
    work: &'static str,
    /// How the names of the lines begin.
    names: &'static [&'static str],
    /// Lines of fewer actions than this are left out.
    from: u32,
    /// The word that stands before the figure.
    figure: &'static str,
    bound: Bound,
}

const fn target(
    work: &'static str,
    names: &'static [&'static str],
    figure: &'static str,
    bound: Bound,
) -> Target {
    Target { work, names, from: 0, figure, bound }
}

impl Target {
    const fn from(mut self, actions: u32) -> Self {
        self.from = actions;
        self
    }
}

const OBJECTS: &[&str] = &["run/chain/", "run/fan/", "run/ladder/"];

/// All is proven there, and nothing depends on a condition.
const CHECKS: &[&str] = &["check/chain/", "check/fan/", "check/ladder/"];

const TARGETS: &[Target] = &[
    target("run, synchronous, an object each: times by hand", OBJECTS, "ratio", Bound::AtMost(1.5)).from(100),
    target("the same: growth", OBJECTS, "exponent", Bound::AtMost(1.1)).from(1_000),
    target("run, a bare number each: ns an action longer", &["run/number/"], "longer", Bound::AtMost(40.0))
        .from(100),
    target("run, async, ready at once: times by hand", &["run/async/"], "ratio", Bound::AtMost(1.8))
        .from(100),
    target("run, async, pending once: times by hand", &["run/waiting/"], "ratio", Bound::AtMost(2.5))
        .from(100),
    target("a finished run: allocations an action", &["memory/run/"], "allocations", Bound::AtMost(3.0))
        .from(100),
    target("a finished run: bytes an action", &["memory/run/"], "bytes", Bound::AtMost(700.0)).from(100),
    target("check: times by hand", CHECKS, "ratio", Bound::AtMost(3.0)).from(100),
    target("a document of 1 MB: s", &["large/"], "seconds", Bound::AtMost(1.0)),
    target("a document of 1 MB: MB held", &["large/"], "MB", Bound::AtMost(256.0)),
    target("check: growth", CHECKS, "exponent", Bound::AtMost(1.1)).from(1_000),
    target("fits, derived types, known already: µs", &["fits/derived/"], "memo", Bound::AtMost(0.1)),
    target("fits, derived types: µs", &["fits/derived/"], "cold", Bound::AtMost(20.0)),
    target("fits, any types: µs", &["fits/"], "cold", Bound::AtMost(50_000.0)),
    target("a rule: times by hand", &["rules/"], "ratio", Bound::AtMost(6.0)).from(100),
    target("the attribute, checked: times a table by hand", &["macro/check/"], "ratio", Bound::AtMost(1.3)),
    target("the attribute, built: times a table by hand", &["macro/build/"], "ratio", Bound::AtMost(1.5)),
    target("journal, 64 runs: of raw appends", &["journal/64"], "ratio", Bound::AtLeast(0.35)),
    target(
        "journal, 64 runs: times a cluster",
        &["journal/chain/64", "journal/fan/64"],
        "times",
        Bound::AtLeast(8.0),
    ),
];

/// A line of a benchmark: a name, and figures behind the words that say what they are.
#[derive(Clone, Copy)]
struct Line<'t>(&'t str);

impl<'t> Line<'t> {
    fn name(self) -> &'t str {
        self.0.split(' ').next().unwrap_or_default()
    }

    fn figure(self, word: &str) -> Option<f64> {
        self.0.split(' ').skip_while(|found| *found != word).nth(1)?.parse().ok()
    }

    /// How many actions, kinds or functions it is of, where its name ends with that.
    fn size(self) -> Option<u32> {
        self.name().rsplit('/').next()?.parse().ok()
    }
}

impl Bound {
    fn holds(self, figure: f64) -> bool {
        match self {
            Bound::AtMost(most) => figure <= most,
            Bound::AtLeast(least) => figure >= least,
        }
    }

    /// Whether the one figure is further from it than the other.
    fn is_worse(self, one: f64, other: f64) -> bool {
        match self {
            Bound::AtMost(_) => one > other,
            Bound::AtLeast(_) => one < other,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::AtMost(most) => write!(f, "≤ {most}"),
            Bound::AtLeast(least) => write!(f, "≥ {least}"),
        }
    }
}

/// A target, and the line that is furthest from it.
struct Row<'t> {
    target: &'static Target,
    worst: Option<(f64, Line<'t>)>,
}

/// All targets and what benchmarks came to, as a table.
pub struct Table<'t>(Vec<Row<'t>>);

impl<'t> Table<'t> {
    /// Of the lines that benchmarks print.
    pub fn of(printed: &'t str) -> Self {
        Table(TARGETS.iter().map(|target| Row::of(target, printed)).collect())
    }

    /// Whether all targets are met, as far as something was measured.
    pub fn is_met(&self) -> bool {
        self.0.iter().all(|row| row.worst.is_none_or(|(figure, _)| row.target.bound.holds(figure)))
    }
}

impl<'t> Row<'t> {
    fn of(target: &'static Target, printed: &'t str) -> Self {
        let is_of = |line: &Line<'_>| {
            target.names.iter().any(|name| line.name().starts_with(name))
                && line.size().is_none_or(|size| size >= target.from)
        };
        let figures = printed
            .lines()
            .map(Line)
            .filter(is_of)
            .filter_map(|line| Some((line.figure(target.figure)?, line)));
        let worst = figures
            .reduce(|worst, other| if target.bound.is_worse(other.0, worst.0) { other } else { worst });
        Row { target, worst }
    }
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| work | target | furthest from it | |\n|---|---|---|---|")?;
        for Row { target: Target { work, bound, .. }, worst } in &self.0 {
            match worst {
                None => writeln!(f, "| {work} | {bound} | not measured | |")?,
                Some((figure, line)) => {
                    let met = if bound.holds(*figure) { "met" } else { "**missed**" };
                    writeln!(f, "| {work} | {bound} | {figure} at `{}` | {met} |", line.name())?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_which_line_is_furthest_from_its_target() {
        let printed = "run/chain/10 ratio 9 spread 1–2\nrun/chain/100 ratio 1.2 exponent 0.9 spread 1–2\n\
                       run/fan/100 ratio 1.4 exponent 0.9 spread 1–2\njournal/64 800 ratio 0.5\nnothing\n";
        let table = Table::of(printed);
        let text = table.to_string();
        assert!(text.contains("| ≤ 1.5 | 1.4 at `run/fan/100` | met |"), "{text}");
        assert!(text.contains("| ≥ 0.35 | 0.5 at `journal/64` | met |"), "{text}");
        assert!(text.contains("| a rule: times by hand | ≤ 6 | not measured | |"), "{text}");
        assert!(table.is_met());
    }

    #[test]
    fn a_target_is_missed_by_one_line() {
        for missed in [
            "run/fan/100 ratio 1.51",
            "journal/64 800 ratio 0.34",
            "run/number/chain/1000 ratio 1 longer 41 ns",
        ] {
            let table = Table::of(missed);
            assert!(!table.is_met() && table.to_string().contains("**missed**"), "{missed}");
        }
    }
}
