//! Zone: pre-admission. Deadlines: a pure function of the state, absolute from where it began.

use crate::base::Millis;
use crate::conn::{Conn, Event, Receiving, Stamp, State, wants_head_only};
use crate::guard::Refusal;
use crate::limits::{
    BODY_BYTES_PER_SECOND_MIN, BODY_STALL_MS, DRAIN_MS, HEAD_MS, IDLE_MS,
    WRITE_BYTES_PER_SECOND_MIN, WRITE_STALL_MS,
};

impl Conn {
    /// Returns when [`Conn::expire`] has to be called.
    #[must_use]
    pub fn deadline(&self) -> Millis {
        let state = match &self.state {
            State::Idle { since } if self.output.is_empty() => since.plus(IDLE_MS),
            State::Head { since, .. } => since.plus(HEAD_MS),
            State::Body(receiving) => {
                let Receiving { since, moved, body, .. } = &**receiving;
                let earned = earned_ms(body.len(), BODY_BYTES_PER_SECOND_MIN);
                moved.plus(BODY_STALL_MS).min(since.plus(BODY_STALL_MS).plus(earned))
            }
            State::Draining { since, .. } if self.output.is_empty() => since.plus(DRAIN_MS),
            State::Idle { .. }
            | State::Judging { .. }
            | State::Busy { .. }
            | State::Streaming { .. }
            | State::Draining { .. } => Millis::NEVER,
            State::Closed => Millis(0),
        };
        state.min(self.write_deadline())
    }

    /// The deadline has passed: answers 408 where a request was begun, else closes.
    pub fn expire(&mut self, stamp: &Stamp<'_>) -> Option<Event> {
        if stamp.now < self.deadline() {
            return None;
        }
        let begun = matches!(self.state, State::Head { .. } | State::Body(_));
        let input = core::mem::take(&mut self.input);
        let state = core::mem::replace(&mut self.state, State::Closed);
        if !begun || stamp.now >= self.write_deadline() {
            return None;
        }
        let origin = if let State::Body(receiving) = &state {
            receiving.authorized.admitted().origin().map(Into::into)
        } else {
            None
        };
        self.reject(Refusal::RequestTimeout, origin, wants_head_only(&input), stamp)
    }

    /// Returns since when the peer has owed a complete request; `None` while one is served.
    #[must_use]
    pub fn waiting_since(&self) -> Option<Millis> {
        if let State::Body(receiving) = &self.state {
            return Some(receiving.since);
        }
        let (State::Idle { since } | State::Head { since, .. } | State::Draining { since, .. }) =
            &self.state
        else {
            return None;
        };
        Some(*since)
    }

    /// Returns when the peer has taken too little for too long of what waits for it.
    fn write_deadline(&self) -> Millis {
        if self.output.is_empty() {
            return Millis::NEVER;
        }
        let earned = earned_ms(self.writing.bytes, WRITE_BYTES_PER_SECOND_MIN);
        let total = self.writing.since.plus(WRITE_STALL_MS).plus(earned);
        self.writing.moved.plus(WRITE_STALL_MS).min(total)
    }
}

/// Returns the milliseconds for which `bytes` pay at `rate` bytes a second, which is not zero.
fn earned_ms(bytes: usize, rate: u64) -> u64 {
    let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
    bytes.saturating_mul(1_000).checked_div(rate).unwrap_or(0)
}
