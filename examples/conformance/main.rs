//! Zone: operator. A second server over the same library, with the fixtures of the protocol's
//! conformance suite in place of the Zscaler tools.
//!
//! `cargo run --example conformance -- --port 8011` serves on loopback without authentication
//! and prints its address. Port 0 takes any free port. It is a test aid, not a product.

mod asking;
mod call;
mod content;
mod fixture;
mod plain;
mod seal;
mod tasks;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use zscaler_mcp::audit::Level;
use zscaler_mcp::auth::Gate;
use zscaler_mcp::guard::{Hosts, Origins, Policy, Proxies, Sources};
use zscaler_mcp::limits::{BODY_BYTES_MAX, SESSION_IDLE_MS, SESSIONS_MAX, WORKERS};
use zscaler_mcp::matching::Origin;
use zscaler_mcp::mcp::{Engine, EngineConfig};
use zscaler_mcp::server::log::LineLog;
use zscaler_mcp::server::turns::Turns;
use zscaler_mcp::server::{self, Serve};

use crate::fixture::Fixture;

const PORT: u16 = 8011;
const USAGE: &str = "usage: conformance [--port N]   (default 8011, 0 for any free port)";

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program of its own reads its command line")]
    let arguments = std::env::args().skip(1);
    let Some(port) = port(arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match run(port) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("conformance: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the port that was asked for, `None` when the command line makes no sense.
fn port(mut arguments: impl Iterator<Item = String>) -> Option<u16> {
    let port = match arguments.next().as_deref() {
        None => return Some(PORT),
        Some("--port") => arguments.next()?.parse().ok()?,
        Some(argument) => argument.strip_prefix("--port=")?.parse().ok()?,
    };
    arguments.next().is_none().then_some(port)
}

fn run(port: u16) -> io::Result<()> {
    let fixture = Fixture::fresh().map_err(io::Error::other)?;
    let config = EngineConfig {
        sse: false,
        sessions_max: SESSIONS_MAX,
        session_idle_ms: SESSION_IDLE_MS,
        calls_per_principal: 0,
    };
    let engine = Engine::new(Arc::new(fixture), config);
    start(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), engine, &mut announce)
}

/// Whoever started this program with port 0 waits for this line.
fn announce(address: SocketAddr) {
    let mut out = io::stdout().lock();
    let written = writeln!(out, "http://{address}/mcp").and_then(|()| out.flush());
    if let Err(error) = written {
        eprintln!("conformance: standard output is gone: {error}");
    }
}

/// Serves `engine` on `address` until the process is stopped. The only place that names the
/// shell.
fn start(
    address: SocketAddr,
    engine: Arc<Engine>,
    ready: &mut dyn FnMut(SocketAddr),
) -> io::Result<()> {
    let (listener, address) = server::listen(address)?;
    let origins = [format!("http://{address}"), format!("http://localhost:{}", address.port())];
    let origins: Option<Vec<Origin>> =
        origins.iter().map(|origin| Origin::parse(origin.as_bytes()).ok()).collect();
    let policy = Policy {
        hosts: Hosts::default_for("127.0.0.1", address.port())
            .map_err(|fault| io::Error::other(fault.to_string()))?,
        sources: Sources::any(),
        proxies: Proxies::list(Vec::new()),
        origins: Origins::list(origins.unwrap_or_default()),
        tls: false,
        sse: false,
        body_max: BODY_BYTES_MAX,
        documents: Vec::new(),
    };
    let (log, _end) = LineLog::start(Box::new(io::stderr()), Level::Warning)?;
    ready(address);
    let serve = Serve {
        listener,
        policy,
        tls: None,
        gate: Gate::open(),
        provider: None,
        certificate: None,
        loops: 2,
        workers: WORKERS,
        // Its tools wait on purpose: each has a turn.
        turns: Arc::new(Turns::new(WORKERS)),
        connections_max: 1_024,
    };
    server::serve(serve, engine, Arc::new(log))
}
