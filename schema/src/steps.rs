//! The integers of a number type, as steps of equal length.

use crate::{
    numeral,
    ty::{Limit, NumberForm},
};
use serde_json::Number;

/// The multiples of `step` from `least` to `greatest`. There is none where `least` is the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Steps {
    pub(crate) least: i128,
    pub(crate) greatest: i128,
    pub(crate) step: i128,
}

impl Steps {
    /// What the numbers of a form are among, where all of them are integers.
    pub(crate) fn of(form: &NumberForm) -> Option<Steps> {
        let (step, divided) = step(form)?;
        let is_bounded = form.integer || (divided && form.min.is_some() && form.max.is_some());
        let (least, greatest) = is_bounded.then(|| bounds(form, numeral::INTEGERS)).flatten()?;
        let rounded_up = least.checked_add((step - least.rem_euclid(step)) % step)?;
        let steps = Steps { least: rounded_up, greatest: greatest - greatest.rem_euclid(step), step };
        let holds = steps.least >= numeral::INTEGERS.0 && steps.greatest <= numeral::INTEGERS.1;
        (form.integer || holds).then_some(steps)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.least > self.greatest
    }

    /// How many there are.
    pub(crate) fn count(self) -> i128 {
        if self.is_empty() { 0 } else { (self.greatest - self.least) / self.step + 1 }
    }

    /// Each of them.
    pub(crate) fn values(self) -> impl Iterator<Item = i128> {
        (0..self.count()).map(move |at| self.least + at * self.step)
    }
}

/// What integral multiples the numbers of a form are of, and whether that alone makes them integral.
pub(crate) fn step(form: &NumberForm) -> Option<(i128, bool)> {
    let mut integral = form.multiples.iter().filter_map(numeral::integral).peekable();
    let divided = integral.peek().is_some();
    integral.try_fold(1, common_multiple).map(|step| (step, divided))
}

pub(crate) fn is_integral(number: &Number) -> bool {
    numeral::integral(number).is_some()
}

/// The least and the greatest integer within a form's bounds; where it has none, those of integers, or else `open`.
pub(crate) fn bounds(form: &NumberForm, open: (i128, i128)) -> Option<(i128, i128)> {
    let (least, greatest) = if form.integer { numeral::INTEGERS } else { open };
    let least = form.min.as_ref().map_or(Some(least), |min| at_least(min).map(|min| min.max(least)))?;
    let greatest =
        form.max.as_ref().map_or(Some(greatest), |max| at_most(max).map(|max| max.min(greatest)))?;
    Some((least, greatest))
}

fn at_least(min: &Limit) -> Option<i128> {
    let least = numeral::ceiling(&min.value)?;
    let is_excluded = min.exclusive && numeral::integral(&min.value) == Some(least);
    Some(if is_excluded { least + 1 } else { least })
}

fn at_most(max: &Limit) -> Option<i128> {
    let greatest = numeral::floor(&max.value)?;
    let is_excluded = max.exclusive && numeral::integral(&max.value) == Some(greatest);
    Some(if is_excluded { greatest - 1 } else { greatest })
}

/// `None` where it is zero, or too large to count with.
pub(crate) fn common_multiple(left: i128, right: i128) -> Option<i128> {
    let (mut a, mut b) = (left.checked_abs()?, right.checked_abs()?);
    if a == 0 || b == 0 {
        return None;
    }
    while b != 0 {
        (a, b) = (b, a % b);
    }
    (left / a).checked_mul(right).and_then(i128::checked_abs).filter(|multiple| *multiple < 1 << 64)
}
