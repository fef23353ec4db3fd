//! Zone: post-admission. Connections that wait for their next request.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::base::Millis;
use crate::limits::{UPSTREAM_IDLE_MAX, UPSTREAM_IDLE_MS};
use crate::server::cloud::lock_of;
use crate::server::cloud::wire::Wire;

/// Kept connections to the one address of the services, the newest last.
#[derive(Default)]
pub(super) struct Pool(Mutex<VecDeque<(Millis, Wire)>>);

impl Pool {
    /// Returns the connection used last, unless it is too old, closed or spoiled.
    pub(super) fn take(&self, now: Millis) -> Option<Wire> {
        loop {
            let (since, mut wire) = lock_of(&self.0).pop_back()?;
            if now.since(since) < UPSTREAM_IDLE_MS && !wire.is_spoiled() {
                return Some(wire);
            }
        }
    }

    /// Keeps `wire`; old ones and those over the bound close.
    pub(super) fn put(&self, wire: Wire, now: Millis) {
        // Dropped behind the lock: closing asks the system.
        let mut closing = Vec::new();
        let mut kept = lock_of(&self.0);
        let old = |(since, _): &(Millis, Wire)| now.since(*since) >= UPSTREAM_IDLE_MS;
        while kept.len() >= UPSTREAM_IDLE_MAX || kept.front().is_some_and(old) {
            closing.extend(kept.pop_front());
        }
        kept.push_back((now, wire));
        drop(kept);
    }
}
