//! Zone: operator. One table of settings, and what comes of it.
//!
//! [`resolve`] turns command line, environment and env file into [`Settings`]; `posture` says
//! what they protect and what is wrong with them. Trusts the operator, not the spelling: what
//! cannot be read is kept as a fault and stops the start. Only `load` touches the system.

pub mod args;
pub mod dotenv;
pub mod help;
pub mod kind;
pub mod load;
mod mode;
mod nearest;
pub mod posture;
mod posture_auth;
mod posture_writes;
pub mod problem;
mod rows_auth;
mod rows_cloud;
mod rows_network;
mod rows_tools;
mod rules;
mod rules_auth;
pub mod sources;
pub mod table;
mod unknown;

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub use mode::{AuthChoice, AuthMode, Named, OpenBy};
pub use posture::{OnlineLine, Posture, PostureLine, PostureState, render_json, render_text};
pub use posture_auth::ways_out;
pub use problem::{BadValue, Problem, Severity};
pub use rows_auth::{AuthSettings, CertificateName, OidcSettings};
pub use rows_cloud::CloudSettings;
pub use rules::Parsers;
pub use sources::EnvFile;

use crate::base::Secret;
use crate::limits::BODY_BYTES_MAX;
use crate::settings::sources::Values;
use crate::settings::table::{Id, State, rows};

/// What the program is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Serve.
    Serve,
    /// Print the posture and every problem.
    Check {
        /// As JSON.
        json: bool,
        /// Ask the cloud as well.
        online: bool,
    },
    /// Print the version.
    Version,
    /// Print the help text.
    Help,
    /// Print the tools.
    ListTools {
        /// As JSON.
        json: bool,
    },
    /// Write the tenant into a file.
    Export {
        /// With stand-ins for names and addresses.
        redact: bool,
    },
    /// Print what differs in two files.
    Diff {
        /// As JSON.
        json: bool,
    },
    /// Print the toolsets.
    ListToolsets {
        /// As JSON.
        json: bool,
    },
    /// Print credentials for a client.
    GenerateAuthToken {
        /// Those of the tenant, in place of a fresh key.
        basic: bool,
    },
    /// Write or compare documents.
    Documents,
    /// Act on a running server.
    Lifecycle(&'static str),
}

/// How clients connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Standard input and output.
    Stdio,
    /// HTTP.
    StreamableHttp,
    /// HTTP+SSE of 2024-11-05.
    Sse,
}

/// Oldest TLS version that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.3.
    V13,
    /// TLS 1.2.
    V12,
}

/// What TLS needs.
#[derive(Debug)]
pub struct TlsSettings {
    /// Certificate chain.
    pub certfile: Option<PathBuf>,
    /// Private key.
    pub keyfile: Option<PathBuf>,
    /// Password of the private key.
    pub password: Option<Secret>,
    /// Authorities of client certificates; when given, clients must show one.
    pub ca_certs: Option<PathBuf>,
    /// Oldest version.
    pub min_version: TlsVersion,
}

/// What the cloud needs.
#[derive(Debug)]
pub struct Credentials {
    /// Client id.
    pub client_id: Option<String>,
    /// Client secret.
    pub client_secret: Option<Secret>,
    /// Private key, instead of the secret.
    pub private_key: Option<Secret>,
    /// First label of the identity host.
    pub vanity_domain: Option<String>,
    /// Cloud.
    pub cloud: String,
    /// Customer of ZPA and ZMS.
    pub customer_id: Option<String>,
    /// Customer of ZCell.
    pub zcell_customer_id: Option<String>,
}

