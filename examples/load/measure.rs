//! Zone: operator. The cases, and the closed loop that keeps connections busy with one of them.
//!
//! Every connection has one request out at a time. A thread serves its connections in turn, so
//! a latency includes the wait for the connections before it: compare it at equal numbers of
//! connections only, and use one connection to see the server alone.

use std::io;
use std::time::{Duration, Instant};

use crate::client::{Connection, Target};
use crate::clock;
use crate::options::Options;
use crate::process::usage;
use crate::report::{CaseRow, percentile};

const REVISION: &str = "2025-11-25";
const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
/// The request for the list of tools.
pub(crate) const LIST: &str = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
/// A name that no server was told to answer to.
const STRANGE_HOST: &str = "rebound.example";
/// A thread gives up after so many failures in a row.
const FAILURES_MAX: u32 = 50;

/// What is sent again and again.
pub(crate) enum Work {
    /// A message inside a session of its own for every connection.
    Session(String),
    /// A request that is refused for its Host.
    Refused,
    /// Nothing: connections are opened and closed.
    Handshake,
}

/// The part of the run that counts.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    begin: Instant,
    end: Instant,
}

/// One connection and its request.
struct Slot {
    connection: Option<Connection>,
    request: Vec<u8>,
    refused: bool,
    sent: Instant,
}

/// What one thread counted inside the window.
#[derive(Default)]
struct Tally {
    nanos: Vec<u64>,
    errors: u64,
    in_a_row: u32,
}

/// Returns a row for every case that was asked for.
///
/// # Errors
/// What stopped a case from beginning.
pub(crate) fn cases(target: &Target, options: &Options) -> io::Result<Vec<CaseRow>> {
    let mut rows = Vec::new();
    for (name, work) in [
        ("ping", Work::Session(PING.to_owned())),
        ("refused", Work::Refused),
        ("tools/list", Work::Session(LIST.to_owned())),
        ("tools/call", Work::Session(call(options))),
        ("handshake", Work::Handshake),
    ] {
        let skipped = matches!(work, Work::Handshake) && target.tls.is_none();
        if options.wants(name) && !skipped {
            let row = case(target, options, name, &work);
            let row = row.map_err(|e| io::Error::other(format!("{} {name}: {e}", target.label)));
            rows.push(row?.0);
        }
    }
    Ok(rows)
}

/// Returns the message that calls the tool of the options.
pub(crate) fn call(options: &Options) -> String {
    format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"{}","arguments":{}}}}}"#,
        options.tool, options.arguments
    )
}

/// Returns what was measured of one case, and when.
///
/// # Errors
/// What stopped it from beginning.
pub(crate) fn case(
    target: &Target,
    options: &Options,
    name: &str,
    work: &Work,
) -> io::Result<(CaseRow, Window)> {
    let mut slots = prepared(target, options, work)?;
    let begin = clock::now() + options.time / 10;
    let window = Window { begin, end: begin + options.time };
    let share = slots.len().div_ceil(options.threads);
    let memory = target.pid.and_then(usage);
    let (server, driver, tallies) = std::thread::scope(|scope| {
        let running: Vec<_> = slots
            .chunks_mut(share)
            .map(|group| {
                scope.spawn(move || match work {
                    Work::Handshake => open_and_close(target, window),
                    Work::Session(_) | Work::Refused => keep_busy(target, group, window),
                })
            })
            .collect();
        let server = spent(target.pid, window);
        let tallies: Vec<_> = running.into_iter().filter_map(|thread| thread.join().ok()).collect();
        (server.0, server.1, tallies)
    });
    let mut nanos: Vec<u64> = tallies.iter().flat_map(|tally| tally.nanos.clone()).collect();
    nanos.sort_unstable();
    let after = target.pid.and_then(usage);
    let row = CaseRow {
        target: target.label.clone(),
        case: name.to_owned(),
        connections: match work {
            Work::Handshake => slots.len().div_ceil(share),
            Work::Session(_) | Work::Refused => slots.len(),
        },
        time: options.time,
        requests: nanos.len(),
        errors: tallies.iter().map(|tally| tally.errors).sum(),
        median: percentile(&nanos, 50),
        worst: percentile(&nanos, 99),
        server,
        driver,
        before_kib: memory.map(|usage| usage.resident_kib),
        after_kib: after.map(|usage| usage.resident_kib),
        peak_kib: after.map(|usage| usage.peak_kib),
    };
    Ok((row, window))
}

/// Returns a slot for every connection; those of different threads are prepared side by side.
fn prepared(target: &Target, options: &Options, work: &Work) -> io::Result<Vec<Slot>> {
    let share = options.connections.div_ceil(options.threads);
    let failed = || io::Error::other("a thread ended badly");
    let groups: Vec<io::Result<Vec<Slot>>> = std::thread::scope(|scope| {
        let preparing: Vec<_> = (0..options.connections)
            .step_by(share)
            .map(|from| {
                let count = share.min(options.connections - from);
                scope.spawn(move || (0..count).map(|_| Slot::prepare(target, work)).collect())
            })
            .collect();
        let done = preparing.into_iter().map(|thread| thread.join());
        done.map(|group| group.unwrap_or_else(|_| Err(failed()))).collect()
    });
    Ok(groups.into_iter().collect::<io::Result<Vec<_>>>()?.into_iter().flatten().collect())
}

