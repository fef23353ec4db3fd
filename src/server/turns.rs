//! Zone: operator. Turns at the processor: hundreds of calls may wait for the cloud at once, few
//! may work at once.
//!
//! A call begins at once, which is little work. It puts its turn aside while it waits for the
//! network and waits for another when it comes back with an answer. So parsed records exist for a
//! few calls only, and the loops always find a processor.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;

/// The turns of a process.
pub struct Turns {
    state: Mutex<State>,
    returned: Condvar,
    max: usize,
}

#[derive(Default)]
struct State {
    /// Threads that have a turn.
    holders: Vec<ThreadId>,
    /// Threads that wait for one; nobody is woken while there are none.
    waiting: usize,
}

impl Turns {
    /// Returns `max` turns, at least one.
    #[must_use]
    pub fn new(max: usize) -> Self {
        Self { state: Mutex::default(), returned: Condvar::new(), max: max.max(1) }
    }

    /// Gives this thread a turn at once, beyond the number of turns if need be.
    pub fn begin(&self) {
        self.lock().holders.push(std::thread::current().id());
    }

    /// Gives back the turn of this thread; true when it had one.
    pub fn end(&self) -> bool {
        let me = std::thread::current().id();
        let mut state = self.lock();
        let place = state.holders.iter().position(|holder| *holder == me);
        let Some(place) = place else { return false };
        state.holders.swap_remove(place);
        let awaited = state.waiting > 0 && state.holders.len() < self.max;
        drop(state);
        if awaited {
            self.returned.notify_one();
        }
        true
    }

    /// Runs `wait` without the turn of this thread, and returns when it has one again, if it had.
    pub fn aside<T>(&self, wait: impl FnOnce() -> T) -> T {
        let had = self.end();
        let result = wait();
        if had {
            self.come_back();
        }
        result
    }

    fn come_back(&self) {
        let mut state = self.lock();
        state.waiting = state.waiting.saturating_add(1);
        while state.holders.len() >= self.max {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting = state.waiting.saturating_sub(1);
        state.holders.push(std::thread::current().id());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn few_work_while_all_wait() {
        let turns = Turns::new(2);
        let (all_wait, working, most) =
            (Barrier::new(16), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| {
                    turns.begin();
                    turns.aside(|| all_wait.wait());
                    let now = working.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    std::thread::yield_now();
                    working.fetch_sub(1, Ordering::SeqCst);
                    assert!(turns.end());
                });
            }
        });
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
    }

    #[test]
    fn who_has_no_turn_gives_none_back_and_gets_none() {
        let turns = Turns::new(1);
        assert!(!turns.end());
        assert_eq!(turns.aside(|| 7), 7);
        turns.begin();
        assert!(turns.end() && !turns.end());
    }
}
