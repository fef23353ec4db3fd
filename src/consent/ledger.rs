//! Zone: post-admission. What was used once and may not be used again.
//!
//! Holds an entry until its time is over, so that forgetting it is safe; bounded, and full means
//! refused, because room made by forgetting could be made on purpose. One process only.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::consent::canonical::hash;
use crate::limits::{CONFIRMATIONS_KEPT_MAX, CONFIRMATIONS_OF_CALLER_MAX};

/// What stands for one state, one token or one caller.
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
pub(super) enum Unspendable {
    /// It was used before.
    Again,
    /// No more can be remembered for now, of this caller or at all.
    Full,
}

/// What was used and is not yet over.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    spent: Mutex<Spent>,
}

#[derive(Debug, Default)]
struct Spent {
    /// Until when each is good, and whose it is.
    marks: HashMap<Mark, (u64, Mark)>,
    /// How many are remembered of each caller.
    owners: HashMap<Mark, usize>,
}

impl Ledger {
    /// Notes that `mark` of the caller `owner`, good until the first second since 1970, is used at
    /// the second.
    ///
    /// # Errors
    /// [`Unspendable`].
    pub(super) fn spend(
        &self,
        mark: Mark,
        owner: Mark,
        (expires, now): (u64, u64),
    ) -> Result<(), Unspendable> {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        if spent.marks.contains_key(&mark) {
            return Err(Unspendable::Again);
        }
        if spent.is_full(owner) {
            spent.forget(now);
        }
        if spent.is_full(owner) {
            return Err(Unspendable::Full);
        }
        spent.marks.insert(mark, (expires, owner));
        let count = spent.owners.entry(owner).or_default();
        *count = count.saturating_add(1);
        Ok(())
    }
}

impl Spent {
    fn is_full(&self, owner: Mark) -> bool {
        let own = self.owners.get(&owner).copied().unwrap_or(0);
        self.marks.len() >= CONFIRMATIONS_KEPT_MAX || own >= CONFIRMATIONS_OF_CALLER_MAX
    }

    /// Forgets what is over; a token is good in its last second too.
    fn forget(&mut self, now: u64) {
        let Self { marks, owners } = self;
        marks.retain(|_, (expires, owner)| {
            let stays = *expires >= now;
            if !stays && let Some(count) = owners.get_mut(owner) {
                *count = count.saturating_sub(1);
            }
            stays
        });
        owners.retain(|_, count| *count > 0);
    }
}
