//! Rules of `builtin:if`, over operands of which the plain reading knows what they do.

use super::Writer;
use serde_json::{Value, json};

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

impl Writer<'_> {
    pub(super) fn condition(&mut self) -> Value {
        match self.chance.below(12) {
            0 if self.is_wild() => json!(self.chance.percent(60)),
            1 if self.is_wild() => self.reference(Value::is_boolean).map_or(json!(true), Value::String),
            0 | 1 => json!("!ref($.event.data.always)"),
            _ if self.is_wild() => self.rule(3),
            _ => self.comparison(2),
        }
    }

    /// A rule that comes to a boolean.
    fn comparison(&mut self, depth: usize) -> Value {
        let operator =
            *self.chance.pick(&["==", "===", "!=", "!==", "<", "<=", ">", ">=", "!", "!!", "in", "<"]);
        let arguments = match operator {
            "!" | "!!" if self.runs_wild(30) => {
                self.reference(Value::is_array).map_or(Value::Null, Value::String)
            }
            "!" | "!!" if self.chance.percent(40) => self.truth(),
            "!" | "!!" => json!([if depth > 0 { self.rule(depth - 1) } else { self.truth() }]),
            "in" => match self.chance.below(3) {
                0 => json!([self.scalar(0), [self.scalar(0), self.scalar(0)]]),
                1 => {
                    let list =
                        self.reference(|value| value.as_array().is_some_and(|all| all.iter().all(is_scalar)));
                    json!([self.scalar(0), list])
                }
                _ => json!([self.rule_text(), self.rule_text()]),
            },
            "<" | "<=" if self.chance.percent(20) => json!([self.scalar(0), self.scalar(0), self.scalar(0)]),
            _ => json!([self.scalar(depth), self.scalar(depth)]),
        };
        json!({ operator: arguments })
    }

    fn rule(&mut self, depth: usize) -> Value {
        if depth == 0 {
            return self.comparison(0);
        }
        match self.chance.below(8) {
            0 => json!({ "and": [self.rule(depth - 1), self.truth(), self.rule(depth - 1)] }),
            1 => json!({ "or": [self.rule(depth - 1), self.truth(), self.rule(depth - 1)] }),
            2 => json!({ "if": [self.rule(depth - 1), self.truth(), self.rule(depth - 1)] }),
            3 => self.scalar_rule(depth - 1),
            _ => self.comparison(depth - 1),
        }
    }

    /// A rule that comes to a number or a text.
    fn scalar_rule(&mut self, depth: usize) -> Value {
        let operator = *self.chance.pick(&["cat", "+", "*", "-", "%", "min", "max"]);
        json!({ operator: [self.scalar(depth), self.scalar(depth)] })
    }

    /// An operand that is no array and no object.
    fn scalar(&mut self, depth: usize) -> Value {
        match self.chance.below(10) {
            0..5 => self.reference(is_scalar).map_or(Value::Null, Value::String),
            5 if depth > 0 => self.scalar_rule(depth - 1),
            6 if depth > 0 => self.comparison(depth - 1),
            7 if self.is_wild() => json!("!ref($.event.data.gone)"),
            8 => self.rule_text(),
            _ => self
                .chance
                .pick(&[
                    json!(null),
                    json!(true),
                    json!(0),
                    json!(1),
                    json!(-1.5),
                    json!("1"),
                    json!(""),
                    json!("a"),
                ])
                .clone(),
        }
    }

    /// An operand of which only its truth is asked.
    fn truth(&mut self) -> Value {
        let wild = self.is_wild();
        self.reference(|value| wild || is_scalar(value)).map_or(Value::Null, Value::String)
    }

    fn rule_text(&mut self) -> Value {
        match self.chance.below(3) {
            0 => json!(self.text_with_refs_for_rules()),
            1 => self.reference(Value::is_string).map_or(json!(""), Value::String),
            _ => json!(self.word()),
        }
    }

    fn text_with_refs_for_rules(&mut self) -> String {
        let reference = self.reference(|value| value.is_string() || value.is_number()).unwrap_or_default();
        format!("{}{reference}.", self.word())
    }
}
