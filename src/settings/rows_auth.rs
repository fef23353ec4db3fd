//! Zone: operator. Rows: client authentication; and what they say together.

use std::path::PathBuf;

use crate::base::Secret;
use crate::settings::kind::{Item, Kind, Shape};
use crate::settings::mode::{AuthMode, Named};
use crate::settings::sources::Values;
use crate::settings::table::{Id, Row, name, rows};

/// Which name of a client's certificate says who calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateName {
    /// The subject.
    Subject,
    /// The only DNS name among the alternative names.
    Dns,
    /// The only URI among them.
    Uri,
    /// The only mail address among them.
    Email,
}

/// What mode oidc needs.
#[derive(Debug)]
pub struct OidcSettings {
    /// Configuration document of the identity provider.
    pub config_url: Option<String>,
    /// Public address of this server.
    pub base_url: Option<String>,
    /// Audience of tokens.
    pub audience: Option<String>,
    /// Stands in for a missing audience.
    pub client_id: Option<String>,
    /// Scopes that a token must carry.
    pub required_scopes: Vec<String>,
}

/// Client authentication as given. Addresses, keys, algorithms and grants are texts; whoever
/// assembles the program parses them. Which mode follows is for `Settings::auth_choice` to say.
#[derive(Debug)]
pub struct AuthSettings {
    /// False when the operator switched it off.
    pub enabled: bool,
    /// True when the operator switched it on or off.
    pub mentioned: bool,
    /// The mode, when one is named.
    pub named: Option<Named>,
    /// Settings that belong to one mode, in the order of the table.
    pub marks: Vec<(AuthMode, &'static str)>,
    /// Every setting that asks for authentication, in the order of the table.
    pub asked: Vec<&'static str>,
    /// Keys of clients.
    pub api_key: Option<Secret>,
    /// Where the keys that sign tokens are published.
    pub jwks_uri: Option<String>,
    /// Issuer of tokens.
    pub issuer: Option<String>,
    /// Audience of tokens; `None` when it is given and empty.
    pub audience: Option<String>,
    /// Algorithms of tokens.
    pub algorithms: Vec<String>,
    /// Client ids that mode zscaler admits; empty for any.
    pub clients: Vec<String>,
    /// A platform in front has authenticated whoever brings no credential.
    pub trust_platform: bool,
    /// Name of the client's certificate that says who calls; `None` for no such name.
    pub certificate: Option<CertificateName>,
    /// Mode oidc.
    pub oidc: OidcSettings,
    /// Authorities for the identity provider.
    pub ca_bundle: Option<PathBuf>,
    /// Which tools callers may use.
    pub authorize: Option<String>,
    /// Requests a second of one caller, 0 for no bound; `None` when not given.
    pub rate_limit: Option<u32>,
    /// Failures of one address within a minute, 0 for no bound.
    pub failures: u32,
    /// Concurrent calls of one caller, 0 for no bound; `None` when not given.
    pub calls_per_caller: Option<usize>,
}

/// The settings of one mode.
const MARKS: [(Id, AuthMode); 11] = [
    (Id::AuthApiKey, AuthMode::ApiKey),
    (Id::AuthJwksUri, AuthMode::Jwt),
    (Id::AuthIssuer, AuthMode::Jwt),
    (Id::AuthAudience, AuthMode::Jwt),
    (Id::AuthAlgorithms, AuthMode::Jwt),
    (Id::AuthClients, AuthMode::Zscaler),
    (Id::OidcConfigUrl, AuthMode::Oidc),
    (Id::OidcBaseUrl, AuthMode::Oidc),
    (Id::OidcAudience, AuthMode::Oidc),
    (Id::OidcClientId, AuthMode::Oidc),
    (Id::OidcRequiredScopes, AuthMode::Oidc),
];

const OFF: &str = "off";
const CERTIFICATE_NAMES: &[&str] = &[OFF, "subject", "dns", "uri", "email"];
const MODES: &[&str] = &["none", "jwt", "zscaler", "api-key", "oidc", "oidcproxy", "oauth-proxy"];

const fn int(max: u64, unit: &'static str) -> Kind {
    Kind::Int { min: 0, max, unit }
}

pub(super) const AUTH: [Row; 21] = [
    Row::env(
        Id::AuthEnabled,
        "ZSCALER_MCP_AUTH_ENABLED",
        Kind::Bool,
        "true",
        "Authenticate HTTP clients; false serves every client that passes the other defences.",
    )
    .http(),
    Row::env(
        Id::AuthMode,
        "ZSCALER_MCP_AUTH_MODE",
        Kind::Choice(MODES),
        "",
        "How clients authenticate; oidcproxy and oauth-proxy mean oidc, none means not at all. \
         Default: by the settings that are given.",
    )
    .http(),
    Row::env(
        Id::AuthApiKey,
        "ZSCALER_MCP_AUTH_API_KEY",
        Kind::Secret,
        "",
        "Keys that clients present in mode api-key, with commas, each as KEY or NAME=KEY, of 16 \
         bytes or more.",
    )
    .http(),
    Row::env(
        Id::AuthJwksUri,
        "ZSCALER_MCP_AUTH_JWKS_URI",
        Kind::Text(Shape::Line),
        "",
        "Where the keys that sign tokens are published, in mode jwt; https, or http to loopback.",
    )
    .http(),
    Row::env(
        Id::AuthIssuer,
        "ZSCALER_MCP_AUTH_ISSUER",
        Kind::Text(Shape::Line),
        "",
        "Issuer that tokens must name, in mode jwt.",
    )
    .http(),
    Row::env(
        Id::AuthAudience,
        "ZSCALER_MCP_AUTH_AUDIENCE",
        Kind::Text(Shape::Line),
        "zscaler-mcp-server",
        "Audience that tokens must name, in mode jwt.",
    )
    .http(),
    Row::env(
        Id::AuthAlgorithms,
        "ZSCALER_MCP_AUTH_ALGORITHMS",
        Kind::List(Item::Name),
        "RS256,ES256",
        "Signature algorithms of tokens, in mode jwt: RS, PS and ES with 256 or 384, RS512, PS512, \
         EdDSA.",
    )
    .http(),
    Row::env(
        Id::AuthClients,
        "ZSCALER_MCP_AUTH_CLIENTS",
        Kind::List(Item::Client),
        "",
        "Client ids that may call, in mode zscaler. Default: every API client of the tenant.",
    )
    .http(),
    Row::env(
        Id::TrustPlatformAuth,
        "ZSCALER_MCP_TRUST_PLATFORM_AUTH",
        Kind::Bool,
        "false",
        "Accept a request without any credential, because a platform in front has authenticated \
         it; in modes api-key and zscaler.",
    )
    .http(),
    Row::env(
        Id::AuthCertificate,
        "ZSCALER_MCP_AUTH_CERTIFICATE",
        Kind::Choice(CERTIFICATE_NAMES),
        OFF,
        "Name of the client's certificate that says who calls: its subject or the only \
         alternative name of a kind; alone or together with a mode. Needs \
         ZSCALER_MCP_TLS_CA_CERTS.",
    )
    .http(),
    Row::env(
        Id::OidcConfigUrl,
        "OIDCPROXY_CONFIG_URL",
        Kind::Text(Shape::Line),
        "",
        "Configuration document of the identity provider, in mode oidc; https, or http to \
         loopback. It is fetched at start.",
    )
    .http(),
    Row::env(
        Id::OidcBaseUrl,
        "OIDCPROXY_BASE_URL",
        Kind::Text(Shape::Line),
        "",
        "Public address of this server, in mode oidc, as clients write it.",
    )
    .http(),
    Row::env(
        Id::OidcAudience,
        "OIDCPROXY_AUDIENCE",
        Kind::Text(Shape::Line),
        "",
        "Audience that tokens must name, in mode oidc.",
    )
    .http(),
    Row::env(
        Id::OidcClientId,
        "OIDCPROXY_CLIENT_ID",
        Kind::Text(Shape::Line),
        "",
        "Stands in for a missing audience, in mode oidc.",
    )
    .http(),
    Row::env(
        Id::OidcRequiredScopes,
        "OIDCPROXY_REQUIRED_SCOPES",
        Kind::List(Item::Name),
        "",
        "Scopes that a token must carry, in mode oidc.",
    )
    .http(),
    Row::env(Id::OidcClientSecret, "OIDCPROXY_CLIENT_SECRET", Kind::Secret, "", "Has no effect.")
        .http()
        .inert("a server that only checks tokens needs no client secret; take it out"),
    Row::env(
        Id::AuthCaBundle,
        "ZSCALER_MCP_AUTH_CA_BUNDLE",
        Kind::Path,
        "",
        "PEM file of the authorities that the identity provider's certificate may come from, and \
         no others. Default: those for the cloud.",
    )
    .http(),
    Row::env(
        Id::Authorize,
        "ZSCALER_MCP_AUTHORIZE",
        Kind::Text(Shape::Stated),
        "",
        "Which callers may use which tools: WHO=TOOLS[:VERBS] with semicolons. WHO is scope:NAME, \
         principal:GLOB or *, TOOLS are globs with |, VERBS are read, create, update, delete, \
         write or all with + (without: read). Default: every caller may use every tool.",
    )
    .http(),
    Row::env(
        Id::RateLimit,
        "ZSCALER_MCP_RATE_LIMIT",
        int(1_000_000, "requests"),
        "50",
        "Requests a second of one caller, 0 for no bound.",
    )
    .http(),
    Row::env(
        Id::CallsPerCaller,
        "ZSCALER_MCP_CALLS_PER_CALLER",
        int(1_000_000, "calls"),
        "32",
        "Tool calls of one caller that run at once, 0 for no bound.",
    )
    .http(),
    Row::env(
        Id::AuthFailures,
        "ZSCALER_MCP_AUTH_FAILURES",
        int(1_000_000, "failures"),
        "10",
        "Wrong credentials of one address within a minute before it is refused for a while, 0 for \
         no bound.",
    )
    .http(),
];

/// Returns what client authentication is asked for.
pub(super) fn auth(values: &mut Values) -> AuthSettings {
    let named = values.text(Id::AuthMode).as_deref().and_then(Named::parse);
    let certificate = match values.text(Id::AuthCertificate).as_deref() {
        Some("subject") => Some(CertificateName::Subject),
        Some("dns") => Some(CertificateName::Dns),
        Some("uri") => Some(CertificateName::Uri),
        Some("email") => Some(CertificateName::Email),
        Some(_) | None => None,
    };
    let marks: Vec<(AuthMode, &'static str)> = rows()
        .filter_map(|row| MARKS.iter().find(|(id, _)| *id == row.id && values.is_given(row.id)))
        .map(|(id, mode)| (*mode, name(*id)))
        .collect();
    let asks = |id: Id| {
        let mode = id == Id::AuthMode && named.is_some_and(|named| named != Named::Nobody);
        let certificate = id == Id::AuthCertificate && certificate.is_some();
        let own = MARKS.iter().any(|(mark, _)| *mark == id)
            || [Id::TrustPlatformAuth, Id::AuthCaBundle].contains(&id);
        mode || certificate || (own && values.is_given(id))
    };
    let asked = AUTH.iter().filter(|row| asks(row.id)).filter_map(|row| row.env).collect();
    let given = |id| values.is_given(id).then(|| values.number(id)).flatten();
    AuthSettings {
        enabled: values.flag(Id::AuthEnabled),
        mentioned: values.is_mentioned(Id::AuthEnabled),
        named,
        marks,
        asked,
        jwks_uri: values.text(Id::AuthJwksUri),
        issuer: values.text(Id::AuthIssuer),
        audience: values.text(Id::AuthAudience).filter(|_| !values.is_blank(Id::AuthAudience)),
        algorithms: values.list_or_default(Id::AuthAlgorithms),
        clients: values.list(Id::AuthClients).unwrap_or_default(),
        trust_platform: values.flag(Id::TrustPlatformAuth),
        certificate,
        oidc: OidcSettings {
            config_url: values.text(Id::OidcConfigUrl),
            base_url: values.text(Id::OidcBaseUrl),
            audience: values.text(Id::OidcAudience),
            client_id: values.text(Id::OidcClientId),
            required_scopes: values.list(Id::OidcRequiredScopes).unwrap_or_default(),
        },
        ca_bundle: values.text(Id::AuthCaBundle).map(PathBuf::from),
        authorize: values.text(Id::Authorize),
        rate_limit: given(Id::RateLimit).and_then(|number| u32::try_from(number).ok()),
        failures: values
            .number(Id::AuthFailures)
            .and_then(|number| u32::try_from(number).ok())
            .unwrap_or_default(),
        calls_per_caller: given(Id::CallsPerCaller).and_then(|n| usize::try_from(n).ok()),
        api_key: values.take_secret(Id::AuthApiKey),
    }
}