/// Returns the processor time of the server and of this program inside the window.
fn spent(pid: Option<u32>, window: Window) -> (Option<Duration>, Option<Duration>) {
    let look = || {
        let of = |pid| usage(pid).map(|usage| usage.processor);
        (pid.and_then(of), of(std::process::id()))
    };
    clock::until(window.begin);
    let before = look();
    clock::until(window.end);
    let after = look();
    let between = |a: Option<Duration>, b: Option<Duration>| Some(b?.saturating_sub(a?));
    (between(before.0, after.0), between(before.1, after.1))
}

fn keep_busy(target: &Target, group: &mut [Slot], window: Window) -> Tally {
    let mut tally = Tally::default();
    for slot in group.iter_mut() {
        slot.send(target, &mut tally);
    }
    loop {
        for slot in group.iter_mut() {
            slot.receive(window, &mut tally);
            if clock::now() >= window.end || tally.in_a_row > FAILURES_MAX {
                return tally;
            }
            slot.send(target, &mut tally);
        }
    }
}

fn open_and_close(target: &Target, window: Window) -> Tally {
    let mut tally = Tally::default();
    loop {
        let began = clock::now();
        match Connection::open(target) {
            Ok(connection) => {
                tally.count(began, window);
                connection.close();
            }
            Err(_) => tally.fail(),
        }
        if clock::now() >= window.end || tally.in_a_row > FAILURES_MAX {
            return tally;
        }
    }
}

impl Window {
    /// True when `moment` counts.
    pub(crate) fn holds(self, moment: Instant) -> bool {
        moment >= self.begin && moment < self.end
    }

    /// Returns its length.
    pub(crate) fn time(self) -> Duration {
        self.end.saturating_duration_since(self.begin)
    }
}

impl Slot {
    /// Returns a slot whose first answer was looked at in full.
    fn prepare(target: &Target, work: &Work) -> io::Result<Self> {
        let sent = clock::now();
        let (connection, request) = match work {
            Work::Handshake => (None, Vec::new()),
            Work::Refused => (None, target.post(STRANGE_HOST, &[], PING)),
            Work::Session(message) => {
                let (connection, request) = session(target, message)?;
                (Some(connection), request)
            }
        };
        Ok(Self { connection, request, refused: matches!(work, Work::Refused), sent })
    }

    fn send(&mut self, target: &Target, tally: &mut Tally) {
        self.sent = clock::now();
        let connection = match self.connection.take() {
            Some(connection) => Ok(connection),
            None => Connection::open(target),
        };
        let sent = connection.and_then(|mut connection| {
            connection.send(&self.request)?;
            Ok(connection)
        });
        match sent {
            Ok(connection) => self.connection = Some(connection),
            Err(_) => tally.fail(),
        }
    }

    fn receive(&mut self, window: Window, tally: &mut Tally) {
        let Some(mut connection) = self.connection.take() else { return };
        match connection.receive(false) {
            Ok(reply) if (400..500).contains(&reply.status) == self.refused => {
                tally.count(self.sent, window);
                if !reply.close {
                    self.connection = Some(connection);
                }
            }
            Ok(_) | Err(_) => tally.fail(),
        }
    }
}

impl Tally {
    fn count(&mut self, began: Instant, window: Window) {
        let ended = clock::now();
        self.in_a_row = 0;
        if window.holds(ended) {
            let nanos = ended.saturating_duration_since(began).as_nanos();
            self.nanos.push(u64::try_from(nanos).unwrap_or(u64::MAX));
        }
    }

    fn fail(&mut self) {
        self.errors += 1;
        self.in_a_row += 1;
        clock::breathe();
    }
}

/// Returns a connection in a session of its own and the request that carries `message` in it,
/// sent once to see that it works.
pub(crate) fn session(target: &Target, message: &str) -> io::Result<(Connection, Vec<u8>)> {
    let mut connection = Connection::open(target)?;
    let post =
        |fields: &[(&str, &str)], message: &str| target.post(&target.authority, fields, message);
    let reply = connection.exchange(&post(&[], INITIALIZE))?;
    if reply.status != 200 {
        return Err(io::Error::other(format!("initialize answers {}", reply.status)));
    }
    let session = reply.session.unwrap_or_default();
    let mut fields = vec![("MCP-Protocol-Version", REVISION)];
    if !session.is_empty() {
        fields.push(("Mcp-Session-Id", &session));
    }
    let reply = connection.exchange(&post(&fields, INITIALIZED))?;
    if !(200..300).contains(&reply.status) {
        return Err(io::Error::other(format!("initialized answers {}", reply.status)));
    }
    let request = post(&fields, message);
    let reply = connection.exchange(&request)?;
    let body = String::from_utf8_lossy(connection.body()).into_owned();
    let failed = body.contains(r#""isError":true"#) || !body.contains(r#""result""#);
    if reply.status != 200 || failed {
        let begin: String = body.chars().take(200).collect();
        return Err(io::Error::other(format!("the first answer is {}: {begin}", reply.status)));
    }
    Ok((connection, request))
}
