//! Zone: operator. What the start-up report says of client authentication.
//!
//! Pure; a fresh key to offer is an argument. Addresses are shown without their query.

use crate::settings::kind::shown;
use crate::settings::mode::{AuthChoice, AuthMode, OpenBy};
use crate::settings::posture::{PostureLine, PostureState, counted, line, unused};
use crate::settings::table::{Id, name};
use crate::settings::{CertificateName, Settings};

/// Returns what an operator reads who has configured nothing: the shortest ways out. `key` is
/// fresh, and nothing else is made of it.
#[must_use]
pub fn ways_out(key: &str) -> String {
    let (setting, mode, enabled) =
        (name(Id::AuthApiKey), name(Id::AuthMode), name(Id::AuthEnabled));
    format!(
        "SECURITY WARNING: client authentication is on and nothing is configured for it.\n\
         The shortest ways out:\n  \
         1. a key for clients, made just now; set this line (--generate-auth-token\n     \
         prints another one, with what clients need, and no log sees it):\n     \
         {setting}={key}\n  \
         2. another mode with its settings: {mode}=jwt, zscaler or oidc\n  \
         3. no authentication, for every client that passes the network defences:\n     \
         {enabled}=false"
    )
}

pub(super) fn auth(settings: &Settings) -> PostureLine {
    const NAME: &str = "Client authentication";
    if !settings.is_http() {
        return unused(NAME);
    }
    let off =
        |why: String| line(NAME, PostureState::Off, why).telling(["callers are not authenticated"]);
    let (mode, by) = match settings.auth_choice() {
        AuthChoice::Open(OpenBy::Switch) => return off(format!("{}=false", name(Id::AuthEnabled))),
        AuthChoice::Open(OpenBy::Mode) => return off(format!("{}=none", name(Id::AuthMode))),
        AuthChoice::Open(OpenBy::Demo) => return off("demo on a loopback address".to_owned()),
        AuthChoice::Nothing => return off("asked for, but nothing is configured".to_owned()),
        AuthChoice::Several(_) | AuthChoice::Unnamed => {
            return off("asked for, but it is not said by which mode".to_owned());
        }
        AuthChoice::Named(mode) => (mode, format!("by {}", name(Id::AuthMode))),
        AuthChoice::Found(mode) => (mode, "by its settings".to_owned()),
        AuthChoice::Tenant => {
            (AuthMode::Zscaler, format!("because {} is set and no mode", name(Id::VanityDomain)))
        }
    };
    let mut told = vec![believed(mode)];
    let mut why = format!("mode {} {by}; {}", mode.as_str(), trusted(settings, mode));
    if mode != AuthMode::Certificate
        && let Some(certificate) = settings.auth.certificate
    {
        why.push_str(&format!("; and {}", certificates(certificate)));
        told.push("client certificates");
    }
    let uses_platform = matches!(mode, AuthMode::ApiKey | AuthMode::Zscaler);
    if uses_platform && settings.auth.trust_platform {
        const PLATFORM: &str =
            "a request without a credential counts as authenticated by the platform";
        why.push_str(&format!("; {PLATFORM}"));
        told.push(PLATFORM);
        return line(NAME, PostureState::Partly, why).telling(told);
    }
    line(NAME, PostureState::On, why).telling(told)
}

/// What the mode believes, without a value of a setting.
const fn believed(mode: AuthMode) -> &'static str {
    match mode {
        AuthMode::ApiKey => "mode api-key: keys that the operator gave out",
        AuthMode::Jwt => "mode jwt: signed tokens of one issuer",
        AuthMode::Zscaler => "mode zscaler: API clients of the tenant",
        AuthMode::Oidc => "mode oidc: tokens of an identity provider",
        AuthMode::Certificate => "mode certificate: client certificates",
    }
}

/// What the mode believes, and from where.
fn trusted(settings: &Settings, mode: AuthMode) -> String {
    let auth = &settings.auth;
    let text = |value: &Option<String>| value.as_deref().map_or_else(|| "?".to_owned(), shown);
    let url = |value: &Option<String>| {
        let url = value.as_deref().map(|url| url.split('?').next().unwrap_or_default());
        url.map_or_else(|| "?".to_owned(), shown)
    };
    match mode {
        AuthMode::ApiKey => format!("keys of {}", name(Id::AuthApiKey)),
        AuthMode::Jwt => format!(
            "tokens of {} for {}, signed with {} by keys from {}",
            text(&auth.issuer),
            text(&auth.audience),
            auth.algorithms.iter().map(|entry| shown(entry)).collect::<Vec<_>>().join(", "),
            url(&auth.jwks_uri)
        ),
        AuthMode::Zscaler if auth.clients.is_empty() => {
            "every API client of the tenant, asked at its token endpoint".to_owned()
        }
        AuthMode::Zscaler => format!(
            "{} of the tenant, asked at its token endpoint",
            counted(&auth.clients, "API client", "API clients")
        ),
        AuthMode::Oidc => {
            let audience = auth.oidc.audience.clone().or_else(|| auth.oidc.client_id.clone());
            let scopes = match auth.oidc.required_scopes.as_slice() {
                [] => "no scope required".to_owned(),
                entries => counted(entries, "scope required", "scopes required"),
            };
            let (audience, config) = (text(&audience), url(&auth.oidc.config_url));
            format!("tokens for {audience}, issuer and keys as {config} says; {scopes}")
        }
        AuthMode::Certificate => {
            certificates(auth.certificate.unwrap_or(CertificateName::Subject)).to_owned()
        }
    }
}

const fn certificates(name: CertificateName) -> &'static str {
    match name {
        CertificateName::Subject => "client certificates, by subject",
        CertificateName::Dns => "client certificates, by their only DNS name",
        CertificateName::Uri => "client certificates, by their only URI",
        CertificateName::Email => "client certificates, by their only mail address",
    }
}

pub(super) fn limits(settings: &Settings) -> PostureLine {
    const NAME: &str = "Caller limits";
    if !settings.is_http() {
        return unused(NAME);
    }
    let (rate, calls) = (settings.requests_per_second(), settings.calls_per_caller());
    let failures = if settings.serves_open() { 0 } else { settings.auth.failures };
    let bounds = [
        (u64::from(rate), "requests a second of one caller"),
        (u64::try_from(calls).unwrap_or(u64::MAX), "calls of one caller at once"),
        (u64::from(failures), "wrong credentials a minute of one address"),
    ];
    let said: Vec<String> =
        bounds.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    let told = bounds.iter().filter(|(n, _)| *n > 0).map(|(_, what)| *what);
    match said.len() {
        0 => line(NAME, PostureState::Off, "no bound for one caller"),
        len if len == bounds.len() => line(NAME, PostureState::On, said.join(", ")).telling(told),
        _ => line(NAME, PostureState::Partly, said.join(", ")).telling(told),
    }
}

pub(super) fn grants(settings: &Settings) -> PostureLine {
    const NAME: &str = "Tool grants";
    if !settings.is_http() {
        return unused(NAME);
    }
    if settings.auth.authorize.is_some() {
        let why = format!("callers may use what {} says", name(Id::Authorize));
        return line(NAME, PostureState::On, why)
            .telling(["callers may use what is granted to them"]);
    }
    line(NAME, PostureState::Off, "every caller may use every tool that is offered")
}
