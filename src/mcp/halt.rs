//! Zone: post-admission. The switch that tells a running call that nobody waits any more.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::mcp::lock;

/// A switch that is thrown once.
#[derive(Debug, Default)]
pub(super) struct Halt {
    stopped: Mutex<bool>,
    bell: Condvar,
}

impl Halt {
    /// Throws the switch and ends every [`Halt::wait`].
    pub(super) fn stop(&self) {
        *lock(&self.stopped) = true;
        self.bell.notify_all();
    }

    /// True after [`Halt::stop`].
    pub(super) fn is_stopped(&self) -> bool {
        *lock(&self.stopped)
    }

    /// Waits until the switch is thrown, at most `ms` milliseconds.
    pub(super) fn wait(&self, ms: u64) {
        let stopped = lock(&self.stopped);
        drop(
            self.bell
                .wait_timeout_while(stopped, Duration::from_millis(ms), |stopped| !*stopped)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::Halt;

    #[test]
    fn a_thrown_switch_ends_every_wait_at_once() {
        let halt = Halt::default();
        halt.wait(1);
        assert!(!halt.is_stopped());
        halt.stop();
        halt.wait(u64::MAX);
        assert!(halt.is_stopped());
    }
}
