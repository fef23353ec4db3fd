//! Zone: operator. The one table of settings: what a row says and how to find it.
//!
//! Flags, variables, the env file, `--help`, the README table and the start-up report follow from
//! these rows. Nothing else in the program knows the name of a flag or a variable by heart.

use crate::settings::kind::Kind;
use crate::settings::{rows_auth, rows_cloud, rows_network, rows_tools};

/// Every variable of this program begins with it.
pub const PREFIX: &str = "ZSCALER_MCP_";

/// Which setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the rows of the table describe each of them")]
#[rustfmt::skip]
pub enum Id {
    Transport, Host, Port, Demo, Debug, LogToolCalls, UserAgentComment, DotenvPath, PidFile,
    Help, Version, ListTools, ListToolsets, Json, GenerateAuthToken, GenerateDocs, CheckDocs, Apply,
    TlsCertfile, TlsKeyfile, TlsKeyfilePassword, TlsCaCerts, TlsMinVersion, AllowHttp,
    AllowedHosts, DisableHostValidation, AllowedSourceIps, TrustedProxies, AllowedOrigins,
    ForwardedAllowIps,
    AuthEnabled, AuthMode, AuthApiKey, AuthJwksUri, AuthIssuer, AuthAudience, AuthAlgorithms,
    TrustPlatformAuth, OidcConfigUrl, OidcBaseUrl, OidcAudience, OidcClientId,
    OidcRequiredScopes, OidcClientSecret, AuthClients, AuthCertificate, AuthCaBundle, Authorize,
    RateLimit, AuthFailures, CallsPerCaller,
    Services, DisabledServices, Toolsets, DisabledToolsets, DisabledTools, WriteEnabled,
    WriteTools, DisableEntitlementFilter, Tools,
    ConfirmationTtl, RequestStateKeys, DisableOutputSanitization, ReportTokens, TokenEncoding,
    SkipConfirmations,
    MaxConnections, MaxSessions, SessionIdleSeconds, MaxBodyBytes, Workers, Loops,
    ClientId, ClientSecret, PrivateKey, VanityDomain, Cloud, CustomerId, ZcellCustomerId,
    SecretName, GcpSecretManager, UseLegacy,
    ApiBaseUrl, TokenUrl, CaBundle, SslCertFile, HttpsProxy, HttpsProxyLower, NoProxy,
    NoProxyLower, Online, Snapshot, Redact,
}

/// The transports that a setting is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transports {
    /// Every transport.
    All,
    /// `streamable-http` and `sse`.
    Http,
}

/// What this build does with a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It works.
    Ready,
    /// It is recognised and does nothing yet; the text says what that means.
    Later(&'static str),
    /// It never does anything here; the text says why and what to use instead.
    Inert(&'static str),
}

/// One setting.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Which.
    pub id: Id,
    /// Long flag, with its dashes.
    pub flag: Option<&'static str>,
    /// Short flag, with its dash.
    pub short: Option<&'static str>,
    /// Environment variable.
    pub env: Option<&'static str>,
    /// What values it takes.
    pub kind: Kind,
    /// Default, as it would be written; empty for none.
    pub default: &'static str,
    /// Where it matters.
    pub transports: Transports,
    /// What this build does with it.
    pub state: State,
    /// What it is for, with unit and range where there is one.
    pub help: &'static str,
}

/// Rows under one heading.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// Heading.
    pub title: &'static str,
    /// True when a misspelt name near one of these rows must stop the start.
    pub security: bool,
    /// The rows.
    pub rows: &'static [Row],
}

/// The whole table.
pub const GROUPS: [Group; 9] = [
    Group { title: "Transport and process", security: false, rows: &rows_network::PROCESS },
    Group { title: "TLS and network defences", security: true, rows: &rows_network::NETWORK },
    Group { title: "Client authentication", security: true, rows: &rows_auth::AUTH },
    Group { title: "Limits", security: false, rows: &rows_network::LIMITS },
    Group { title: "Tools", security: false, rows: &rows_tools::TOOLS },
    Group { title: "Confirmation and results", security: false, rows: &rows_tools::RESULTS },
    Group { title: "Zscaler credentials", security: false, rows: &rows_tools::CREDENTIALS },
    Group { title: "Way to the cloud", security: true, rows: &rows_cloud::CLOUD },
    Group { title: "Actions", security: false, rows: &rows_tools::ACTIONS },
];

