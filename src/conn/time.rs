//! Zone: pre-admission. Deadlines: a pure function of the state, absolute from where it began.

use crate::base::Millis;
use crate::conn::{Conn, Event, Receiving, Stamp, State};
use crate::guard::Refusal;
use crate::limits::{
    BODY_BYTES_PER_SECOND_MIN, BODY_STALL_MS, DRAIN_MS, HEAD_MS, IDLE_MS, WRITE_STALL_MS,
};

impl Conn {
    /// Returns when [`Conn::expire`] has to be called.
    #[must_use]
    pub fn deadline(&self) -> Millis {
        let state = match &self.state {
            State::Idle { since } => since.plus(IDLE_MS),
            State::Head { since, .. } => since.plus(HEAD_MS),
            State::Body(receiving) => {
                let Receiving { since, moved, body, .. } = &**receiving;
                let bytes = u64::try_from(body.len()).unwrap_or(u64::MAX);
                let earned = bytes.saturating_mul(1_000) / BODY_BYTES_PER_SECOND_MIN;
                let total = since.plus(BODY_STALL_MS).plus(earned);
                moved.plus(BODY_STALL_MS).min(total)
            }
            State::Draining { since, .. } if self.output.is_empty() => since.plus(DRAIN_MS),
            State::Judging
            | State::Busy { .. }
            | State::Streaming { .. }
            | State::Draining { .. } => Millis::NEVER,
            State::Closed => Millis(0),
        };
        let write =
            if self.output.is_empty() { Millis::NEVER } else { self.moved.plus(WRITE_STALL_MS) };
        state.min(write)
    }

    /// The deadline has passed: answers 408 where a request was begun, else closes.
    pub fn expire(&mut self, stamp: &Stamp<'_>) -> Option<Event> {
        if stamp.now < self.deadline() {
            return None;
        }
        let begun = matches!(self.state, State::Head { .. } | State::Body(_));
        if begun && self.output.is_empty() {
            return self.reject(Refusal::RequestTimeout, None, stamp);
        }
        self.state = State::Closed;
        None
    }

    /// Returns since when the peer has owed a complete request; `None` while one is served.
    #[must_use]
    pub fn waiting_since(&self) -> Option<Millis> {
        match &self.state {
            State::Idle { since } | State::Head { since, .. } | State::Draining { since, .. } => {
                Some(*since)
            }
            State::Body(receiving) => Some(receiving.since),
            State::Judging | State::Busy { .. } | State::Streaming { .. } | State::Closed => None,
        }
    }
}
