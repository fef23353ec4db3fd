//! Zone: operator. What a connection costs while it does nothing.

use std::io;

use crate::client::{Connection, Target};
use crate::process::usage;
use crate::report::IdleRow;

/// Opens `count` connections, each with one answered health request, and returns what they
/// weigh in the server.
///
/// # Errors
/// What the first connection met; later ones that fail end the count.
pub(crate) fn weigh(target: &Target, count: usize) -> io::Result<IdleRow> {
    let request = target.get("/health");
    let one = || {
        let mut connection = Connection::open(target)?;
        let reply = connection.exchange(&request)?;
        connection.shrink();
        Ok::<_, io::Error>((connection, reply.close))
    };
    // What the server allocates once is not the cost of a connection.
    let (_warm, _) = one()?;
    let before = target.pid.and_then(usage);
    let mut open = Vec::new();
    let mut note = String::new();
    while open.len() < count {
        match one() {
            Ok((connection, false)) => open.push(connection),
            Ok((_, true)) => {
                note = "the server closes after /health".to_owned();
                break;
            }
            Err(error) => {
                note = format!("stopped early: {error} (see ulimit -n)");
                break;
            }
        }
    }
    let after = target.pid.and_then(usage);
    let quiet = open.iter().filter(|connection| connection.is_quiet()).count();
    Ok(IdleRow {
        target: target.label.clone(),
        opened: open.len(),
        quiet,
        before_kib: before.map(|usage| usage.resident_kib),
        after_kib: after.map(|usage| usage.resident_kib),
        note,
    })
}