/// Returns every row, in the order of the table.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    GROUPS.iter().flat_map(|group| group.rows)
}

/// Returns the name of a setting for a message: its variable, else its flag.
#[must_use]
pub fn name(id: Id) -> &'static str {
    rows().find(|row| row.id == id).and_then(|row| row.env.or(row.flag)).unwrap_or("?")
}

impl Row {
    /// Returns the row of a setting with a flag and a variable.
    #[must_use]
    pub(super) const fn both(
        id: Id,
        (flag, env): (&'static str, &'static str),
        kind: Kind,
        default: &'static str,
        help: &'static str,
    ) -> Self {
        Self { flag: Some(flag), ..Self::env(id, env, kind, default, help) }
    }

    /// Returns the row of a setting that is only a variable.
    #[must_use]
    pub(super) const fn env(
        id: Id,
        env: &'static str,
        kind: Kind,
        default: &'static str,
        help: &'static str,
    ) -> Self {
        let (flag, short, transports) = (None, None, Transports::All);
        let (env, state) = (Some(env), State::Ready);
        Self { id, flag, short, env, kind, default, transports, state, help }
    }

    /// Returns the row of an action: a flag without a variable.
    #[must_use]
    pub(super) const fn action(
        id: Id,
        flag: &'static str,
        words: &'static [&'static str],
        help: &'static str,
    ) -> Self {
        let action = Self::env(id, "", Kind::Action(words), "", help);
        Self { flag: Some(flag), env: None, ..action }
    }

    /// Returns the row with a short flag.
    #[must_use]
    pub(super) const fn short(self, short: &'static str) -> Self {
        Self { short: Some(short), ..self }
    }

    /// Returns the row for the HTTP transports only.
    #[must_use]
    pub(super) const fn http(self) -> Self {
        Self { transports: Transports::Http, ..self }
    }

    /// Returns the row of something that this build does not do.
    #[must_use]
    pub(super) const fn later(self, why: &'static str) -> Self {
        Self { state: State::Later(why), ..self }
    }

    /// Returns the row of something that has no effect.
    #[must_use]
    pub(super) const fn inert(self, note: &'static str) -> Self {
        Self { state: State::Inert(note), ..self }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Id, rows};
    use crate::limits;
    use crate::settings::kind::{Kind, Value};

    #[test]
    fn no_id_flag_or_variable_has_two_rows() {
        let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
        for row in rows() {
            assert!(ids.insert(row.id), "{:?}", row.id);
            for name in [row.flag, row.short, row.env].into_iter().flatten() {
                assert!(names.insert(name), "{name}");
            }
            assert!(row.help.ends_with('.'), "{:?}", row.id);
        }
        assert!(ids.contains(&Id::Transport) && ids.contains(&Id::UseLegacy));
    }

    #[test]
    fn every_default_is_a_value_of_its_kind() {
        for row in rows().filter(|row| !row.default.is_empty()) {
            let value = row.kind.read(row.default);
            assert!(!matches!(value, Err(_) | Ok(Value::Unset)), "{:?}", row.id);
        }
    }

    #[test]
    fn defaults_of_bounds_are_the_bounds() {
        for (id, bound) in [
            (Id::MaxConnections, limits::CONNECTIONS_MAX.to_string()),
            (Id::MaxSessions, limits::SESSIONS_MAX.to_string()),
            (Id::SessionIdleSeconds, (limits::SESSION_IDLE_MS / 1_000).to_string()),
            (Id::MaxBodyBytes, limits::BODY_BYTES_MAX.to_string()),
            (Id::Workers, limits::WORKERS.to_string()),
            (Id::RateLimit, limits::CALLER_REQUESTS_PER_SECOND.to_string()),
            (Id::AuthFailures, limits::ADDRESS_FAILURES_MAX.to_string()),
            (Id::CallsPerCaller, limits::CALLER_CALLS_MAX.to_string()),
        ] {
            let row = rows().find(|row| row.id == id).unwrap();
            assert_eq!(row.default, bound, "{id:?}");
        }
        let loops = rows().find(|row| row.id == Id::Loops).unwrap();
        assert!(
            matches!(loops.kind, Kind::Int { min: 1, max, .. } if max == limits::LOOPS_MAX as u64)
        );
    }
}
