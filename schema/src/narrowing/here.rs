//! What is known of the value that a condition tests.

use super::{
    path::{Narrowed, Narrowing, Spent},
    rebuilt::listed,
};
use crate::{
    Type,
    equal::same_number,
    kind::{self, Kinds},
    numeral,
    ty::{Form, NumberForm, View},
    verdict::{Budget, Verdict, judge},
};
use serde_json::{Number, Value};

/// How many cells are looked at for as much work as a step.
const LOOKED_AT: usize = 64;

impl Narrowing<'_> {
    /// The values of a type that are kept themselves.
    pub(super) fn here(&mut self, view: View<'_>) -> Result<Narrowed, Spent> {
        let kinds = kind::of(view);
        if !self.kept.others.has(kinds) {
            return self.listed_of(view);
        }
        let mut dropped = self.dropped(view)?;
        match view.form() {
            Form::Number(form) if !dropped.is_empty() => {
                let mut form = form.clone();
                let mut excluded = 0;
                // From the ends inwards, as far as that leads.
                while let Some(next) = dropped
                    .iter()
                    .skip(excluded)
                    .position(|value| value.as_number().is_some_and(|number| exclude_end(&mut form, number)))
                {
                    dropped.swap(excluded, excluded + next);
                    excluded += 1;
                }
                if excluded == 0 {
                    return Ok(Narrowed::same(false));
                }
                let empty = match (&form.min, &form.max) {
                    (Some(min), Some(max)) => numeral::compare(&min.value, &max.value).is_gt(),
                    _ => false,
                };
                if empty {
                    return Ok(Narrowed::never());
                }
                let exact = excluded == dropped.len();
                Ok(Narrowed { ty: Some(Type::of_form(Form::Number(form))), exact })
            }
            Form::String(form) if dropped.iter().any(|value| value.as_str() == Some("")) => {
                let mut form = form.clone();
                form.min = form.min.max(1);
                Ok(Narrowed { ty: Some(Type::of_form(Form::String(form))), exact: dropped.len() == 1 })
            }
            Form::Array(form) if dropped.iter().any(|value| value.as_array().is_some_and(Vec::is_empty)) => {
                let mut form = form.clone();
                form.min = form.min.max(1);
                let mut narrowed = self.longer_or_shorter(view, form)?;
                narrowed.exact = dropped.len() == 1;
                Ok(narrowed)
            }
            // Of several kinds, the others of some may be dropped.
            _ => Ok(Narrowed::same(dropped.is_empty() && self.kept.others.has_all(kinds.and(Kinds::MANY)))),
        }
    }

    /// The values with a cell of their own that a type has, and that are not kept.
    fn dropped(&mut self, view: View<'_>) -> Result<Vec<Value>, Spent> {
        self.spend(self.kept.singles() / LOOKED_AT)?;
        let candidates: Vec<&Value> = self.kept.dropped(kind::of(view)).collect();
        let mut dropped = Vec::new();
        for value in candidates {
            if self.judge(view, value)? {
                dropped.push(value.clone());
            }
        }
        Ok(dropped)
    }

    /// Those of the kept values with a cell of their own that a type has.
    fn listed_of(&mut self, view: View<'_>) -> Result<Narrowed, Spent> {
        if view.is_never() {
            return Ok(Narrowed::same(true));
        }
        if view.is_any() && !self.kept.is_definite() && self.kept.values().next().is_some() {
            return Ok(Narrowed::same(false));
        }
        self.spend(self.kept.singles() / LOOKED_AT)?;
        let mut values = Vec::new();
        for value in self.kept.values() {
            if kind::of(view).has(Kinds::of_value(value)) {
                values.push(value.clone());
            }
        }
        let mut accepted = Vec::new();
        for value in values {
            if self.judge(view, &value)? {
                accepted.push(value);
            }
        }
        let all = match view.form() {
            Form::Null => 1,
            Form::Boolean => 2,
            _ => usize::MAX,
        };
        Ok(if accepted.len() == all { Narrowed::same(true) } else { Narrowed::to(listed(accepted)) })
    }

    fn judge(&mut self, view: View<'_>, value: &Value) -> Result<bool, Spent> {
        let mut budget = Budget::of(self.fuel);
        let verdict = judge(view, value, 0, &mut budget);
        self.fuel = budget.left();
        // Where the budget ends, the answer is no without being known.
        if budget.is_spent() { Err(Spent) } else { Ok(verdict == Verdict::Yes) }
    }
}

/// Moves the bound that a number is, so that it is one no longer; whether it was one.
fn exclude_end(form: &mut NumberForm, number: &Number) -> bool {
    let NumberForm { integer, min, max, .. } = form;
    for (end, step) in [(min, 1), (max, -1)] {
        let Some(limit) = end.as_mut().filter(|limit| same_number(&limit.value, number)) else { continue };
        match numeral::integral(number).and_then(|value| numeral::from_integer(value + step)) {
            Some(next) if *integer => limit.value = next,
            _ => limit.exclusive = true,
        }
        return true;
    }
    false
}