/// Every setting, with its default where nothing was given. Entries of allowlists are texts; the
/// modules that match them parse them.
#[derive(Debug)]
pub struct Settings {
    /// What to do.
    pub command: Command,
    /// How clients connect.
    pub transport: Transport,
    /// Bind address or host name, without brackets.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Serve the built-in tenant.
    pub demo: bool,
    /// Serve the tenant in this file.
    pub snapshot: Option<PathBuf>,
    /// The files that the command names.
    pub files: Vec<PathBuf>,
    /// Log everything.
    pub debug: bool,
    /// Log tool calls.
    pub log_tool_calls: bool,
    /// Comment for requests to the cloud.
    pub user_agent_comment: Option<String>,
    /// File for the process id.
    pub pid_file: Option<PathBuf>,
    /// TLS.
    pub tls: TlsSettings,
    /// TLS ends in front of this server.
    pub allow_http: bool,
    /// Host patterns; `None` when not given, never empty.
    pub allowed_hosts: Option<Vec<String>>,
    /// Accept any Host.
    pub disable_host_validation: bool,
    /// Source networks; `None` when not given, never empty.
    pub allowed_sources: Option<Vec<String>>,
    /// Networks of proxies that are believed.
    pub trusted_proxies: Vec<String>,
    /// Origins of browser clients.
    pub allowed_origins: Vec<String>,
    /// Client authentication.
    pub auth: AuthSettings,
    /// Services to offer; empty for all.
    pub services: Vec<String>,
    /// Services to leave out.
    pub disabled_services: Vec<String>,
    /// Toolsets to offer; empty for all.
    pub toolsets: Vec<String>,
    /// Toolsets to leave out.
    pub disabled_toolsets: Vec<String>,
    /// Tools to leave out.
    pub disabled_tools: Vec<String>,
    /// Leave out the services that the tenant has not bought.
    pub entitlement_filter: bool,
    /// Write tools were asked for.
    pub write_enabled: bool,
    /// Write tools to offer.
    pub write_tools: Vec<String>,
    /// Seconds for an answer to a confirmation.
    pub confirmation_ttl_seconds: u64,
    /// Keys that seal request state, newest first; empty for a random one.
    pub request_state_keys: Vec<Secret>,
    /// Clean tenant text.
    pub sanitize: bool,
    /// What the cloud needs.
    pub credentials: Credentials,
    /// How the cloud is reached.
    pub cloud: CloudSettings,
    /// Connections at once.
    pub max_connections: usize,
    /// Sessions at once.
    pub max_sessions: usize,
    /// Seconds after which an unused session ends.
    pub session_idle_seconds: u64,
    /// Bytes of a request body.
    pub max_body_bytes: usize,
    /// Threads for tool calls.
    pub workers: usize,
    /// Threads for connections; `None` for one a core within the bound.
    pub loops: Option<usize>,
    /// Settings that could not be read; their fields have the default.
    pub bad_values: Vec<BadValue>,
    /// What was noticed while reading.
    pub notes: Vec<Problem>,
}

/// Returns the settings that command line (program name left out), environment and env file give.
#[must_use]
pub fn resolve(
    args: &[String],
    environment: &BTreeMap<String, String>,
    file: Option<&EnvFile>,
) -> Settings {
    let args = args::parse(args);
    let mut values = sources::gather(&args, environment, file);
    let command = command(&args.words, &mut values);
    build(command, &mut values)
}

impl Settings {
    /// True for the transports that listen.
    #[must_use]
    pub const fn is_http(&self) -> bool {
        matches!(self.transport, Transport::StreamableHttp | Transport::Sse)
    }

    /// True when the settings offer tools that change something; the filters may leave none.
    #[must_use]
    pub const fn offers_writes(&self) -> bool {
        self.write_enabled && !self.write_tools.is_empty()
    }

