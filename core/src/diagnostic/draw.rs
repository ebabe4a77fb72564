//! Reports for people.

use super::json::Positions;
use super::report::Diagnostic;
use super::{Report, Severity, grouped, is_invisible, shown};
use annotate_snippets::renderer::{DEFAULT_LINE_NUM_STYLE, Style};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use std::fmt::Write as _;
use std::ops::Range;

pub(super) fn draw(report: &Report, color: bool) -> String {
    let pen = Pen {
        renderer: if color { Renderer::styled() } else { Renderer::plain() },
        arrow: if color { DEFAULT_LINE_NUM_STYLE } else { Style::new() },
        positions: Positions::of(report),
        report,
    };
    let mut drawn = String::new();
    for diagnostic in report {
        pen.diagnostic(diagnostic, &mut drawn);
        drawn.push('\n');
    }
    drawn.push_str(&pen.renderer.render(&[Group::with_title(summary(report))]));
    drawn
}

struct Pen<'d> {
    renderer: Renderer,
    arrow: Style,
    positions: Positions,
    report: &'d Report,
}

impl<'d> Pen<'d> {
    fn diagnostic(&self, diagnostic: &'d Diagnostic, drawn: &mut String) {
        let text = self.report.source().as_str();
        let title = level(diagnostic.severity).primary_title(&diagnostic.message).id(diagnostic.code.slug());
        let mut group = Group::with_title(title);
        let mut apart = Vec::new();
        if let Some(span) = &diagnostic.span {
            let label = diagnostic.label.as_deref();
            let mut marks = vec![Mark { span: span.clone(), label, primary: true }];
            for related in &diagnostic.related {
                let Some(span) = related.span.clone() else { continue };
                let mark = Mark { span, label: Some(&related.message), primary: false };
                if is_near(text, &marks, &mark.span) { marks.push(mark) } else { apart.push(mark) }
            }
            group = group.element(self.snippet(&marks));
        }
        if let Some(help) = &diagnostic.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        self.group(group, diagnostic.span.as_ref(), drawn);
        for mark in apart {
            let span = mark.span.clone();
            let title = Level::NOTE.secondary_title(mark.label.unwrap_or_default());
            let mark = Mark { label: None, primary: true, ..mark };
            self.group(Group::with_title(title).element(self.snippet(&[mark])), Some(&span), drawn);
        }
    }

    /// Draws a group, and below its title where the span stands: a snippet does not know, for its lines may be cut.
    fn group(&self, group: Group<'_>, span: Option<&Range<usize>>, drawn: &mut String) {
        let rendered = self.renderer.render(&[group]);
        let (Some((title, snippet)), Some(span)) = (rendered.split_once('\n'), span) else {
            drawn.push_str(&rendered);
            drawn.push('\n');
            return;
        };
        let (line, column) = self.positions.at(span.start);
        let place = match self.report.source().name() {
            Some(name) => format!("{}:{line}:{column}", shown(name)),
            None => format!("line {line}, column {column}"),
        };
        let gutter = snippet.bytes().take_while(|byte| *byte == b' ').count().saturating_sub(1);
        let (start, end) = (self.arrow.render(), self.arrow.render_reset());
        let _ = writeln!(drawn, "{title}\n{:gutter$}{start}-->{end} {place}\n{snippet}", "");
    }

    fn snippet(&self, marks: &[Mark<'d>]) -> Snippet<'d, Annotation<'d>> {
        let excerpt = Excerpt::of(self.report.source().as_str(), marks);
        let first = marks.iter().map(|mark| mark.span.start).min().unwrap_or_default();
        let (line, _) = self.positions.at(first);
        let annotations = marks.iter().zip(excerpt.spans).map(|(mark, span)| {
            let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            kind.span(span).label(mark.label)
        });
        Snippet::source(excerpt.text).line_start(line).annotations(annotations)
    }
}

/// The last line: how much is wrong.
fn summary(report: &Report) -> annotate_snippets::Title<'static> {
    let mut counts = Vec::new();
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Hint, "hint", "hints"),
    ] {
        match report.count(severity) {
            0 => {}
            1 => counts.push(format!("1 {one}")),
            count => counts.push(format!("{} {many}", grouped(count))),
        }
    }
    let mut text = if counts.is_empty() { "nothing to report".to_owned() } else { counts.join(", ") };
    if let Some(name) = report.source().name() {
        let _ = write!(text, " in {}", shown(name));
    }
    let worst = report.iter().map(super::Diagnostic::severity).min().unwrap_or(Severity::Hint);
    level(worst).primary_title(text)
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::NOTE.with_name("hint"),
    }
}

