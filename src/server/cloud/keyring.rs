//! Zone: post-admission. The token: fetched once for all who wait, forgotten when refused.
//!
//! One thread fetches, the others wait for its result with their own deadlines. Refused
//! credentials are not sent again for a while.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::backend::oneapi::Trouble;
use crate::backend::oneapi::token::Grant;
use crate::base::{Millis, Secret};
use crate::limits::TOKEN_REFUSED_MS;
use crate::server::clock::Clock;
use crate::server::cloud::wire::Bounds;
use crate::server::cloud::{STEP_MS, lock_of};

/// The token of this process.
#[derive(Default)]
pub(super) struct Keyring {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    token: Option<(Arc<Secret>, Millis)>,
    fetching: bool,
    /// Fetches that have ended.
    rounds: u64,
    failure: Option<(Trouble, Millis)>,
}

/// Ends a fetch, also one that ends in a defect.
struct Fetching<'a> {
    keyring: &'a Keyring,
    clock: Clock,
    result: Option<Result<(Arc<Secret>, u64), Trouble>>,
}

impl Keyring {
    /// Returns the token, fetched with `fetch` by one of those who need it.
    pub(super) fn token(
        &self,
        bounds: &Bounds<'_>,
        fetch: impl FnOnce() -> Result<Grant, Trouble>,
    ) -> Result<Arc<Secret>, Trouble> {
        let mut state = lock_of(&self.state);
        let rounds = state.rounds;
        loop {
            bounds.check()?;
            let now = bounds.clock.now();
            if let Some((token, until)) = &state.token
                && now < *until
            {
                return Ok(Arc::clone(token));
            }
            if let Some(trouble) = state.known_failure(rounds, now) {
                return Err(trouble);
            }
            if !state.fetching {
                break;
            }
            state = self.wait(state);
        }
        state.fetching = true;
        drop(state);
        let mut fetching = Fetching { keyring: self, clock: bounds.clock, result: None };
        let outcome = fetch().map(|grant| (Arc::new(grant.token), grant.use_ms));
        fetching.result = Some(outcome.clone());
        drop(fetching);
        outcome.map(|(token, _)| token)
    }

    /// Forgets `token`, unless another one has taken its place.
    pub(super) fn forget(&self, token: &Arc<Secret>) {
        let mut state = lock_of(&self.state);
        if state.token.as_ref().is_some_and(|(kept, _)| Arc::ptr_eq(kept, token)) {
            state.token = None;
        }
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let step = Duration::from_millis(STEP_MS);
        self.changed.wait_timeout(state, step).unwrap_or_else(PoisonError::into_inner).0
    }
}

impl State {
    /// Returns the failure of a fetch that ended after `rounds`, or refused credentials.
    fn known_failure(&self, rounds: u64, now: Millis) -> Option<Trouble> {
        let (trouble, at) = self.failure?;
        let refused = matches!(trouble, Trouble::TokenRefused(_));
        // A caller who left ended only its own fetch.
        let shared = self.rounds > rounds && trouble != Trouble::Cancelled;
        (shared || refused && now.since(at) < TOKEN_REFUSED_MS).then_some(trouble)
    }
}

impl Drop for Fetching<'_> {
    fn drop(&mut self) {
        let now = self.clock.now();
        let mut state = lock_of(&self.keyring.state);
        state.fetching = false;
        state.rounds = state.rounds.wrapping_add(1);
        match self.result.take() {
            Some(Ok((token, use_ms))) => {
                state.token = Some((token, now.plus(use_ms)));
                state.failure = None;
            }
            Some(Err(trouble)) => {
                state.token = None;
                state.failure = Some((trouble, now));
            }
            None => state.failure = None,
        }
        drop(state);
        self.keyring.changed.notify_all();
    }
}
