//! Graphviz's language.

use super::shown::BoxText;
use super::{Graph, Runs};
use std::fmt::Write as _;

impl Graph {
    /// The text of a Graphviz graph: `dot -Tsvg` draws it. Its size is linear in that of the workflow.
    pub fn dot(&self) -> String {
        let font = "fontname=\"Helvetica,Arial,sans-serif\"";
        let title = escaped(&self.heading());
        let mut text = format!(
            "digraph {{\n    graph [label=\"{title}\", labelloc=t, {font}, fontsize=14]\n    \
             node [shape=box, style=rounded, {font}, fontsize=12]\n    edge [{font}, fontsize=10]\n"
        );
        // INVARIANT: writing to a string does not fail; this holds for all that follows.
        let _ = writeln!(text, "    source [shape=ellipse, style=solid, label=\"{}\"]", lines(&self.start()));
        for (at, node) in self.nodes.iter().enumerate() {
            let BoxText { heading, detail, note } = node.text();
            let shown: Vec<String> = [heading, detail].into_iter().chain(note).collect();
            let (shown, tip) = (lines(&shown), escaped(&node.tip()));
            let style = match node.runs {
                Runs::Always => "",
                Runs::Sometimes => ", style=\"rounded,dashed\"",
                Runs::Never => ", style=\"rounded,dotted\", color=\"#888888\", fontcolor=\"#777777\"",
            };
            let _ = writeln!(text, "    n{at} [label=\"{shown}\", tooltip=\"{tip}\"{style}]");
        }
        for arrow in &self.arrows {
            let from = arrow.from.map_or_else(|| "source".to_owned(), |from| format!("n{from}"));
            let style = if arrow.condition.is_some() { ", style=dashed" } else { "" };
            let shown: Vec<String> = arrow.lines().iter().map(|line| format!(" {line} ")).collect();
            let _ = writeln!(text, "    {from} -> n{} [label=\"{}\"{style}]", arrow.to, lines(&shown));
        }
        text.push_str("}\n");
        text
    }
}

fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("\\n")
}

/// A text inside quotes. Graphviz reads escapes and HTML's entities there.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn neither_quotes_nor_escapes_nor_entities_get_through() {
        assert_eq!(escaped(r#"a"b\N &lt;"#), r#"a\"b\\N &amp;lt;"#);
    }
}
