//! Zone: operator. What serving needs, opened and checked: TLS files, lists, tools, backend.

use std::path::Path;
use std::sync::Arc;

use crate::audit::Log;
use crate::backend::Backend;
use crate::backend::demo::Demo;
use crate::guard::{Hosts, Origins, Policy, Proxies, Sources};
use crate::matching::{HostPattern, Network, Origin};
use crate::server::cloud::{Config, OneApi};
use crate::server::tls::{self, Loaded, MinVersion, TlsFiles};
use crate::server::turns::Turns;
use crate::settings::{Parsers, Problem, Settings, TlsVersion, Transport};
use crate::snapshot::{Manifest, Snapshot};
use crate::start::auth::{self, Prepared};
use crate::start::{cloud, export};
use crate::tools::writes::EVERY;
use crate::tools::{self, BadSelection, Selection, Wanted};

/// The parsers of list entries.
pub(super) const PARSERS: Parsers = Parsers {
    host: |entry| HostPattern::parse(entry).map(drop).map_err(|fault| fault.to_string()),
    network: |entry| Network::parse(entry).map(drop).map_err(|fault| fault.to_string()),
    origin: |entry| Origin::parse(entry.as_bytes()).map(drop).map_err(|fault| fault.to_string()),
};

/// What was opened; a part is absent when it is not wanted or when a problem says why.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) tls: Option<Loaded>,
    pub(super) selection: Option<Selection>,
    pub(super) source: Option<Source>,
    pub(super) auth: Option<Prepared>,
}

/// Where records come from.
pub(super) enum Source {
    Demo(Arc<Demo>),
    Snapshot(Arc<Snapshot>),
    Cloud(Box<Config>),
}

impl Source {
    /// Returns what the file says of itself when a snapshot is served.
    pub(super) fn manifest(&self) -> Option<&Manifest> {
        match self {
            Self::Snapshot(snapshot) => Some(snapshot.manifest()),
            Self::Demo(_) | Self::Cloud(_) => None,
        }
    }

    /// Returns the tools of `selection` that it can answer.
    pub(super) fn answers(&self, selection: Selection) -> Selection {
        match self {
            Self::Snapshot(snapshot) => {
                selection.keeping(|row| tools::export::is_answered(row, |name| snapshot.has(name)))
            }
            Self::Demo(_) | Self::Cloud(_) => selection,
        }
    }

    /// Returns the backend, which puts aside the turns it is called in and writes to `log`, and
    /// the cloud when it is that.
    pub(super) fn open(
        self,
        turns: &Arc<Turns>,
        log: &Arc<dyn Log>,
    ) -> (Arc<dyn Backend>, Option<Arc<OneApi>>) {
        match self {
            Self::Demo(demo) => (demo, None),
            Self::Snapshot(snapshot) => (snapshot, None),
            Self::Cloud(config) => {
                let cloud = Arc::new(OneApi::new(*config, Arc::clone(turns), Arc::clone(log)));
                let backend: Arc<dyn Backend> = cloud.clone();
                (backend, Some(cloud))
            }
        }
    }
}

impl Parts {
    /// Returns what could be opened, and every problem met.
    pub(super) fn prepare(settings: &Settings, now_unix: u64) -> (Self, Vec<Problem>) {
        let mut parts = Self::default();
        let mut problems = Vec::new();
        match load_tls(settings, now_unix) {
            None => {}
            Some(Ok(loaded)) => {
                let warn = |text: &String| Problem::warn("TLS", text.as_str());
                problems.extend(loaded.warnings.iter().map(warn));
                parts.tls = Some(loaded);
            }
            Some(Err(problem)) => problems.push(problem),
        }
        match selection(settings) {
            Ok(selection) => {
                let warn = |text: &String| match text.split_once(": ") {
                    Some((setting, text)) => Problem::warn(setting, text),
                    None => Problem::warn("tools", text.as_str()),
                };
                problems.extend(selection.notes().iter().map(warn));
                problems.extend(lone_ring(settings, &selection));
                parts.selection = Some(selection);
            }
            Err(bad) => problems.extend(bad.into_iter().map(unreadable)),
        }
        match source(settings, &mut problems) {
            Ok(source) => parts.source = Some(source),
            Err(found) => problems.extend(found),
        }
        if settings.is_http() {
            match auth::prepare(settings, &mut problems) {
                Ok(prepared) => parts.auth = prepared,
                Err(found) => {
                    // The way to the cloud is a part of the way to the provider.
                    let fresh = found.into_iter().filter(|new| !problems.contains(new));
                    let fresh: Vec<Problem> = fresh.collect();
                    problems.extend(fresh);
                }
            }
        }
        (parts, problems)
    }
}

/// Returns a warning when confirmations end with the process although it may not be the only one.
fn lone_ring(settings: &Settings, selection: &Selection) -> Option<Problem> {
    let asks = selection.writes().any(|row| !row.asks.is_empty());
    let is_lone = settings.is_http() && asks && settings.request_state_keys.is_empty();
    is_lone.then(|| {
        Problem::warn(
            "ZSCALER_MCP_REQUEST_STATE_KEYS",
            "is not set, so a confirmation that was asked before a restart or by another replica \
             is refused and asked anew; give all replicas the same key",
        )
    })
}