    /// True when only this machine can reach the bind address.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.address().is_some_and(|address| address.to_canonical().is_loopback())
    }

    /// True when the bind address stands for every address of the machine.
    #[must_use]
    pub fn is_wildcard(&self) -> bool {
        self.address().is_some_and(|address| address.to_canonical().is_unspecified())
    }

    /// True when TLS is served.
    #[must_use]
    pub const fn has_tls(&self) -> bool {
        self.tls.certfile.is_some() && self.tls.keyfile.is_some()
    }

    /// Returns the bind address as `host:port`.
    #[must_use]
    pub fn bind(&self) -> String {
        let (host, port) = (&self.host, self.port);
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// Returns why this build cannot do what the command asks, when it cannot.
    #[must_use]
    pub fn unavailable(&self) -> Option<String> {
        let row = |id| rows().find(|row| row.id == id);
        let why = |id| match row(id)?.state {
            State::Later(why) | State::Inert(why) => Some(format!("{}: {why}", row(id)?.flag?)),
            State::Ready => None,
        };
        match self.command {
            Command::Documents => why(Id::GenerateDocs),
            Command::Lifecycle(word) => Some(format!(
                "{word}: not available in this build; use the service manager that runs the server"
            )),
            Command::Serve
            | Command::Check { .. }
            | Command::Version
            | Command::Help
            | Command::Export { .. }
            | Command::Diff { .. }
            | Command::GenerateAuthToken { .. }
            | Command::ListTools { .. }
            | Command::ListToolsets { .. } => None,
        }
    }

    fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

/// Words that are commands, and what they do.
pub const COMMANDS: [(&str, &str); 8] = [
    ("check", "Print what is protected and every problem, and end; non-zero if a start fails."),
    (
        "diff",
        "Print what differs in two snapshots, diff BEFORE AFTER, and end: 0 when nothing does, 1 \
         when something does.",
    ),
    (
        "export",
        "Write a snapshot of the tenant, export FILE, and end; started again it goes on where it \
         was cut off.",
    ),
    ("reload", "Not available in this build."),
    ("restart", "Not available in this build."),
    ("status", "Not available in this build."),
    ("stop", "Not available in this build."),
    ("update", "Not available in this build."),
];

fn command(words: &[(usize, String)], values: &mut Values) -> Command {
    let json = values.is_mentioned(Id::Json);
    let command = if values.is_mentioned(Id::Help) {
        Command::Help
    } else if values.is_mentioned(Id::Version) {
        Command::Version
    } else if values.is_mentioned(Id::ListTools) {
        Command::ListTools { json }
    } else if values.is_mentioned(Id::ListToolsets) {
        Command::ListToolsets { json }
    } else if values.is_mentioned(Id::GenerateAuthToken) {
        let basic = values.text(Id::GenerateAuthToken).as_deref() == Some("basic");
        Command::GenerateAuthToken { basic }
    } else if values.is_mentioned(Id::GenerateDocs) || values.is_mentioned(Id::CheckDocs) {
        Command::Documents
    } else {
        word_command(words, json, values)
    };
    let has_json = matches!(
        command,
        Command::Check { .. }
            | Command::Diff { .. }
            | Command::ListTools { .. }
            | Command::ListToolsets { .. }
    );
    if json && !has_json {
        let fault = "works with check, diff, --list-tools and --list-toolsets only";
        values.bad.push(BadValue::told("--json", fault));
    }
    if values.is_mentioned(Id::Online) && !matches!(command, Command::Check { .. }) {
        values.bad.push(BadValue::told("--online", "works with check only"));
    }
    if values.is_mentioned(Id::Redact) && !matches!(command, Command::Export { .. }) {
        values.bad.push(BadValue::told("--redact", "works with export only"));
    }
    if values.is_mentioned(Id::Apply) && command != Command::Lifecycle("update") {
        values.bad.push(BadValue::told("--apply", "works with update only"));
    }
    command
}

/// Returns the command that the words are. A word that is none is told by its place: it may be the
/// value of a misspelt flag, and so a secret.
fn word_command(words: &[(usize, String)], json: bool, values: &mut Values) -> Command {
    let Some(((place, first), more)) = words.split_first() else { return Command::Serve };
    let files = match first.as_str() {
        "export" => 1,
        "diff" => 2,
        _ => 0,
    };
    if more.len() < files {
        let fault = format!("{first} takes {files} file name(s) behind it");
        values.bad.push(BadValue::told(format!("argument {place}"), fault));
    }
    let (own, more) = more.split_at(files.min(more.len()));
    values.files = own.iter().map(|(_, name)| PathBuf::from(name)).collect();
    for (place, _) in more {
        let fault = "one command is enough; a value stands right behind its flag";
        values.bad.push(BadValue::told(format!("argument {place}"), fault));
    }
    match COMMANDS.iter().find(|(word, _)| word == first) {
        Some(("check", _)) => Command::Check { json, online: values.is_mentioned(Id::Online) },
        Some(("export", _)) => Command::Export { redact: values.is_mentioned(Id::Redact) },
        Some(("diff", _)) => Command::Diff { json },
        Some((word, _)) => Command::Lifecycle(word),
        None => {
            let names = || COMMANDS.iter().map(|(word, _)| *word);
            let hint = nearest::nearest(first, names()).map_or_else(
                || {
                    let names: Vec<&str> = names().collect();
                    let names = names.join(", ");
                    format!("expected one of {names}; a value stands right behind its flag")
                },
                |(name, _)| format!("did you mean {name}?"),
            );
            let fault = format!("unknown command; {hint}");
            values.bad.push(BadValue::told(format!("argument {place}"), fault));
            Command::Serve
        }
    }
}

fn build(command: Command, values: &mut Values) -> Settings {
    let transport = match values.text(Id::Transport).as_deref() {
        Some("streamable-http") => Transport::StreamableHttp,
        Some("sse") => Transport::Sse,
        Some(_) | None => Transport::Stdio,
    };
    let host = values.text(Id::Host).unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let list = |values: &Values, id| values.list(id).unwrap_or_default();
    Settings {
        command,
        transport,
        host,
        port: bounded(values, Id::Port, 0),
        demo: values.flag(Id::Demo),
        snapshot: values.text(Id::Snapshot).map(PathBuf::from),
        files: std::mem::take(&mut values.files),
        debug: values.flag(Id::Debug),
        log_tool_calls: values.flag(Id::LogToolCalls),
        user_agent_comment: values.text(Id::UserAgentComment),
        pid_file: values.text(Id::PidFile).map(PathBuf::from),
        tls: tls(values),
        allow_http: values.flag(Id::AllowHttp),
        allowed_hosts: values.list(Id::AllowedHosts),
        disable_host_validation: values.flag(Id::DisableHostValidation),
        allowed_sources: values.list(Id::AllowedSourceIps),
        trusted_proxies: list(values, Id::TrustedProxies),
        allowed_origins: list(values, Id::AllowedOrigins),
        auth: rows_auth::auth(values),
        services: list(values, Id::Services),
        disabled_services: list(values, Id::DisabledServices),
        toolsets: list(values, Id::Toolsets),
        disabled_toolsets: list(values, Id::DisabledToolsets),
        disabled_tools: list(values, Id::DisabledTools),
        entitlement_filter: !values.flag(Id::DisableEntitlementFilter),
        write_enabled: values.flag(Id::WriteEnabled),
        write_tools: list(values, Id::WriteTools),
        confirmation_ttl_seconds: bounded(values, Id::ConfirmationTtl, 30),
        request_state_keys: values.take_keys(Id::RequestStateKeys),
        sanitize: !values.flag(Id::DisableOutputSanitization),
        credentials: credentials(values),
        cloud: rows_cloud::cloud(values),
        max_connections: bounded(values, Id::MaxConnections, 1),
        max_sessions: bounded(values, Id::MaxSessions, 1),
        session_idle_seconds: bounded(values, Id::SessionIdleSeconds, 10),
        max_body_bytes: bounded(values, Id::MaxBodyBytes, BODY_BYTES_MAX),
        workers: bounded(values, Id::Workers, 1),
        loops: values.number(Id::Loops).and_then(|loops| usize::try_from(loops).ok()),
        bad_values: std::mem::take(&mut values.bad),
        notes: std::mem::take(&mut values.notes),
    }
}

/// Returns a number as the type of its field; the rows keep every value within it.
fn bounded<T: TryFrom<u64>>(values: &Values, id: Id, otherwise: T) -> T {
    values.number(id).and_then(|value| T::try_from(value).ok()).unwrap_or(otherwise)
}

fn tls(values: &mut Values) -> TlsSettings {
    let oldest = values.text(Id::TlsMinVersion);
    TlsSettings {
        certfile: values.text(Id::TlsCertfile).map(PathBuf::from),
        keyfile: values.text(Id::TlsKeyfile).map(PathBuf::from),
        password: values.take_secret(Id::TlsKeyfilePassword),
        ca_certs: values.text(Id::TlsCaCerts).map(PathBuf::from),
        min_version: if oldest.as_deref() == Some("1.2") {
            TlsVersion::V12
        } else {
            TlsVersion::V13
        },
    }
}

fn credentials(values: &mut Values) -> Credentials {
    Credentials {
        client_id: values.text(Id::ClientId),
        client_secret: values.take_secret(Id::ClientSecret),
        private_key: values.take_secret(Id::PrivateKey),
        vanity_domain: values.text(Id::VanityDomain),
        cloud: values.text(Id::Cloud).unwrap_or_default(),
        customer_id: values.text(Id::CustomerId),
        zcell_customer_id: values.text(Id::ZcellCustomerId),
    }
}
