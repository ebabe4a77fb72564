//! How much a run may hold, counted before it is copied.

use super::failure::{Cause, InputFault};
use super::inputs;
use super::size::size;
use crate::Limits;
use crate::diagnostic::Code;
use crate::plan::{Condition, Extent, Operand, Work};
use crate::template::{Input, Piece, State, Template};
use serde_json::Value;

/// The sizes of what a run holds.
#[derive(Debug)]
pub(crate) struct Budget<'run> {
    limits: &'run Limits,
    held: usize,
}

impl<'run> Budget<'run> {
    /// `event` is the size of the run's event.
    pub(crate) fn new(limits: &'run Limits, event: usize) -> Self {
        Budget { limits, held: event }
    }

    /// Counts an output of so many bytes, where it can be kept.
    #[inline]
    pub(crate) fn keeps(&mut self, bytes: usize) -> bool {
        let held = self.held.saturating_add(bytes);
        if held > self.limits.state_bytes {
            return false;
        }
        self.held = held;
        true
    }

    /// Counts an output of so many bytes; `Err` says why it cannot be kept.
    pub(crate) fn keep(&mut self, bytes: usize) -> Result<(), String> {
        if self.keeps(bytes) {
            return Ok(());
        }
        Err(format!(
            "the state of the run would be larger than {} with this output of {}",
            bytes_as_text(self.limits.state_bytes),
            bytes_as_text(bytes)
        ))
    }

    /// Counts an output that was kept before.
    pub(crate) fn recall(&mut self, output: &Value) {
        self.held = self.held.saturating_add(size(output).unwrap_or(usize::MAX));
    }

    /// Whether inputs are small enough whatever their refs lead to.
    #[inline]
    pub(crate) fn surely_allows(&self, extent: Extent) -> bool {
        self.held.saturating_mul(extent.refs).saturating_add(extent.beside) <= self.limits.input_bytes
    }

    /// Whether the inputs of the action at this position, all refs filled in, are small enough.
    pub(crate) fn allow(&self, action: usize, work: &Work, state: &State) -> Result<(), Box<Cause>> {
        if self.surely_allows(Extent::of(templates(work))) {
            return Ok(());
        }
        let exactly =
            templates(work).map(|template| resolved(template, state)).fold(0, usize::saturating_add);
        if exactly <= self.limits.input_bytes {
            return Ok(());
        }
        Err(Box::new(Cause::Input(InputFault {
            code: Code::Limit,
            pointer: inputs::all(action),
            reference: None,
            expected: None,
            message: format!(
                "the inputs would be {} with all refs filled in, and may be {}",
                bytes_as_text(exactly),
                bytes_as_text(self.limits.input_bytes)
            ),
        })))
    }
}

/// What is filled in for an action. A whole ref in a rule is only looked at.
fn templates(work: &Work) -> impl Iterator<Item = &Template> {
    let (inputs, operands): (&[Input], &[Operand]) = match work {
        Work::Call { inputs, .. } => (inputs, &[]),
        Work::If(Condition::Rule { operands, .. }) => (&[], operands),
        Work::If(Condition::Constant(_) | Condition::Ref(_)) => (&[], &[]),
    };
    let operands = operands.iter().map(|operand| &operand.template);
    let texts = operands.filter(|template| matches!(template, Template::Text(_)));
    inputs.iter().filter_map(|input| input.template.as_ref()).chain(texts)
}

/// The size of a template with its refs filled in. The values were counted when they were kept, so none is too deep.
fn resolved(template: &Template, state: &State) -> usize {
    let at = |place| state.find(place).map_or(0, |value| size(value).unwrap_or(usize::MAX));
    match template {
        Template::Literal(value) => size(value).unwrap_or(usize::MAX),
        Template::Ref(place) => at(place),
        Template::Text(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Verbatim(text) => text.len(),
                Piece::Ref(place) => at(place),
            })
            .fold(2, usize::saturating_add),
        Template::Array(elements) => {
            elements.iter().map(|element| resolved(element, state)).fold(2, usize::saturating_add)
        }
        Template::Object(members) => members
            .iter()
            .map(|(name, member)| resolved(member, state).saturating_add(name.len() + 4))
            .fold(2, usize::saturating_add),
    }
}

pub(crate) fn deep(what: &str) -> String {
    format!("{what} is nested deeper than {}", super::size::MAX_DEPTH)
}

/// `8 MiB`, `1.5 KiB`, `12 bytes`.
pub(crate) fn bytes_as_text(bytes: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "shown to one decimal")]
    let in_units = |unit: usize| {
        let shown = format!("{:.1}", bytes as f64 / unit as f64);
        shown.strip_suffix(".0").map_or(shown.clone(), str::to_owned)
    };
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", in_units(1024)),
        _ => format!("{} MiB", in_units(1_048_576)),
    }
}
