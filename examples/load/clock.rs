//! Zone: operator. The one place of this program that reads a clock or waits.

use std::thread::park_timeout;
use std::time::{Duration, Instant};

/// Returns the present moment.
pub(crate) fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a measuring program reads a clock")]
    Instant::now()
}

/// Returns once `moment` has come.
pub(crate) fn until(moment: Instant) {
    loop {
        let left = moment.saturating_duration_since(now());
        if left.is_zero() {
            return;
        }
        park_timeout(left);
    }
}

/// Waits for the least time worth waiting before something is tried again.
pub(crate) fn breathe() {
    park_timeout(Duration::from_millis(1));
}
