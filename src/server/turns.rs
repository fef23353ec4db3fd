//! Zone: operator. Turns at the processor: hundreds of calls may wait for the cloud at once, few
//! may work at once.
//!
//! A worker takes a turn for a call, puts it aside while it waits for the network and gives it
//! back at the end. So parsed records exist for a few calls only, and the loops always find a
//! processor.

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

    /// Waits until this thread has a turn.
    pub fn take(&self) {
        let me = std::thread::current().id();
        let mut state = self.lock();
        state.waiting = state.waiting.saturating_add(1);
        while state.holders.len() >= self.max {
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.waiting = state.waiting.saturating_sub(1);
        state.holders.push(me);
    }

    /// Gives back the turn of this thread; true when it had one.
    pub fn give_back(&self) -> bool {
        let me = std::thread::current().id();
        let mut state = self.lock();
        let place = state.holders.iter().position(|holder| *holder == me);
        let Some(place) = place else { return false };
        state.holders.swap_remove(place);
        let awaited = state.waiting > 0;
        drop(state);
        if awaited {
            self.returned.notify_one();
        }
        true
    }

    /// Runs `wait` without the turn of this thread and takes one again, if it had one.
    pub fn aside<T>(&self, wait: impl FnOnce() -> T) -> T {
        let had = self.give_back();
        let result = wait();
        if had {
            self.take();
        }
        result
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
                    turns.take();
                    turns.aside(|| all_wait.wait());
                    let now = working.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    std::thread::yield_now();
                    working.fetch_sub(1, Ordering::SeqCst);
                    assert!(turns.give_back());
                });
            }
        });
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
    }

    #[test]
    fn who_has_no_turn_gives_none_back_and_gets_none() {
        let turns = Turns::new(1);
        assert!(!turns.give_back());
        assert_eq!(turns.aside(|| 7), 7);
        turns.take();
        assert!(turns.give_back() && !turns.give_back());
    }
}
