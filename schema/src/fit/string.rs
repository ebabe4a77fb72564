//! Strings within strings.

use super::proof::Prover;
use crate::{
    automata::{self, Compared, Texts},
    fuel::Fuel,
    text::{Format, Pattern, StringForm},
    ty::{Form, View},
};
use serde_json::Value;

/// How many constants stand beside string types.
const MOST_LISTED: usize = 64;

/// The longest string that is written to show something.
const LONGEST: u64 = 70_000;

/// Whether the strings of `own` are all of one of `forms`, or of several together.
pub(crate) fn within<'t>(prover: &mut Prover<'t>, own: &StringForm, forms: &[View<'t>]) -> bool {
    if !prover.spend(forms.len()) {
        return false;
    }
    let listed: Vec<StringForm> = forms.iter().filter_map(|b| listed(*b)).collect();
    let forms = forms.iter().filter_map(|b| match b.form() {
        Form::String(form) => Some(form),
        _ => None,
    });
    let forms: Vec<&StringForm> = forms.collect();
    if prover.erased && !forms.is_empty() {
        return true;
    }
    let of_format = |form: &&StringForm| form.formats.iter().all(|format| implies_format(own, *format));
    let forms: Vec<&StringForm> = forms.into_iter().filter(of_format).collect();
    if lengths_covered(own, &forms) {
        return true;
    }
    let others = forms.iter().map(|form| Texts::of(form)).chain(listed.iter().map(Texts::of));
    let others: Vec<Texts<'_>> = others.collect();
    let has_patterns = !own.patterns.is_empty() || others.iter().any(|other| !other.patterns.is_empty());
    has_patterns
        && !others.is_empty()
        && automata::compare(&Texts::of(own), &others, prover.fuel()) == Compared::Within
}

/// The strings that a list of constants has, as a form.
pub(crate) fn listed(b: View<'_>) -> Option<StringForm> {
    let Form::Constants(constants) = b.form() else { return None };
    let texts: Vec<String> = constants.values.iter().filter_map(Value::as_str).map(regex::escape).collect();
    if texts.is_empty() || texts.len() > MOST_LISTED {
        return None;
    }
    let pattern = Pattern::new(&format!("^(?:{})$", texts.join("|")))?;
    Some(StringForm { patterns: vec![pattern], ..StringForm::default() })
}

/// Whether the forms whose patterns `own` has leave no gap in its lengths.
fn lengths_covered(own: &StringForm, forms: &[&StringForm]) -> bool {
    let alike =
        forms.iter().filter(|form| form.patterns.iter().all(|pattern| own.patterns.contains(pattern)));
    let mut ranges: Vec<(u64, Option<u64>)> = alike.map(|form| (form.min, form.max)).collect();
    let (least, greatest) = lengths(own);
    ranges.sort_unstable_by_key(|(min, _)| *min);
    let mut reached = least;
    for (min, max) in ranges {
        if min > reached {
            return false;
        }
        match max {
            None => return true,
            Some(max) if greatest.is_some_and(|greatest| greatest <= max) => return true,
            Some(max) => reached = reached.max(max.saturating_add(1)),
        }
    }
    false
}

/// Whether every string that matches `inner` matches `outer`. False where that is not proven.
pub(crate) fn matches_all(prover: &mut Prover<'_>, outer: &Pattern, inner: &Pattern) -> bool {
    automata::compare(&Texts::matching(inner), &[Texts::matching(outer)], prover.fuel()) == Compared::Within
}

/// Whether every string matches. False where that is not proven.
pub(crate) fn takes_all(prover: &mut Prover<'_>, pattern: &Pattern) -> bool {
    automata::compare(&Texts::default(), &[Texts::matching(pattern)], prover.fuel()) == Compared::Within
}

/// The least and the greatest length that strings of a form can have.
fn lengths(own: &StringForm) -> (u64, Option<u64>) {
    let (mut least, mut greatest) = (own.min, own.max);
    for (min, max) in own.formats.iter().map(|format| format_lengths(*format)) {
        least = least.max(min);
        greatest = greatest.into_iter().chain(max).min();
    }
    (least, greatest)
}

