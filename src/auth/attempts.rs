//! Zone: pre-admission. Credentials from one address that were not accepted: slower, then refused.
//!
//! A bound on what was wrong only. What is already known to be good passes whatever its address
//! did, so that nobody can lock others out who share that address.

use core::net::{IpAddr, Ipv4Addr};

use crate::auth::table::Table;
use crate::base::Millis;
use crate::limits::{
    ATTEMPT_DELAY_MAX_MS, ATTEMPT_DELAY_MS, ATTEMPTS_FREE, ATTEMPTS_KEPT_MAX, ATTEMPTS_WINDOW_MS,
};

/// Who is counted as one: an IPv4 address, or the network that one IPv6 subscriber has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// Also when it is written inside an IPv6 address (RFC 4291 s2.5.5.2).
    V4(Ipv4Addr),
    /// The first 64 bits (RFC 4291 s2.5.4).
    V6([u16; 4]),
}

impl Origin {
    pub(super) fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Self::V6([a, b, c, d])
            }
        }
    }
}

/// The failures of one origin.
#[derive(Debug, Clone, Copy)]
struct Failures {
    since: Millis,
    count: u32,
}

/// The origins that failed lately.
#[derive(Debug)]
pub(super) struct Attempts {
    max: u32,
    table: Table<Origin, Failures>,
}

impl Attempts {
    /// Returns a table that refuses an origin after `max` failures, never when that is zero.
    pub(super) const fn new(max: u32) -> Self {
        Self { max, table: Table::new(ATTEMPTS_KEPT_MAX) }
    }

    /// Returns for how many seconds `origin` is refused.
    pub(super) fn blocked(&self, origin: Origin, now: Millis) -> Option<u32> {
        let failures = self.of(origin, now)?;
        let full = self.max > 0 && failures.count >= self.max;
        full.then(|| seconds(ATTEMPTS_WINDOW_MS.saturating_sub(now.since(failures.since))))
    }

    /// Counts a failure; returns for how many milliseconds its answer is held back.
    ///
    /// # Errors
    /// The seconds for which the origin is refused. These do not grow by trying.
    pub(super) fn fail(&mut self, origin: Origin, now: Millis) -> Result<u64, u32> {
        if let Some(seconds) = self.blocked(origin, now) {
            return Err(seconds);
        }
        let before = self.of(origin, now).unwrap_or(Failures { since: now, count: 0 });
        let count = before.count.saturating_add(1);
        self.table.set(origin, Failures { count, ..before });
        Ok(delay_ms(count))
    }

    fn of(&self, origin: Origin, now: Millis) -> Option<Failures> {
        let found = self.table.get(&origin).copied();
        found.filter(|failures| now.since(failures.since) < ATTEMPTS_WINDOW_MS)
    }
}

/// Returns for how long the answer to failure number `count` is held back.
fn delay_ms(count: u32) -> u64 {
    let Some(step) = count.checked_sub(ATTEMPTS_FREE.saturating_add(1)) else { return 0 };
    let factor = 1_u64.checked_shl(step).unwrap_or(u64::MAX);
    ATTEMPT_DELAY_MS.saturating_mul(factor).min(ATTEMPT_DELAY_MAX_MS)
}

fn seconds(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1_000)).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::{Attempts, Origin, delay_ms};
    use crate::base::Millis;

    fn origin(address: &str) -> Origin {
        Origin::of(address.parse().unwrap())
    }

    #[test]
    fn one_subscriber_is_one_origin() {
        for (one, other, same) in [
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", false),
        ] {
            assert_eq!(origin(one) == origin(other), same, "{one} {other}");
        }
    }

    #[test]
    fn failures_cost_more_and_more_up_to_a_bound() {
        let delays: Vec<u64> = (1..=9).map(delay_ms).collect();
        assert_eq!(delays, [0, 0, 250, 500, 1_000, 2_000, 2_000, 2_000, 2_000]);
        assert_eq!((delay_ms(66), delay_ms(67), delay_ms(u32::MAX)), (2_000, 2_000, 2_000));
    }

    #[test]
    fn the_window_begins_with_the_first_failure_and_ends() {
        let (mut attempts, bad) = (Attempts::new(3), origin("192.0.2.1"));
        for at in [1_000, 2_000, 3_000] {
            assert_eq!(attempts.blocked(bad, Millis(at)), None);
            assert!(attempts.fail(bad, Millis(at)).is_ok());
        }
        assert_eq!(attempts.blocked(bad, Millis(3_000)), Some(58));
        assert_eq!(attempts.fail(bad, Millis(60_999)), Err(1));
        assert_eq!(attempts.blocked(origin("192.0.2.2"), Millis(3_000)), None);
        assert_eq!(attempts.fail(bad, Millis(61_000)), Ok(0));
        let mut none = Attempts::new(0);
        assert!((0..100).all(|_| none.fail(bad, Millis(0)).is_ok()));
    }
}
