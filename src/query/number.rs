//! Zone: post-admission. Numbers of queries: compared digit by digit, calculated as doubles.
//!
//! Ids of eighteen digits differ in the last one, so comparing never rounds. Sums of whole
//! numbers are exact as well; what has a fraction goes through a double.

use core::cmp::Ordering;

use crate::json::{self, Bounds, Json, Number};

/// Compares two numbers by value.
pub(super) fn compare(a: &Number, b: &Number) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => Decimal::of(a.text()).compare(&Decimal::of(b.text())),
    }
}

/// Returns the number that `text` says in the grammar of JSON.
pub(super) fn parsed(text: &str) -> Option<Json> {
    let value = json::read(text.as_bytes(), Bounds { depth: 1, nodes: 1 }).ok()?;
    value.as_number().is_some().then_some(value)
}

/// Returns the number without its sign.
pub(super) fn magnitude(number: &Number) -> Option<Json> {
    parsed(number.text().trim_start_matches('-'))
}

/// Returns the nearest whole number that `toward` gives.
pub(super) fn whole(number: &Number, toward: fn(f64) -> f64) -> Option<Json> {
    if number.is_integer() {
        return Some(Json::Number(number.clone()));
    }
    said(toward(number.as_f64()?))
}

/// Returns the sum.
pub(super) fn sum(numbers: &[&Number]) -> Option<Json> {
    let exact = numbers.iter().try_fold(0_i128, |sum, number| {
        let number = number.as_i64()?;
        sum.checked_add(i128::from(number))
    });
    match exact {
        Some(sum) => parsed(&sum.to_string()),
        None => said(total(numbers)?),
    }
}

/// Returns the mean of at least one number.
pub(super) fn average(numbers: &[&Number]) -> Option<Json> {
    let count = u32::try_from(numbers.len()).ok()?;
    let total = sum(numbers)?.as_number().and_then(Number::as_f64)?;
    said(total / f64::from(count))
}

fn total(numbers: &[&Number]) -> Option<f64> {
    numbers.iter().try_fold(0.0, |sum, number| Some(sum + number.as_f64()?))
}

/// Returns `value` as text; a whole number has no fraction. Doubles hold every one below 2^53.
fn said(value: f64) -> Option<Json> {
    if value.fract() == 0.0 && value.abs() < 9e15 {
        return format!("{value:.0}").parse::<i64>().ok().map(Json::from);
    }
    Number::from_f64(value).map(Json::Number)
}

/// A number as `0.DIGITS * 10^exponent`: no zeros at either end of the digits.
struct Decimal<'a> {
    negative: bool,
    /// Digits before and after the point as written.
    digits: (&'a str, &'a str),
    exponent: i64,
}

impl<'a> Decimal<'a> {
    fn of(text: &'a str) -> Self {
        let unsigned = text.trim_start_matches('-');
        let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        // A power beyond the range of the type is as good as the end of the range.
        let end = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
        let exponent = exponent.parse().unwrap_or(end);
        let (digits, point) = if whole.is_empty() {
            let digits = fraction.trim_start_matches('0');
            let zeros = places(fraction).saturating_sub(places(digits));
            (("", digits), 0_i64.saturating_sub(zeros))
        } else if fraction.is_empty() {
            ((whole.trim_end_matches('0'), ""), places(whole))
        } else {
            ((whole, fraction), places(whole))
        };
        let exponent = exponent.saturating_add(point);
        Self { negative: text.starts_with('-'), digits, exponent }
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self.sign(), other.sign()) {
            (0, 0) => Ordering::Equal,
            (a, b) if a != b => a.cmp(&b),
            (1.., _) => self.size(other),
            _ => other.size(self),
        }
    }

    fn sign(&self) -> i8 {
        match (self.digits, self.negative) {
            (("", ""), _) => 0,
            (_, true) => -1,
            (_, false) => 1,
        }
    }

    fn size(&self, other: &Self) -> Ordering {
        self.exponent.cmp(&other.exponent).then_with(|| self.bytes().cmp(other.bytes()))
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + 'a {
        let (whole, fraction) = self.digits;
        whole.bytes().chain(fraction.bytes())
    }
}

fn places(digits: &str) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::{average, compare, magnitude, parsed, sum, whole};
    use crate::json::{Json, Number, write};
    use core::cmp::Ordering;

    fn number(text: &str) -> Number {
        parsed(text).unwrap().as_number().unwrap().clone()
    }

    #[test]
    fn numbers_are_compared_by_value_to_the_last_digit() {
        for (a, b, expected) in [
            ("1", "1.0", Ordering::Equal),
            ("100", "1e2", Ordering::Equal),
            ("0.001", "1E-3", Ordering::Equal),
            ("-0", "0.0e9", Ordering::Equal),
            ("12.50", "1.25e+1", Ordering::Equal),
            ("216196257331200001", "216196257331200002", Ordering::Less),
            ("216196257331200001", "216196257331200001.0", Ordering::Equal),
            ("99999999999999999999", "100000000000000000000", Ordering::Less),
            ("-99999999999999999999", "-100000000000000000000", Ordering::Greater),
            ("0.1", "0.10000000000000000000000001", Ordering::Less),
            ("-1.5", "1", Ordering::Less),
            ("0", "1e-400", Ordering::Less),
            ("1e99999999999999999999", "1e400", Ordering::Greater),
            ("1e-99999999999999999999", "1e-400", Ordering::Less),
            ("-1e-99999999999999999999", "0", Ordering::Less),
        ] {
            assert_eq!(compare(&number(a), &number(b)), expected, "{a} {b}");
            assert_eq!(compare(&number(b), &number(a)), expected.reverse(), "{b} {a}");
        }
    }

    #[test]
    fn whole_numbers_stay_whole() {
        let text = |value: Option<Json>| value.map(|value| write::to_text(&value));
        let many = ["9223372036854775807", "1"].map(number);
        assert_eq!(text(sum(&[&many[0], &many[1]])).unwrap(), "9223372036854775808");
        assert_eq!(text(sum(&[])).unwrap(), "0");
        let mixed = ["1.5", "2.5"].map(number);
        assert_eq!(text(sum(&[&mixed[0], &mixed[1]])).unwrap(), "4");
        assert_eq!(text(average(&[&mixed[0], &mixed[1]])).unwrap(), "2");
        assert_eq!(text(average(&[&many[1], &mixed[0]])).unwrap(), "1.25");
        assert_eq!(text(whole(&number("-1.2"), f64::ceil)).unwrap(), "-1");
        assert_eq!(text(whole(&number("-0.2"), f64::ceil)).unwrap(), "0");
        assert_eq!(text(whole(&number("-1.2"), f64::floor)).unwrap(), "-2");
        assert_eq!(text(magnitude(&number("-216196257331200001"))).unwrap(), "216196257331200001");
        assert_eq!(sum(&[&number("1e999")]), None);
        assert_eq!(whole(&number("1e999"), f64::floor), None);
    }
}
