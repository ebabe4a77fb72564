//! Where boxes, arrows and labels go.

use super::shown::{width, width_of_code};
use super::{Graph, Node};
use crate::graph::{Edge, From};
use dugong::graphlib::{Graph as Dagre, GraphOptions};
use dugong::{EdgeLabel, GraphLabel, NodeLabel, WorkControl, WorkError, layout_controlled};

/// How many actions are drawn at most.
pub(super) const MOST_ACTIONS: usize = 1_000;
/// How many rows all edges may pass together.
const MOST_PASSED: usize = 10_000;
/// How much work is put into a layout: a thousand actions in a row take a fourth of it.
const MOST_WORK: usize = 2_000_000;

/// Sizes of letters, and the height of their lines.
pub(super) const LARGE: f64 = 14.0;
pub(super) const SMALL: f64 = 11.0;
pub(super) const LINE: f64 = 16.0;
/// Around the texts of a box, and around a picture.
pub(super) const PADDING: f64 = 12.0;
const MARGIN: f64 = 16.0;

/// A picture, in pixels.
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) start: Rect,
    /// By the positions of the actions.
    pub(super) boxes: Vec<Rect>,
    /// By the positions of the edges.
    pub(super) arrows: Vec<Course>,
}

/// A box by its middle.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The way of an arrow, and its label.
pub(super) struct Course {
    pub(super) points: Vec<(f64, f64)>,
    pub(super) label: Rect,
}

impl Layout {
    /// `None` where the graph is too large.
    pub(super) fn of(graph: &Graph) -> Option<Layout> {
        if graph.nodes.len() > MOST_ACTIONS || passed(graph) > MOST_PASSED {
            return None;
        }
        let mut dagre = Dagre::new(GraphOptions { multigraph: true, compound: false, directed: true });
        dagre.set_graph(GraphLabel {
            nodesep: 32.0,
            ranksep: 40.0,
            edgesep: 24.0,
            marginx: MARGIN,
            marginy: MARGIN,
            ..GraphLabel::default()
        });
        let node = |(width, height)| NodeLabel { width, height, ..NodeLabel::default() };
        let start = start(graph);
        dagre.set_node(name(None), node(start));
        let sizes: Vec<(f64, f64)> = graph.nodes.iter().map(size).collect();
        for (at, size) in sizes.iter().enumerate() {
            dagre.set_node(name(Some(at)), node(*size));
        }
        for (at, arrow) in graph.arrows.iter().enumerate() {
            let (width, height) = label(&arrow.lines(), arrow.ty.is_some());
            // What always happens is rather straight.
            let weight = if arrow.condition.is_some() { 1.0 } else { 2.0 };
            let label = EdgeLabel { width, height, weight, ..EdgeLabel::default() };
            dagre.set_edge_named(name(arrow.from), name(Some(arrow.to)), Some(at.to_string()), Some(label));
        }
        layout_controlled(&mut dagre, &mut Work { left: MOST_WORK }).ok()?;
        let rect = |id: Option<usize>, (width, height)| {
            let node = dagre.node(&name(id))?;
            Some(Rect { x: node.x?, y: node.y?, width, height })
        };
        let boxes = sizes.iter().enumerate().map(|(at, size)| rect(Some(at), *size));
        let (start, boxes) = (rect(None, start)?, boxes.collect::<Option<Vec<Rect>>>()?);
        let arrows = graph.arrows.iter().enumerate().map(|(at, arrow)| {
            let edge = dagre.edge(&name(arrow.from), &name(Some(arrow.to)), Some(&at.to_string()))?;
            let [_, between @ .., _] = &*edge.points else { return None };
            let between: Vec<(f64, f64)> = between.iter().map(|point| (point.x, point.y)).collect();
            let from = arrow.from.map_or(Some(&start), |from| boxes.get(from))?.below(between.first()?.0);
            let to = boxes.get(arrow.to)?.above(between.last()?.0);
            let points = std::iter::once(from).chain(between.iter().copied()).chain([to]).collect();
            let label = Rect { x: edge.x?, y: edge.y?, width: edge.width, height: edge.height };
            Some(Course { points, label })
        });
        let arrows = arrows.collect::<Option<Vec<Course>>>()?;
        Some(Layout { width: dagre.graph().width, height: dagre.graph().height, start, boxes, arrows })
    }
}

impl Rect {
    /// The point of its lower edge that is nearest to `x`, apart from the corners.
    fn below(&self, x: f64) -> (f64, f64) {
        (self.nearest(x), self.y + self.height / 2.0)
    }

    fn above(&self, x: f64) -> (f64, f64) {
        (self.nearest(x), self.y - self.height / 2.0)
    }

    fn nearest(&self, x: f64) -> f64 {
        let reach = self.width * 0.38;
        x.max(self.x - reach).min(self.x + reach)
    }
}

struct Work {
    left: usize,
}

impl WorkControl for Work {
    fn charge(&mut self, units: usize) -> Result<(), WorkError> {
        self.left = self.left.checked_sub(units).ok_or(WorkError::Interrupted)?;
        Ok(())
    }
}

fn name(action: Option<usize>) -> String {
    action.map_or_else(|| "source".to_owned(), |action| format!("n{action}"))
}

/// How many rows all edges pass, where each action stands in the first row below those that lead to it.
fn passed(graph: &Graph) -> usize {
    let edges = graph
        .arrows
        .iter()
        .map(|arrow| Edge { from: arrow.from.map_or(From::Source, From::Action), to: arrow.to });
    let order = crate::graph::Graph::new(graph.nodes.len(), edges.clone());
    let mut rows = vec![1_usize; graph.nodes.len()];
    for action in order.order() {
        let above = order.parents(action).iter().map(|parent| rows[*parent]).max();
        rows[action] = above.map_or(1, |above| above + 1);
    }
    let row = |from: From| match from {
        From::Source => 0,
        From::Action(action) => rows[action],
    };
    edges.map(|edge| rows[edge.to].saturating_sub(row(edge.from))).sum()
}

fn start(graph: &Graph) -> (f64, f64) {
    let lines = graph.start();
    let widest = lines.iter().map(|line| width(line, LARGE)).fold(60.0, f64::max);
    (widest + 3.0 * PADDING, count(lines.len()) * LINE + PADDING)
}

fn size(action: &Node) -> (f64, f64) {
    let text = action.text();
    let note = text.note.as_deref().map_or(0.0, |note| width(note, SMALL));
    let widest = width(&text.heading, LARGE).max(width_of_code(&text.detail, SMALL)).max(note).max(110.0);
    let lines = if text.note.is_some() { 3.0 } else { 2.0 };
    (widest + 2.0 * PADDING, lines * LINE + 1.5 * PADDING)
}

/// The size of an arrow's label, whose last line is a type.
fn label(lines: &[String], has_type: bool) -> (f64, f64) {
    let last = lines.len().saturating_sub(usize::from(has_type));
    let widths = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at >= last { width_of_code(line, SMALL) } else { width(line, SMALL) });
    let widest = widths.fold(0.0, f64::max);
    if lines.is_empty() { (0.0, 0.0) } else { (widest + 8.0, count(lines.len()) * LINE + 4.0) }
}

fn count(lines: usize) -> f64 {
    // INVARIANT: there are four lines at most.
    f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}
