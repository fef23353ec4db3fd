//! Zone: operator. Client authentication from its settings: the gate and the identity provider.
//!
//! Parses every key, address, algorithm and grant before anything listens, and names each that is
//! wrong; what is missing or contradicts itself the rules of the settings have told already. A
//! secret is moved to where it is used and never shown.

use std::sync::Arc;

use crate::audit::Log;
use crate::auth::{ApiKeys, Gate, Grants, Limits, Method, Pairs, Setup, TokenUse, Tokens};
use crate::backend::oneapi::address::{BadAddress, Base};
use crate::backend::oneapi::proxy::Direct;
use crate::backend::oneapi::request;
use crate::base::{Random, Secret};
use crate::jose::{Algorithm, Rules};
use crate::limits::TOKEN_LEEWAY_SECONDS;
use crate::server::cloud::provider::{IdentityProvider, Reach};
use crate::server::desk::Provider;
use crate::server::tls::who::NameKind;
use crate::server::{self, clock::SystemRandom};
use crate::settings::table::{Id, name};
use crate::settings::{AuthMode, CertificateName, Problem, Settings};
use crate::start::{VERSION, cloud};

/// Algorithms of tokens in mode oidc, which has no setting for them.
const OIDC_ALGORITHMS: [Algorithm; 2] = [Algorithm::Rs256, Algorithm::Es256];

/// What the settings say, understood.
pub(super) struct Prepared {
    way: Way,
    certificate: Option<NameKind>,
    grants: Grants,
    limits: Limits,
}

/// How callers are known, and where somebody is asked about them.
enum Way {
    Open,
    Certificate,
    Keys(ApiKeys),
    Pairs(Pairs, Base, Reach),
    Jwt(Rules, Base, Reach),
    Oidc(Box<Oidc>),
}

/// Mode oidc, before its provider was asked for its configuration.
struct Oidc {
    config: Base,
    resource: String,
    audience: String,
    scopes: Vec<String>,
    /// To ask for the configuration, and to ask for keys.
    reach: Reach,
}

/// A gate, and what the shell needs to answer its questions.
pub(super) struct Opened {
    pub(super) gate: Gate,
    pub(super) provider: Option<Arc<dyn Provider>>,
    pub(super) certificate: Option<NameKind>,
}

/// Returns what `settings` say about client authentication, `None` when they leave out so much
/// that nothing can be said; what the operator should know besides goes to `notes`.
///
/// # Errors
/// Every value that cannot be used.
pub(super) fn prepare(
    settings: &Settings,
    notes: &mut Vec<Problem>,
) -> Result<Option<Prepared>, Vec<Problem>> {
    let mut problems = Vec::new();
    let open = settings.serves_open();
    let way = match settings.auth_choice().mode() {
        None if open => Some(Way::Open),
        None => None,
        Some(mode) => way(settings, mode, notes, &mut problems),
    };
    let grants = grants(settings).map_err(|problem| problems.push(problem)).ok();
    if !problems.is_empty() {
        return Err(problems);
    }
    let limits = Limits {
        requests_per_second: settings.requests_per_second(),
        failures: if open { 0 } else { settings.auth.failures },
    };
    let certificate = settings.auth.certificate.filter(|_| !open).map(kind);
    let both = way.zip(grants);
    Ok(both.map(|(way, grants)| Prepared { way, certificate, grants, limits }))
}

impl Prepared {
    /// Returns the gate. In mode oidc this asks the provider for its configuration.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub(super) fn open(self, log: &Arc<dyn Log>) -> Result<Opened, String> {
        let Self { way, certificate, grants, limits } = self;
        let asked = |reach, keys, tokens| -> Option<Arc<dyn Provider>> {
            Some(Arc::new(IdentityProvider::new(reach, keys, tokens, Arc::clone(log))))
        };
        let (method, provider) = match way {
            Way::Open => (Method::Open, None),
            Way::Certificate => (Method::Certificate, None),
            Way::Keys(keys) => (Method::Keys(keys), None),
            Way::Pairs(pairs, tokens, reach) => {
                (Method::Pairs(pairs), asked(reach, None, Some(tokens)))
            }
            Way::Jwt(rules, keys, reach) => {
                let tokens = Tokens::new(rules, TokenUse::Jwt);
                (Method::Tokens(tokens), asked(reach, Some(keys), None))
            }
            Way::Oidc(oidc) => {
                let (tokens, provider) = oidc.discover(log)?;
                (Method::Tokens(tokens), Some(provider))
            }
        };
        let mut key = [0; 32];
        SystemRandom.fill(&mut key).map_err(|_exhausted| "the system has no random bytes")?;
        let setup = Setup { method, certificate: certificate.is_some(), grants, limits, key };
        Ok(Opened { gate: Gate::new(setup), provider, certificate })
    }
}