/// What is marked in the source.
#[derive(Clone)]
struct Mark<'d> {
    span: Range<usize>,
    label: Option<&'d str>,
    primary: bool,
}

/// How many bytes of a line are shown before the first mark in it, and in all.
const BEFORE: usize = 50;
const WIDTH: usize = 120;
/// How many bytes may stand between marks that are drawn together: in one line, and in several.
const APART: usize = 40;
const FAR_APART: usize = 2_000;

fn is_near(text: &str, marks: &[Mark<'_>], span: &Range<usize>) -> bool {
    let from = marks.iter().map(|mark| mark.span.start).min().unwrap_or(span.start).min(span.start);
    let to = marks.iter().map(|mark| mark.span.start).max().unwrap_or(span.start).max(span.start);
    to - from <= APART
        || (to - from <= FAR_APART && text.get(from..to).is_some_and(|between| between.contains('\n')))
}

/// The lines that marks stand in, long ones cut, and the marks in them.
struct Excerpt {
    text: String,
    spans: Vec<Range<usize>>,
}

impl Excerpt {
    fn of(text: &str, marks: &[Mark<'_>]) -> Self {
        let first = marks.iter().map(|mark| mark.span.start).min().unwrap_or_default();
        let last = marks.iter().map(|mark| mark.span.start).max().unwrap_or_default();
        let mut excerpt = Excerpt { text: String::new(), spans: vec![0..0; marks.len()] };
        let mut from = first;
        loop {
            // Marks in this line; a mark over several lines is drawn in its first.
            let line_end =
                text.get(from..last.max(from)).and_then(|rest| rest.find('\n')).map(|at| from + at);
            let limit = line_end.unwrap_or(last);
            let here = |mark: &Mark<'_>| mark.span.start >= from && mark.span.start <= limit;
            excerpt.line(text, from, marks, here);
            match line_end {
                Some(end) => from = end + 1,
                None => break,
            }
            excerpt.text.push('\n');
        }
        excerpt
    }

    /// Adds the line around `from`, cut to what is around the first of the marks that are `here`.
    fn line(&mut self, text: &str, from: usize, marks: &[Mark<'_>], here: impl Fn(&Mark<'_>) -> bool) {
        let focus = marks.iter().filter(|mark| here(mark)).map(|mark| mark.span.start).min().unwrap_or(from);
        let reach = text.floor_char_boundary(focus.saturating_sub(WIDTH));
        let line_start =
            text.get(reach..focus).and_then(|before| before.rfind('\n')).map(|at| reach + at + 1);
        let line_start = line_start.or((reach == 0).then_some(0));
        let begin_cut = line_start.is_none_or(|start| focus - start > WIDTH / 2) && !fits(text, line_start);
        let begin = match line_start {
            Some(start) if !begin_cut => start,
            _ => text.floor_char_boundary(focus.saturating_sub(BEFORE)).max(line_start.unwrap_or(0)),
        };
        let limit = text.ceil_char_boundary(begin + WIDTH);
        let shown = text.get(begin..limit).unwrap_or_default();
        let (end, end_cut) = match shown.find('\n') {
            Some(at) => (begin + at, false),
            None => (limit, limit < text.len()),
        };
        let cut = |cut: bool, drawn: &mut String| {
            if cut {
                drawn.push('…');
            }
        };
        cut(begin_cut && begin > line_start.unwrap_or(0), &mut self.text);
        let mut places = vec![(begin, self.text.len())];
        let shown = text.get(begin..end).unwrap_or_default();
        let shown = shown.strip_suffix('\r').filter(|_| !end_cut).unwrap_or(shown);
        for (at, c) in shown.char_indices() {
            self.text.push(if is_invisible(c) && c != '\t' { '\u{fffd}' } else { c });
            places.push((begin + at + c.len_utf8(), self.text.len()));
        }
        let drawn_at = |offset: usize| {
            let place = places.partition_point(|(source, _)| *source <= offset).saturating_sub(1);
            places.get(place).map_or(0, |(_, drawn)| *drawn)
        };
        for (mark, span) in marks.iter().zip(&mut self.spans) {
            if here(mark) {
                *span = drawn_at(mark.span.start)..drawn_at(mark.span.end.max(mark.span.start));
            }
        }
        cut(end_cut, &mut self.text);
    }
}

/// Whether the line that begins at `start` is shown whole.
fn fits(text: &str, start: Option<usize>) -> bool {
    start.is_some_and(|start| {
        let reach = text.ceil_char_boundary(start + WIDTH);
        reach == text.len() || text.get(start..reach).is_some_and(|line| line.contains('\n'))
    })
}
