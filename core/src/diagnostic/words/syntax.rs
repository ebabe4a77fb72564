//! Words for text that is no JSON.

use super::Words;
use crate::diagnostic::quoted;
use crate::workflow::SyntaxFault;

const DOCUMENT: &str = "a workflow is a JSON object: `{ \"actions\": […], \"edges\": […] }`";

impl SyntaxFault {
    pub(super) fn words(&self) -> Words {
        match self {
            SyntaxFault::Empty => Words::new("the document is empty")
                .help(DOCUMENT),
            SyntaxFault::ByteOrderMark => Words::new("the text begins with a byte order mark")
                .label("invisible")
                .help("save the file as UTF-8 without it"),
            SyntaxFault::Comment => Words::new("JSON has no comments")
                .label("a comment")
                .help("remove it, or name the file `.jsonc`"),
            SyntaxFault::TrailingComma { close } => {
                Words::new(format!("a comma stands before the closing {}", quoted(close)))
                    .label("one too many")
                    .help("remove the comma")
            }
            SyntaxFault::MissingComma => {
                Words::new("a comma is missing").label("expected `,` before this").help("add a comma")
            }
            SyntaxFault::SingleQuotes => {
                Words::new("a string stands in single quotes").label("expected `\"`").help("write `\"…\"`")
            }
            SyntaxFault::UnquotedName { name } => {
                Words::new(format!("the member name {} stands without quotes", quoted(name)))
                    .label("not quoted")
                    .help(format!("write {}", quoted(&format!("\"{name}\""))))
            }
            SyntaxFault::Number { literal } => Words::new(format!("JSON has no number {}", quoted(literal)))
                .label("no JSON number")
                .help("write digits with at most one `-` in front, such as `-3` or `0.5`"),
            SyntaxFault::Word { word } => {
                let help = match word.to_ascii_lowercase().as_str() {
                    "true" | "yes" | "on" => Some("write `true`".to_owned()),
                    "false" | "no" | "off" => Some("write `false`".to_owned()),
                    "null" | "none" | "nil" | "undefined" => Some("write `null`".to_owned()),
                    _ => Some(format!("a string is written {}", quoted(&format!("\"{word}\"")))),
                };
                Words::new(format!("JSON has no value {}", quoted(word)))
                    .label("expected a value")
                    .maybe_help(help)
            }
            SyntaxFault::WhiteSpace { character } => {
                Words::new(format!("the character U+{:04X} is no white space in JSON", u32::from(*character)))
                    .label("looks like white space")
                    .help("write a plain space or a new line")
            }
            SyntaxFault::Control { character } => Words::new(format!(
                "the control character U+{:04X} stands inside a string",
                u32::from(*character)
            ))
            .label("must be escaped")
            .help(match character {
                '\n' => "write `\\n`".to_owned(),
                '\r' => "write `\\r`".to_owned(),
                '\t' => "write `\\t`".to_owned(),
                other => format!("write `\\u{:04x}`", u32::from(*other)),
            }),
            SyntaxFault::Escape => Words::new("JSON has no such escape in a string")
                .label("unknown escape")
                .help("write `\\\\` for a backslash; the escapes are `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\u0000`"),
            SyntaxFault::UnicodeEscape => Words::new("`\\u` takes four hexadecimal digits")
                .label("incomplete escape")
                .help("write for example `\\u00e9`"),
            SyntaxFault::LoneSurrogate => Words::new("half of a surrogate pair stands alone")
                .label("no character")
                .help("write the character itself, or both halves: `\\ud83d\\ude00`"),
            SyntaxFault::UnclosedString => Words::new("a string is not closed")
                .label("begins here")
                .help("close it with `\"`, and write `\\\"` for a quote inside it"),
            SyntaxFault::UnclosedComment => {
                Words::new("a comment is not closed").label("begins here").help("close it with `*/`")
            }
            SyntaxFault::Unclosed { close } => Words::new(format!("the text ends before a {}", quoted(close)))
                .label("ends here")
                .help(format!("close it with {}", quoted(close))),
            SyntaxFault::Expected { what, found } => {
                let found = found.map_or_else(|| "the end of the text".to_owned(), |c| quoted(&c.to_string()));
                let words = Words::new(format!("expected {what}, but found {found}"))
                    .label(format!("expected {what}"));
                words.maybe_help((*what == "a JSON object").then(|| DOCUMENT.to_owned()))
            }
            SyntaxFault::Second => Words::new("something stands behind the document's end")
                .label("expected nothing more")
                .help("remove it: a document is one JSON object"),
        }
    }
}
