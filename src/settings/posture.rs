//! Zone: operator. The start-up report: each defence, on or off, and why.
//!
//! Pure. Says what the settings give, not what they were meant to give; a defence that is not
//! used by the transport says so. The banner is for what nobody should overlook in a log.

use std::borrow::Cow;

use serde::Serialize;

use crate::json::{Json, Object, object};
use crate::settings::problem::{Problem, Severity};
use crate::settings::rules::{Parsers, is_any_host, is_any_source};
use crate::settings::table::{Id, name};
use crate::settings::{Settings, TlsVersion, Transport, posture_auth, posture_writes};

/// What callers are told of a list.
const LISTED: &str = "what the operator listed";
const RULE: &str = "========================================================================";

/// The state of a defence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostureState {
    /// It protects.
    On,
    /// It does not protect.
    Off,
    /// It protects against less than it could.
    Partly,
    /// The transport has no use for it.
    NotUsed,
}

impl PostureState {
    const fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Partly => "partly",
            Self::NotUsed => "not used",
        }
    }
}

/// One defence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PostureLine {
    /// Name.
    pub name: &'static str,
    /// State.
    pub state: PostureState,
    /// Why, in a few words.
    pub why: Cow<'static, str>,
    /// The same for callers, where the words above hold values of settings: sentences of this
    /// program, so that no value can be among them.
    #[serde(skip)]
    told: Vec<&'static str>,
}

/// What a trial of the cloud found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnlineLine {
    /// What was tried.
    pub name: &'static str,
    /// True when it works.
    pub works: bool,
    /// What was found.
    pub text: String,
}

/// Everything that a reviewer asks about a start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Posture {
    /// Transport, and where it listens.
    pub serving: String,
    /// True when the server would start.
    pub starts: bool,
    /// What nobody should overlook.
    pub banners: Vec<String>,
    /// Every defence.
    pub lines: Vec<PostureLine>,
    /// What a trial of the cloud found; empty when none was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub online: Vec<OnlineLine>,
    /// Every problem, the worst first.
    pub problems: Vec<Problem>,
}

impl Posture {
    /// Returns the report of `settings`.
    #[must_use]
    pub fn of(settings: &Settings, parsers: &Parsers) -> Self {
        let problems = settings.problems(parsers);
        let lines = [
            tls(settings),
            hosts(settings),
            sources(settings),
            proxies(settings),
            cors(settings),
            posture_auth::auth(settings),
            posture_auth::limits(settings),
            posture_auth::grants(settings),
            sanitizer(settings),
            posture_writes::offered(settings),
            posture_writes::confirmations(settings),
            demo(settings),
            snapshot(settings),
        ];
        Self {
            serving: serving(settings),
            starts: problems.iter().all(|problem| problem.severity == Severity::Warn),
            banners: banners(settings),
            lines: lines.into(),
            online: Vec::new(),
            problems,
        }
    }

    /// Returns what every admitted caller may know: the states of the defences, and how in words
    /// that hold no address, path, name or number of a setting.
    #[must_use]
    pub fn told(&self) -> Json {
        let defences: Vec<Json> = self.lines.iter().map(PostureLine::told).collect();
        object([("defences", defences.into())])
    }

    /// Returns the exit code of a start or a check: 0 when the server starts, 1 when it would not
    /// be safe, 2 when a setting cannot be read.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.problems.iter().map(|problem| problem.severity).max() {
            None | Some(Severity::Warn) => 0,
            Some(Severity::Refuse) => 1,
            Some(Severity::Unreadable) => 2,
        }
    }
}

