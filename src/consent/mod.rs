//! Zone: post-admission. Whether a person has agreed to one change, and to nothing else.
//!
//! What was agreed to is bound to the tool, every argument, the caller and a time, comes back
//! through the client sealed or signed, and is good once. Pure: time and randomness are handed in.
//! Trusts no byte that a client sends.

pub mod canonical;
pub mod claims;
mod ledger;
pub mod question;
mod ring;
pub mod token;

use crate::auth::Principal;
use crate::base::{Exhausted, Random, Secret};
use crate::json::Object;
use crate::limits::SEALED_STATE_SECONDS_MAX;

use self::canonical::digest;
use self::claims::Claims;
use self::ledger::{Ledger, Mark, Unspendable};
pub use self::question::{Question, Reply};
pub use self::ring::{BadRing, Ring};
use self::token::Token;

/// One call as it is agreed to.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// Name of the tool.
    pub tool: &'a str,
    /// Every argument, but for the one that carries the token.
    pub arguments: &'a Object,
    /// Who calls.
    pub principal: &'a Principal,
}

/// Why what a client brought back is worth nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// It was not made here, or was changed on its way.
    Forged,
    /// Its time is over.
    Expired,
    /// It was made for another tool, other arguments or another caller.
    Other,
    /// It was used before.
    Spent,
    /// Too many are remembered as used.
    Full,
    /// The system has no random bytes.
    NoRandomness,
}

impl Refused {
    /// Returns the reason in a few words, for the log and for the agent.
    #[must_use]
    pub const fn why(self) -> &'static str {
        match self {
            Self::Forged => "it was not issued by this server or was changed",
            Self::Expired => "its time is over",
            Self::Other => "it was issued for another tool, other arguments or another caller",
            Self::Spent => "it was used before",
            Self::Full => "too many confirmations were used of late",
            Self::NoRandomness => "the system has no random bytes",
        }
    }
}

impl From<Exhausted> for Refused {
    fn from(_: Exhausted) -> Self {
        Self::NoRandomness
    }
}

impl From<Unspendable> for Refused {
    fn from(fault: Unspendable) -> Self {
        match fault {
            Unspendable::Again => Self::Spent,
            Unspendable::Full => Self::Full,
        }
    }
}

/// What a sealed state says about a question that was asked: the answer counts for this call.
///
/// ```compile_fail,E0451
/// use zscaler_mcp::consent::Asked;
/// let forge = |real: Asked| Asked { ..real };
/// ```
#[derive(Debug)]
pub struct Asked {
    claims: Claims,
    owner: Mark,
}

impl Asked {
    /// True when the question was the same, word for word.
    #[must_use]
    pub fn was(&self, question: &Question) -> bool {
        self.claims.question == question.digest()
    }
}

/// Proof that one person allowed one call, once. Only [`Consent`] makes it, and it is used up by
/// the call.
///
/// ```compile_fail,E0603
/// let forged = zscaler_mcp::consent::Allowed(());
/// ```
///
/// ```compile_fail,E0599
/// fn twice(once: zscaler_mcp::consent::Allowed) {
///     let again = once.clone();
/// }
/// ```
#[derive(Debug)]
pub struct Allowed(());

/// Issues and takes back what stands for a person's word.
pub struct Consent {
    ring: Ring,
    ledger: Ledger,
    random: Box<dyn Random>,
    ttl_seconds: u64,
}

impl core::fmt::Debug for Consent {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Consent").field("ttl_seconds", &self.ttl_seconds).finish_non_exhaustive()
    }
}

impl Consent {
    /// Returns what issues confirmations that are good for `ttl_seconds`, under the keys of
    /// `secrets`, the newest first; with none under a random key of its own.
    ///
    /// # Errors
    /// [`BadRing`].
    pub fn new(
        secrets: &[Secret],
        ttl_seconds: u64,
        random: Box<dyn Random>,
    ) -> Result<Self, BadRing> {
        let ring = Ring::new(secrets, &*random)?;
        Ok(Self { ring, ledger: Ledger::default(), random, ttl_seconds })
    }

    /// Returns for how many seconds a confirmation is good.
    #[must_use]
    pub const fn ttl_seconds(&self) -> u64 {
        self.ttl_seconds
    }

    /// Returns the sealed state that goes out with `question` about `act` at `now` in epoch
    /// seconds (writes 5).
    ///
    /// # Errors
    /// [`Refused::NoRandomness`].
    pub fn seal(&self, act: &Act<'_>, question: &Question, now: u64) -> Result<String, Refused> {
        let (mut salt, mut id, mut nonce) = ([0; 8], [0; 16], [0; 12]);
        self.random.fill(&mut salt)?;
        self.random.fill(&mut id)?;
        self.random.fill(&mut nonce)?;
        let life = self.ttl_seconds.min(SEALED_STATE_SECONDS_MAX);
        let claims = Claims {
            issued: now,
            expires: now.saturating_add(life),
            tool: act.tool.to_owned(),
            arguments: claims::short(&digest(act.arguments)),
            question: question.digest(),
            principal: claims::principal(act.principal, salt),
            id,
        };
        self.ring.seal(&claims.write(), nonce).ok_or(Refused::NoRandomness)
    }

    /// Returns what was asked when `state` went out for `act`; it is not used up by looking.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn open(&self, act: &Act<'_>, state: &str, now: u64) -> Result<Asked, Refused> {
        let plain = self.ring.open(state).ok_or(Refused::Forged)?;
        let claims = Claims::read(&plain).ok_or(Refused::Forged)?;
        claims.check(act, now)?;
        Ok(Asked { claims, owner: owner(act) })
    }

    /// Uses up the state of `asked`, which a person has answered.
    ///
    /// # Errors
    /// [`Refused::Spent`] and [`Refused::Full`].
    pub fn spend(&self, asked: &Asked, now: u64) -> Result<Allowed, Refused> {
        let claims = &asked.claims;
        let mark = Mark::of(b"state", &claims.id);
        self.ledger.spend(mark, asked.owner, (claims.expires, now))?;
        Ok(Allowed(()))
    }

    /// Returns the token that allows `act`, for an agent whose client cannot ask (writes 4).
    ///
    /// # Errors
    /// [`Refused::NoRandomness`].
    pub fn token(&self, act: &Act<'_>, now: u64) -> Result<String, Refused> {
        let mut nonce = [0; 8];
        self.random.fill(&mut nonce)?;
        let token = Token::new(now.saturating_add(self.ttl_seconds), nonce);
        Ok(token.signed(act, &self.ring))
    }

    /// Uses up the token that an agent brought for `act`.
    ///
    /// # Errors
    /// [`Refused`]; only a token that is right in everything is used up.
    pub fn redeem(&self, act: &Act<'_>, text: &str, now: u64) -> Result<Allowed, Refused> {
        let token = Token::verified(text, act, &self.ring)?;
        if now > token.expires() {
            return Err(Refused::Expired);
        }
        if token.expires() > now.saturating_add(self.ttl_seconds).saturating_add(token::SKEW) {
            return Err(Refused::Forged);
        }
        let mark = Mark::of(b"token", text.as_bytes());
        self.ledger.spend(mark, owner(act), (token.expires(), now))?;
        Ok(Allowed(()))
    }
}

fn owner(act: &Act<'_>) -> Mark {
    Mark::of(b"caller", act.principal.name().as_bytes())
}
