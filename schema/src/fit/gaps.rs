//! Integers of one number type that are of none of several others.

use crate::{fuel::Fuel, steps, ty::NumberForm};

/// How many integers between two bounds are looked at one by one.
const FEW: i128 = 256;

/// Up to which length what repeats is looked at.
const PERIOD: i128 = 4_096;

/// Whether a number type whose numbers are all integral has one that is of none of `others`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gap {
    None,
    /// This one.
    At(i128),
    /// It has numbers with fractions, or it is too much work.
    Unknown,
}

impl Gap {
    pub(crate) fn of(own: &NumberForm, others: &[&NumberForm], fuel: &mut Fuel) -> Gap {
        search(own, others, fuel).unwrap_or(Gap::Unknown)
    }
}

/// Every `step`th integer from `from` on, and before `end`.
#[derive(Clone, Copy)]
struct Range {
    from: i128,
    end: i128,
    step: i128,
}

fn search(own: &NumberForm, others: &[&NumberForm], fuel: &mut Fuel) -> Option<Gap> {
    let own = range(own).filter(|_| own.integer || steps::step(own).is_some_and(|(_, divided)| divided))?;
    let others: Vec<Range> = others.iter().filter_map(|form| range(form)).collect();
    let mut cuts: Vec<i128> = others.iter().flat_map(|range| [range.from, range.end]).collect();
    cuts.extend([own.from, own.end]);
    cuts.retain(|cut| (own.from..=own.end).contains(cut));
    cuts.sort_unstable();
    cuts.dedup();
    for (from, end) in cuts.iter().zip(cuts.iter().skip(1)) {
        let first = from + (own.step - from.rem_euclid(own.step)) % own.step;
        let there: Vec<i128> = others
            .iter()
            .filter(|range| range.from <= *from && *end <= range.end)
            .map(|range| range.step)
            .collect();
        let period = there.iter().try_fold(own.step, |period, step| steps::common_multiple(period, *step));
        let period = period.filter(|period| period / own.step <= PERIOD);
        // After a period all is as before.
        let last = (end - 1).min(first.checked_add(period.unwrap_or(own.step * FEW))?);
        let mut value = first;
        while value <= last {
            if !fuel.spend(1 + there.len() / 4) {
                return None;
            }
            if there.iter().all(|step| value % step != 0) {
                return Some(Gap::At(value));
            }
            value += own.step;
        }
        if period.is_none() && last < end - 1 {
            return Some(Gap::Unknown);
        }
    }
    Some(Gap::None)
}

/// The integers of a form; `None` where they are not said by steps.
fn range(form: &NumberForm) -> Option<Range> {
    let (step, _) = steps::step(form).filter(|_| form.multiples.iter().all(steps::is_integral))?;
    let (least, greatest) = steps::bounds(form, (i128::MIN / 8, i128::MAX / 8))?;
    Some(Range { from: least, end: greatest.checked_add(1)?, step })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ty::Limit;
    use serde_json::Number;

    /// The integers from `min` to `max`, as far as these are said, that are multiples of `step`.
    fn integers(min: Option<i64>, max: Option<i64>, step: u64) -> NumberForm {
        let limit = |value: i64| Limit { value: Number::from(value), exclusive: false };
        let multiples = vec![Number::from(step)];
        NumberForm { integer: true, min: min.map(limit), max: max.map(limit), multiples }
    }

    fn gap(own: &NumberForm, others: &[NumberForm]) -> Gap {
        Gap::of(own, &others.iter().collect::<Vec<_>>(), &mut Fuel::of(crate::fit::FUEL))
    }

    fn multiples(step: u64) -> NumberForm {
        integers(None, None, step)
    }

    #[test]
    fn a_gap_is_the_first_integer_that_no_other_has() {
        let from_two = |step| integers(Some(2), None, step);
        assert_eq!(gap(&from_two(1), &[multiples(2), multiples(3)]), Gap::At(5));
        assert_eq!(gap(&from_two(1), &[multiples(2), multiples(3), multiples(5), multiples(7)]), Gap::At(11));
        assert_eq!(gap(&multiples(6), &[multiples(4), multiples(3)]), Gap::None);
        assert_eq!(
            gap(&integers(Some(0), Some(9), 1), &[integers(None, Some(3), 1), integers(Some(5), None, 1)]),
            Gap::At(4)
        );
        assert_eq!(
            gap(&integers(Some(0), Some(9), 2), &[integers(None, Some(4), 1), integers(Some(5), None, 1)]),
            Gap::None
        );
        let fractions = NumberForm { min: integers(Some(0), None, 1).min, ..NumberForm::default() };
        assert_eq!(gap(&fractions, &[multiples(1)]), Gap::Unknown);
    }

    #[test]
    fn a_gap_lies_between_the_bounds() {
        let others = [multiples(2), multiples(3)];
        assert_eq!(gap(&integers(Some(2), Some(4), 1), &others), Gap::None);
        assert_eq!(gap(&integers(Some(2), Some(5), 1), &others), Gap::At(5));
        assert_eq!(gap(&integers(Some(6), Some(7), 1), &others), Gap::At(7));
    }

    #[test]
    fn what_repeats_is_looked_at_once() {
        let period = u64::try_from(PERIOD).unwrap();
        assert_eq!(gap(&multiples(1), &[multiples(1), multiples(period)]), Gap::None);
        assert_eq!(gap(&multiples(2), &[multiples(2), multiples(2 * period)]), Gap::None);
        assert_eq!(gap(&multiples(1), &[multiples(1), multiples(period + 1)]), Gap::Unknown);
        assert_eq!(gap(&multiples(2), &[multiples(2), multiples(2 * period + 2)]), Gap::Unknown);
    }

    #[test]
    fn of_what_repeats_too_late_a_few_are_looked_at() {
        let few = i64::try_from(FEW).unwrap();
        let late = u64::try_from(PERIOD).unwrap() + 1;
        let others = [multiples(1), multiples(late)];
        assert_eq!(gap(&integers(Some(0), Some(few), 1), &others), Gap::None);
        assert_eq!(gap(&integers(Some(0), Some(few - 1), 1), &others), Gap::None);
        assert_eq!(gap(&integers(Some(0), Some(few + 1), 1), &others), Gap::Unknown);
        assert_eq!(gap(&integers(Some(0), Some(10), 1), &[multiples(late)]), Gap::At(1));
        // Few of its own, however far they are from each other.
        let others = [multiples(600), multiples(900), multiples(300 * late)];
        assert_eq!(gap(&integers(Some(600), None, 300), &others), Gap::At(1500));
    }
}