/// Returns the report as text, with a line end after the last line.
#[must_use]
pub fn render_text(posture: &Posture) -> String {
    let mut out = String::new();
    for banner in &posture.banners {
        out.push_str(&format!("{RULE}\n{banner}\n{RULE}\n"));
    }
    out.push_str(&format!("Security posture: {}\n", posture.serving));
    for PostureLine { name, state, why, .. } in &posture.lines {
        let state = state.word();
        out.push_str(&format!("  {name:<21} {state:<8} {why}\n"));
    }
    if !posture.online.is_empty() {
        out.push_str("Trial of the cloud:\n");
    }
    for OnlineLine { name, works, text } in &posture.online {
        let state = if *works { "ok" } else { "failed" };
        out.push_str(&format!("  {name:<21} {state:<8} {text}\n"));
    }
    for problem in &posture.problems {
        let word = match problem.severity {
            Severity::Warn => "warning",
            Severity::Refuse => "refused",
            Severity::Unreadable => "error",
        };
        out.push_str(&format!("{word}: {problem}\n"));
    }
    let end = if posture.starts { "The server starts." } else { "The server does not start." };
    out.push_str(end);
    out.push('\n');
    out
}

/// Returns the report as indented JSON.
///
/// # Errors
/// The fault of the writer; a report has nothing that it cannot write.
pub fn render_json(posture: &Posture) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(posture)
}

pub(super) fn line(
    name: &'static str,
    state: PostureState,
    why: impl Into<Cow<'static, str>>,
) -> PostureLine {
    PostureLine { name, state, why: why.into(), told: Vec::new() }
}

impl PostureLine {
    /// Tells callers these words in place of the ones with values.
    pub(super) fn telling(self, words: impl IntoIterator<Item = &'static str>) -> Self {
        Self { told: words.into_iter().collect(), ..self }
    }

    /// What is put together from settings stays with the operator unless other words were given.
    fn told(&self) -> Json {
        let mut out = Object::new();
        out.set("name", self.name.into());
        out.set("state", self.state.word().into());
        match &self.why {
            _ if !self.told.is_empty() => out.set("how", self.told.join("; ").into()),
            Cow::Borrowed(sentence) => out.set("how", (*sentence).into()),
            Cow::Owned(_) => {}
        }
        Json::Object(out)
    }
}

pub(super) fn unused(name: &'static str) -> PostureLine {
    line(name, PostureState::NotUsed, "standard input and output; nothing listens")
}

fn serving(settings: &Settings) -> String {
    let transport = match settings.transport {
        Transport::Stdio => return "stdio".to_owned(),
        Transport::StreamableHttp => "streamable-http",
        Transport::Sse => "sse",
    };
    let scheme = if settings.has_tls() { "https" } else { "http" };
    format!("{transport} on {scheme}://{}/mcp", settings.bind())
}

fn tls(settings: &Settings) -> PostureLine {
    const NAME: &str = "TLS";
    if !settings.is_http() {
        return unused(NAME);
    }
    if settings.has_tls() {
        let versions = match settings.tls.min_version {
            TlsVersion::V13 => "TLS 1.3 only",
            TlsVersion::V12 => "TLS 1.3 and 1.2",
        };
        let clients = match settings.tls.ca_certs {
            Some(_) => "client certificates required",
            None => "client certificates not asked for",
        };
        return line(NAME, PostureState::On, format!("{versions}; {clients}"))
            .telling([versions, clients]);
    }
    if settings.is_loopback() {
        line(NAME, PostureState::Off, "plaintext on loopback, which only this machine can reach")
    } else if settings.allow_http {
        let why = format!("plaintext; {}=true says that TLS ends in front", name(Id::AllowHttp));
        line(NAME, PostureState::Off, why).telling(["plaintext", "TLS is said to end in front"])
    } else {
        line(NAME, PostureState::Off, "no certificate, and other machines can reach the address")
    }
}

fn hosts(settings: &Settings) -> PostureLine {
    const NAME: &str = "Host allowlist";
    if !settings.is_http() {
        return unused(NAME);
    }
    if settings.disable_host_validation {
        let why = format!("{}=true; any Host is accepted", name(Id::DisableHostValidation));
        return line(NAME, PostureState::Off, why).telling(["any Host is accepted"]);
    }
    match &settings.allowed_hosts {
        Some(entries) if entries.iter().any(|entry| is_any_host(entry)) => {
            line(NAME, PostureState::Off, "an entry accepts any Host")
        }
        Some(entries) => {
            line(NAME, PostureState::On, counted(entries, "entry", "entries")).telling([LISTED])
        }
        None if settings.is_loopback() => {
            line(NAME, PostureState::On, "default: loopback names with the bound port")
        }
        None => line(NAME, PostureState::On, format!("default: {} only", settings.bind()))
            .telling(["default: the bound address only"]),
    }
}

