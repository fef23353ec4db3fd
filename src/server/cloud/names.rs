//! Zone: post-admission. Addresses of names, asked of the system once for all who wait.
//!
//! The system answers when it likes and cannot be interrupted: a thread of its own asks, and who
//! waits keeps its own deadline. One thread a name at most, and the names are those of the
//! operator: services, tokens, proxy. What was found is used again for a moment.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::backend::oneapi::Trouble;
use crate::base::Millis;
use crate::limits::UPSTREAM_NAME_MS;
use crate::server::clock::Clock;
use crate::server::cloud::wire::Bounds;
use crate::server::cloud::{STEP_MS, lock_of};

/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 8;

type Lookup = fn(&str, u16) -> io::Result<Vec<SocketAddr>>;

/// The names that were asked for.
pub(super) struct Names {
    lookup: Lookup,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    rows: Mutex<BTreeMap<(String, u16), Row>>,
    changed: Condvar,
}

#[derive(Default)]
struct Row {
    asking: bool,
    /// Questions that have ended.
    rounds: u64,
    /// What the last one found, and until when it may be used; nothing after a failure.
    found: Option<(Vec<SocketAddr>, Millis)>,
}

/// Ends a question, also one that ends in a defect.
struct Asking {
    shared: Arc<Shared>,
    name: (String, u16),
    found: Option<(Vec<SocketAddr>, Millis)>,
}

impl Names {
    /// Returns names that the system is asked for.
    pub(super) fn system() -> Self {
        Self::with(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }

    fn with(lookup: Lookup) -> Self {
        Self { lookup, shared: Arc::default() }
    }

    /// Returns the addresses of `host`, at least one.
    pub(super) fn addresses(
        &self,
        host: &str,
        port: u16,
        bounds: &Bounds<'_>,
    ) -> Result<Vec<SocketAddr>, Trouble> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let name = (host.to_owned(), port);
        let mut rows = lock_of(&self.shared.rows);
        let rounds = rows.get(&name).map_or(0, |row| row.rounds);
        loop {
            let late = |why| if why == Trouble::Deadline { Trouble::NameTimeout } else { why };
            bounds.check().map_err(late)?;
            let row = rows.entry(name.clone()).or_default();
            let answered = row.rounds != rounds;
            match &row.found {
                Some((found, until)) if answered || bounds.clock.now() < *until => {
                    return Ok(found.clone());
                }
                None if answered => return Err(Trouble::Name),
                Some(_) | None => {}
            }
            if row.asking {
                let step = Duration::from_millis(STEP_MS);
                let waited = self.shared.changed.wait_timeout(rows, step);
                rows = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else {
                row.asking = true;
                drop(rows);
                self.ask(name.clone(), bounds.clock)?;
                rows = lock_of(&self.shared.rows);
            }
        }
    }

    fn ask(&self, name: (String, u16), clock: Clock) -> Result<(), Trouble> {
        let lookup = self.lookup;
        let asking = Asking { shared: Arc::clone(&self.shared), name, found: None };
        let asked = std::thread::Builder::new().name("names".to_owned()).spawn(move || {
            let found = lookup(&asking.name.0, asking.name.1).unwrap_or_default();
            asking.end(found, clock.now().plus(UPSTREAM_NAME_MS));
        });
        asked.map(drop).map_err(|_no_thread| Trouble::Name)
    }
}

impl Asking {
    fn end(mut self, mut found: Vec<SocketAddr>, until: Millis) {
        found.truncate(ADDRESSES_MAX);
        self.found = Some((found, until)).filter(|(found, _)| !found.is_empty());
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let mut rows = lock_of(&self.shared.rows);
        if let Some(row) = rows.get_mut(&self.name) {
            row.asking = false;
            row.rounds = row.rounds.wrapping_add(1);
            row.found = self.found.take();
        }
        drop(rows);
        self.shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, Trouble};
    use crate::backend::Patience;
    use crate::base::Millis;
    use crate::server::clock::Clock;
    use crate::server::cloud::wire::Bounds;
    use std::net::SocketAddr;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Waits;

    impl Patience for Waits {
        fn cancelled(&self) -> bool {
            false
        }
    }

    fn bounds(ms: u64) -> Bounds<'static> {
        let clock = Clock::start();
        Bounds { clock, stall_ms: 1, until: clock.now().plus(ms), patience: &Waits }
    }

    const FAR: u64 = 60_000;

    #[test]
    fn an_address_needs_nobody() {
        let names = Names::with(|_, _| panic!("nobody is asked"));
        for host in ["127.0.0.1", "::1"] {
            let found = names.addresses(host, 7, &bounds(FAR)).unwrap();
            assert_eq!(found, [SocketAddr::new(host.parse().unwrap(), 7)]);
        }
    }

    #[test]
    fn many_who_wait_ask_once_and_a_failure_is_told_to_all_and_forgotten() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with(|_, port| {
            let before = ASKED.fetch_add(1, Ordering::SeqCst);
            if before == 0 { Ok(Vec::new()) } else { Ok(vec![([127, 0, 0, 1], port).into()]) }
        });
        assert_eq!(names.addresses("a", 7, &bounds(FAR)), Err(Trouble::Name));
        std::thread::scope(|scope| {
            for _ in 0..32 {
                scope.spawn(|| names.addresses("a", 7, &bounds(FAR)).unwrap());
            }
        });
        assert_eq!(ASKED.load(Ordering::SeqCst), 2);
        let mut later = bounds(FAR);
        later.until = Millis::NEVER;
        assert!(names.addresses("b", 7, &later).is_ok(), "another name is asked for by itself");
        assert_eq!(ASKED.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn a_system_that_does_not_answer_holds_no_caller_and_one_thread() {
        static CLOSED: Mutex<()> = Mutex::new(());
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with(|_, port| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            drop(CLOSED.lock().unwrap());
            Ok(vec![([127, 0, 0, 1], port).into()])
        });
        let closed = CLOSED.lock().unwrap();
        for _ in 0..3 {
            assert_eq!(names.addresses("a", 7, &bounds(1)), Err(Trouble::NameTimeout));
        }
        drop(closed);
        assert!(names.addresses("a", 7, &bounds(FAR)).is_ok());
        assert_eq!(ASKED.load(Ordering::SeqCst), 1);
    }
}
