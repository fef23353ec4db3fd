//! Zone: operator. The cloud from its settings: credentials, addresses, trust, proxy.
//!
//! Finds every problem before anything is sent; a secret is moved to where it is used and never
//! shown.

use crate::audit::{Log, Record};
use crate::backend::oneapi::address::{BadAddress, Base};
use crate::backend::oneapi::proxy::{Direct, Proxy};
use crate::backend::oneapi::request;
use crate::backend::oneapi::token::{Client, Proof};
use crate::base::Secret;
use crate::server::cloud::{self, BadTrust, Bound, Config, OneApi};
use crate::server::turns::Turns;
use crate::settings::{AuthMode, OnlineLine, Problem, Settings};
use crate::start::VERSION;
use crate::tools::Selection;

use std::sync::Arc;

const ID: &str = "ZSCALER_CLIENT_ID";
const SECRET: &str = "ZSCALER_CLIENT_SECRET";
const KEY: &str = "ZSCALER_PRIVATE_KEY";
const VANITY: &str = "ZSCALER_VANITY_DOMAIN";
const CLOUD: &str = "ZSCALER_CLOUD";
const SERVICES: &str = "ZSCALER_MCP_API_BASE_URL";
const TOKENS: &str = "ZSCALER_MCP_TOKEN_URL";
const BUNDLE: &str = "ZSCALER_MCP_CA_BUNDLE";
const CERT_FILE: &str = "SSL_CERT_FILE";

/// Returns what the cloud is reached with; what the operator should know besides goes to `notes`.
///
/// # Errors
/// Every problem that keeps the server from reaching it.
pub(super) fn config(
    settings: &Settings,
    notes: &mut Vec<Problem>,
) -> Result<Config, Vec<Problem>> {
    if let Some(problem) = missing(settings) {
        return Err(vec![problem]);
    }
    let mut problems = Vec::new();
    let mut keep = |problem| problems.push(problem);
    let client = client(settings, notes).map_err(&mut keep).ok();
    let services = services(settings).map_err(&mut keep).ok();
    let tokens = tokens(settings).map_err(&mut keep).ok();
    let proxy = proxy(settings).map_err(&mut keep).ok();
    let secured = [&services, &tokens].into_iter().flatten().any(Base::is_https);
    let tls = trust(settings, secured).map_err(&mut keep).ok();
    match (client, services, tokens, proxy, tls) {
        (Some(client), Some(services), Some(tokens), Some(proxy), Some(tls)) => Ok(Config {
            services,
            tokens,
            client,
            agent: request::agent(VERSION, settings.user_agent_comment.as_deref()),
            tls,
            proxy,
            direct: Direct::parse(&settings.cloud.no_proxy),
            bound: Bound::default(),
        }),
        _ => Err(problems),
    }
}

/// True when the tenant's name says whose clients may call.
fn names_callers(settings: &Settings) -> bool {
    settings.is_http() && settings.auth_choice().mode() == Some(AuthMode::Zscaler)
}

/// Returns the names of credentials that are set and serve nothing but the cloud client.
pub(super) fn given(settings: &Settings) -> Vec<&'static str> {
    let credentials = &settings.credentials;
    let set = [
        (ID, credentials.client_id.is_some()),
        (SECRET, credentials.client_secret.is_some()),
        (KEY, credentials.private_key.is_some()),
        (VANITY, credentials.vanity_domain.is_some() && !names_callers(settings)),
    ];
    set.into_iter().filter(|(_, is_set)| *is_set).map(|(name, _)| name).collect()
}

/// Tries the credentials and the services of `selection`.
pub(super) fn probe(config: Config, settings: &Settings, selection: &Selection) -> Vec<OnlineLine> {
    let services: Vec<&str> = selection.rows().iter().map(|row| row.service()).collect();
    let cloud = OneApi::new(config, Arc::new(Turns::new(1)), Arc::new(Silent));
    let found = cloud.probe(&services, settings.credentials.customer_id.as_deref());
    let line =
        |probe: cloud::Probe| OnlineLine { name: probe.name, works: probe.works, text: probe.text };
    found.into_iter().map(line).collect()
}

