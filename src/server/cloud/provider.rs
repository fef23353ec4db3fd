//! Zone: post-admission. The identity provider: its configuration, its keys, its word on a pair.
//!
//! Blocking sockets on threads of their own. An answer is bounded in bytes and time, a redirection
//! is not followed, and nothing of a credential or an answer is logged.

use std::sync::Arc;

use rustls::ClientConfig;

use crate::audit::{Level, Log, Record};
use crate::auth::{PairQuestion, PairTold, Question, Told};
use crate::backend::oneapi::Trouble;
use crate::backend::oneapi::address::Base;
use crate::backend::oneapi::proxy::{Direct, Proxy};
use crate::backend::oneapi::request;
use crate::backend::oneapi::response::{Answer, Reader};
use crate::backend::oneapi::token::{Client, Proof, grant};
use crate::base::Secret;
use crate::json::{self, Bounds as JsonBounds};
use crate::limits::{PROVIDER_BODY_BYTES_MAX, PROVIDER_CALL_MS, PROVIDER_CONNECT_MS};
use crate::server::clock::{Clock, unix_seconds};
use crate::server::cloud::dial::Dialer;
use crate::server::cloud::names::Names;
use crate::server::cloud::wire::Bounds;
use crate::server::cloud::{Attended, Bound};
use crate::server::desk::Provider;

const TARGET: &str = "zscaler_mcp.auth";
const DOCUMENT: JsonBounds = JsonBounds { depth: 8, nodes: 4_000 };

/// How an identity provider is reached.
pub struct Reach {
    /// User-Agent value.
    pub agent: String,
    /// TLS; without it only addresses without TLS can be reached.
    pub tls: Option<Arc<ClientConfig>>,
    /// Proxy.
    pub proxy: Option<Proxy>,
    /// Hosts that are reached without it.
    pub direct: Direct,
}

/// What the configuration document of a provider says (OpenID Connect Discovery s3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// `issuer`
    pub issuer: String,
    /// `jwks_uri`
    pub keys: String,
}

/// The identity provider.
pub struct IdentityProvider {
    keys: Option<Base>,
    tokens: Option<Base>,
    dialer: Dialer,
    clock: Clock,
    log: Arc<dyn Log>,
}

impl IdentityProvider {
    /// Returns the provider whose keys are at `keys` and which gives tokens at `tokens`.
    #[must_use]
    pub fn new(reach: Reach, keys: Option<Base>, tokens: Option<Base>, log: Arc<dyn Log>) -> Self {
        let Reach { agent, tls, proxy, direct } = reach;
        let bound = Bound {
            connect_ms: PROVIDER_CONNECT_MS,
            stall_ms: PROVIDER_CALL_MS,
            call_ms: PROVIDER_CALL_MS,
            ..Bound::default()
        };
        let dialer = Dialer { tls, proxy, direct, agent, bound, names: Names::system() };
        Self { keys, tokens, dialer, clock: Clock::start(), log }
    }

    /// Returns the same provider, whose keys are at `keys`.
    #[must_use]
    pub fn with_keys(self, keys: Base) -> Self {
        Self { keys: Some(keys), ..self }
    }

    /// Returns what the configuration document at `address` says.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn discover(&self, address: &Base) -> Result<Discovered, String> {
        let answer = self.get(address).map_err(|trouble| trouble.to_string())?;
        if answer.status != 200 {
            return Err(format!("the provider answered with status {}", answer.status));
        }
        let document = json::read(&answer.body, DOCUMENT)
            .map_err(|_unreadable| "the document is not JSON within the bounds".to_owned())?;
        let member = |name: &str| {
            let text = document.get(name).and_then(json::Json::as_str);
            text.map(str::to_owned).ok_or_else(|| format!("the document has no {name}"))
        };
        Ok(Discovered { issuer: member("issuer")?, keys: member("jwks_uri")? })
    }

    fn get(&self, address: &Base) -> Result<Answer, Trouble> {
        self.exchange(address, &request::document(address, &self.dialer.agent))
    }

    fn exchange(&self, address: &Base, bytes: &Secret) -> Result<Answer, Trouble> {
        let until = self.clock.now().plus(PROVIDER_CALL_MS);
        let bounds =
            Bounds { clock: self.clock, stall_ms: PROVIDER_CALL_MS, until, patience: &Attended };
        let mut wire = self.dialer.dial(address, &bounds)?;
        let reader = Reader::new(PROVIDER_BODY_BYTES_MAX);
        wire.ask(bytes.expose(), reader, &bounds).map_err(|lost| lost.trouble)
    }

    fn keys(&self) -> Result<Vec<u8>, &'static str> {
        let address = self.keys.as_ref().ok_or("no address of keys is known")?;
        match self.get(address) {
            Ok(answer) if answer.status == 200 => Ok(answer.body),
            Ok(answer) => {
                self.note("keys", format!("status {}", answer.status));
                Err("the provider answered without keys")
            }
            Err(trouble) => {
                self.note("keys", trouble.to_string());
                Err("the provider could not be asked for its keys")
            }
        }
    }

    fn pair(&self, pair: &PairQuestion) -> PairTold {
        let Some(address) = &self.tokens else {
            return PairTold::Unavailable("no address for tokens is known");
        };
        let secret = Secret::new(pair.client_secret().expose().to_vec());
        let client = Client { id: pair.client_id().to_owned(), proof: Proof::Secret(secret) };
        let Ok(body) = client.body(unix_seconds()) else {
            return PairTold::Unavailable("the pair cannot be sent");
        };
        let answer = self.exchange(address, &request::token(address, &body, &self.dialer.agent));
        match answer {
            Ok(answer) if answer.status == 200 => {
                let body = Secret::new(answer.body);
                match grant(body.expose()) {
                    Some(grant) => PairTold::Accepted { expires_in: grant.life_seconds },
                    None => PairTold::Unavailable("the provider answered without a usable token"),
                }
            }
            Ok(answer) if matches!(answer.status, 400 | 401 | 403) => PairTold::Refused,
            Ok(answer) => {
                self.note("pair", format!("status {}", answer.status));
                PairTold::Unavailable("the provider answered with an error")
            }
            Err(trouble) => {
                self.note("pair", trouble.to_string());
                PairTold::Unavailable("the provider could not be asked")
            }
        }
    }

    fn note(&self, what: &'static str, why: String) {
        self.log.write(
            &Record::new(Level::Warning, TARGET, "no answer from the identity provider")
                .with("asked", what)
                .with("why", why),
        );
    }
}

impl Provider for IdentityProvider {
    fn ask(&self, question: Question) -> Told {
        match question {
            Question::Keys => Told::Keys(self.keys()),
            Question::Pair(pair) => {
                let told = self.pair(&pair);
                Told::Pair(pair, told)
            }
        }
    }
}
