//! The page that says how to set a cluster up.

const PAGE: &str = include_str!("../../../restate/CLUSTER.md");

/// The first block of this language that the page shows.
pub(crate) fn block(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("\n```{language}\n")).expect("there is one");
    rest.split_once("```\n").expect("it ends").0
}
