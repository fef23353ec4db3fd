//! Zone: operator. From when until when a certificate is valid (RFC 5280 s4.1.2.5).
//!
//! Reads only the front of the certificate, strictly, and decides nothing about its signature.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::der::{CONTEXT_0, GENERALIZED_TIME, INTEGER, Malformed, Reader, SEQUENCE, UTC_TIME};
use crate::base::bytes::decimal;

/// The first and the last second of a certificate, counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) not_before: u64,
    pub(super) not_after: u64,
}

impl Validity {
    /// Returns the validity in a DER certificate.
    pub(super) fn read(certificate: &[u8]) -> Result<Self, Malformed> {
        let mut file = Reader::new(certificate);
        let mut outer = file.enter(SEQUENCE)?;
        file.finish()?;
        let mut signed = outer.enter(SEQUENCE)?;
        signed.take_optional(CONTEXT_0)?; // version
        signed.take(INTEGER)?; // serial number
        signed.take(SEQUENCE)?; // signature algorithm
        signed.take(SEQUENCE)?; // issuer
        let mut validity = signed.enter(SEQUENCE)?;
        let not_before = time(&mut validity)?;
        let not_after = time(&mut validity)?;
        validity.finish()?;
        Ok(Self { not_before, not_after })
    }
}

fn time(reader: &mut Reader<'_>) -> Result<u64, Malformed> {
    if let Some(text) = reader.take_optional(UTC_TIME)? {
        let (year, rest) = text.split_at_checked(2).ok_or(Malformed)?;
        let year = decimal(year).ok_or(Malformed)?;
        let century = if year >= 50 { 1900 } else { 2000 };
        return seconds(year.saturating_add(century), rest).ok_or(Malformed);
    }
    let text = reader.take(GENERALIZED_TIME)?;
    let (year, rest) = text.split_at_checked(4).ok_or(Malformed)?;
    seconds(decimal(year).ok_or(Malformed)?, rest).ok_or(Malformed)
}

/// Returns the seconds from 1970 to `MMDDHHMMSSZ` in `year`; zero for an earlier time.
fn seconds(year: u64, rest: &[u8]) -> Option<u64> {
    let digits: &[u8; 10] = rest.strip_suffix(b"Z")?.try_into().ok()?;
    let (pairs, _) = digits.as_chunks::<2>();
    let [month, day, hour, minute, second] = pairs else { return None };
    let (month, day) = (decimal(month)?, decimal(day)?);
    let (hour, minute, second) = (decimal(hour)?, decimal(minute)?, decimal(second)?);
    let leap = is_leap(year);
    let lengths = [31, if leap { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = usize::try_from(month.checked_sub(1)?).ok()?;
    let in_month: u64 = *lengths.get(before)?;
    if day == 0 || day > in_month || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if year < 1970 {
        return Some(0);
    }
    let years: u64 = (1970..year).map(|past| if is_leap(past) { 366 } else { 365 }).sum();
    let months: u64 = lengths.iter().take(before).sum();
    let days = years.checked_add(months)?.checked_add(day.checked_sub(1)?)?;
    let hours = days.checked_mul(24)?.checked_add(hour)?;
    hours.checked_mul(60)?.checked_add(minute)?.checked_mul(60)?.checked_add(second)
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::{GENERALIZED_TIME, Reader, UTC_TIME, time};

    #[test]
    fn times_are_read_as_rfc_5280_writes_them() {
        for (name, tag, text, expected) in [
            ("epoch", UTC_TIME, "700101000000Z", Some(0)),
            ("last year of the first window", UTC_TIME, "491231235959Z", Some(2_524_607_999)),
            ("first year of the second window", UTC_TIME, "500101000000Z", Some(0)),
            ("leap day", GENERALIZED_TIME, "20240229120000Z", Some(1_709_208_000)),
            ("no leap day in 2100", GENERALIZED_TIME, "21000229120000Z", None),
            ("after a century", GENERALIZED_TIME, "21000301000000Z", Some(4_107_542_400)),
            ("no end", GENERALIZED_TIME, "99991231235959Z", Some(253_402_300_799)),
            ("thirteenth month", UTC_TIME, "261301000000Z", None),
            ("month zero", UTC_TIME, "260001000000Z", None),
            ("day zero", UTC_TIME, "260100000000Z", None),
            ("April 31", UTC_TIME, "260431000000Z", None),
            ("hour 24", UTC_TIME, "260101240000Z", None),
            ("leap second", UTC_TIME, "260101235960Z", None),
            ("no seconds", UTC_TIME, "2601010000Z", None),
            ("offset", UTC_TIME, "260101000000+0000", None),
            ("fraction", GENERALIZED_TIME, "20260101000000.5Z", None),
            ("not digits", UTC_TIME, "26010100000aZ", None),
            ("another tag", 0x13, "260101000000Z", None),
        ] {
            let len = u8::try_from(text.len()).unwrap();
            let der = [&[tag, len], text.as_bytes()].concat();
            assert_eq!(time(&mut Reader::new(&der)).ok(), expected, "{name}");
        }
    }
}
