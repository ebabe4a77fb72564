//! Names of types and members.

use std::collections::HashSet;
use unicode_ident::{is_xid_continue, is_xid_start};

/// Names that the declarations have or need for themselves.
const TAKEN: [&str; 13] = [
    "ActionInputs",
    "ActionOutputs",
    "Events",
    "Object",
    "OrRef",
    "Pick",
    "Ref",
    "Workflow",
    "WorkflowAction",
    "WorkflowActionBase",
    "WorkflowCondition",
    "WorkflowEdge",
    "Written",
];

/// The names that are given so far.
pub(super) struct Names(HashSet<String>);

impl Names {
    pub(super) fn new() -> Self {
        Names(TAKEN.map(str::to_owned).into())
    }

    /// A name to which each of these endings can be added, made of `wanted`. All of them are taken then.
    pub(super) fn stem(&mut self, wanted: &str, endings: &[&str]) -> String {
        let free = |stem: &str| endings.iter().all(|ending| !self.0.contains(&format!("{stem}{ending}")));
        let stem = if free(wanted) { wanted.to_owned() } else { numbered(wanted, free) };
        self.0.extend(endings.iter().map(|ending| format!("{stem}{ending}")));
        stem
    }

    /// The first of these names that is free, or else the first with a number.
    pub(super) fn first_of(&mut self, wanted: &[String]) -> String {
        let free = wanted.iter().find(|name| !self.0.contains(*name)).cloned();
        let first = wanted.first().map_or("Type", String::as_str);
        let name = free.unwrap_or_else(|| numbered(first, |name| !self.0.contains(name)));
        self.0.insert(name.clone());
        name
    }
}

fn numbered(name: &str, free: impl Fn(&str) -> bool) -> String {
    let mut number = 2_usize;
    loop {
        let numbered = format!("{name}{number}");
        if free(&numbered) {
            return numbered;
        }
        number += 1;
    }
}

/// `send_email` as `SendEmail`: a name of a type.
pub(super) fn of_type(text: &str) -> String {
    let words = text.split(|c: char| c == '_' || !is_xid_continue(c)).filter(|word| !word.is_empty());
    let name: String = words
        .flat_map(|word| {
            let mut characters = word.chars();
            let first = characters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(characters).collect::<Vec<char>>()
        })
        .collect();
    match name.chars().next() {
        None => "Type".to_owned(),
        Some(first) if is_xid_start(first) => name,
        Some(_) => format!("_{name}"),
    }
}

/// Whether a text can stand as a name without quotes.
pub(super) fn is_plain(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| is_xid_start(first) || first == '_' || first == '$')
        && characters.all(|c| is_xid_continue(c) || c == '$')
}

/// A text as a literal.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The name of a member.
pub(super) fn of_member(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { quoted(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types_are_made_of_anything() {
        for (text, name) in [
            ("send_email", "SendEmail"),
            ("builtin:if", "BuiltinIf"),
            ("weird/kind:with.all-signs", "WeirdKindWithAllSigns"),
            ("grüße", "Grüße"),
            ("HTTPCode", "HTTPCode"),
            ("名前", "名前"),
            ("2fa", "_2fa"),
            ("👋", "Type"),
            ("", "Type"),
        ] {
            assert_eq!(of_type(text), name);
        }
    }

    #[test]
    fn names_are_given_once() {
        let mut names = Names::new();
        assert_eq!(names.stem("A", &["Inputs", "Output"]), "A");
        assert_eq!(names.stem("A", &["Inputs", "Output"]), "A2");
        let wanted = ["AOutput".to_owned(), "AOutputOutput".to_owned()];
        assert_eq!(names.first_of(&wanted), "AOutputOutput");
        assert_eq!(names.first_of(&wanted), "AOutput2");
        assert_eq!(names.first_of(&["Ref".to_owned()]), "Ref2");
    }

    #[test]
    fn members_are_quoted_where_they_must_be() {
        for (name, written) in [
            ("name", "name"),
            ("$ref", "$ref"),
            ("größe", "größe"),
            ("two words", "\"two words\""),
            ("a-b", "\"a-b\""),
            ("1", "\"1\""),
            ("\"\n", "\"\\\"\\n\""),
        ] {
            assert_eq!(of_member(name), written);
        }
    }
}
