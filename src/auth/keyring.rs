//! Zone: pre-admission. The keys of the issuer over time: how old, who asks for newer ones, when.
//!
//! A set is replaced whole, so a key that the issuer took away is gone with the next answer. One
//! question is out at a time, and however many tokens name unknown keys, no more are asked than
//! one an interval besides those that the age of the set asks for.

use std::sync::Arc;

use crate::auth::verdict::Heard;
use crate::base::Millis;
use crate::jose::{BadKeys, KeySet};
use crate::limits::{
    JWKS_CERTAIN_MS, JWKS_FRESH_MS, JWKS_GRACE_MS, JWKS_INTERVAL_MS, PROVIDER_LOST_MS,
};

/// Why the keys are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// There are none, or they are old.
    Age,
    /// A token names one that is not there.
    Unknown,
}

/// What became of the wish to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// Ask.
    Now,
    /// A question is out: wait for its answer.
    Already,
    /// Not again so soon.
    NotYet,
}

/// The keys, and when they were and may be asked for.
#[derive(Debug, Default)]
pub(super) struct Keyring {
    set: Option<(Arc<KeySet>, Millis)>,
    /// The set before it that had other keys.
    before: Option<Arc<KeySet>>,
    asked: Option<Millis>,
    due: Millis,
    spare: Millis,
}

impl Keyring {
    /// Returns the keys, unless the last good answer is too old.
    pub(super) fn current(&mut self, now: Millis) -> Option<Arc<KeySet>> {
        self.set.take_if(|(_, since)| now.since(*since) >= JWKS_GRACE_MS);
        self.set.as_ref().map(|(set, _)| Arc::clone(set))
    }

    /// Returns the keys that the issuer showed before it showed others.
    pub(super) fn before(&self) -> Option<Arc<KeySet>> {
        self.before.as_ref().map(Arc::clone)
    }

    /// True when the set was fetched so lately that a key it lacks is none of the issuer's.
    pub(super) fn is_certain(&self, now: Millis) -> bool {
        self.set.as_ref().is_some_and(|(_, since)| now.since(*since) < JWKS_CERTAIN_MS)
    }

    /// Decides whether the keys are asked for now; [`Asking::Now`] is said to one caller.
    pub(super) fn ask(&mut self, reason: Reason, now: Millis) -> Asking {
        if self.asked.is_some_and(|asked| now.since(asked) < PROVIDER_LOST_MS) {
            return Asking::Already;
        }
        let next = match reason {
            Reason::Age => &mut self.due,
            Reason::Unknown => &mut self.spare,
        };
        if now < *next {
            return Asking::NotYet;
        }
        *next = now.plus(JWKS_INTERVAL_MS);
        self.asked = Some(now);
        Asking::Now
    }

    /// Takes the answer to the question that is out.
    ///
    /// A failure keeps the last good set for its grace. A set without one usable key does not: it
    /// is how an issuer takes all of them away.
    pub(super) fn told(&mut self, answer: Result<&[u8], &'static str>, now: Millis) -> Heard {
        self.asked = None;
        match answer.map(KeySet::parse) {
            Ok(Ok(set)) => {
                let heard = Heard::Keys {
                    kept: set.ids().len(),
                    skipped: set.skipped(),
                    secrets: set.secrets(),
                };
                let other = |(old, _): &(Arc<KeySet>, Millis)| old.ids().ne(set.ids());
                if let Some((old, _)) = self.set.take_if(|old| other(old)) {
                    self.before = Some(old);
                }
                self.set = Some((Arc::new(set), now));
                self.due = now.plus(JWKS_FRESH_MS);
                heard
            }
            Ok(Err(bad)) => {
                if bad == BadKeys::NothingUsable
                    && let Some((old, _)) = self.set.take()
                {
                    self.before = Some(old);
                }
                Heard::NoKeys(bad.as_str())
            }
            Err(why) => Heard::NoKeys(why),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Asking, Keyring, Reason};
    use crate::base::Millis;
    use crate::limits::{JWKS_FRESH_MS, JWKS_GRACE_MS, JWKS_INTERVAL_MS, PROVIDER_LOST_MS};

    const SET: &[u8] = include_bytes!("../../tests/data/jose/keys.json");

    #[test]
    fn one_question_is_out_at_a_time() {
        let mut ring = Keyring::default();
        assert_eq!(ring.ask(Reason::Age, Millis(5)), Asking::Now);
        for reason in [Reason::Age, Reason::Unknown] {
            assert_eq!(ring.ask(reason, Millis(5 + JWKS_INTERVAL_MS)), Asking::Already);
        }
        // An answer that never came keeps nobody waiting for ever.
        assert_eq!(ring.ask(Reason::Age, Millis(5 + PROVIDER_LOST_MS)), Asking::Now);
    }

    #[test]
    fn a_failure_is_remembered_for_an_interval() {
        let mut ring = Keyring::default();
        assert_eq!(ring.ask(Reason::Age, Millis(0)), Asking::Now);
        ring.told(Err("down"), Millis(10));
        assert_eq!(ring.ask(Reason::Age, Millis(JWKS_INTERVAL_MS - 1)), Asking::NotYet);
        assert_eq!(ring.ask(Reason::Age, Millis(JWKS_INTERVAL_MS)), Asking::Now);
    }

    #[test]
    fn the_last_good_set_stays_for_its_grace_and_no_longer() {
        let mut ring = Keyring::default();
        ring.told(Ok(SET), Millis(0));
        assert_eq!(ring.ask(Reason::Age, Millis(JWKS_FRESH_MS - 1)), Asking::NotYet);
        assert_eq!(ring.ask(Reason::Age, Millis(JWKS_FRESH_MS)), Asking::Now);
        ring.told(Err("down"), Millis(JWKS_FRESH_MS + 1));
        ring.told(Ok(b"not JSON"), Millis(JWKS_FRESH_MS + 2));
        assert!(ring.current(Millis(JWKS_GRACE_MS - 1)).is_some());
        assert!(ring.current(Millis(JWKS_GRACE_MS)).is_none());
    }

    #[test]
    fn an_issuer_that_has_no_keys_any_more_is_believed() {
        let mut ring = Keyring::default();
        ring.told(Ok(SET), Millis(0));
        assert!(ring.current(Millis(1)).is_some());
        ring.told(Ok(br#"{"keys":[]}"#), Millis(2));
        assert!(ring.current(Millis(2)).is_none());
    }
}
