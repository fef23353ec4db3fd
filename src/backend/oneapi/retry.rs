//! Zone: post-admission. Whether an answer is passed on or the request is sent again, and when.
//!
//! A change is sent again only after an answer that says it was not made: 401, 429 and the edit
//! lock of ZIA. A time that the service names is honoured up to the bound of all waits together;
//! beyond it the answer is passed on.

use crate::base::bytes::decimal;
use crate::http::head::Field;
use crate::limits::{UPSTREAM_RETRIES_MAX, UPSTREAM_WAIT_MS};

/// When the service says that a repetition makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// In so many seconds.
    Seconds(u64),
    /// At this second since 1970.
    Unix(u64),
}

/// What is done with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is passed on.
    Deliver,
    /// The request is sent again with a new token.
    Renew,
    /// The request is sent again after so many milliseconds.
    Wait {
        /// Milliseconds.
        ms: u64,
        /// True when the whole service is to be left alone for that time.
        service: bool,
    },
}

/// What has been tried for one request.
#[derive(Debug)]
pub struct Tries {
    reads: bool,
    backoff_ms: u64,
    retries: u32,
    waited_ms: u64,
    renewed: bool,
}

/// Fields that name a time, the first that can be read holds.
const FIELDS: [&[u8]; 4] =
    [b"retry-after", b"x-ratelimit-reset", b"ratelimit-reset", b"x-rate-limit-retry-after-seconds"];
/// Fields that count the requests the service still takes before that time.
const LEFT: [&[u8]; 3] =
    [b"x-ratelimit-remaining", b"ratelimit-remaining", b"x-rate-limit-remaining"];