fn format_lengths(format: Format) -> (u64, Option<u64>) {
    match format.name() {
        "uuid" => (36, Some(36)),
        "date" => (10, Some(10)),
        "date-time" => (20, None),
        "time" => (9, None),
        "ipv4" => (7, Some(15)),
        "ipv6" | "ip" => (2, Some(45)),
        "email" | "duration" => (3, None),
        "uri" | "iri" | "relative-json-pointer" => (1, None),
        _ => (0, None),
    }
}

fn implies_format(own: &StringForm, wanted: Format) -> bool {
    own.formats.iter().any(|format| {
        *format == wanted
            || matches!(
                (format.name(), wanted.name()),
                ("ipv4" | "ipv6", "ip")
                    | ("uri", "uri-reference" | "iri" | "iri-reference")
                    | ("uri-reference" | "iri", "iri-reference")
            )
    })
}

/// Strings of `own`, those first that are likely not to be of the others.
pub(crate) fn candidates(own: &StringForm, others: &[&StringForm], fuel: &mut Fuel) -> Vec<Value> {
    let mut texts: Vec<String> = ["", "a", "x", "0", "A b", "é", "text"].map(str::to_owned).to_vec();
    if !own.patterns.is_empty() || others.iter().any(|other| !other.patterns.is_empty()) {
        let of_others: Vec<Texts<'_>> = others.iter().map(|form| Texts::of(form)).collect();
        if let Compared::Outside(text) = automata::compare(&Texts::of(own), &of_others, fuel) {
            texts.push(text);
        }
    }
    let plain = own.patterns.is_empty() && own.formats.is_empty();
    let mut lengths = Vec::new();
    for form in others.iter().copied().chain([own]) {
        lengths.extend([form.min.saturating_sub(1), form.min]);
        lengths.extend(form.max.into_iter().flat_map(|max| [max, max.saturating_add(1)]));
    }
    lengths.sort_unstable();
    lengths.dedup();
    lengths.retain(|length| *length <= LONGEST);
    let lengths: Vec<usize> = lengths.into_iter().filter_map(|length| usize::try_from(length).ok()).collect();
    if plain {
        let fills = ["a", "0", "A", "-", " "];
        texts.extend(lengths.iter().flat_map(|length| fills.map(|fill| fill.repeat(*length))));
    }
    for format in others.iter().flat_map(|form| &form.formats).chain(&own.formats) {
        texts.extend(examples(*format).iter().map(|text| (*text).to_owned()));
    }
    for pattern in &own.patterns {
        texts.extend(super::language::samples(pattern, &lengths, fuel));
    }
    for pattern in others.iter().flat_map(|form| &form.patterns) {
        texts.extend(super::language::samples(pattern, &[], fuel));
    }
    let is_own = |text: &String| {
        own.patterns.iter().all(|pattern| fuel.spend_on_match(pattern, text.len()))
            && fuel.spend(1 + text.len() / 32)
            && own.misfit(text).is_none()
    };
    texts.into_iter().filter(is_own).map(Value::String).collect()
}