/// Returns the tools that the settings choose.
///
/// # Errors
/// Every name that nobody knows.
pub(super) fn selection(settings: &Settings) -> Result<Selection, Vec<BadSelection>> {
    Selection::new(wanted(settings))
}

/// Returns the tools that the settings would choose if they offered every change.
///
/// # Errors
/// Every name that nobody knows.
pub(super) fn known(settings: &Settings) -> Result<Selection, Vec<BadSelection>> {
    let every = [EVERY.to_owned()];
    Selection::new(Wanted { write_enabled: true, write_tools: &every, ..wanted(settings) })
}

fn wanted(settings: &Settings) -> Wanted<'_> {
    Wanted {
        services: &settings.services,
        disabled_services: &settings.disabled_services,
        toolsets: &settings.toolsets,
        disabled_toolsets: &settings.disabled_toolsets,
        disabled_tools: &settings.disabled_tools,
        write_enabled: settings.write_enabled,
        write_tools: &settings.write_tools,
    }
}

/// Returns the policy of a server that listens on `port`.
///
/// # Errors
/// A sentence on the entry that cannot be read; [`PARSERS`] has reported it before.
pub(super) fn policy(settings: &Settings, port: u16) -> Result<Policy, String> {
    let networks = |entries: &[String]| -> Result<Vec<Network>, String> {
        entries.iter().map(|entry| Network::parse(entry).map_err(|e| e.to_string())).collect()
    };
    let hosts = match &settings.allowed_hosts {
        _ if settings.disable_host_validation => Hosts::disabled(),
        None => Hosts::default_for(&settings.host, port).map_err(|fault| fault.to_string())?,
        Some(entries) => Hosts::list(
            entries
                .iter()
                .map(|entry| HostPattern::parse(entry).map_err(|fault| fault.to_string()))
                .collect::<Result<_, _>>()?,
        ),
    };
    let sources = match &settings.allowed_sources {
        None => Sources::any(),
        Some(entries) => Sources::list(networks(entries)?),
    };
    let origins = settings
        .allowed_origins
        .iter()
        .map(|entry| Origin::parse(entry.as_bytes()).map_err(|fault| fault.to_string()))
        .collect::<Result<_, _>>()?;
    Ok(Policy {
        hosts,
        sources,
        proxies: Proxies::list(networks(&settings.trusted_proxies)?),
        origins: Origins::list(origins),
        tls: settings.has_tls(),
        sse: settings.transport == Transport::Sse,
        body_max: settings.max_body_bytes,
        documents: Vec::new(),
    })
}

fn load_tls(settings: &Settings, now_unix: u64) -> Option<Result<Loaded, Problem>> {
    if !settings.is_http() {
        return None;
    }
    let (certfile, keyfile) = (settings.tls.certfile.as_ref()?, settings.tls.keyfile.as_ref()?);
    let files = TlsFiles {
        certfile,
        keyfile,
        password: settings.tls.password.as_ref().map(crate::base::Secret::expose),
        ca_certs: settings.tls.ca_certs.as_deref(),
        min_version: match settings.tls.min_version {
            TlsVersion::V13 => MinVersion::V13,
            TlsVersion::V12 => MinVersion::V12,
        },
    };
    Some(tls::load(&files, now_unix).map_err(|fault| {
        let text = fault.to_string();
        match text.split_once(": ") {
            Some((setting, text)) => Problem::refuse(setting, text),
            None => Problem::refuse("TLS", text),
        }
    }))
}

pub(super) fn source(
    settings: &Settings,
    notes: &mut Vec<Problem>,
) -> Result<Source, Vec<Problem>> {
    if let Some(path) = &settings.snapshot {
        return snapshot(settings, path, notes);
    }
    if !settings.demo {
        return cloud::config(settings, notes).map(|config| Source::Cloud(Box::new(config)));
    }
    idle(settings, ("--demo", "the demo tenant is served"), notes);
    match Demo::new() {
        Ok(demo) => Ok(Source::Demo(Arc::new(demo))),
        Err(fault) => Err(vec![Problem::refuse("--demo", fault.to_string())]),
    }
}

/// Notes the credentials that nothing uses.
fn idle(settings: &Settings, (flag, why): (&str, &str), notes: &mut Vec<Problem>) {
    let given = cloud::given(settings);
    if !given.is_empty() {
        let text = format!("{why}, so {} has no effect", given.join(", "));
        notes.push(Problem::warn(flag, text));
    }
}

fn snapshot(
    settings: &Settings,
    path: &Path,
    notes: &mut Vec<Problem>,
) -> Result<Source, Vec<Problem>> {
    const FLAG: &str = "--snapshot";
    let refuse = |text: String| vec![Problem::refuse(FLAG, text)];
    if settings.demo {
        return Err(refuse("cannot be served together with --demo; choose one".to_owned()));
    }
    if settings.write_enabled {
        let text = "a snapshot cannot be changed; leave --enable-write-tools out".to_owned();
        return Err(refuse(text));
    }
    idle(settings, (FLAG, "a snapshot is served"), notes);
    let (manifest, collections) = export::load(path).map_err(refuse)?;
    let snapshot = Snapshot::new(manifest, collections, tools::export::aliases());
    Ok(Source::Snapshot(Arc::new(snapshot)))
}

fn unreadable(bad: BadSelection) -> Problem {
    Problem::unreadable(bad.setting, bad.text)
}
