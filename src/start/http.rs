//! Zone: operator. Starts the transport that was asked for.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use crate::audit::{Level, Log, Record};
use crate::auth::Mode;
use crate::limits::LOOPS_MAX;
use crate::mcp::{Engine, EngineConfig};
use crate::sanitize::Scrubber;
use crate::server::clock::Clock;
use crate::server::log::LineLog;
use crate::server::turns::Turns;
use crate::server::{self, Listener, Serve, stdio};
use crate::settings::{Settings, Transport};
use crate::start::VERSION;
use crate::start::parts::{self, Parts};
use crate::tools::{Product, ServerIdentity, Tenant, Trail};

/// Serves until a signal or, on standard input, its end. `report` goes to the log as soon as
/// nothing can keep the server from starting.
///
/// # Errors
/// The error of the system that kept it from starting or going on.
pub(super) fn serve(settings: &Settings, parts: Parts, report: &str) -> io::Result<()> {
    let least = if settings.debug { Level::Debug } else { Level::Info };
    // Standard output belongs to the protocol on stdio.
    let sink: Box<dyn io::Write + Send> =
        if settings.is_http() { Box::new(io::stdout()) } else { Box::new(io::stderr()) };
    let listening = if settings.is_http() { Some(listen(settings)?) } else { None };
    let (log, end) = LineLog::start(sink, least)?;
    log.text(report);
    let log: Arc<dyn Log> = Arc::new(log);
    let result = start(settings, parts, listening, &log);
    end.finish();
    result
}

fn listen(settings: &Settings) -> io::Result<(Listener, SocketAddr)> {
    let address = resolve(settings)?;
    server::listen(address).map_err(|fault| io::Error::other(format!("{address}: {fault}")))
}

fn start(
    settings: &Settings,
    parts: Parts,
    listening: Option<(Listener, SocketAddr)>,
    log: &Arc<dyn Log>,
) -> io::Result<()> {
    let (Some(selection), Some(source)) = (parts.selection, parts.source) else {
        return Err(io::Error::other("nothing to serve"));
    };
    let turns = Arc::new(Turns::new(cores()));
    let backend = source.open(&turns, log);
    log.write(
        &Record::new(Level::Info, "zscaler_mcp.server", "records").with("from", backend.describe()),
    );
    let identity = ServerIdentity {
        version: VERSION.to_owned(),
        demo: settings.demo,
        tenant: Tenant {
            customer_id: settings.credentials.customer_id.clone(),
            cell_customer_id: settings.credentials.zcell_customer_id.clone(),
        },
    };
    let scrubber = Arc::new(Scrubber::new(settings.sanitize));
    let trail = Trail::new(Arc::clone(log), Arc::new(Clock::start()), settings.log_tool_calls);
    let product = Product::new(backend, scrubber, selection, identity).recorded(trail);
    let config = EngineConfig {
        sse: settings.transport == Transport::Sse,
        sessions_max: settings.max_sessions,
        session_idle_ms: settings.session_idle_seconds.saturating_mul(1_000),
    };
    let engine = Engine::new(Arc::new(product), config);
    let Some((listener, address)) = listening else {
        return stdio::serve(&engine, settings.workers, turns, log);
    };
    let policy = parts::policy(settings, address.port()).map_err(io::Error::other)?;
    announce(settings, address, &**log);
    let serve = Serve {
        listener,
        policy,
        tls: parts.tls.map(|loaded| loaded.config),
        auth: Mode::Open,
        loops: settings.loops.unwrap_or_else(cores).min(LOOPS_MAX),
        workers: settings.workers,
        turns,
        connections_max: settings.max_connections,
    };
    server::serve(serve, engine, Arc::clone(log))
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
