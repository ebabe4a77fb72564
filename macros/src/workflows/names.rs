//! What tests are called after their files.

use std::collections::HashSet;
use syn::Ident;

/// The name of the test that compares the pattern with the files.
pub(super) const COMPARISON: &str = "every_file_has_a_test";

/// The module of the tests: the folders of a pattern that are the same for each of its files.
pub(super) fn module(pattern: &str) -> String {
    match fixed(pattern) {
        folders if folders.is_empty() => "workflows".to_owned(),
        folders => identifier(&folders.join("_")),
    }
}

/// A name for the test of each file, none twice.
pub(super) fn tests(pattern: &str, files: &[String]) -> Vec<String> {
    let folders = fixed(pattern).len();
    let mut taken = HashSet::from([COMPARISON.to_owned()]);
    let mut unique = |name: String| {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| taken.insert(name.clone()));
        free.unwrap_or(name)
    };
    let parts =
        |file: &str| file.split(['/', std::path::MAIN_SEPARATOR]).skip(folders).collect::<Vec<_>>().join("_");
    files.iter().map(|file| unique(identifier(without_extension(&parts(file))))).collect()
}

fn fixed(pattern: &str) -> Vec<&str> {
    let mut parts: Vec<_> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.pop();
    parts.into_iter().take_while(|part| !part.contains(['*', '?', '['])).collect()
}

fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    }
}

/// The text as a name of Rust's.
fn identifier(text: &str) -> String {
    let mut name: String =
        text.chars().map(|c| if unicode_ident::is_xid_continue(c) { c } else { '_' }).collect();
    if !name.starts_with(|c| c == '_' || unicode_ident::is_xid_start(c)) {
        name.insert(0, '_');
    }
    // A keyword, or `_` alone.
    if syn::parse_str::<Ident>(&name).is_err() {
        name.push('_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(pattern: &str, files: &[&str]) -> Vec<String> {
        tests(pattern, &files.iter().map(|file| (*file).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_module_is_named_after_the_folder() {
        assert_eq!(module("workflows/**/*.json"), "workflows");
        assert_eq!(module("./tests/order-flows/*/a.json"), "tests_order_flows");
        assert_eq!(module("**/*.json"), "workflows");
        assert_eq!(module("match/*.json"), "match_");
    }

    #[test]
    fn a_test_is_named_after_its_file() {
        let files = ["flows/1.json", "flows/größe.json", "flows/if.jsonc", "flows/order-placed.v2.json"];
        assert_eq!(named("flows/*", &files), ["_1", "größe", "if_", "order_placed_v2"]);
        assert_eq!(
            named("flows/*", &["flows/.json", "flows/_.json", "flows/²€.json", "flows/Self"]),
            ["_json", "__", "___2", "Self_"]
        );
    }

    #[test]
    fn no_two_tests_have_one_name() {
        let files =
            ["f/a/b.json", "f/a_b.json", "f/a_b.jsonc", "f/a_b_2.json", "f/every_file_has_a_test.json"];
        assert_eq!(named("f/**/*", &files), ["a_b", "a_b_2", "a_b_3", "a_b_2_2", "every_file_has_a_test_2"]);
    }
}
