//! Zone: operator. The shell: sockets, TLS, threads, signals, standard input and output.
//!
//! The only place that touches the system while serving. Holds no policy of its own.

pub mod clock;
pub mod cloud;
pub mod desk;
mod drive;
pub mod log;
mod looper;
pub mod mailbox;
mod peer;
pub mod pool;
mod shared;
mod signals;
pub mod socket;
pub mod stdio;
pub mod tls;
pub mod turns;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mio::net::TcpListener;

use crate::audit::{Level, Log, Record};
use crate::auth::Gate;
use crate::base::Millis;
use crate::guard::Policy;
use crate::limits::QUEUE_MAX;
use crate::mcp::Engine;
use crate::server::clock::Clock;
use crate::server::desk::{Desk, Provider};
use crate::server::looper::{Front, Loop};
use crate::server::mailbox::{Farewell, Letter};
use crate::server::pool::{Bounds, Pool};
use crate::server::shared::Shared;
use crate::server::signals::Signals;
use crate::server::tls::who::NameKind;
use crate::server::turns::Turns;

/// Descriptors kept free for the log, the polls and files.
const DESCRIPTORS_RESERVED: usize = 64;

/// A socket that listens; the system keeps connections until [`serve`] takes them. A signal to
/// stop that arrives before that is kept as well.
pub struct Listener {
    socket: TcpListener,
    signals: Signals,
}

/// Returns a socket that listens on `address`, and the address it got.
///
/// # Errors
/// The error of the system, such as an address in use.
pub fn listen(address: SocketAddr) -> io::Result<(Listener, SocketAddr)> {
    let socket = TcpListener::bind(address)?;
    let address = socket.local_addr()?;
    Ok((Listener { socket, signals: Signals::new()? }, address))
}

/// Milliseconds in which workers may put down their work after the last connection is gone.
const POOL_GRACE_MS: u64 = 500;

/// How an HTTP server is set up.
pub struct Serve {
    /// Where it listens.
    pub listener: Listener,
    /// What callers may do.
    pub policy: Policy,
    /// TLS, when it is on.
    pub tls: Option<Arc<rustls::ServerConfig>>,
    /// Client authentication.
    pub gate: Gate,
    /// Who is asked about callers, when somebody has to be.
    pub provider: Option<Arc<dyn Provider>>,
    /// The name of a client's certificate that says who is calling; `None` asks for none.
    pub certificate: Option<NameKind>,
    /// Loop threads.
    pub loops: usize,
    /// Most worker threads.
    pub workers: usize,
    /// Turns at the processor, which the backend puts aside while it waits.
    pub turns: Arc<Turns>,
    /// Most connections at once.
    pub connections_max: usize,
}

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// The error of the system that kept the server from starting or a loop from going on.
pub fn serve(config: Serve, engine: Arc<Engine>, log: Arc<dyn Log>) -> io::Result<()> {
    let clock = Clock::start();
    let Listener { socket, signals } = config.listener;
    let loops = config.loops.max(1);
    let most = affordable(config.connections_max, config.workers, &*log);
    let connections_max = most.div_ceil(loops);
    let bounds = Bounds { threads: config.workers, jobs: QUEUE_MAX };
    let pool = Pool::start(bounds, config.turns, clock, &log)?;
    let shared = Arc::new(Shared {
        policy: config.policy,
        desk: Desk::start(config.gate, config.provider, clock, Arc::clone(&log))?,
        tls: config.tls,
        engine: Arc::clone(&engine),
        pool: Arc::clone(&pool),
        log,
        clock,
        connections_max,
        certificate: config.certificate,
    });
    let parts: Vec<_> = (0..loops).map(|_| Loop::parts()).collect::<io::Result<_>>()?;
    let mailboxes: Vec<_> = parts.iter().map(|(_, mailbox)| Arc::clone(mailbox)).collect();
    let mut parts = parts.into_iter();
    let first = parts.next().ok_or_else(|| io::Error::other("no loop"))?;
    let mut threads = Vec::with_capacity(loops);
    for (number, part) in parts.enumerate() {
        let looper = Loop::with(part, Arc::clone(&shared), None)?;
        let farewell = Farewell(Arc::clone(&first.1));
        let thread = std::thread::Builder::new()
            .name(format!("loop-{}", number.saturating_add(1)))
            .stack_size(1024 * 1024)
            .spawn(move || {
                let _farewell = farewell;
                looper.run()
            })?;
        threads.push(thread);
    }
    let front = Front {
        listener: Some(socket),
        signals,
        loops: mailboxes.clone(),
        turn: 0,
        next_tick: Millis(0),
        running: threads.len(),
        more: false,
    };
    let looper = Loop::with(first, shared, Some(front))?;
    let result = looper.run();
    engine.shut();
    // A loop that still runs is late, or was never told: the first one failed.
    for mailbox in &mailboxes {
        mailbox.post(Letter::Stop);
    }
    for thread in threads {
        drop(thread.join());
    }
    pool.close();
    // The loops have waited already; a call that still runs is left behind.
    pool.wait_ended(Duration::from_millis(POOL_GRACE_MS));
    result
}

/// Returns how many connections the descriptor limit of the process allows, at most `wanted`; each
/// of `workers` may need one for the cloud, as long as callers keep most of them.
fn affordable(wanted: usize, workers: usize, log: &dyn Log) -> usize {
    let Some(limit) = descriptors() else { return wanted };
    let reserved = DESCRIPTORS_RESERVED.saturating_add(workers.min(limit / 4));
    let affordable = limit.saturating_sub(reserved).max(1);
    if affordable >= wanted {
        return wanted;
    }
    log.write(
        &Record::new(
            Level::Warning,
            "zscaler_mcp.server",
            "the descriptor limit of the process holds fewer connections than the setting; \
             raise it with `ulimit -n` or LimitNOFILE",
        )
        .with("setting", wanted.to_string())
        .with("connections", affordable.to_string()),
    );
    affordable
}

/// Returns the soft limit on open files, where the system tells it.
fn descriptors() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = text.lines().find(|line| line.starts_with("Max open files"))?;
    line.split_whitespace().nth(3)?.parse().ok()
}
