//! SVG, with a layout of our own.

use super::layout::{Course, LARGE, LINE, Layout, PADDING, Rect, SMALL};
use super::{Arrow, Graph, Node, Runs};
use std::fmt::Write as _;

/// Light, and dark where the viewer asks for it. The ground is painted, so that the picture can be read anywhere.
const STYLE: &str = "
.ground{fill:#fff}
text{font-family:Helvetica,Arial,sans-serif;fill:#1f2328;text-anchor:middle}
.heading{font-size:14px;font-weight:600}.detail,.type{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:11px}
.detail,.note{fill:#59636e}.note,.condition{font-size:11px}.note{font-style:italic}.condition{fill:#8250df}
.box{fill:#f6f8fa;stroke:#57606a;stroke-width:1.25}.start .box{fill:#ddf4ff;stroke:#0969da}
.join{stroke:#1f2328;stroke-width:4;stroke-linecap:round}
.sometimes .box{stroke-dasharray:6 4}.never .box{stroke-dasharray:2 3;stroke:#9198a1}.never text{fill:#6e7781}
.arrow{fill:none;stroke:#57606a;stroke-width:1.25}.conditional{stroke:#8250df;stroke-dasharray:6 4}
.head{fill:#57606a}.head-if{fill:#8250df}.label{fill:#fff;fill-opacity:.85}
@media (prefers-color-scheme:dark){.ground,.label{fill:#0d1117}text{fill:#e6edf3}
.detail,.note{fill:#9198a1}.condition{fill:#d2a8ff}.box{fill:#161b22;stroke:#9198a1}
.start .box{fill:#0c2d6b;stroke:#58a6ff}.join{stroke:#e6edf3}.never .box{stroke:#6e7681}.never text{fill:#8b949e}
.arrow{stroke:#9198a1}.conditional{stroke:#d2a8ff}.head{fill:#9198a1}.head-if{fill:#d2a8ff}}
";

impl Graph {
    /// A picture as SVG: one `<svg>` element that stands for itself, for a file or inside HTML. It has light and dark
    /// colours, and names what it shows for those who do not see it.
    ///
    /// A workflow of more than 1,000 actions, or with so many edges that no layout is found in reasonable time, is
    /// not drawn: the picture says so in words. [`dot`](Graph::dot) and [`mermaid`](Graph::mermaid) have no such
    /// bound.
    pub fn svg(&self) -> String {
        let Some(layout) = Layout::of(self) else { return self.words() };
        let mut svg = self.opening(layout.width, layout.height);
        for (arrow, course) in self.arrows.iter().zip(&layout.arrows) {
            line(&mut svg, arrow, course);
        }
        self.source(&mut svg, layout.start);
        for (node, rect) in self.nodes.iter().zip(&layout.boxes) {
            action(&mut svg, node, *rect);
        }
        for (arrow, course) in self.arrows.iter().zip(&layout.arrows) {
            label(&mut svg, arrow, course);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn opening(&self, width: f64, height: f64) -> String {
        let (width, height, title) = (width.ceil(), height.ceil(), escaped(&self.heading()));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{title}</title>\n<style>{STYLE}</style>\n\
             <defs>{}{}</defs>\n<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n",
            head("head"),
            head("head-if"),
        )
    }

    /// What stands in place of a picture that would be too large.
    fn words(&self) -> String {
        let mut svg = self.opening(560.0, 80.0);
        let (actions, edges) = (self.nodes.len(), self.arrows.len());
        let lines = [
            format!("{actions} actions and {edges} edges are too many for this picture."),
            "Graphviz draws larger ones.".to_owned(),
        ];
        for (line, y) in lines.iter().zip([34.0, 58.0]) {
            text(&mut svg, "heading", (280.0, y), line);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn source(&self, svg: &mut String, rect: Rect) {
        svg.push_str("<g class=\"start\">");
        draw(svg, rect, rect.height / 2.0);
        let lines = self.start();
        let top = rect.y - LINE * (f64::from(u32::from(lines.len() > 1))) / 2.0;
        for (line, (class, y)) in lines.iter().zip([("heading", top), ("detail", top + LINE)]) {
            text(svg, class, (rect.x, y + 4.5), line);
        }
        svg.push_str("</g>\n");
    }
}

fn action(svg: &mut String, node: &Node, rect: Rect) {
    let class = match node.runs {
        Runs::Always => "always",
        Runs::Sometimes => "sometimes",
        Runs::Never => "never",
    };
    let _ = write!(svg, "<g class=\"{class}\"><title>{}</title>", escaped(&node.tip()));
    draw(svg, rect, 6.0);
    if node.incoming > 1 {
        let (left, top) = (rect.x - rect.width / 2.0 + 6.0, rect.y - rect.height / 2.0);
        let _ = write!(svg, "<path class=\"join\" d=\"M{left:.1} {top:.1}h{:.1}\"/>", rect.width - 12.0);
    }
    let texts = node.text();
    let mut y = rect.y - rect.height / 2.0 + 0.75 * PADDING + LARGE - 2.0;
    text(svg, "heading", (rect.x, y), &texts.heading);
    for (class, line) in [("detail", Some(texts.detail)), ("note", texts.note)] {
        y += LINE;
        if let Some(line) = line {
            text(svg, class, (rect.x, y), &line);
        }
    }
    svg.push_str("</g>\n");
}

fn line(svg: &mut String, arrow: &Arrow, course: &Course) {
    let (class, head) = match arrow.condition {
        Some(_) => ("arrow conditional", "head-if"),
        None => ("arrow", "head"),
    };
    let _ =
        writeln!(svg, "<path class=\"{class}\" marker-end=\"url(#{head})\" d=\"{}\"/>", way(&course.points));
}

/// A line through points, downwards at each of them.
fn way(points: &[(f64, f64)]) -> String {
    let mut way = String::new();
    let [(first_x, first_y), ..] = points else { return way };
    let _ = write!(way, "M{first_x:.1} {first_y:.1}");
    for pair in points.windows(2) {
        let [(from_x, from_y), (x, y)] = pair else { continue };
        let middle = f64::midpoint(*from_y, *y);
        let _ = write!(way, "C{from_x:.1} {middle:.1} {x:.1} {middle:.1} {x:.1} {y:.1}");
    }
    way
}

fn label(svg: &mut String, arrow: &Arrow, course: &Course) {
    let lines = arrow.lines();
    if lines.is_empty() {
        return;
    }
    let Rect { x, y, width, height } = course.label;
    let (left, top) = (x - width / 2.0, y - height / 2.0);
    let _ = write!(
        svg,
        "<g><title>{}</title><rect class=\"label\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" \
         height=\"{height:.1}\" rx=\"3\"/>",
        escaped(&arrow.tip())
    );
    let types = lines.len().saturating_sub(usize::from(arrow.ty.is_some()));
    let mut line_y = top + 2.0 + SMALL;
    for (at, line) in lines.iter().enumerate() {
        text(svg, if at >= types { "type" } else { "condition" }, (x, line_y), line);
        line_y += LINE;
    }
    svg.push_str("</g>\n");
}

fn draw(svg: &mut String, rect: Rect, round: f64) {
    let Rect { x, y, width, height } = rect;
    let (left, top) = (x - width / 2.0, y - height / 2.0);
    let _ = write!(
        svg,
        "<rect class=\"box\" x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{round:.1}\"/>"
    );
}

fn text(svg: &mut String, class: &str, (x, y): (f64, f64), text: &str) {
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(text));
}

fn head(id: &str) -> String {
    format!(
        "<marker id=\"{id}\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" markerHeight=\"8\" \
         orient=\"auto\"><path class=\"{id}\" d=\"M0 1 10 5 0 9z\"/></marker>"
    )
}

/// A text in XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
