//! Zone: post-admission. What was used once and may not be used again.
//!
//! Holds an entry until its time is over, so that forgetting it is safe; bounded, and full means
//! refused, because room made by forgetting could be made on purpose. One process only.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::consent::canonical::hash;
use crate::limits::CONFIRMATIONS_KEPT_MAX;

/// What stands for one state or one token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Mark([u8; 32]);

impl Mark {
    /// Returns the mark of `bytes`, which are one of `kind`.
    pub(super) fn of(kind: &'static [u8], bytes: &[u8]) -> Self {
        Self(hash(&[kind, b":", bytes].concat()))
    }
}

/// Why something cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unspendable {
    /// It was used before.
    Again,
    /// No more can be remembered for now.
    Full,
}

/// What was used and is not yet over.
#[derive(Debug, Default)]
pub struct Ledger {
    spent: Mutex<HashMap<Mark, u64>>,
}

impl Ledger {
    /// Notes that `mark`, good until `expires`, is used at `now`, both in epoch seconds.
    ///
    /// # Errors
    /// [`Unspendable`].
    pub(super) fn spend(&self, mark: Mark, expires: u64, now: u64) -> Result<(), Unspendable> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.contains_key(&mark) {
            return Err(Unspendable::Again);
        }
        if spent.len() >= CONFIRMATIONS_KEPT_MAX {
            // A token is good in its last second too.
            spent.retain(|_, expires| *expires >= now);
        }
        if spent.len() >= CONFIRMATIONS_KEPT_MAX {
            return Err(Unspendable::Full);
        }
        spent.insert(mark, expires);
        Ok(())
    }
}
