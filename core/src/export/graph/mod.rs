//! A checked workflow as a picture.

mod dot;
mod layout;
mod mermaid;
mod runs;
mod shown;
mod svg;

use crate::checked::CheckedWorkflow;
use crate::graph::From;
use crate::workflow::{Conditional, Test};
use flowright_schema::{Path, Segment, Type};
pub(crate) use runs::Runs;
use std::rc::Rc;

/// After how many characters a type on an edge leaves things out.
const TYPE: usize = 24;

/// A checked workflow as a picture: its actions in boxes, its edges as arrows, and on each arrow the condition under
/// which it is taken and the type of the output that its action hands on.
///
/// What may be skipped is dashed, what never runs is grey and dotted, and where several edges meet the box says so.
/// The start is `$source`, with the event's name. Users' texts are shortened, and escaped as the format asks.
///
/// ```
/// use flowright::prelude::*;
///
/// /// Say hello.
/// #[engine_action(icon = "👋")]
/// fn greet(name: Option<String>) -> String {
///     format!("Hello, {}!", name.unwrap_or_default())
/// }
///
/// let registry = Registry::builder().actions(actions![greet]).build()?;
/// let workflow = registry.check(
///     r#"{ "actions": [{ "id": "a", "kind": "greet" }, { "id": "b", "kind": "greet" }],
///          "edges": [{ "from": "$source", "to": "a" }, { "from": "a", "to": "b" }] }"#,
/// )?;
/// assert!(workflow.graph().mermaid().contains(r#"n0 -->|"string"| n1"#));
/// assert!(workflow.graph().dot().contains(r#"n0 -> n1 [label=" string "]"#));
/// assert!(workflow.graph().svg().starts_with("<svg "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Graph {
    /// What the user calls the workflow.
    pub(crate) title: Option<String>,
    /// The event that starts it, where there is one only.
    pub(crate) event: Option<String>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) arrows: Vec<Arrow>,
}

/// An action.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) icon: Option<String>,
    pub(crate) kind: String,
    pub(crate) description: Option<String>,
    /// How many edges lead to it.
    pub(crate) incoming: usize,
    pub(crate) runs: Runs,
}

/// An edge.
#[derive(Clone, Debug)]
pub(crate) struct Arrow {
    /// `None` for the start.
    pub(crate) from: Option<usize>,
    pub(crate) to: usize,
    pub(crate) name: Option<String>,
    pub(crate) condition: Option<String>,
    /// What flows on it, where that is known.
    pub(crate) ty: Option<Flow>,
}

/// A type as it is written.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    pub(crate) short: Rc<str>,
    pub(crate) long: Rc<str>,
}

impl CheckedWorkflow {
    /// The workflow as a picture, for Mermaid, for Graphviz or as SVG.
    pub fn graph(&self) -> Graph {
        let runs = runs::of(self);
        let (plan, workflow) = (self.plan(), self.workflow());
        let nodes = plan.actions.iter().zip(&plan.incoming).zip(workflow.actions()).zip(runs);
        let nodes = nodes.map(|(((planned, incoming), action), runs)| {
            let definition = &self.registry().registered(planned.kind).definition;
            Node {
                id: action.id().to_owned(),
                name: action.name().unwrap_or(definition.name()).to_owned(),
                icon: definition.icon().map(str::to_owned),
                kind: action.kind().to_owned(),
                description: action.description().or(definition.description()).map(str::to_owned),
                incoming: *incoming,
                runs,
            }
        });
        let nodes = nodes.collect();
        Graph {
            title: workflow.name().map(str::to_owned),
            event: self.trigger().map(str::to_owned),
            nodes,
            arrows: self.arrows(),
        }
    }

    fn arrows(&self) -> Vec<Arrow> {
        let plan = self.plan();
        let starts = self.event_flow();
        let mut by_kind: std::collections::HashMap<usize, Flow> = std::collections::HashMap::new();
        let from = runs::edges(plan);
        let edges = plan.edges.iter().zip(from).zip(self.workflow().edges());
        let arrows = edges.map(|((planned, from), edge)| {
            let ty = match from {
                From::Source => starts.clone(),
                From::Action(action) => {
                    let kind = plan.actions[action].kind;
                    let flow = || flow(&self.registry().registered(kind).output);
                    Some(by_kind.entry(kind).or_insert_with(flow).clone())
                }
            };
            Arrow {
                from: match from {
                    From::Source => None,
                    From::Action(action) => Some(action),
                },
                to: planned.to,
                name: edge.name().map(str::to_owned),
                condition: edge.conditional().map(condition),
                ty,
            }
        });
        arrows.collect()
    }

    /// The type of the event's data, where it is known.
    fn event_flow(&self) -> Option<Flow> {
        let event = self.event_type().ty();
        if event.is_any() {
            return None;
        }
        let data = event.at(&Path::from(vec![Segment::Member("data".into())])).ty;
        Some(flow(if data.is_any() || data.is_never() { event } else { &data }))
    }
}

fn flow(ty: &Type) -> Flow {
    Flow { short: format!("{ty:.TYPE$}").into(), long: ty.to_string().into() }
}

/// A condition as an arrow carries it: `if $.output.result`, `match $.output.status "bounced"`.
fn condition(conditional: &Conditional) -> String {
    let written = conditional.reference();
    let reference = written.strip_prefix("!ref(").and_then(|inside| inside.strip_suffix(')'));
    let reference = reference.unwrap_or(written);
    match conditional.test() {
        Test::If => format!("if {reference}"),
        Test::Else => format!("else {reference}"),
        Test::Match(value) => format!("match {reference} {value}"),
    }
}
