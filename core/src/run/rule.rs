//! The condition of a `builtin:if`, evaluated.

use super::failure::{Cause, InputFault};
use super::inputs;
use crate::Limits;
use crate::diagnostic::Code;
use crate::fault::{TEXT, kind_of};
use crate::plan::{Condition, Operand, Plan};
use crate::rule::RuleError;
use crate::template::{Piece, State, Template};
use crate::view::{View, as_text};
use serde_json::Value;
use std::borrow::Cow;
use std::cell::OnceCell;

impl Condition {
    /// Whether the condition of the action at this position holds.
    pub(crate) fn evaluate(
        &self,
        plan: &Plan,
        action: usize,
        state: &State,
        limits: &Limits,
    ) -> Result<bool, Cause> {
        match self {
            Condition::Constant(result) => Ok(*result),
            Condition::Ref(place) => match state.find(place) {
                Some(Value::Bool(result)) => Ok(*result),
                found => Err(Cause::Input(InputFault {
                    code: if found.is_some() { Code::WrongType } else { Code::MayBeAbsent },
                    pointer: inputs::pointer(action, "condition"),
                    reference: Some(plan.reference(place)),
                    expected: Some("boolean".to_owned()),
                    message: format!("expected `boolean`, found {}", found.map_or("nothing", kind_of)),
                })),
            },
            Condition::Rule { rule, operands } => {
                // Text is made once, however often the rule looks at it.
                let has_text = operands.iter().any(|operand| matches!(operand.template, Template::Text(_)));
                let count = if has_text { operands.len() } else { 0 };
                let texts: Box<[OnceCell<Value>]> = (0..count).map(|_| OnceCell::new()).collect();
                let operand = |slot: usize| match operands.get(slot) {
                    Some(operand) => look_up(operand, texts.get(slot), plan, action, state),
                    None => Ok(None),
                };
                rule.evaluate_bool(&operand, &Value::Null, limits.rule_steps).map_err(|error| match error {
                    RuleError::Operand(fault) => Cause::Input(*fault),
                    RuleError::Steps | RuleError::Depth => Cause::Limit { message: plain(&error) },
                    RuleError::NothingToMultiply | RuleError::NoNames => {
                        Cause::Rule { message: plain(&error) }
                    }
                })
            }
        }
    }
}

/// An operand's value; a ref that yields nothing counts as null.
fn look_up<'v>(
    operand: &'v Operand,
    text: Option<&'v OnceCell<Value>>,
    plan: &Plan,
    action: usize,
    state: &'v State,
) -> Result<Option<Cow<'v, Value>>, Box<InputFault>> {
    match (&operand.template, View::of(&operand.template, state), text) {
        (_, View::Value(value), _) => Ok(Some(Cow::Borrowed(value))),
        (Template::Text(pieces), view, Some(text)) => {
            if text.get().is_none() {
                let made = view.to_value().ok().flatten();
                let made = made.ok_or_else(|| Box::new(no_text(pieces, operand, plan, action, state)))?;
                return Ok(Some(Cow::Borrowed(text.get_or_init(|| made))));
            }
            Ok(text.get().map(Cow::Borrowed))
        }
        _ => Ok(None),
    }
}

fn no_text(pieces: &[Piece], operand: &Operand, plan: &Plan, action: usize, state: &State) -> InputFault {
    let place = pieces.iter().find_map(|piece| match piece {
        Piece::Ref(place) if state.find(place).and_then(as_text).is_none() => Some(place),
        _ => None,
    });
    let found = place.and_then(|place| state.find(place));
    InputFault {
        code: if found.is_some() { Code::NotText } else { Code::MayBeAbsent },
        pointer: inputs::pointer(action, "condition").join(&operand.pointer),
        reference: place.map(|place| plan.reference(place)),
        expected: Some(TEXT.to_owned()),
        message: match found {
            Some(found) => format!("expected `{TEXT}`, and {} cannot stand in text", kind_of(found)),
            None => format!("expected `{TEXT}`, and nothing is there to stand in the text"),
        },
    }
}

fn plain(error: &RuleError<Box<InputFault>>) -> String {
    error.to_string()
}
