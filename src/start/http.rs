//! Zone: operator. Starts the transport that was asked for.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use crate::audit::{Level, Log, Record};
use crate::auth::Metadata;
use crate::consent::Consent;
use crate::guard::Document;
use crate::limits::LOOPS_MAX;
use crate::mcp::registry::Registry;
use crate::mcp::{Engine, EngineConfig};
use crate::sanitize::Scrubber;
use crate::server::clock::{Clock, SystemRandom};
use crate::server::cloud::OneApi;
use crate::server::log::LineLog;
use crate::server::turns::Turns;
use crate::server::{self, Listener, Serve, stdio};
use crate::settings::{Posture, Settings, Transport};
use crate::snapshot::Manifest;
use crate::start::VERSION;
use crate::start::parts::{self, Parts};
use crate::tools::{self, Product, Selection, ServerIdentity, Taken, Tenant, Trail};

/// Serves until a signal or, on standard input, its end. `report` goes to the log as soon as
/// nothing can keep the server from starting.
///
/// # Errors
/// The error of the system that kept it from starting or going on.
pub(super) fn serve(
    settings: &Settings,
    parts: Parts,
    (posture, report): (&Posture, &str),
) -> io::Result<()> {
    let least = if settings.debug { Level::Debug } else { Level::Info };
    // Standard output belongs to the protocol on stdio.
    let sink: Box<dyn io::Write + Send> =
        if settings.is_http() { Box::new(io::stdout()) } else { Box::new(io::stderr()) };
    let listening = if settings.is_http() { Some(listen(settings)?) } else { None };
    let (log, end) = LineLog::start(sink, least)?;
    log.text(report);
    let log: Arc<dyn Log> = Arc::new(log);
    let result = start(settings, (parts, posture), listening, &log);
    end.finish();
    result
}

fn listen(settings: &Settings) -> io::Result<(Listener, SocketAddr)> {
    let address = resolve(settings)?;
    server::listen(address).map_err(|fault| io::Error::other(format!("{address}: {fault}")))
}

fn start(
    settings: &Settings,
    (parts, posture): (Parts, &Posture),
    listening: Option<(Listener, SocketAddr)>,
    log: &Arc<dyn Log>,
) -> io::Result<()> {
    let (Some(selection), Some(source)) = (parts.selection, parts.source) else {
        return Err(io::Error::other("nothing to serve"));
    };
    let turns = Arc::new(Turns::new(cores()));
    let identity = identity(settings, source.manifest());
    let selection = source.answers(selection);
    let (backend, cloud) = source.open(&turns, log);
    let selection = match cloud.filter(|_| settings.entitlement_filter) {
        Some(cloud) => bought(&cloud, selection, &**log),
        None => selection,
    };
    log.write(
        &Record::new(Level::Info, "zscaler_mcp.server", "records").with("from", backend.describe()),
    );
    let scrubber = Arc::new(Scrubber::new(settings.sanitize));
    let trail = Trail::new(Arc::clone(log), Arc::new(Clock::start()), settings.log_tool_calls);
    let consent = Consent::new(
        &settings.request_state_keys,
        settings.confirmation_ttl_seconds,
        Box::new(SystemRandom),
    );
    let consent = consent.map_err(|bad| io::Error::other(format!("confirmations: {bad}")))?;
    let product = Product::new(backend, scrubber, selection, identity)
        .recorded(trail)
        .confirmed(consent)
        .protected(posture.told());
    announce_offers(&product, &**log);
    let config = EngineConfig {
        sse: settings.transport == Transport::Sse,
        sessions_max: settings.max_sessions,
        session_idle_ms: settings.session_idle_seconds.saturating_mul(1_000),
        calls_per_principal: settings.calls_per_caller(),
    };
    let engine = Engine::new(Arc::new(product), config);
    let Some((listener, address)) = listening else {
        return stdio::serve(&engine, settings.workers, turns, log);
    };
    let mut policy = parts::policy(settings, address.port()).map_err(io::Error::other)?;
    let prepared =
        parts.auth.ok_or_else(|| io::Error::other("client authentication is not set"))?;
    let opened = prepared.open(log).map_err(io::Error::other)?;
    policy.documents = documents(opened.gate.metadata());
    announce(settings, address, &**log);
    let serve = Serve {
        listener,
        policy,
        tls: parts.tls.map(|loaded| loaded.config),
        gate: opened.gate,
        provider: opened.provider,
        certificate: opened.certificate,
        loops: settings.loops.unwrap_or_else(cores).min(LOOPS_MAX),
        workers: settings.workers,
        turns,
        connections_max: settings.max_connections,
    };
    server::serve(serve, engine, Arc::clone(log))
}

