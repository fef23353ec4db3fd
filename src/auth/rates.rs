//! Zone: pre-admission. How many requests a second one caller may make.

use crate::auth::table::Table;
use crate::base::Millis;
use crate::limits::{RATE_BURST_SECONDS, RATES_KEPT_MAX};

/// Units of one request: what a caller with one request a second gets back each millisecond.
const REQUEST: u64 = 1_000;

/// What one caller has left, in units, and when that was counted.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: u64,
    at: Millis,
}

/// The callers of late.
#[derive(Debug)]
pub(super) struct Rates {
    per_second: u64,
    table: Table<Box<str>, Bucket>,
}

impl Rates {
    /// Returns a table that lets each caller make so many requests a second, any when zero.
    pub(super) fn new(per_second: u32) -> Self {
        Self { per_second: per_second.into(), table: Table::new(RATES_KEPT_MAX) }
    }

    /// Takes one request of `caller`.
    ///
    /// # Errors
    /// The seconds to wait for the next one.
    pub(super) fn take(&mut self, caller: Box<str>, now: Millis) -> Result<(), u32> {
        let full = self.per_second.saturating_mul(RATE_BURST_SECONDS).saturating_mul(REQUEST);
        let before = self.table.get(&caller).map_or(full, |bucket| {
            let back = now.since(bucket.at).saturating_mul(self.per_second);
            bucket.left.saturating_add(back).min(full)
        });
        let left = before.checked_sub(REQUEST);
        self.table.set(caller, Bucket { left: left.unwrap_or(before), at: now });
        if left.is_some() {
            return Ok(());
        }
        // A second gives back a thousand units for each request in it, so at least one.
        Err(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Rates;
    use crate::base::Millis;

    fn passed(rates: &mut Rates, caller: &str, at: u64, tries: usize) -> usize {
        (0..tries).filter(|_| rates.take(caller.into(), Millis(at)).is_ok()).count()
    }

    #[test]
    fn a_burst_passes_and_then_the_rate() {
        let mut rates = Rates::new(50);
        for (at, expected) in [(0, 100), (0, 0), (19, 0), (20, 1), (1_020, 50), (90_000, 100)] {
            assert_eq!(passed(&mut rates, "a", at, 200), expected, "{at}");
        }
        assert_eq!(passed(&mut rates, "b", 90_000, 200), 100, "others are not touched");
    }

    #[test]
    fn refused_requests_do_not_keep_the_bucket_empty() {
        let mut rates = Rates::new(1);
        assert_eq!(passed(&mut rates, "a", 0, 3), 2);
        let later = (1..=5_000).filter(|at| rates.take("a".into(), Millis(*at)).is_ok()).count();
        assert_eq!(later, 5);
    }
}
