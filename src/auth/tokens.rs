//! Zone: pre-admission. Signed tokens: the keys at hand, the rules, and when to ask for newer keys.
//!
//! Trusts what `jose` says of a token. A token is verified outside the lock, so that no caller
//! waits for the arithmetic of another.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::auth::caller::Caller;
use crate::auth::credential::{Sent, bearer};
use crate::auth::gate::Finding;
use crate::auth::keyring::{Asking, Keyring, Reason};
use crate::auth::verdict::{At, Heard, Question};
use crate::guard::Credentials;
use crate::jose::{Claims, Refused, Rules, verify};

/// What tokens have to satisfy, and what callers without a good one are told.
#[derive(Debug)]
pub struct Tokens {
    pub(super) rules: Rules,
    pub(super) usage: TokenUse,
}

/// How callers get their tokens.
#[derive(Debug)]
pub enum TokenUse {
    /// By a way of their own.
    Jwt,
    /// As OAuth clients do, which find the issuer by a document of this server (RFC 9728).
    Oidc {
        /// Base URL of this server.
        resource: String,
        /// Who gives the tokens.
        issuer: String,
    },
}

impl Tokens {
    /// Returns the way in for tokens that satisfy `rules`.
    #[must_use]
    pub const fn new(rules: Rules, challenge: TokenUse) -> Self {
        Self { rules, usage: challenge }
    }
}

/// The tokens of a gate that runs.
#[derive(Debug)]
pub(super) struct Verifier {
    rules: Rules,
    ring: Mutex<Keyring>,
}

impl Verifier {
    pub(super) fn new(rules: Rules) -> Self {
        Self { rules, ring: Mutex::default() }
    }

    /// Looks at a caller. With `blocked`, nothing is asked on its behalf.
    pub(super) fn look(&self, fields: &Credentials, blocked: Option<u32>, at: At) -> Finding {
        let token = match bearer(fields) {
            Sent::Credential(token) => token,
            Sent::Nothing => return Finding::Missing("no credential"),
            Sent::Other => return Finding::Missing("another scheme than Bearer"),
            Sent::Malformed => return Finding::Wrong("malformed credential"),
        };
        let Some(keys) = self.ring().current(at.now) else {
            let none = Finding::Unavailable("no keys of the issuer");
            return self.wish(Reason::Age, blocked, at, none);
        };
        let mut found = verify(token, &keys, &self.rules, at.unix_seconds);
        if found == Err(Refused::UnknownKey)
            && let Some(newer) = self.ring().current(at.now).filter(|it| !Arc::ptr_eq(it, &keys))
        {
            // Another thread was told of newer keys meanwhile.
            found = verify(token, &newer, &self.rules, at.unix_seconds);
        }
        match found {
            Ok(claims) if claims.lacks(&self.rules).is_some() => Finding::Lacking,
            Ok(claims) => Finding::Known(caller(&claims)),
            Err(Refused::UnknownKey) => self.unknown(token, blocked, at),
            Err(refused) => signed(refused),
        }
    }

    pub(super) fn told(&self, answer: Result<&[u8], &'static str>, at: At) -> Heard {
        self.ring().told(answer, at.now)
    }

    pub(super) fn due(&self, at: At) -> Option<Question> {
        (self.ring().ask(Reason::Age, at.now) == Asking::Now).then_some(Question::Keys)
    }

    /// Returns what becomes of a caller whose token may be good by other keys, `otherwise` when
    /// these may not be asked for.
    fn wish(&self, reason: Reason, blocked: Option<u32>, at: At, otherwise: Finding) -> Finding {
        if let Some(seconds) = blocked {
            return Finding::Blocked(seconds);
        }
        match self.ring().ask(reason, at.now) {
            Asking::Now => Finding::Ask(Some(Question::Keys)),
            Asking::Already => Finding::Ask(None),
            Asking::NotYet => otherwise,
        }
    }

    /// Returns what a token of a key is worth that the issuer does not show.
    fn unknown(&self, token: &[u8], blocked: Option<u32>, at: At) -> Finding {
        let before = self.ring().before();
        let then = before.map(|keys| verify(token, &keys, &self.rules, at.unix_seconds));
        match then {
            None | Some(Err(Refused::UnknownKey)) => {}
            Some(Ok(_)) => return Finding::Stale("a key that the issuer took away"),
            Some(Err(refused)) => return signed(refused),
        }
        let unknown = if self.ring().is_certain(at.now) {
            Finding::Wrong(Refused::UnknownKey.as_str())
        } else {
            Finding::Unavailable("a key that may be newer than the set")
        };
        self.wish(Reason::Unknown, blocked, at, unknown)
    }

    fn ring(&self) -> MutexGuard<'_, Keyring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns what a refused token is: stale when the signature of the issuer held.
const fn signed(refused: Refused) -> Finding {
    match refused {
        Refused::Expired
        | Refused::NotYet
        | Refused::Issuer
        | Refused::Audience
        | Refused::Claims => Finding::Stale(refused.as_str()),
        Refused::Malformed
        | Refused::Algorithm
        | Refused::Key
        | Refused::UnknownKey
        | Refused::Signature
        | Refused::Kind
        | Refused::Critical => Finding::Wrong(refused.as_str()),
    }
}

/// Returns issuer, client and subject as the parts of a name; without a subject, that is empty.
fn caller(claims: &Claims) -> Caller {
    let texts = [claims.issuer(), claims.client(), claims.subject().unwrap_or_default()];
    Caller { parts: texts.map(str::to_owned).to_vec(), scopes: claims.scopes().to_vec() }
}
