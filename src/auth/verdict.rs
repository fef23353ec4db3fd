//! Zone: pre-admission. What can become of a request whose caller is judged.

use crate::auth::credential::Pair;
use crate::auth::gate::Authorized;
use crate::base::{Millis, Secret};
use crate::guard::{Admitted, Refusal};

/// When a request is judged.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// Monotonic time, for what this process counts.
    pub now: Millis,
    /// Time of the world, for what tokens say.
    pub unix_seconds: u64,
}

/// What becomes of a request.
#[derive(Debug)]
pub enum Verdict {
    /// The caller is known and may go on.
    Accepted(Authorized),
    /// The caller is not let in.
    Refused(Denial),
    /// It depends on an answer. The question is there when nobody has asked it yet.
    Undecided(Admitted, Option<Question>),
}

/// What somebody outside has to be asked.
#[derive(Debug)]
pub enum Question {
    /// The keys that tokens are signed with.
    Keys,
    /// Whether the provider knows this pair.
    Pair(PairQuestion),
}

/// A client id and secret that nobody here knows.
#[derive(Debug)]
pub struct PairQuestion(Pair);

impl PairQuestion {
    pub(super) const fn new(pair: Pair) -> Self {
        Self(pair)
    }

    /// Returns the client id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.id
    }

    /// Returns the secret.
    #[must_use]
    pub const fn client_secret(&self) -> &Secret {
        &self.0.secret
    }
}

/// An answer.
#[derive(Debug)]
pub enum Told {
    /// The keys as they were sent, or why there are none.
    Keys(Result<Vec<u8>, &'static str>),
    /// What the provider says to a pair.
    Pair(PairQuestion, PairTold),
}

/// What the provider says to a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PairTold {
    /// It is good for so many seconds.
    Accepted {
        /// Seconds.
        expires_in: u64,
    },
    /// It is not.
    Refused,
    /// Nobody knows now.
    Unavailable(&'static str),
}

/// What an answer said, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// New keys.
    Keys {
        /// How many there are now.
        kept: usize,
        /// Entries that cannot be used.
        skipped: usize,
        /// Those of them that show a private member: their issuer has to be told.
        secrets: usize,
    },
    /// No keys, and why.
    NoKeys(&'static str),
    /// A word on a pair.
    Pair,
    /// Something that this gate never asks.
    Unasked,
}

impl Denial {
    /// Returns the denial that `refusal` is, without a challenge and at once.
    pub(super) const fn of(refusal: Refusal, why: &'static str) -> Self {
        Self { refusal, challenge: None, retry_after: None, why, delay_ms: 0 }
    }

    /// Returns the denial of a caller about whom nothing can be found out now.
    #[must_use]
    pub const fn undecided(why: &'static str) -> Self {
        Self::of(Refusal::Undecided, why)
    }
}

/// Why a caller is not let in, and what it is told. Holds nothing of the credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// The refusal.
    pub refusal: Refusal,
    /// `WWW-Authenticate` (RFC 9110 s11.6.1), when the caller can do something about it.
    pub challenge: Option<Box<str>>,
    /// Seconds of `Retry-After`, in place of those of the refusal.
    pub retry_after: Option<u32>,
    /// What was wrong, for the log only.
    pub why: &'static str,
    /// Milliseconds for which the answer is held back.
    pub delay_ms: u64,
}
