//! Zone: operator. Many calls that wait for a cloud, and what others notice of them.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::client::{Connection, Target};
use crate::clock;
use crate::measure::{LIST, Window, Work, call, case, session};
use crate::options::Options;
use crate::report::{CaseRow, percentile};

/// Time between two looks of somebody else.
const PAUSE: Duration = Duration::from_millis(20);

/// When a request was sent, and how long its answer took.
type Sample = (Instant, Duration);

/// Returns the calls, and what health and the list of tools took meanwhile.
///
/// # Errors
/// What stopped the calls from beginning.
pub(crate) fn rows(target: &Target, options: &Options) -> io::Result<Vec<CaseRow>> {
    let over = AtomicBool::new(false);
    let (calls, health, list) = std::thread::scope(|scope| {
        let health = scope.spawn(|| {
            let connection = Connection::open(target)?;
            look(connection, &target.get("/health"), &over)
        });
        let list = scope.spawn(|| {
            let (connection, request) = session(target, LIST)?;
            look(connection, &request, &over)
        });
        let calls = case(target, options, "cloud call", &Work::Session(call(options)));
        over.store(true, Ordering::Relaxed);
        (calls, health.join(), list.join())
    });
    let (calls, window) = calls?;
    let mut rows = vec![calls];
    for (name, looked) in [("meanwhile /health", health), ("meanwhile tools/list", list)] {
        let samples = looked.unwrap_or_else(|_| Err(io::Error::other("a thread ended badly")))?;
        rows.push(meanwhile(target, name, &samples, window));
    }
    Ok(rows)
}

fn look(mut connection: Connection, request: &[u8], over: &AtomicBool) -> io::Result<Vec<Sample>> {
    let mut samples = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let sent = clock::now();
        connection.send(request)?;
        let reply = connection.receive(false)?;
        let took = clock::now().saturating_duration_since(sent);
        if reply.status != 200 {
            return Err(io::Error::other(format!("the answer meanwhile is {}", reply.status)));
        }
        samples.push((sent, took));
        clock::until(sent + PAUSE);
    }
    Ok(samples)
}

fn meanwhile(target: &Target, name: &str, samples: &[Sample], window: Window) -> CaseRow {
    let inside = samples.iter().filter(|(sent, _)| window.holds(*sent));
    let mut nanos: Vec<u64> =
        inside.map(|(_, took)| u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)).collect();
    nanos.sort_unstable();
    CaseRow {
        target: target.label.clone(),
        case: name.to_owned(),
        connections: 1,
        time: window.time(),
        requests: nanos.len(),
        median: percentile(&nanos, 50),
        worst: percentile(&nanos, 99),
        ..CaseRow::default()
    }
}