/// Returns for whom the server works: the tenant of the settings, or that of the file.
fn identity(settings: &Settings, manifest: Option<&Manifest>) -> ServerIdentity {
    let credentials = &settings.credentials;
    let (customer_id, cell_customer_id) = match manifest {
        Some(Manifest { tenant, .. }) => {
            (Some(tenant.customer.clone()), Some(tenant.cell_customer.clone()))
        }
        None => (credentials.customer_id.clone(), credentials.zcell_customer_id.clone()),
    };
    ServerIdentity {
        version: VERSION.to_owned(),
        demo: settings.demo,
        snapshot: manifest.map(|manifest| Taken {
            tenant: manifest.tenant.name.clone(),
            time: manifest.time.clone(),
            redacted: manifest.redacted,
        }),
        tenant: Tenant { customer_id, cell_customer_id },
    }
}

/// Returns those tools of `selection` whose products the tenant has, all when nobody knows.
fn bought(cloud: &OneApi, selection: Selection, log: &dyn Log) -> Selection {
    let warn = |text: &str| {
        log.write(&Record::new(Level::Warning, "zscaler_mcp.server", "tools").with("note", text))
    };
    let entitled = cloud.with_token(|token| {
        core::str::from_utf8(token.expose()).map(tools::entitled).unwrap_or_default()
    });
    let entitled = match entitled {
        Ok(entitled) => entitled,
        Err(why) => {
            warn(&format!("entitlement: no access token, so tools of every service stay: {why}"));
            return selection;
        }
    };
    entitled.notes().iter().for_each(|note| warn(note));
    let Some(services) = entitled.services else { return selection };
    let known = selection.notes().len();
    let selection = selection.within(&services);
    selection.notes().iter().skip(known).for_each(|note| warn(note));
    selection
}

fn announce_offers(product: &Product, log: &dyn Log) {
    let (tools, prompts) = (product.tools().len(), product.prompts().len());
    let resources = product.resources().len() + product.templates().len();
    log.write(
        &Record::new(Level::Info, "zscaler_mcp.server", "offers")
            .with("tools", tools.to_string())
            .with("prompts", prompts.to_string())
            .with("resources", resources.to_string()),
    );
}

/// Returns what a caller reads who wants to know where tokens come from.
fn documents(metadata: Option<&Metadata>) -> Vec<Document> {
    let Some(Metadata { paths, body, .. }) = metadata else { return Vec::new() };
    let body: Arc<[u8]> = body.as_slice().into();
    let at = |path: &String| Document { path: path.as_bytes().into(), body: Arc::clone(&body) };
    paths.iter().map(at).collect()
}

fn announce(settings: &Settings, address: SocketAddr, log: &dyn Log) {
    let scheme = if settings.has_tls() { "https" } else { "http" };
    let path = if settings.transport == Transport::Sse { "/sse" } else { "/mcp" };
    log.write(
        &Record::new(Level::Info, "zscaler_mcp.server", "listening")
            .with("address", address.to_string())
            .with("url", format!("{scheme}://{address}{path}")),
    );
}

fn resolve(settings: &Settings) -> io::Result<SocketAddr> {
    let explain = |text: &str| io::Error::other(format!("ZSCALER_MCP_HOST: {text}"));
    let mut found = (settings.host.as_str(), settings.port)
        .to_socket_addrs()
        .map_err(|_unknown| explain("the name cannot be resolved to an address"))?;
    let address = found.next().ok_or_else(|| explain("the name has no address"))?;
    // A name that only claims to be local must not open the server to others.
    if settings.is_loopback() && !address.ip().to_canonical().is_loopback() {
        return Err(explain("the name stands for an address that is not loopback"));
    }
    Ok(address)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, core::num::NonZero::get)
}
