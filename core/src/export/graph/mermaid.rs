//! Mermaid's flowcharts.

use super::shown::BoxText;
use super::{Graph, Runs};
use std::fmt::Write as _;

impl Graph {
    /// The text of a Mermaid flowchart, which Markdown on many sites draws: `flowchart TD`, then a line for each
    /// action and each edge. Its size is linear in that of the workflow.
    pub fn mermaid(&self) -> String {
        let mut text = "flowchart TD\n".to_owned();
        // INVARIANT: writing to a string does not fail; this holds for all that follows.
        let _ = writeln!(text, "    source([\"{}\"])", lines(&self.start()));
        for (at, node) in self.nodes.iter().enumerate() {
            let BoxText { heading, detail, note } = node.text();
            let mut shown = format!("{}<br/><small>{}</small>", escaped(&heading), escaped(&detail));
            if let Some(note) = note {
                let _ = write!(shown, "<br/><small><i>{}</i></small>", escaped(&note));
            }
            let _ = writeln!(text, "    n{at}[\"{shown}\"]{}", class(node.runs));
        }
        for arrow in &self.arrows {
            let from = arrow.from.map_or_else(|| "source".to_owned(), |from| format!("n{from}"));
            let shown = lines(&arrow.lines());
            let label = if shown.is_empty() { String::new() } else { format!("|\"{shown}\"|") };
            let line = if arrow.condition.is_some() { "-.->" } else { "-->" };
            let _ = writeln!(text, "    {from} {line}{label} n{}", arrow.to);
        }
        for (class, style) in [
            (Runs::Sometimes, "stroke-dasharray: 6 4"),
            (Runs::Never, "stroke-dasharray: 2 3,stroke:#888,color:#777"),
        ] {
            if self.nodes.iter().any(|node| node.runs == class) {
                let _ = writeln!(text, "    classDef {} {style}", name(class));
            }
        }
        text
    }
}

fn class(runs: Runs) -> String {
    match runs {
        Runs::Always => String::new(),
        runs => format!(":::{}", name(runs)),
    }
}

fn name(runs: Runs) -> &'static str {
    match runs {
        Runs::Always => "always",
        Runs::Sometimes => "skippable",
        Runs::Never => "never",
    }
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>")
}

/// Signs that mean nothing inside quotes.
const PLAIN: &str = " ,:?!()$/'|[]{}";

/// A text inside quotes. What Mermaid, or the Markdown and HTML in it, could read as something else is written as an
/// entity: `#60;`.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let plain = match c {
            '_' => word(before) && word(chars.peek().copied()),
            // `1.` would begin a list.
            '.' => before.is_some() && !escaped.chars().all(|c| c.is_ascii_digit()),
            c => !c.is_ascii() || c.is_ascii_alphanumeric() || PLAIN.contains(c),
        };
        if plain {
            escaped.push(c);
        } else {
            let _ = write!(escaped, "#{};", u32::from(c));
            // Mermaid takes the two characters `\n` for the end of a line, whatever they are written as.
            if c == '\\' && chars.peek() == Some(&'n') {
                escaped.push_str("#8203;");
            }
        }
        before = Some(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_could_mean_something_is_an_entity() {
        assert_eq!(escaped("generate_posts (2)"), "generate_posts (2)");
        assert_eq!(escaped("1. _a_ *b*"), "1#46; #95;a#95; #42;b#42;");
        assert_eq!(escaped("\"<b>&#;`%%{"), "#34;#60;b#62;#38;#35;#59;#96;#37;#37;{");
        assert_eq!(escaped(r"a\b\n"), "a#92;b#92;#8203;n");
        assert_eq!(escaped("v1.2 größe 名前"), "v1.2 größe 名前");
    }
}
