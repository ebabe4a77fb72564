//! The condition of a `builtin:if`, evaluated.

use super::failure::{Cause, InputFault};
use super::inputs;
use crate::Limits;
use crate::diagnostic::Code;
use crate::fault::kind_of;
use crate::plan::{Condition, Operand, Plan};
use crate::rule::RuleError;
use crate::template::{Piece, State, Template};
use crate::view::{View, as_text};
use serde_json::Value;
use std::borrow::Cow;

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
                    message: format!("expected boolean, found {}", found.map_or("nothing", kind_of)),
                })),
            },
            Condition::Rule { rule, operands } => {
                let operand = |slot: usize| match operands.get(slot) {
                    None => Ok(None),
                    Some(operand) => look_up(operand, plan, action, state),
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
    plan: &Plan,
    action: usize,
    state: &'v State,
) -> Result<Option<Cow<'v, Value>>, Box<InputFault>> {
    match (&operand.template, View::of(&operand.template, state)) {
        (_, View::Missing) => Ok(None),
        (_, View::Value(value)) => Ok(Some(Cow::Borrowed(value))),
        (Template::Text(pieces), view) => match view.to_value() {
            Ok(value) => Ok(value.map(Cow::Owned)),
            Err(_) => Err(Box::new(no_text(pieces, operand, plan, action, state))),
        },
        (_, view) => Ok(view.to_value().ok().flatten().map(Cow::Owned)),
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
        expected: None,
        message: format!("{} cannot stand in text", found.map_or("nothing", kind_of)),
    }
}

fn plain(error: &RuleError<Box<InputFault>>) -> String {
    error.to_string()
}
