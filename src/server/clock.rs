//! Zone: operator. The clocks and the random source: the only readers of either.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::base::{Exhausted, Millis, Random};
use crate::http::response;
use crate::tools::Watch;

/// The server's monotonic clock, counted from its creation.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// Returns a clock that starts now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the shell's monotonic clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    #[must_use]
    pub fn now(&self) -> Millis {
        Millis(u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

impl Watch for Clock {
    fn now(&self) -> Millis {
        Self::now(self)
    }
}

/// Returns the wall-clock time in seconds since 1970.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the shell's wall clock")]
pub fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Returns the wall-clock time in milliseconds since 1970.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the shell's wall clock")]
pub fn unix_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// A `Date` field that is formatted once a second.
#[derive(Debug)]
pub struct DateField {
    until: Millis,
    unix: u64,
    text: [u8; 29],
}

impl DateField {
    /// Returns a field that is formatted at its first use.
    #[must_use]
    pub const fn new() -> Self {
        Self { until: Millis(0), unix: 0, text: [b' '; 29] }
    }

    /// Brings the text up to date and returns it with the wall-clock second.
    pub fn at(&mut self, now: Millis) -> ([u8; 29], u64) {
        if now >= self.until {
            let millis = unix_millis();
            self.unix = millis / 1_000;
            self.until = now.plus(1_000_u64.saturating_sub(millis % 1_000));
            self.text = response::date(self.unix);
        }
        (self.text, self.unix)
    }
}

impl Default for DateField {
    fn default() -> Self {
        Self::new()
    }
}

/// The system's random source, through the cryptographic library.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted> {
        aws_lc_rs::rand::fill(out).map_err(|_unspecified| Exhausted)
    }
}
