//! Zone: operator. How other threads reach a loop: letters, and a wake-up of its poll.
//!
//! The number of letters is bounded by construction: one wake-up for each connection, accepted
//! sockets up to the listener's share, one stop for each signal, one end for each other loop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mio::net::TcpStream;

use crate::mcp::Wake;

/// Something a loop should look at.
#[derive(Debug)]
pub enum Letter {
    /// An accepted socket.
    Socket(TcpStream, std::net::SocketAddr),
    /// A connection whose answer has news: slot and generation.
    News(usize, u64),
    /// Stop accepting and finish.
    Stop,
    /// Another loop has ended; only the first loop is told.
    Ended,
}

/// The letters of one loop.
#[derive(Debug)]
pub struct Mailbox {
    letters: Mutex<Vec<Letter>>,
    waker: mio::Waker,
}

impl Mailbox {
    /// Returns a mailbox whose letters wake `waker`'s poll.
    #[must_use]
    pub const fn new(waker: mio::Waker) -> Self {
        Self { letters: Mutex::new(Vec::new()), waker }
    }

    /// Adds a letter and wakes the loop when it is the first.
    pub fn post(&self, letter: Letter) {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        let first = letters.is_empty();
        letters.push(letter);
        drop(letters);
        if first {
            // A poll that cannot be woken still sees its letters at the next sweep.
            drop(self.waker.wake());
        }
    }

    /// Takes every letter.
    #[must_use]
    pub fn take(&self) -> Vec<Letter> {
        core::mem::take(&mut *self.letters.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tells the first loop that this one is over, however it came to its end.
pub(super) struct Farewell(pub(super) Arc<Mailbox>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.post(Letter::Ended);
    }
}

/// The wake-up of one connection; several in a row are one letter.
#[derive(Debug)]
pub struct Bell {
    mailbox: Arc<Mailbox>,
    slot: usize,
    generation: u64,
    rung: AtomicBool,
}

impl Bell {
    /// Returns the bell of the connection in `slot` with `generation`.
    #[must_use]
    pub const fn new(mailbox: Arc<Mailbox>, slot: usize, generation: u64) -> Self {
        Self { mailbox, slot, generation, rung: AtomicBool::new(false) }
    }

    /// The loop is about to look; the next ring is a new letter. True when it was rung.
    pub fn answer(&self) -> bool {
        self.rung.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Bell {
    fn wake(&self) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            self.mailbox.post(Letter::News(self.slot, self.generation));
        }
    }
}
