//! What a string type asks of a string: length, patterns and formats.

use crate::automata::{self, Automaton};
use crate::pattern;
use regex::{Regex, RegexBuilder};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, LazyLock, OnceLock},
};

/// The longest pattern, in bytes.
pub(crate) const LONGEST_PATTERN: usize = 1024;

/// The most memory one compiled pattern takes.
const PATTERN_MEMORY: usize = 1 << 20;

/// How much work it is to find that an automaton is too large.
const UNMADE: usize = 5_000;

/// Strings.
#[derive(Clone, Default)]
pub(crate) struct StringForm {
    /// In characters.
    pub(crate) min: u64,
    pub(crate) max: Option<u64>,
    /// Every one matches somewhere.
    pub(crate) patterns: Vec<Pattern>,
    /// Every one holds.
    pub(crate) formats: Vec<Format>,
}

/// The first thing a string type does not like about a string.
pub(crate) enum Misfit<'t> {
    Short,
    Long,
    Pattern(&'t Pattern),
    Format(Format),
}

impl StringForm {
    /// Whether it takes every string.
    pub(crate) fn is_plain(&self) -> bool {
        self.min == 0 && self.max.is_none() && self.patterns.is_empty() && self.formats.is_empty()
    }

    /// The first thing wrong with `text`.
    pub(crate) fn misfit(&self, text: &str) -> Option<Misfit<'_>> {
        if self.min > 0 || self.max.is_some() {
            let length = text.chars().count() as u64;
            if length < self.min {
                return Some(Misfit::Short);
            }
            if self.max.is_some_and(|max| length > max) {
                return Some(Misfit::Long);
            }
        }
        let pattern = self.patterns.iter().find(|pattern| !pattern.is_match(text));
        let format = || self.formats.iter().find(|format| !format.is_match(text));
        pattern.map(Misfit::Pattern).or_else(|| format().copied().map(Misfit::Format))
    }
}

/// A regular expression as JSON Schema means it: ECMAScript's, anywhere in the string, on a linear-time engine.
#[derive(Clone)]
pub(crate) struct Pattern {
    source: Arc<str>,
    regex: Regex,
    reading: Arc<OnceLock<Reading>>,
}

/// How strings are read that are held against a pattern.
struct Reading {
    automaton: Option<Automaton>,
    weight: usize,
}

impl Pattern {
    /// `None` where the engine cannot hold it: look-around, back-references, or too large.
    pub(crate) fn new(source: &str) -> Option<Pattern> {
        let translated = jsonschema_regex::to_rust_regex(source).ok()?;
        let regex = RegexBuilder::new(&translated).size_limit(PATTERN_MEMORY).build().ok()?;
        Some(Pattern { source: source.into(), regex, reading: Arc::default() })
    }

    /// As the engine reads it.
    pub(crate) fn translated(&self) -> &str {
        self.regex.as_str()
    }

    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// As it was written.
    pub(crate) fn source(&self) -> &Arc<str> {
        &self.source
    }

    fn reading(&self) -> &Reading {
        self.reading.get_or_init(|| Reading {
            automaton: automata::of(self.translated()),
            weight: pattern::weight(self.translated()),
        })
    }

    /// What reads strings byte by byte and tells whether they match; `None` where it is too large.
    pub(crate) fn automaton(&self) -> Option<&Automaton> {
        self.reading().automaton.as_ref()
    }

    /// How much work it is to make the automaton, or to find that it is too large.
    pub(crate) fn making(&self) -> usize {
        self.automaton().map_or(UNMADE, |automaton| automaton.memory_usage() / 4)
    }

    /// About how many states an engine without an automaton has.
    pub(crate) fn weight(&self) -> usize {
        self.reading().weight
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// A format whose strings are known. Formats that nobody knows refine nothing and have no value here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format(&'static str);

impl Format {
    /// The format of this name.
    pub(crate) fn named(name: &str) -> Option<Format> {
        CHECKS.get_key_value(name).map(|(name, _)| Format(name))
    }

    pub(crate) fn name(self) -> &'static str {
        self.0
    }

    /// Whether no string is of both formats. False where that is not certain.
    pub(crate) fn excludes(self, other: Format) -> bool {
        // How their strings begin or what they must contain tells these apart.
        const APART: [&str; 8] = ["date", "date-time", "duration", "email", "ipv4", "ipv6", "time", "uuid"];
        let version = |name| matches!(name, "ipv4" | "ipv6");
        let apart = |name| APART.contains(&name);
        match (self.0, other.0) {
            ("ip", name) | (name, "ip") => name != "ip" && apart(name) && !version(name),
            (own, other) => own != other && apart(own) && apart(other),
        }
    }

    pub(crate) fn is_match(self, text: &str) -> bool {
        CHECKS.get(self.0).is_none_or(|check| check.is_valid(&Value::from(text)))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

pub(crate) const NAMES: [&str; 18] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "iri",
    "iri-reference",
    "json-pointer",
    "regex",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
    // schemars' name for an IP address of either version.
    "ip",
];

static CHECKS: LazyLock<BTreeMap<&'static str, jsonschema::Validator>> = LazyLock::new(|| {
    let check = |name: &'static str| {
        let schema = match name {
            "ip" => json!({ "anyOf": [{ "format": "ipv4" }, { "format": "ipv6" }] }),
            name => json!({ "format": name }),
        };
        let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline();
        Some((name, options.should_validate_formats(true).build(&schema).ok()?))
    };
    NAMES.into_iter().filter_map(check).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_named_here_is_checked() {
        for name in NAMES {
            assert!(Format::named(name).is_some(), "{name}");
        }
        assert!(Format::named("double").is_none());
        for (name, good, bad) in [
            ("email", "a@b.co", "a"),
            ("uuid", "00000000-0000-4000-8000-000000000000", "0"),
            ("date-time", "2020-01-01T00:00:00Z", "yesterday"),
            ("ip", "::1", "1.2.3"),
            ("ip", "127.0.0.1", ":"),
            ("uri", "https://flowright.dev/a", "a b"),
        ] {
            let format = Format::named(name).unwrap();
            assert!(format.is_match(good), "{name} {good}");
            assert!(!format.is_match(bad), "{name} {bad}");
        }
    }

    #[test]
    fn patterns_mean_what_they_mean_in_ecmascript() {
        let digits = Pattern::new(r"^\d+$").unwrap();
        assert!(digits.is_match("123") && !digits.is_match("١٢٣"));
        assert!(Pattern::new("(?=a)").is_none());
        assert!(Pattern::new("(a").is_none());
    }

    #[test]
    fn length_counts_characters() {
        let form = StringForm { min: 2, max: Some(2), ..StringForm::default() };
        assert!(form.misfit("éé").is_none());
        assert!(matches!(form.misfit("é"), Some(Misfit::Short)));
        assert!(matches!(form.misfit("ééé"), Some(Misfit::Long)));
    }
}
