//! Zone: pre-admission. What stands between an admitted request and the tools.
//!
//! The order: the certificate when one is required, the credential, the failures of the address,
//! the rate of the caller, its grant. A caller who is known is never refused for what others did
//! from its address: only wrong credentials are, and questions that would go out.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::auth::attempts::{Attempts, Origin};
use crate::auth::caller::{Caller, Principal};
use crate::auth::challenge::Challenges;
use crate::auth::grants::{Grant, Grants};
use crate::auth::keys::{ApiKeys, Known};
use crate::auth::marks::Marks;
use crate::auth::metadata::Metadata;
use crate::auth::pairs::{Pairs, Verdicts};
use crate::auth::rates::Rates;
use crate::auth::tokens::{TokenUse, Tokens, Verifier};
use crate::auth::verdict::{At, Denial, Heard, Question, Told, Verdict};
use crate::guard::{Admitted, Refusal};

/// Proof that the credential of an admitted request was accepted.
///
/// Only [`Gate::judge`] makes one; neither changing nor copying one makes another.
///
/// ```compile_fail
/// use zscaler_mcp::auth::{Authorized, Principal};
///
/// fn forge(real: Authorized) -> Authorized {
///     Authorized { principal: Principal::named("admin"), ..real }
/// }
/// ```
///
/// ```compile_fail
/// fn twice(real: zscaler_mcp::auth::Authorized) -> [zscaler_mcp::auth::Authorized; 2] {
///     [real.clone(), real]
/// }
/// ```
#[derive(Debug)]
pub struct Authorized {
    admitted: Admitted,
    principal: Principal,
    grant: Grant,
}

impl Authorized {
    /// Returns the admitted request.
    #[must_use]
    pub const fn admitted(&self) -> &Admitted {
        &self.admitted
    }

    /// Returns the caller.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Returns which tools the caller may use.
    #[must_use]
    pub const fn grant(&self) -> &Grant {
        &self.grant
    }
}

/// How callers are authenticated.
#[derive(Debug)]
pub enum Method {
    /// Nobody is asked: the operator turned authentication off, or this is the demo on loopback.
    Open,
    /// By an API key.
    Keys(ApiKeys),
    /// By a signed token.
    Tokens(Tokens),
    /// By client id and secret, which the provider knows.
    Pairs(Pairs),
    /// By the client certificate alone.
    Certificate,
}

/// What one caller or address may do to the others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Requests of one caller in a second; any number when zero.
    pub requests_per_second: u32,
    /// Credentials of one address that were not accepted, before it is refused; any when zero.
    pub failures: u32,
}

/// Everything a gate is made of.
pub struct Setup {
    /// How callers are authenticated.
    pub method: Method,
    /// True when the client certificate has to name the caller as well.
    pub certificate: bool,
    /// Who may use which tools.
    pub grants: Grants,
    /// Bounds.
    pub limits: Limits,
    /// Random bytes of this process.
    pub key: [u8; 32],
}