impl Oidc {
    /// Returns the rules of tokens as the provider says them, and the provider.
    fn discover(
        self: Box<Self>,
        log: &Arc<dyn Log>,
    ) -> Result<(Tokens, Arc<dyn Provider>), String> {
        let Self { config, resource, audience, scopes, reach } = *self;
        let told = |what: String| format!("{}: {what}", name(Id::OidcConfigUrl));
        let provider = IdentityProvider::new(reach, None, None, Arc::clone(log));
        let found = provider.discover(&config).map_err(told)?;
        if found.issuer.is_empty() || found.issuer.chars().any(char::is_control) {
            return Err(told("the document names no issuer that a token could".to_owned()));
        }
        let keys = Base::parse(&found.keys)
            .map_err(|bad| told(format!("the address of the keys {bad}")))?;
        if config.is_https() && !keys.is_https() {
            return Err(told("the keys are published without TLS".to_owned()));
        }
        let rules = Rules {
            algorithms: OIDC_ALGORITHMS.to_vec(),
            issuer: found.issuer.clone(),
            audience: vec![audience],
            leeway_seconds: TOKEN_LEEWAY_SECONDS,
            scopes,
        };
        let tokens = Tokens::new(rules, TokenUse::Oidc { resource, issuer: found.issuer });
        Ok((tokens, Arc::new(provider.with_keys(keys))))
    }
}

/// Returns how callers are known in `mode`, `None` when a setting is missing or wrong.
fn way(
    settings: &Settings,
    mode: AuthMode,
    notes: &mut Vec<Problem>,
    problems: &mut Vec<Problem>,
) -> Option<Way> {
    let auth = &settings.auth;
    let mut keep = |problem| problems.push(problem);
    match mode {
        AuthMode::Certificate => Some(Way::Certificate),
        AuthMode::ApiKey => {
            let keys = api_keys(settings, notes)?.map_err(&mut keep).ok()?;
            Some(Way::Keys(keys))
        }
        AuthMode::Zscaler => {
            let tenant = &settings.credentials.vanity_domain;
            if tenant.is_none() && settings.cloud.token_url.is_none() {
                return None;
            }
            let tokens = cloud::tokens(settings).map_err(&mut keep).ok()?;
            let reach = reach(settings, &tokens).map_err(&mut keep).ok()?;
            let own = settings.credentials.client_id.clone().filter(|_| auth.trust_platform);
            Some(Way::Pairs(Pairs::new(auth.clients.clone(), own), tokens, reach))
        }
        AuthMode::Jwt => {
            let algorithms = algorithms(&auth.algorithms, &mut keep);
            let keys = address(Id::AuthJwksUri, auth.jwks_uri.as_ref(), &mut keep)?;
            let reach = reach(settings, &keys).map_err(&mut keep).ok()?;
            let rules = Rules {
                algorithms,
                issuer: auth.issuer.clone()?,
                audience: vec![auth.audience.clone()?],
                leeway_seconds: TOKEN_LEEWAY_SECONDS,
                scopes: Vec::new(),
            };
            Some(Way::Jwt(rules, keys, reach))
        }
        AuthMode::Oidc => oidc(settings, &mut keep).map(|oidc| Way::Oidc(Box::new(oidc))),
    }
}