/// Some strings of a format.
fn examples(format: Format) -> &'static [&'static str] {
    match format.name() {
        "date" => &["2020-01-31", "1999-12-01"],
        "date-time" => &["2020-01-31T12:00:00Z", "1999-12-01T01:02:03.456+01:00"],
        "duration" => &["P1D", "PT36H30M"],
        "email" => &["a@b.co", "someone.else@mail.example.org"],
        "hostname" => &["example.org", "a"],
        "ipv4" => &["127.0.0.1", "255.255.255.255"],
        "ipv6" => &["::1", "2001:db8:85a3:8d3:1319:8a2e:370:7348"],
        "iri" => &["https://exämple.org/é", "a:b"],
        "iri-reference" => &["/é", "", "a"],
        "json-pointer" => &["", "/a/0"],
        "regex" => &["a", "^[a-z]+$"],
        "relative-json-pointer" => &["0", "1/a"],
        "time" => &["12:00:00Z", "01:02:03.456+01:00"],
        "uri" => &["https://example.org/a", "a:b"],
        "uri-reference" => &["/a", "", "https://example.org/a"],
        "uri-template" => &["/a/{b}", "", "a"],
        "uuid" => &["00000000-0000-4000-8000-000000000000", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"],
        "ip" => &["127.0.0.1", "::1", "2001:db8:85a3:8d3:1319:8a2e:370:7348"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::trial::{all, ty},
        *,
    };
    use serde_json::json;

    fn strings(min: u64, max: Option<u64>) -> Value {
        let mut schema = json!({ "type": "string", "minLength": min });
        if let Some(max) = max {
            schema["maxLength"] = json!(max);
        }
        schema
    }

    fn format(name: &str) -> Value {
        json!({ "type": "string", "format": name })
    }

    fn pattern(source: &str) -> Value {
        json!({ "type": "string", "pattern": source })
    }

    #[test]
    fn lengths_are_covered_without_a_gap() {
        let any_of = |branches: &[Value]| json!({ "anyOf": branches });
        all(&[
            (strings(2, Some(3)), strings(1, Some(4)), true),
            (strings(2, Some(3)), strings(1, Some(3)), true),
            (strings(2, Some(3)), strings(1, Some(2)), false),
            (strings(2, Some(3)), strings(3, None), false),
            (strings(2, None), strings(1, None), true),
            (strings(2, None), strings(1, Some(4)), false),
            (strings(2, Some(6)), any_of(&[strings(5, Some(8)), strings(1, Some(4))]), true),
            (strings(2, Some(6)), any_of(&[strings(6, Some(8)), strings(1, Some(4))]), false),
        ]);
    }

    #[test]
    fn formats_have_lengths() {
        all(&[
            (format("uuid"), strings(36, Some(36)), true),
            (format("uuid"), strings(37, None), false),
            (format("uuid"), strings(0, Some(35)), false),
            (format("date"), strings(10, Some(10)), true),
            (format("date-time"), strings(20, None), true),
            (format("time"), strings(9, None), true),
            (format("ipv4"), strings(7, Some(15)), true),
            (format("ipv6"), strings(2, Some(45)), true),
            (format("ip"), strings(2, Some(45)), true),
            (format("email"), strings(3, None), true),
            (format("duration"), strings(3, None), true),
            (format("uri"), strings(1, None), true),
            (format("uri-reference"), strings(1, None), false),
            (format("uri"), strings(0, Some(100)), false),
        ]);
    }

    #[test]
    fn what_has_a_format_has_its_length() {
        for name in
            ["uuid", "date", "date-time", "time", "ipv4", "ipv6", "ip", "email", "duration", "uri", "iri"]
        {
            let format = Format::named(name).unwrap();
            let (min, max) = format_lengths(format);
            assert!(!format.is_match(&"a".repeat(usize::try_from(min - 1).unwrap())), "{name}");
            for text in examples(format) {
                let length = text.chars().count() as u64;
                assert!(format.is_match(text) && min <= length, "{text}");
                assert!(max.is_none_or(|max| length <= max), "{text}");
            }
        }
    }

    #[test]
    fn of_every_format_some_strings_are_known() {
        for name in crate::text::NAMES {
            let format = Format::named(name).unwrap();
            assert!(examples(format).len() > 1, "{name}");
            assert!(examples(format).iter().all(|text| format.is_match(text)), "{name}");
        }
    }

    #[test]
    fn patterns_are_compared_where_there_are_some() {
        all(&[
            (strings(0, None), pattern("^"), true),
            (strings(0, None), pattern("a"), false),
            (strings(1, Some(2)), pattern("(?s:.)"), false),
            (pattern("^[a-f]+$"), strings(1, None), true),
            (pattern("^[a-f]+$"), strings(2, None), false),
            (pattern("^[a-f]$"), json!({ "enum": ["a", "b", "c", "d", "e", "f"] }), true),
            (pattern("^[a-f]$"), json!({ "enum": ["a", "b", "c", "d", "e"] }), false),
        ]);
    }

    #[test]
    fn lists_of_a_few_strings_are_patterns() {
        let texts =
            |count: usize| json!({ "enum": (0..count).map(|n| format!("{n:o}")).collect::<Vec<_>>() });
        let is_listed = |schema: &Value| listed(ty(schema).view()).is_some();
        assert!(is_listed(&texts(MOST_LISTED)));
        assert!(!is_listed(&texts(MOST_LISTED + 1)));
        assert!(is_listed(&json!({ "enum": [1, "a"] })));
        assert!(!is_listed(&json!({ "enum": [1, 2] })));
        assert!(!is_listed(&json!({ "type": "string" })));
    }
}
