//! Zone: post-admission. Connections that wait for their next request.

use std::sync::Mutex;

use crate::base::Millis;
use crate::limits::{UPSTREAM_IDLE_MAX, UPSTREAM_IDLE_MS};
use crate::server::cloud::lock_of;
use crate::server::cloud::wire::Wire;

/// Kept connections to the one address of the services, the newest last.
#[derive(Default)]
pub(super) struct Pool(Mutex<Vec<(Millis, Wire)>>);

impl Pool {
    /// Returns the connection used last, unless it is too old, closed or spoiled.
    pub(super) fn take(&self, now: Millis) -> Option<Wire> {
        loop {
            let (since, mut wire) = lock_of(&self.0).pop()?;
            if now.since(since) < UPSTREAM_IDLE_MS && !wire.is_spoiled() {
                return Some(wire);
            }
        }
    }

    /// Keeps `wire`; old ones and those over the bound close.
    pub(super) fn put(&self, wire: Wire, now: Millis) {
        let mut kept = lock_of(&self.0);
        kept.retain(|(since, _)| now.since(*since) < UPSTREAM_IDLE_MS);
        if kept.len() >= UPSTREAM_IDLE_MAX {
            drop(kept.remove(0));
        }
        kept.push((now, wire));
    }
}
