//! Words for refs that cannot be read.

use super::{Words, meant};
use crate::diagnostic::{grouped, quoted, shown};
use crate::reference::{BadIndex, ManyValues, RefFaultKind};

const ROOTS: &str = "a ref begins with `$.event` or `$.state.<action id>`, or with `$.output` on an edge";

pub(super) fn unknown_root(root: &str, nearest: Option<&str>) -> Words {
    Words::new(format!("no ref begins with {}", quoted(&format!("$.{root}"))))
        .label("unknown")
        .help(nearest.map_or_else(|| ROOTS.to_owned(), |nearest| meant(&format!("$.{nearest}"))))
}

impl RefFaultKind {
    pub(super) fn words(&self) -> Words {
        match self {
            RefFaultKind::UnknownRoot { name, nearest } => unknown_root(name, nearest.as_deref()),
            RefFaultKind::Empty => Words::new("a ref is empty").label("expected a path").help(ROOTS),
            RefFaultKind::NoDollar { right } => {
                let help = match right {
                    Some(right) => format!("write {}", quoted(right)),
                    None => ROOTS.to_owned(),
                };
                Words::new("a ref begins with `$`").label("expected `$`").help(help)
            }
            RefFaultKind::NoRoot => {
                Words::new("a ref names behind its `$` where it begins").label("expected `.event` or `.state`").help(ROOTS)
            }
            RefFaultKind::NoId => Words::new("`$.state` needs an action's id")
                .label("expected an id")
                .help("write `$.state.<action id>`"),
            RefFaultKind::PositionForId { index } => {
                Words::new(format!("{} is no action's id", quoted(&format!("[{index}]"))))
                    .label("expected an id")
                    .help(format!(
                        "write {} for the action whose id is {}",
                        quoted(&format!("$.state['{index}']")),
                        quoted(&format!("\"{index}\""))
                    ))
            }
            RefFaultKind::ManyValues(part) => {
                let (part, advice) = match part {
                    ManyValues::Wildcard => ("`*` means every value", "name one member, or one element such as `[0]`"),
                    ManyValues::Slice => ("a slice means several elements", "name one element, such as `[0]` or `[-1]`"),
                    ManyValues::Filter => ("a filter means several values", "name one member, or one element such as `[0]`"),
                    ManyValues::Descendant => ("`..` means values at any depth", "name every member on the way"),
                    ManyValues::List => ("a list means several values", "name one member or element, and write a ref for each"),
                };
                Words::new(format!("a ref yields one value only, but {part}"))
                    .label("several values")
                    .help(advice)
            }
            RefFaultKind::WhiteSpace => Words::new("white space inside a ref")
                .label("remove this")
                .help("a name with a space in it is written `['first name']`"),
            RefFaultKind::Unclosed => Words::new("a ref is not closed")
                .label("expected `)`")
                .help("close it with `)`; for the text `!ref(` itself, write `!ref(\"!ref(\")`"),
            RefFaultKind::UnclosedBracket => {
                Words::new("a `[` in a ref is not closed").label("expected `]`").help("close it with `]`")
            }
            RefFaultKind::UnclosedQuote { quote } => {
                Words::new("quotes in a ref are not closed")
                    .label(format!("expected `{quote}`"))
                    .help(format!("close it with `{quote}`"))
            }
            RefFaultKind::NoName => {
                Words::new("a name is missing in a ref").label("expected a name").help("write `.name`, `[0]` or `['name']`")
            }
            RefFaultKind::Unquoted { name, right } => {
                Words::new(format!("the name {} needs quotes in a ref", quoted(name)))
                    .label("needs quotes")
                    .help(format!("write {}", quoted(right)))
            }
            RefFaultKind::BadIndex { found, why } => {
                let (why, help) = match why {
                    BadIndex::LeadingZero => ("begins with a zero", "write it without"),
                    BadIndex::MinusZero => ("is no position", "write `[0]` for the first element, `[-1]` for the last"),
                    BadIndex::TooLarge => ("is larger than any position", "at most 9007199254740991 is possible"),
                    BadIndex::NoInteger => ("is no integer", "write `[0]`, or `['name']` for a member"),
                };
                Words::new(format!("the index {} {why}", quoted(found))).label("no index").help(help)
            }
            RefFaultKind::BadEscape { found } => {
                Words::new(format!("inside quotes there is no escape {}", quoted(found)))
                    .label("unknown escape")
                    .help("the escapes are `\\b`, `\\f`, `\\n`, `\\r`, `\\t`, `\\/`, `\\\\`, `\\u0000` and the quote itself")
            }
            RefFaultKind::LoneSurrogate => Words::new("half of a surrogate pair stands alone")
                .label("no character")
                .help("write the character itself, or both halves"),
            RefFaultKind::ControlCharacter { character } => {
                Words::new(format!(
                    "the control character U+{:04X} stands inside quotes",
                    u32::from(*character)
                ))
                .label("must be escaped")
                .help(format!("write `\\u{:04x}`", u32::from(*character)))
            }
            RefFaultKind::Unexpected { found } => {
                Words::new(format!("{} cannot stand here in a ref", quoted(&found.to_string())))
                    .label("expected `.`, `[` or `)`")
                    .help(format!("a name with {} in it is written `['…']`", shown(&found.to_string())))
            }
            RefFaultKind::BehindLiteral => Words::new("only `)` can follow the text of `!ref(\"…\")`")
                .label("expected `)`")
                .help("write what follows behind the `)`"),
            RefFaultKind::TooManySegments { limit } => Words::new(format!(
                "a ref has more than {} segments, the most that are allowed",
                grouped(*limit)
            ))
            .label("too long"),
        }
    }
}
