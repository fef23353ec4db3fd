//! Zone: post-admission. The table of sessions: sharded, bounded, keyed by ids of our making.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::auth::Principal;
use crate::base::{Millis, Random};
use crate::guard::Refusal;
use crate::mcp::lock;
use crate::mcp::session::Session;

/// Bytes of randomness in an id (SH-2).
const ID_BYTES: usize = 24;

/// The table. A shard is picked by the first digit of the id.
#[derive(Debug)]
pub(super) struct Sessions {
    shards: [Mutex<BTreeMap<String, Arc<Session>>>; 16],
    count: AtomicUsize,
    max: usize,
    idle_ms: u64,
}

/// Returns an unguessable id of visible ASCII.
pub(super) fn fresh_id(random: &dyn Random) -> Result<String, Refusal> {
    let mut bytes = [0_u8; ID_BYTES];
    random.fill(&mut bytes).map_err(|_exhausted| Refusal::Internal)?;
    Ok(crate::base::encode::hex(&bytes))
}

impl Sessions {
    pub(super) fn new(max: usize, idle_ms: u64) -> Self {
        Self {
            shards: core::array::from_fn(|_| Mutex::default()),
            count: AtomicUsize::new(0),
            max,
            idle_ms,
        }
    }

    /// Adds the session that `make` builds around a fresh id. At the bound the session that was
    /// idle longest ends (SH-8).
    ///
    /// # Errors
    /// [`Refusal::SessionsFull`] when none is idle.
    pub(super) fn open(
        &self,
        random: &dyn Random,
        make: impl FnOnce(String) -> Session,
    ) -> Result<Arc<Session>, Refusal> {
        let id = fresh_id(random)?;
        let before = self.count.fetch_add(1, Ordering::AcqRel);
        if before >= self.max && !self.drop_oldest() {
            self.count.fetch_sub(1, Ordering::AcqRel);
            return Err(Refusal::SessionsFull);
        }
        let session = Arc::new(make(id));
        let Some(shard) = self.shard(&session.id) else { return Err(Refusal::Internal) };
        lock(shard).insert(session.id.clone(), Arc::clone(&session));
        Ok(session)
    }

    /// Returns session `id` of `principal`; another's session is as unknown as none (SH-2).
    pub(super) fn find(
        &self,
        id: &[u8],
        principal: &Principal,
        now: Millis,
    ) -> Option<Arc<Session>> {
        let id = core::str::from_utf8(id).ok()?;
        let session = lock(self.shard(id)?).get(id).cloned()?;
        let expired = session.idle_since().is_some_and(|used| now.since(used) > self.idle_ms);
        let usable = session.principal == *principal && !expired && session.touch(now);
        usable.then_some(session)
    }

    /// Takes session `id` out of the table.
    pub(super) fn remove(&self, id: &str) {
        let removed = self.shard(id).and_then(|shard| lock(shard).remove(id));
        if removed.is_some() {
            self.count.fetch_sub(1, Ordering::AcqRel);
        }
    }

    /// Returns every session.
    pub(super) fn all(&self) -> Vec<Arc<Session>> {
        let mut all = Vec::new();
        for shard in &self.shards {
            all.extend(lock(shard).values().cloned());
        }
        all
    }

    /// True when `session` was idle for too long.
    pub(super) fn expired(&self, session: &Session, now: Millis) -> bool {
        session.idle_since().is_some_and(|used| now.since(used) > self.idle_ms)
    }

    fn drop_oldest(&self) -> bool {
        let all = self.all().into_iter();
        let idle = all.filter_map(|session| session.idle_since().map(|used| (used, session)));
        let Some((_, session)) = idle.min_by_key(|(used, _)| *used) else { return false };
        self.remove(&session.id);
        // Nothing of an idle session is under way, so it has no listeners to end.
        drop(session.end());
        true
    }

    fn shard(&self, id: &str) -> Option<&Mutex<BTreeMap<String, Arc<Session>>>> {
        let digit = id.chars().next()?.to_digit(16)?;
        self.shards.get(usize::try_from(digit).ok()?)
    }
}