/// What a method says to a caller.
#[derive(Debug)]
pub(super) enum Finding {
    /// It is this one.
    Known(Caller),
    /// It sent nothing that this method takes.
    Missing(&'static str),
    /// It sent something wrong.
    Wrong(&'static str),
    /// It sent what was good once or is good elsewhere: nobody guesses that.
    Stale(&'static str),
    /// It is known, and its token lacks a scope.
    Lacking,
    /// It depends on an answer.
    Ask(Option<Question>),
    /// It would, but nothing is asked for its address for so many seconds.
    Blocked(u32),
    /// It would, and none can be had now.
    Unavailable(&'static str),
}

/// A method that runs.
#[derive(Debug)]
enum Door {
    Open,
    Keys(Known),
    Tokens(Verifier),
    Pairs(Verdicts),
}

/// What stands between an admitted request and the tools.
#[derive(Debug)]
pub struct Gate {
    door: Door,
    certificate: bool,
    challenges: Challenges,
    metadata: Option<Metadata>,
    grants: Grants,
    attempts: Mutex<Attempts>,
    rates: Option<Mutex<Rates>>,
}

impl Gate {
    /// Returns the gate that `setup` describes.
    #[must_use]
    pub fn new(setup: Setup) -> Self {
        let marks = Marks::new(&setup.key);
        let certificate = setup.certificate || matches!(setup.method, Method::Certificate);
        let mut metadata = None;
        let (door, challenges) = match setup.method {
            Method::Open | Method::Certificate => (Door::Open, Challenges::key()),
            Method::Keys(keys) => (Door::Keys(Known::new(keys, marks)), Challenges::key()),
            Method::Pairs(pairs) => (Door::Pairs(Verdicts::new(pairs, marks)), Challenges::pair()),
            Method::Tokens(Tokens { rules, usage }) => {
                if let TokenUse::Oidc { resource, issuer } = usage {
                    metadata = Some(Metadata::new(&resource, &issuer, &rules.scopes));
                }
                let challenges = Challenges::token(&rules, metadata.as_ref());
                (Door::Tokens(Verifier::new(rules)), challenges)
            }
        };
        let per_second = setup.limits.requests_per_second;
        Self {
            door,
            certificate,
            challenges,
            metadata,
            grants: setup.grants,
            attempts: Mutex::new(Attempts::new(setup.limits.failures)),
            rates: (per_second > 0).then(|| Mutex::new(Rates::new(per_second))),
        }
    }

    /// Returns the gate that lets everybody in, to every tool, without limits.
    #[must_use]
    pub fn open() -> Self {
        Self::new(Setup {
            method: Method::Open,
            certificate: false,
            grants: Grants::open(),
            limits: Limits::default(),
            key: [0; 32],
        })
    }

    /// Decides on `admitted`. The same request is judged again when a question was answered.
    ///
    /// `certificate` is the name in the client certificate that says who is calling.
    #[must_use]
    pub fn judge(&self, mut admitted: Admitted, certificate: Option<&str>, at: At) -> Verdict {
        let found = self.look(&admitted, certificate, at);
        let found = found.and_then(|caller| self.receive(&caller, &admitted, at));
        match found {
            Ok((principal, grant)) => {
                admitted.forget_credentials();
                Verdict::Accepted(Authorized { admitted, principal, grant })
            }
            Err(Halt::Denied(denial)) => Verdict::Refused(denial),
            Err(Halt::Ask(question)) => Verdict::Undecided(admitted, question),
        }
    }

    /// Takes an answer; whoever waits for it is then to be judged again.
    ///
    /// Returns what it said, for the log.
    pub fn told(&self, told: Told, at: At) -> Heard {
        match (&self.door, told) {
            (Door::Tokens(tokens), Told::Keys(answer)) => {
                tokens.told(answer.as_deref().map_err(|why| *why), at)
            }
            (Door::Pairs(pairs), Told::Pair(question, told)) => {
                pairs.told(&question, told, at.now);
                Heard::Pair
            }
            (Door::Open | Door::Keys(_) | Door::Pairs(_), Told::Keys(_))
            | (Door::Open | Door::Keys(_) | Door::Tokens(_), Told::Pair(..)) => Heard::Unasked,
        }
    }

    /// Returns a question that nobody waits for: keys are fetched at start, and before they are
    /// too old.
    #[must_use]
    pub fn due(&self, at: At) -> Option<Question> {
        if let Door::Tokens(tokens) = &self.door { tokens.due(at) } else { None }
    }

    /// Returns the document that says who gives tokens, when callers get them as OAuth clients.
    #[must_use]
    pub const fn metadata(&self) -> Option<&Metadata> {
        self.metadata.as_ref()
    }

    /// Returns who is calling.
    fn look(&self, admitted: &Admitted, certificate: Option<&str>, at: At) -> Result<Caller, Halt> {
        let mut parts = Vec::new();
        if self.certificate {
            let name = certificate.filter(|name| !name.is_empty());
            let nameless = || Denial::of(Refusal::Certificate, "no name in the client certificate");
            parts.push(format!("certificate:{}", name.ok_or_else(nameless)?));
        }
        let fields = admitted.credentials();
        let origin = Origin::of(admitted.source());
        let finding = match &self.door {
            Door::Open => Finding::Known(Caller::default()),
            Door::Keys(keys) => keys.look(fields),
            Door::Tokens(tokens) => tokens.look(fields, self.blocked(origin, at), at),
            Door::Pairs(pairs) => pairs.look(fields, self.blocked(origin, at), at.now),
        };
        let mut caller = self.settle(finding, origin, at)?;
        parts.append(&mut caller.parts);
        Ok(Caller { parts, ..caller })
    }

    /// Returns the caller, or what becomes of who is none.
    fn settle(&self, finding: Finding, origin: Origin, at: At) -> Result<Caller, Halt> {
        let told = |challenge: &str| Some(challenge.into());
        let challenges = &self.challenges;
        Err(Halt::Denied(match finding {
            Finding::Known(caller) => return Ok(caller),
            Finding::Ask(question) => return Err(Halt::Ask(question)),
            Finding::Unavailable(why) => Denial::of(Refusal::Undecided, why),
            Finding::Missing(why) => Denial {
                challenge: told(&challenges.missing),
                ..Denial::of(Refusal::Unauthorized, why)
            },
            Finding::Stale(why) => Denial {
                challenge: told(&challenges.wrong),
                ..Denial::of(Refusal::Unauthorized, why)
            },
            Finding::Lacking => Denial {
                challenge: told(&challenges.lacking),
                ..Denial::of(Refusal::Scope, "the token lacks a scope")
            },
            Finding::Blocked(seconds) => Denial {
                retry_after: Some(seconds),
                ..Denial::of(Refusal::Attempts, "nothing is asked for this address")
            },
            Finding::Wrong(why) => match self.attempts().fail(origin, at.now) {
                Ok(delay_ms) => Denial {
                    challenge: told(&challenges.wrong),
                    delay_ms,
                    ..Denial::of(Refusal::Unauthorized, why)
                },
                Err(seconds) => {
                    Denial { retry_after: Some(seconds), ..Denial::of(Refusal::Attempts, why) }
                }
            },
        }))
    }

    /// Returns name and grant of `caller`, unless it asks too often.
    fn receive(
        &self,
        caller: &Caller,
        admitted: &Admitted,
        at: At,
    ) -> Result<(Principal, Grant), Halt> {
        let principal = Principal::of(&caller.parts);
        if let Some(rates) = &self.rates {
            let key = if caller.parts.is_empty() {
                // Callers whom nobody asked are not one caller: each address has its own share.
                format!("{:?}", Origin::of(admitted.source())).into()
            } else {
                principal.name().into()
            };
            let mut rates = rates.lock().unwrap_or_else(PoisonError::into_inner);
            rates.take(key, at.now).map_err(|seconds| Denial {
                retry_after: Some(seconds),
                ..Denial::of(Refusal::Rate, "more requests than the rate")
            })?;
        }
        let grant = self.grants.of(principal.name(), &caller.scopes);
        Ok((principal, grant))
    }

    fn blocked(&self, origin: Origin, at: At) -> Option<u32> {
        self.attempts().blocked(origin, at.now)
    }

    fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a caller does not go on.
enum Halt {
    Denied(Denial),
    Ask(Option<Question>),
}

impl From<Denial> for Halt {
    fn from(denial: Denial) -> Self {
        Self::Denied(denial)
    }
}