fn sources(settings: &Settings) -> PostureLine {
    const NAME: &str = "Source addresses";
    if !settings.is_http() {
        return unused(NAME);
    }
    match &settings.allowed_sources {
        Some(entries) if entries.iter().any(|entry| is_any_source(entry)) => {
            line(NAME, PostureState::Partly, "an entry accepts a whole address family")
        }
        Some(entries) => {
            line(NAME, PostureState::On, counted(entries, "network", "networks")).telling([LISTED])
        }
        None => {
            let why =
                format!("{} is not set; every address is accepted", name(Id::AllowedSourceIps));
            line(NAME, PostureState::Off, why).telling(["every address is accepted"])
        }
    }
}

fn proxies(settings: &Settings) -> PostureLine {
    const NAME: &str = "Trusted proxies";
    if !settings.is_http() {
        return unused(NAME);
    }
    if settings.trusted_proxies.is_empty() {
        return line(NAME, PostureState::Off, "no forwarding field is believed");
    }
    let networks = counted(&settings.trusted_proxies, "network", "networks");
    line(NAME, PostureState::On, format!("X-Forwarded-For is believed from {networks}"))
        .telling(["X-Forwarded-For is believed from networks that the operator listed"])
}

fn cors(settings: &Settings) -> PostureLine {
    const NAME: &str = "CORS";
    if !settings.is_http() {
        return unused(NAME);
    }
    if settings.allowed_origins.is_empty() {
        return line(NAME, PostureState::On, "no foreign origin is accepted");
    }
    let origins = counted(&settings.allowed_origins, "origin", "origins");
    line(NAME, PostureState::On, format!("{origins} accepted")).telling([LISTED])
}

fn sanitizer(settings: &Settings) -> PostureLine {
    const NAME: &str = "Output sanitizer";
    if settings.sanitize {
        return line(NAME, PostureState::On, "every string of every result is cleaned");
    }
    line(NAME, PostureState::Off, format!("{}=true", name(Id::DisableOutputSanitization)))
        .telling(["results come as the services send them"])
}

fn snapshot(settings: &Settings) -> PostureLine {
    const NAME: &str = "Snapshot";
    if settings.snapshot.is_some() {
        let text = "records come from a file; the tenant is not asked and cannot be changed";
        return line(NAME, PostureState::On, text);
    }
    line(NAME, PostureState::Off, "not asked for")
}

fn demo(settings: &Settings) -> PostureLine {
    const NAME: &str = "Demo";
    if settings.demo {
        return line(NAME, PostureState::On, "an invented tenant is served; no account is used");
    }
    line(NAME, PostureState::Off, "not asked for")
}

pub(super) fn counted(entries: &[String], one: &str, many: &str) -> String {
    match entries.len() {
        1 => format!("1 {one}"),
        len => format!("{len} {many}"),
    }
}

fn banners(settings: &Settings) -> Vec<String> {
    let mut out = Vec::new();
    let bind = settings.bind();
    if settings.is_bare() {
        let (cert, key, allow) = (name(Id::TlsCertfile), name(Id::TlsKeyfile), name(Id::AllowHttp));
        out.push(format!(
            "SECURITY WARNING: plaintext HTTP on {bind} is refused.\n\
             Other machines can reach this address and no certificate is configured.\n\
             Three ways out:\n  \
             1. serve TLS: {cert}=FILE and {key}=FILE\n  \
             2. if a proxy in front of this server ends TLS: {allow}=true\n  \
             3. serve this machine only: --host 127.0.0.1"
        ));
    }
    if settings.is_http() && settings.serves_open() && !settings.is_loopback() {
        out.push(format!(
            "SECURITY WARNING: client authentication is off on {bind}.\n\
             Whoever reaches this address and passes the network defences can use\n\
             every tool."
        ));
    }
    out
}
