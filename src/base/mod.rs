//! Zone: pre-admission. Readers, byte classes, encodings, time, budgets and secrets.
//!
//! Trusts nothing. Never panics, never allocates more than its caller passes in.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

pub mod bytes;
pub mod encode;
mod distance;
mod secret;
mod time;

pub use distance::distance;
pub use secret::Secret;
pub use time::Millis;

/// A count of steps that a loop over outside data may still take.
#[derive(Debug)]
pub struct Budget(u64);

/// The budget is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exhausted;

impl Budget {
    /// Returns a budget of `steps` steps.
    #[must_use]
    pub const fn new(steps: u64) -> Self {
        Self(steps)
    }

    /// Takes `steps` from the budget.
    ///
    /// # Errors
    /// [`Exhausted`] when fewer than `steps` are left; the budget is then zero.
    pub const fn spend(&mut self, steps: u64) -> Result<(), Exhausted> {
        if let Some(left) = self.0.checked_sub(steps) {
            self.0 = left;
            return Ok(());
        }
        self.0 = 0;
        Err(Exhausted)
    }
}

/// A source of unpredictable bytes; the shell provides the one that reads the system.
pub trait Random: Send + Sync {
    /// Fills `out` with unpredictable bytes.
    ///
    /// # Errors
    /// [`Exhausted`] when the source cannot give any.
    fn fill(&self, out: &mut [u8]) -> Result<(), Exhausted>;
}

#[cfg(test)]
mod tests {
    use super::{Budget, Exhausted};

    #[test]
    fn a_spent_budget_stays_spent() {
        let mut budget = Budget::new(3);
        assert_eq!(budget.spend(2), Ok(()));
        assert_eq!(budget.spend(2), Err(Exhausted));
        assert_eq!(budget.spend(1), Err(Exhausted));
    }
}