/// Values from here on are points in time and no spans.
const UNIX_FROM: u64 = 1_000_000_000;
/// Shortest wait, for a service that says "at once" and means "not now".
const WAIT_MS_MIN: u64 = 100;
const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// Returns the time that the fields of an answer name.
#[must_use]
pub fn hint(fields: &[Field<'_>]) -> Option<Hint> {
    FIELDS.iter().find_map(|name| {
        let found = fields.iter().find(|field| field.name.eq_ignore_ascii_case(name))?;
        span(found.value).or_else(|| date(found.value).map(Hint::Unix))
    })
}

/// True when the fields of an answer say that the next request will be refused.
#[must_use]
pub fn is_spent(fields: &[Field<'_>]) -> bool {
    let counts = |field: &&Field<'_>| LEFT.iter().any(|name| field.name.eq_ignore_ascii_case(name));
    fields.iter().find(counts).is_some_and(|field| decimal(field.value) == Some(0))
}

impl Hint {
    /// Returns the milliseconds from `now_unix` on; a moment that has passed is now.
    #[must_use]
    pub const fn milliseconds(self, now_unix: u64) -> u64 {
        let seconds = match self {
            Self::Seconds(seconds) => seconds,
            Self::Unix(at) => at.saturating_sub(now_unix),
        };
        seconds.saturating_mul(1_000)
    }
}

impl Tries {
    /// Returns the state before the first answer. `reads` tells that repeating does no harm;
    /// `backoff_ms` is the first wait when the service names none.
    #[must_use]
    pub const fn new(reads: bool, backoff_ms: u64) -> Self {
        Self { reads, backoff_ms, retries: 0, waited_ms: 0, renewed: false }
    }

    /// Returns what is done with an answer of this status.
    pub fn decide(
        &mut self,
        status: u16,
        hint: Option<Hint>,
        edit_lock: bool,
        now_unix: u64,
    ) -> Decision {
        if self.retries >= UPSTREAM_RETRIES_MAX {
            return Decision::Deliver;
        }
        let doubled = self.backoff_ms.saturating_mul(1_u64 << self.retries.min(16));
        let named = || hint.map_or(doubled, |hint| hint.milliseconds(now_unix));
        match status {
            401 if !self.renewed => {
                self.renewed = true;
                self.retries = self.retries.saturating_add(1);
                Decision::Renew
            }
            429 => self.wait(named(), true),
            503 | 504 if self.reads => self.wait(named(), false),
            409 if edit_lock => self.wait(doubled.saturating_mul(5), false),
            _ => Decision::Deliver,
        }
    }

    /// Counts `ms` of waiting; false when that is more than a call may wait.
    pub const fn spend(&mut self, ms: u64) -> bool {
        self.waited_ms = self.waited_ms.saturating_add(ms);
        self.waited_ms <= UPSTREAM_WAIT_MS
    }

    /// Returns the milliseconds that may still be waited.
    #[must_use]
    pub const fn left_ms(&self) -> u64 {
        UPSTREAM_WAIT_MS.saturating_sub(self.waited_ms)
    }

    const fn wait(&mut self, ms: u64, service: bool) -> Decision {
        let ms = if ms < WAIT_MS_MIN { WAIT_MS_MIN } else { ms };
        if ms > self.left_ms() {
            return Decision::Deliver;
        }
        self.retries = self.retries.saturating_add(1);
        Decision::Wait { ms, service }
    }
}

/// Returns the span in `7`, `7s`, `7 seconds` or `6.5`, rounded up, or the point in a large number.
pub(super) fn span(value: &[u8]) -> Option<Hint> {
    let end = value.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(value.len());
    let (digits, rest) = value.split_at_checked(end)?;
    let whole = decimal(digits)?;
    let (up, unit) = match rest.strip_prefix(b".") {
        None => (false, rest),
        Some(rest) => {
            let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
            let (fraction, unit) = rest.split_at_checked(end)?;
            (fraction.iter().any(|digit| *digit != b'0'), unit)
        }
    };
    let unit = unit.trim_ascii();
    let known: [&[u8]; 5] = [b"", b"s", b"sec", b"second", b"seconds"];
    if !known.iter().any(|name| name.eq_ignore_ascii_case(unit)) {
        return None;
    }
    let whole = whole.saturating_add(u64::from(up));
    Some(if whole >= UNIX_FROM { Hint::Unix(whole) } else { Hint::Seconds(whole) })
}

/// Returns the second since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 s5.6.7).
fn date(value: &[u8]) -> Option<u64> {
    let mut parts = value.split(|byte| *byte == b' ');
    let name = parts.next()?.strip_suffix(b",")?;
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let (clock, zone) = (parts.next()?, parts.next()?);
    if name.len() != 3 || day.len() != 2 || year.len() != 4 || zone != b"GMT" {
        return None;
    }
    let month = MONTHS.iter().position(|known| *known == month)?;
    let (day, year) = (decimal(day)?, decimal(year)?);
    let [h, hh, b':', m, mm, b':', s, ss] = clock else { return None };
    let (hour, minute) = (decimal(&[*h, *hh])?, decimal(&[*m, *mm])?);
    let second = decimal(&[*s, *ss])?;
    if parts.next().is_some() || !(1970..=9999).contains(&year) || hour > 23 || minute > 59 {
        return None;
    }
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let february = if leap(year) { 29 } else { 28 };
    let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if day == 0 || day > *lengths.get(month)? || second > 60 {
        return None;
    }
    let years: u64 = (1970..year).map(|past| if leap(past) { 366 } else { 365 }).sum();
    let days = years.checked_add(lengths.iter().take(month).sum())?.checked_add(day)?;
    let hours = days.checked_sub(1)?.checked_mul(24)?.checked_add(hour)?;
    hours.checked_mul(60)?.checked_add(minute)?.checked_mul(60)?.checked_add(second)
}

#[cfg(test)]
mod tests {
    use super::{Decision, Hint, Tries, hint, is_spent};
    use crate::http::head::Field;

    #[test]
    fn every_form_of_a_time_is_read() {
        for (name, value, expected) in [
            ("Retry-After", "7", Some(Hint::Seconds(7))),
            ("retry-after", "13s", Some(Hint::Seconds(13))),
            ("Retry-After", "0 seconds", Some(Hint::Seconds(0))),
            ("Retry-After", "1.2", Some(Hint::Seconds(2))),
            ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", Some(Hint::Unix(784_111_777))),
            ("Retry-After", "Thu, 29 Feb 2024 00:00:00 GMT", Some(Hint::Unix(1_709_164_800))),
            ("Retry-After", "Wed, 29 Feb 2023 00:00:00 GMT", None),
            ("Retry-After", "Sun, 06 Nov 1994 08:49:37 CET", None),
            ("x-ratelimit-reset", "4", Some(Hint::Seconds(4))),
            ("X-RateLimit-Reset", "1709164800", Some(Hint::Unix(1_709_164_800))),
            ("RateLimit-Reset", "5", Some(Hint::Seconds(5))),
            ("X-Rate-Limit-Retry-After-Seconds", "6", Some(Hint::Seconds(6))),
            ("X-Rate-Limit-Remaining", "6", None),
            ("Retry-After", "soon", None),
            ("Retry-After", "-1", None),
            ("Retry-After", "7 minutes", None),
            ("Retry-After", "", None),
            ("Retry-After", "99999999999999999999", None),
        ] {
            let field = Field { name: name.as_bytes(), value: value.as_bytes() };
            assert_eq!(hint(&[field]), expected, "{name}: {value}");
        }
    }

    #[test]
    fn a_service_says_that_it_takes_no_more() {
        for (name, value, expected) in [
            ("X-RateLimit-Remaining", "0", true),
            ("ratelimit-remaining", "0", true),
            ("X-Rate-Limit-Remaining", "00", true),
            ("RateLimit-Remaining", "1", false),
            ("RateLimit-Remaining", "", false),
            ("RateLimit-Remaining", "none", false),
            ("RateLimit-Limit", "0", false),
        ] {
            let field = Field { name: name.as_bytes(), value: value.as_bytes() };
            assert_eq!(is_spent(&[field]), expected, "{name}: {value}");
        }
    }

    #[test]
    fn answers_are_repeated_by_what_they_say() {
        let wait = |ms, service| Decision::Wait { ms, service };
        let seven = Some(Hint::Seconds(7));
        for (name, reads, status, hint, lock, expected) in [
            ("success", true, 200, None, false, Decision::Deliver),
            ("token", true, 401, None, false, Decision::Renew),
            ("token of a change", false, 401, None, false, Decision::Renew),
            ("busy", true, 429, seven, false, wait(7_000, true)),
            ("busy change", false, 429, seven, false, wait(7_000, true)),
            ("busy until", true, 429, Some(Hint::Unix(1_009)), false, wait(9_000, true)),
            ("busy until a past time", true, 429, Some(Hint::Unix(5)), false, wait(100, true)),
            ("busy for too long", true, 429, Some(Hint::Seconds(61)), false, Decision::Deliver),
            ("busy, no time named", true, 429, None, false, wait(1_000, true)),
            ("away", true, 503, seven, false, wait(7_000, false)),
            ("away, change", false, 503, seven, false, Decision::Deliver),
            ("gateway", true, 504, None, false, wait(1_000, false)),
            ("gateway, change", false, 504, None, false, Decision::Deliver),
            ("broken", true, 500, seven, false, Decision::Deliver),
            ("bad gateway", true, 502, seven, false, Decision::Deliver),
            ("edit lock", false, 409, None, true, wait(5_000, false)),
            ("conflict", false, 409, None, false, Decision::Deliver),
        ] {
            let mut tries = Tries::new(reads, 1_000);
            assert_eq!(tries.decide(status, hint, lock, 1_000), expected, "{name}");
        }
    }

    #[test]
    fn repetitions_and_waits_are_bounded() {
        let mut tries = Tries::new(true, 1_000);
        assert_eq!(tries.decide(401, None, false, 0), Decision::Renew);
        assert_eq!(tries.decide(401, None, false, 0), Decision::Deliver);
        assert_eq!(tries.decide(429, None, false, 0), Decision::Wait { ms: 2_000, service: true });
        assert!(tries.spend(59_000) && tries.left_ms() == 1_000);
        assert_eq!(tries.decide(429, None, false, 0), Decision::Deliver);
        let mut tries = Tries::new(true, 1);
        for _ in 0..3 {
            assert_ne!(tries.decide(503, None, false, 0), Decision::Deliver);
        }
        assert_eq!(tries.decide(503, None, false, 0), Decision::Deliver);
    }
}
