//! Zone: pre-admission. Pairs of client id and secret, and what the provider said of them.
//!
//! Remembers marks and ends, never a secret; how many is bounded, and so is for how long. Each
//! pair is asked for once at a time, and a refused one not again at once, so that nobody can use
//! this server to try pairs at the provider.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::auth::caller::Caller;
use crate::auth::credential::{Pair, Sent, pair};
use crate::auth::gate::Finding;
use crate::auth::marks::{Mark, Marks};
use crate::auth::table::Table;
use crate::auth::verdict::{PairQuestion, PairTold, Question};
use crate::base::Millis;
use crate::guard::Credentials;
use crate::limits::{
    PAIR_LIFE_MS, PAIR_MARGIN_MS, PAIR_REFUSED_MS, PAIR_UNAVAILABLE_MS, PAIRS_ASKED_MAX,
    PAIRS_KEPT_MAX, PROVIDER_LOST_MS,
};

/// Which clients of the provider are let in.
#[derive(Debug)]
pub struct Pairs {
    clients: Vec<String>,
    platform: Option<String>,
}

impl Pairs {
    /// Returns the way in for `clients`, for every client of the provider when there are none.
    ///
    /// With `platform`, who sends no credential at all counts as the client of that id.
    #[must_use]
    pub const fn new(clients: Vec<String>, platform: Option<String>) -> Self {
        Self { clients, platform }
    }
}

/// What is remembered of a pair that was not accepted.
#[derive(Debug, Clone, Copy)]
enum Bad {
    Refused,
    Unavailable,
}

/// What is remembered, under marks.
#[derive(Debug)]
struct Memory {
    good: Table<Mark, Millis>,
    bad: Table<Mark, (Millis, Bad)>,
    asked: BTreeMap<Mark, Millis>,
}

/// The pairs of a gate that runs.
#[derive(Debug)]
pub(super) struct Verdicts {
    pairs: Pairs,
    marks: Marks,
    memory: Mutex<Memory>,
}

impl Verdicts {
    pub(super) fn new(pairs: Pairs, marks: Marks) -> Self {
        let (good, bad) = (Table::new(PAIRS_KEPT_MAX), Table::new(PAIRS_KEPT_MAX));
        Self { pairs, marks, memory: Mutex::new(Memory { good, bad, asked: BTreeMap::new() }) }
    }

    /// Looks at a caller. With `blocked`, nothing is asked on its behalf.
    pub(super) fn look(&self, fields: &Credentials, blocked: Option<u32>, now: Millis) -> Finding {
        let sent = match pair(fields) {
            Sent::Credential(sent) => sent,
            Sent::Malformed => return Finding::Wrong("malformed credential"),
            Sent::Other => {
                return Finding::Missing("another credential than a client id and secret");
            }
            Sent::Nothing => {
                let own = self.pairs.platform.as_deref();
                return own.map_or(Finding::Missing("no credential"), known);
            }
        };
        let clients = &self.pairs.clients;
        if !clients.is_empty() && !clients.contains(&sent.id) {
            return Finding::Wrong("this client id is not on the list");
        }
        let mark = self.mark(&sent.id, sent.secret.expose());
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        match memory.verdict(&mark, now) {
            Some(Ok(())) => known(&sent.id),
            Some(Err(Bad::Refused)) => Finding::Wrong("the provider refused the pair"),
            Some(Err(Bad::Unavailable)) => Finding::Unavailable("the provider did not answer"),
            None => blocked.map_or_else(|| memory.ask(mark, sent, now), Finding::Blocked),
        }
    }

    /// Takes what the provider said of a pair.
    pub(super) fn told(&self, question: &PairQuestion, told: PairTold, now: Millis) {
        let mark = self.mark(question.client_id(), question.client_secret().expose());
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.asked.remove(&mark);
        memory.good.remove(&mark);
        memory.bad.remove(&mark);
        match told {
            PairTold::Accepted { expires_in } if expires_in > 0 => {
                memory.good.set(mark, now.plus(life_ms(expires_in)));
            }
            PairTold::Refused => memory.bad.set(mark, (now.plus(PAIR_REFUSED_MS), Bad::Refused)),
            PairTold::Accepted { .. } | PairTold::Unavailable(_) => {
                memory.bad.set(mark, (now.plus(PAIR_UNAVAILABLE_MS), Bad::Unavailable));
            }
        }
    }

    fn mark(&self, id: &str, secret: &[u8]) -> Mark {
        self.marks.of(&[id.as_bytes(), secret])
    }
}

impl Memory {
    /// Returns what is still known of a pair.
    fn verdict(&self, mark: &Mark, now: Millis) -> Option<Result<(), Bad>> {
        if self.good.get(mark).is_some_and(|until| now < *until) {
            return Some(Ok(()));
        }
        let (_, bad) = self.bad.get(mark).filter(|(until, _)| now < *until)?;
        Some(Err(*bad))
    }

    /// Asks for a pair, unless that is under way or too many others are.
    fn ask(&mut self, mark: Mark, sent: Pair, now: Millis) -> Finding {
        self.asked.retain(|_, since| now.since(*since) < PROVIDER_LOST_MS);
        if self.asked.contains_key(&mark) {
            return Finding::Ask(None);
        }
        if self.asked.len() >= PAIRS_ASKED_MAX {
            return Finding::Unavailable("too many pairs are being asked for");
        }
        self.asked.insert(mark, now);
        Finding::Ask(Some(Question::Pair(PairQuestion::new(sent))))
    }
}

fn known(id: &str) -> Finding {
    Finding::Known(Caller::named(format!("zscaler:{id}")))
}

/// Returns for how long a pair is good whose token is so for `expires_in` seconds: a margin less,
/// half of a short life, and never more than a bound. A secret that was taken away works so long.
fn life_ms(expires_in: u64) -> u64 {
    let ms = expires_in.saturating_mul(1_000);
    ms.saturating_sub(PAIR_MARGIN_MS).max(ms.checked_div(2).unwrap_or(0)).min(PAIR_LIFE_MS)
}

#[cfg(test)]
mod tests {
    use super::life_ms;

    #[test]
    fn a_pair_is_never_good_for_longer_than_its_token() {
        for (seconds, ms) in [
            (1, 500),
            (5, 2_500),
            (60, 30_000),
            (120, 60_000),
            (121, 61_000),
            (3_600, 3_540_000),
            (86_400, 3_540_000),
            (u64::MAX, 3_540_000),
        ] {
            assert_eq!(life_ms(seconds), ms, "{seconds}");
            assert!(life_ms(seconds) < seconds.saturating_mul(1_000), "{seconds}");
        }
    }
}
