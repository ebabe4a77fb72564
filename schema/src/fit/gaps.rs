//! Integers of one number type that are of none of several others.

use crate::{steps, ty::NumberForm};

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
    pub(crate) fn of(own: &NumberForm, others: &[&NumberForm]) -> Gap {
        search(own, others).unwrap_or(Gap::Unknown)
    }
}

/// Every `step`th integer from `from` on, and before `end`.
#[derive(Clone, Copy)]
struct Range {
    from: i128,
    end: i128,
    step: i128,
}

fn search(own: &NumberForm, others: &[&NumberForm]) -> Option<Gap> {
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
        // After a period all is as before.
        let last =
            (end - 1).min(first.checked_add(
                period.filter(|period| *period / own.step <= PERIOD).unwrap_or(own.step * FEW),
            )?);
        let mut value = first;
        while value <= last {
            if there.iter().all(|step| value % step != 0) {
                return Some(Gap::At(value));
            }
            value += own.step;
        }
        if period.is_none_or(|period| period / own.step > PERIOD) && last < end - 1 {
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
