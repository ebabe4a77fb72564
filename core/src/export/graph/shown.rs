//! Users' texts as a picture shows them: cleaned, shortened and measured.

use super::{Arrow, Graph, Node, Runs};
use unicode_width::UnicodeWidthChar;

/// How wide a line of a box may be, in columns.
const BOX: usize = 36;
/// How wide a line beside an arrow may be.
const ARROW: usize = 48;
/// How much a tooltip holds.
const TIP: usize = 600;

/// What is written in a box.
pub(super) struct BoxText {
    /// The icon and the name.
    pub(super) heading: String,
    /// The id and the kind.
    pub(super) detail: String,
    /// How it comes to run, where that is worth a word.
    pub(super) note: Option<String>,
}

impl Node {
    pub(super) fn text(&self) -> BoxText {
        let name = if self.name.trim().is_empty() { &self.kind } else { &self.name };
        let heading = match self.icon.as_deref().map(str::trim).filter(|icon| !icon.is_empty()) {
            Some(icon) => shortened(&format!("{} {name}", shortened(icon, 8)), BOX),
            None => shortened(name, BOX),
        };
        let detail = format!("{} · {}", shortened(&self.id, BOX / 2), shortened(&self.kind, BOX));
        let joins = (self.incoming > 1).then(|| format!("joins {} edges", self.incoming));
        let runs = match self.runs {
            Runs::Always => None,
            Runs::Sometimes => Some("may be skipped".to_owned()),
            Runs::Never => Some("never runs".to_owned()),
        };
        let notes: Vec<String> = joins.into_iter().chain(runs).collect();
        let note = (!notes.is_empty()).then(|| notes.join(" · "));
        BoxText { heading, detail: shortened(&detail, BOX), note }
    }

    /// What is said of it where there is room.
    pub(super) fn tip(&self) -> String {
        let about = self.description.as_deref().map_or_else(String::new, |about| format!(": {about}"));
        shortened(&format!("{} ({}){about}", self.id, self.kind), TIP)
    }
}

impl Arrow {
    /// The lines beside it: its name, when it is taken, what flows on it.
    pub(super) fn lines(&self) -> Vec<String> {
        let ty = self.ty.as_ref().map(|flow| &*flow.short);
        let lines = [self.name.as_deref(), self.condition.as_deref(), ty];
        let lines = lines.into_iter().flatten().map(|line| shortened(line, ARROW));
        lines.filter(|line| !line.is_empty()).collect()
    }

    pub(super) fn tip(&self) -> String {
        let lines =
            [self.name.as_deref(), self.condition.as_deref(), self.ty.as_ref().map(|flow| &*flow.long)];
        shortened(&lines.into_iter().flatten().collect::<Vec<_>>().join(" · "), TIP)
    }
}

impl Graph {
    /// What is written at the start.
    pub(super) fn start(&self) -> Vec<String> {
        let event = self.event.as_deref().map(|event| shortened(event, BOX));
        std::iter::once("$source".to_owned()).chain(event).collect()
    }

    pub(super) fn heading(&self) -> String {
        self.title.as_deref().map_or_else(|| "Workflow".to_owned(), |title| shortened(title, TIP))
    }
}

/// The text in one line and at most `most` columns, without what would be invisible or turn it around.
fn shortened(text: &str, most: usize) -> String {
    let mut shown = String::new();
    let mut columns = 0;
    for c in text.trim().chars().map(cleaned) {
        if c == ' ' && shown.ends_with(' ') {
            continue;
        }
        let wide = c.width().unwrap_or(0);
        // Marks without a width of their own may stand on a letter, but not in heaps.
        if columns + wide >= most || shown.len() >= 8 * most {
            shown.truncate(shown.trim_end().len());
            shown.push('…');
            return shown;
        }
        columns += wide;
        shown.push(c);
    }
    shown
}

/// What turns text around, what XML does not have, and what controls a terminal is replaced.
fn cleaned(c: char) -> char {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if c.is_whitespace() {
        ' '
    } else if turns || c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
        '\u{fffd}'
    } else {
        c
    }
}

/// How wide a text is in a proportional font of this size, rather too wide than too narrow.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let of = |c: char| match c {
        'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '!' | ' ' | '·' => 0.34,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '`' | '"' | '{' | '}' => 0.42,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 1.0,
        '$' | '_' | '0'..='9' | 'a'..='z' => 0.62,
        'A'..='Z' | '&' | '#' | '+' | '=' | '<' | '>' | '~' | '?' | '*' | '^' => 0.74,
        c => of_other(c),
    };
    text.chars().map(of).sum::<f64>() * size
}

/// How wide a text is in a font whose letters are all as wide.
pub(super) fn width_of_code(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.61 } else { of_other(c).min(1.3) }).sum::<f64>() * size
}

fn of_other(c: char) -> f64 {
    match c.width() {
        Some(0) => 0.0,
        Some(1) | None => 0.72,
        Some(_) => 1.3,
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn a_text_is_one_line_that_is_no_wider_than_asked() {
        for (text, shown) in [
            (" two\r\nlines\t", "two lines"),
            ("exactly 12 c", "exactly 12 c"),
            ("more than twelve", "more than tw…"),
            ("名前名前名前名前", "名前名前名前…"),
            ("a\u{202e}b\u{0}c\u{ffff}", "a\u{fffd}b\u{fffd}c\u{fffd}"),
        ] {
            assert_eq!(shortened(text, 13), shown, "{text:?}");
        }
        assert!(shortened(&"e\u{301}".repeat(1000), 13).len() < 60);
        assert!(shortened(&"\u{301}".repeat(1000), 13).len() < 120);
    }
}