fn oidc(settings: &Settings, keep: &mut dyn FnMut(Problem)) -> Option<Oidc> {
    let oidc = &settings.auth.oidc;
    let config = address(Id::OidcConfigUrl, oidc.config_url.as_ref(), keep);
    let base = address(Id::OidcBaseUrl, oidc.base_url.as_ref(), keep);
    for scope in oidc.required_scopes.iter().filter(|scope| !is_scope(scope)) {
        let text = format!("{scope:?} is no scope (RFC 6749 s3.3)");
        keep(Problem::unreadable(name(Id::OidcRequiredScopes), text));
    }
    let (config, base) = (config?, base?);
    if Some(base.to_string()) != oidc.base_url {
        // Clients compare it letter by letter with what they asked, and tokens name it.
        let text =
            format!("is written {base}: small letters, no port of the scheme, no last slash");
        keep(Problem::unreadable(name(Id::OidcBaseUrl), text));
    }
    let reach = reach(settings, &config).map_err(&mut *keep).ok()?;
    Some(Oidc {
        config,
        resource: base.to_string(),
        audience: oidc.audience.clone().or_else(|| oidc.client_id.clone())?,
        scopes: oidc.required_scopes.clone(),
        reach,
    })
}

fn api_keys(settings: &Settings, notes: &mut Vec<Problem>) -> Option<Result<ApiKeys, Problem>> {
    let setting = name(Id::AuthApiKey);
    let text = settings.auth.api_key.as_ref().map(Secret::expose)?;
    let text = core::str::from_utf8(text).unwrap_or_default();
    let keys = ApiKeys::parse(text, settings.auth.trust_platform);
    if keys.as_ref().is_ok_and(ApiKeys::weak) {
        let text = "a key has fewer than 32 bytes; --generate-auth-token prints one that nobody \
                    can guess";
        notes.push(Problem::warn(setting, text));
    }
    Some(keys.map_err(|bad| Problem::refuse(setting, bad.to_string())))
}

fn algorithms(names: &[String], keep: &mut dyn FnMut(Problem)) -> Vec<Algorithm> {
    let setting = name(Id::AuthAlgorithms);
    let mut out = Vec::new();
    for text in names {
        let upper = text.to_ascii_uppercase();
        match Algorithm::parse(text) {
            Some(algorithm) => out.push(algorithm),
            None if upper == "NONE" => {
                let text = format!("{text:?} is not accepted: anybody could make such a token");
                keep(Problem::refuse(setting, text));
            }
            None if upper.starts_with("HS") => {
                let text = format!(
                    "{text:?} is not accepted: who can check such a token can make one, and the \
                     keys are public"
                );
                keep(Problem::refuse(setting, text));
            }
            None => {
                let known: Vec<&str> = Algorithm::ALL.iter().map(|known| known.name()).collect();
                let text = format!("{text:?} is none of {}", known.join(", "));
                keep(Problem::unreadable(setting, text));
            }
        }
    }
    out
}

fn address(id: Id, text: Option<&String>, keep: &mut dyn FnMut(Problem)) -> Option<Base> {
    let bad = match Base::parse(text?) {
        Ok(base) => return Some(base),
        Err(bad) => bad,
    };
    keep(match bad {
        BadAddress::Plaintext => Problem::refuse(name(id), bad.to_string()),
        BadAddress::Form | BadAddress::Path | BadAddress::Label => {
            Problem::unreadable(name(id), bad.to_string())
        }
    });
    None
}

fn grants(settings: &Settings) -> Result<Grants, Problem> {
    match &settings.auth.authorize {
        None => Ok(Grants::open()),
        Some(text) => Grants::parse(text)
            .map_err(|bad| Problem::unreadable(name(Id::Authorize), bad.to_string())),
    }
}

/// Returns how the provider at `place` is reached: as the cloud is, with its own authorities when
/// they are named.
fn reach(settings: &Settings, place: &Base) -> Result<Reach, Problem> {
    let bundle = settings.auth.ca_bundle.as_deref();
    let tls = match bundle {
        Some(path) => server::cloud::trust(Some(path))
            .map(Some)
            .map_err(|bad| Problem::refuse(name(Id::AuthCaBundle), bad.to_string()))?,
        None => cloud::trust(settings, place.is_https())?,
    };
    Ok(Reach {
        agent: request::agent(VERSION, settings.user_agent_comment.as_deref()),
        tls,
        proxy: cloud::proxy(settings)?,
        direct: Direct::parse(&settings.cloud.no_proxy),
    })
}

/// True for one scope token (RFC 6749 s3.3).
fn is_scope(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    !text.is_empty() && text.bytes().all(good)
}

const fn kind(name: CertificateName) -> NameKind {
    match name {
        CertificateName::Subject => NameKind::Subject,
        CertificateName::Dns => NameKind::Dns,
        CertificateName::Uri => NameKind::Uri,
        CertificateName::Email => NameKind::Email,
    }
}
