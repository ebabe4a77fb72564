//! JSON numbers compared as the numbers they are, whatever Rust holds them in.

use serde_json::Number;
use std::cmp::Ordering;

/// The least and the greatest integer that an integer type holds: what fits an `i64` or a `u64`.
pub(crate) const INTEGERS: (i128, i128) = (i64::MIN as i128, u64::MAX as i128);

/// The exact order of two numbers.
pub(crate) fn compare(left: &Number, right: &Number) -> Ordering {
    match (written_integer(left), written_integer(right)) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(left), None) => compare_mixed(left, float(right)),
        (None, Some(right)) => compare_mixed(right, float(left)).reverse(),
        (None, None) => float(left).partial_cmp(&float(right)).unwrap_or(Ordering::Equal),
    }
}

/// The number as an integer, where it is integral: `30` and `30.0`.
pub(crate) fn integral(number: &Number) -> Option<i128> {
    written_integer(number).or_else(|| {
        let value = float(number);
        (is_integral(value) && value.abs() < TWO_TO_126).then(|| truncate(value))
    })
}

/// Whether the number has no fraction, however large it is.
pub(crate) fn is_whole(number: &Number) -> bool {
    written_integer(number).is_some() || is_integral(float(number))
}

/// Whether `number` is a multiple of `factor`, both read as the decimals they are written as.
pub(crate) fn is_multiple(number: &Number, factor: &Number) -> bool {
    if let (Some(number), Some(factor)) = (integral(number), integral(factor)) {
        return factor != 0 && number % factor == 0;
    }
    decimal_multiple(number, factor).unwrap_or_else(|| is_integral(float(number) / float(factor)))
}

/// The integer nearest to `number` that is not below it; `None` where it is beyond what is counted exactly.
pub(crate) fn ceiling(number: &Number) -> Option<i128> {
    written_integer(number).or_else(|| {
        let value = float(number).ceil();
        (value.abs() < TWO_TO_126).then(|| truncate(value))
    })
}

/// The integer nearest to `number` that is not above it; `None` where it is beyond what is counted exactly.
pub(crate) fn floor(number: &Number) -> Option<i128> {
    written_integer(number).or_else(|| {
        let value = float(number).floor();
        (value.abs() < TWO_TO_126).then(|| truncate(value))
    })
}

/// An integer as a JSON number, where `i64` or `u64` holds it.
pub(crate) fn from_integer(value: i128) -> Option<Number> {
    i64::try_from(value).map(Number::from).or_else(|_| u64::try_from(value).map(Number::from)).ok()
}

const TWO_TO_126: f64 = 85_070_591_730_234_615_865_843_651_857_942_052_864.0;

fn written_integer(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::INFINITY)
}

// A float without a fraction is exactly what its truncation is.
#[allow(clippy::float_cmp)]
fn is_integral(value: f64) -> bool {
    value.is_finite() && value.trunc() == value
}

// Every caller has bounded the magnitude by 2^126.
#[allow(clippy::cast_possible_truncation)]
fn truncate(value: f64) -> i128 {
    value.trunc() as i128
}

fn compare_mixed(integer: i128, value: f64) -> Ordering {
    if value >= TWO_TO_126 {
        Ordering::Less
    } else if value <= -TWO_TO_126 {
        Ordering::Greater
    } else {
        integer.cmp(&truncate(value)).then_with(|| 0.0.partial_cmp(&value.fract()).unwrap_or(Ordering::Equal))
    }
}

/// `None` where a digit string is too long to compute with.
fn decimal_multiple(number: &Number, factor: &Number) -> Option<bool> {
    let (number, number_places) = decimal(number)?;
    let (factor, factor_places) = decimal(factor)?;
    let places = number_places.max(factor_places);
    let scale =
        |digits: i128, own: i32| digits.checked_mul(10_i128.checked_pow(u32::try_from(places - own).ok()?)?);
    let factor = scale(factor, factor_places)?;
    (factor != 0).then_some(())?;
    Some(scale(number, number_places)? % factor == 0)
}

/// A number as `digits / 10^places`.
fn decimal(number: &Number) -> Option<(i128, i32)> {
    let text = number.to_string();
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent.parse().ok()?)?;
    Some((digits, places))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn integers_and_floats_compare_exactly() {
        let order = |left, right| compare(&number(left), &number(right));
        assert_eq!(order("1", "1.0"), Ordering::Equal);
        assert_eq!(order("-0.0", "0"), Ordering::Equal);
        assert_eq!(order("9007199254740993", "9007199254740992.0"), Ordering::Greater);
        assert_eq!(order("18446744073709551615", "18446744073709551616.0"), Ordering::Less);
        assert_eq!(order("-1", "-1.5"), Ordering::Greater);
        assert_eq!(order("1e300", "18446744073709551615"), Ordering::Greater);
        assert_eq!(order("0.1", "0.2"), Ordering::Less);
    }

    #[test]
    fn multiples_are_counted_in_decimals() {
        assert!(is_multiple(&number("0.3"), &number("0.1")));
        assert!(is_multiple(&number("19.99"), &number("0.01")));
        assert!(!is_multiple(&number("19.995"), &number("0.01")));
        assert!(is_multiple(&number("9.0"), &number("3")));
        assert!(!is_multiple(&number("1e21"), &number("7")));
        assert!(is_multiple(&number("-6"), &number("3")));
    }

    #[test]
    fn whole_floats_are_integers() {
        assert_eq!(integral(&number("30.0")), Some(30));
        assert_eq!(integral(&number("30.5")), None);
        assert!(is_whole(&number("1e300")));
        assert_eq!(integral(&number("1e300")), None);
    }
}
