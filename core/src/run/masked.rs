//! What an action says of its failure, without the values of its secret inputs.

use crate::action::ActionError;
use crate::registry::Registered;
use crate::secrets::MASK;
use crate::template::{Input, Piece, State, Template};
use crate::view::{View, as_text};
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;

/// The same failure; where its message holds a text or a number of a secret input, something else stands there. What caused it
/// may show them too, and is left out.
pub(super) fn error(
    error: ActionError,
    registered: &Registered,
    inputs: &[Input],
    state: &State,
) -> ActionError {
    let secret = registered.inputs.iter().zip(inputs).filter(|(input, _)| input.secret);
    let mut texts = Vec::new();
    for (_, input) in secret {
        if let Some(template) = &input.template {
            found_in_text(template, state, &mut texts);
        }
        if let Ok(Some(value)) = View::of_input(input, state).to_value() {
            leaves(&value, &mut texts);
        }
    }
    if texts.is_empty() { error } else { error.without_source().with_text(|message| masked(message, &texts)) }
}

/// The message without these texts; of those that begin at one place, without the longest.
fn masked(message: &str, texts: &[String]) -> String {
    let texts = texts.iter().filter(|text| !text.is_empty());
    match AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(texts) {
        Ok(texts) => texts.replace_all(message, &vec![MASK; texts.patterns_len()]),
        // There is too much to look for.
        Err(_) => MASK.to_owned(),
    }
}

/// What refs put into text.
fn found_in_text(template: &Template, state: &State, texts: &mut Vec<String>) {
    match template {
        Template::Literal(_) | Template::Ref(_) => {}
        Template::Text(pieces) => {
            for piece in pieces {
                if let Piece::Ref(place) = piece
                    && let Some(value) = state.find(place)
                {
                    leaves(value, texts);
                }
            }
        }
        Template::Array(elements) => {
            elements.iter().for_each(|element| found_in_text(element, state, texts));
        }
        Template::Object(members) => {
            members.iter().for_each(|(_, member)| found_in_text(member, state, texts));
        }
    }
}

/// The texts and numbers of a value, each as it is, and as Rust and JSON write it within quotes.
fn leaves(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(number) => {
            texts.push(number.to_string());
            texts.extend(as_text(value).map(Into::into));
        }
        Value::String(text) => {
            texts.push(text.clone());
            texts.push(text.escape_debug().to_string());
            for quoted in [format!("{text:?}"), value.to_string()] {
                texts.push(quoted[1..quoted.len() - 1].to_owned());
            }
        }
        Value::Array(elements) => elements.iter().for_each(|element| leaves(element, texts)),
        Value::Object(members) => members.values().for_each(|member| leaves(member, texts)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn texts_and_numbers_are_masked_as_they_are_and_within_quotes() {
        let mut texts = Vec::new();
        leaves(&json!(["a\"b", { "deep": 12.5 }, true, null, ""]), &mut texts);
        let message = r#"a"b, "a\"b", 12.5 and 1 true null"#;
        assert_eq!(masked(message, &texts), r#"(secret), "(secret)", (secret) and 1 true null"#);
    }

    #[test]
    fn of_texts_within_each_other_the_longer_is_masked_whole() {
        let texts = ["ab".to_owned(), "abcd".to_owned()];
        assert_eq!(masked("abcdab", &texts), "(secret)(secret)");
    }
}