/// What is found is printed and needs no log.
struct Silent;

impl Log for Silent {
    fn write(&self, _record: &Record) {}
}

fn missing(settings: &Settings) -> Option<Problem> {
    let credentials = &settings.credentials;
    let mut names = Vec::new();
    if credentials.client_id.is_none() {
        names.push(ID.to_owned());
    }
    if credentials.client_secret.is_none() && credentials.private_key.is_none() {
        names.push(format!("{SECRET} or {KEY}"));
    }
    if credentials.vanity_domain.is_none() && settings.cloud.token_url.is_none() {
        names.push(VANITY.to_owned());
    }
    if names.is_empty() {
        return None;
    }
    let text = format!(
        "the tenant cannot be reached without {}; set what is missing, or start with --demo, \
         which needs no account",
        names.join(", ")
    );
    Some(Problem::refuse("credentials", text))
}

fn client(settings: &Settings, notes: &mut Vec<Problem>) -> Result<Client, Problem> {
    let credentials = &settings.credentials;
    let copy = |secret: &Secret| Secret::new(secret.expose().to_vec());
    let proof = match (&credentials.private_key, &credentials.client_secret) {
        (Some(key), _) => {
            let found = cloud::key(key).map_err(|bad| Problem::refuse(KEY, bad.to_string()));
            let (signer, open) = found?;
            notes.extend(open.map(|path| {
                let what = "can be read or written by other users; set its mode to 0600";
                Problem::warn(KEY, format!("{path:?} {what}"))
            }));
            Proof::Key(Box::new(signer))
        }
        (None, Some(secret)) => Proof::Secret(copy(secret)),
        (None, None) => return Err(Problem::refuse(SECRET, "is not set")),
    };
    Ok(Client { id: credentials.client_id.clone().unwrap_or_default(), proof })
}

fn services(settings: &Settings) -> Result<Base, Problem> {
    match &settings.cloud.api_base_url {
        Some(text) => Base::parse(text).map_err(|bad| refused(SERVICES, bad)),
        None => Base::of_services(&settings.credentials.cloud).map_err(|bad| refused(CLOUD, bad)),
    }
}

pub(super) fn tokens(settings: &Settings) -> Result<Base, Problem> {
    if let Some(text) = &settings.cloud.token_url {
        return Base::parse(text).map_err(|bad| refused(TOKENS, bad));
    }
    let vanity = settings.credentials.vanity_domain.as_deref().unwrap_or_default();
    Base::of_tokens(&settings.credentials.cloud, vanity)
        .map_err(|bad| refused(&format!("{VANITY} or {CLOUD}"), bad))
}

pub(super) fn proxy(settings: &Settings) -> Result<Option<Proxy>, Problem> {
    let Some((name, text)) = &settings.cloud.proxy else { return Ok(None) };
    let text = core::str::from_utf8(text.expose()).unwrap_or_default();
    let parsed = Proxy::parse(text);
    parsed.map(Some).map_err(|bad| Problem::unreadable(*name, bad.to_string()))
}

pub(super) fn trust(
    settings: &Settings,
    secured: bool,
) -> Result<Option<Arc<rustls::ClientConfig>>, Problem> {
    if !secured {
        return Ok(None);
    }
    let ways = &settings.cloud;
    let (name, path) = match (&ways.ca_bundle, &ways.ssl_cert_file) {
        (Some(path), _) => (BUNDLE, Some(path.as_path())),
        (None, Some(path)) => (CERT_FILE, Some(path.as_path())),
        (None, None) => (BUNDLE, None),
    };
    let refuse = |bad: BadTrust| Problem::refuse(name, bad.to_string());
    cloud::trust(path).map(Some).map_err(refuse)
}

fn refused(setting: &str, bad: BadAddress) -> Problem {
    Problem::unreadable(setting, bad.to_string())
}
