//! Zone: operator. Standard input and output: one line a message, nothing else on either.
//!
//! A reader thread feeds lines to the engine, a writer thread pulls events from its stream; a
//! long call blocks neither.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::audit::{Level, Log, Record};
use crate::limits::{LINE_BYTES_MAX, QUEUE_MAX, STOP_MS};
use crate::mcp::{Engine, Next, Now, Stdio, Stream, Wake};
use crate::server::clock::{Clock, SystemRandom, unix_seconds};
use crate::server::pool::{Bounds, Pool};
use crate::server::signals;
use crate::server::turns::Turns;

/// Why serving ends.
enum End {
    Input,
    Output,
    Signal,
}

/// Wakes the writer thread.
#[derive(Default)]
struct Doorbell {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Wake for Doorbell {
    fn wake(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }
}

impl Doorbell {
    fn wait(&self) {
        let mut rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        while !*rung {
            rung = self.changed.wait(rung).unwrap_or_else(PoisonError::into_inner);
        }
        *rung = false;
    }
}

/// Serves on standard input and output until input ends or SIGTERM or SIGINT arrives.
///
/// # Errors
/// The error of the system when a thread or the signals cannot be set up.
pub fn serve(
    engine: &Arc<Engine>,
    workers: usize,
    turns: Arc<Turns>,
    log: &Arc<dyn Log>,
) -> io::Result<()> {
    let clock = Clock::start();
    let bounds = Bounds { threads: workers, jobs: QUEUE_MAX };
    let pool = Pool::start(bounds, turns, clock, log)?;
    let (session, stream) = engine.open_stdio(now(clock));
    let (ends, end) = sync_channel(4);
    spawn("signals", wait_for_signal(ends.clone())?)?;
    let read = Arc::new(Doorbell::default());
    let (writing, written) = sync_channel::<()>(1);
    let writer = {
        let (stream, ends, read) = (Arc::clone(&stream), ends.clone(), Arc::clone(&read));
        move || {
            if write_lines(&stream, &mut io::stdout().lock(), &read).is_err() {
                drop(ends.try_send(End::Output));
            }
            drop(writing);
        }
    };
    spawn("output", writer)?;
    let reader = {
        let pool = Arc::clone(&pool);
        move || {
            let mut input = BufReader::new(io::stdin().lock());
            read_lines(&session, &pool, clock, &mut input, &read);
            drop(ends.try_send(End::Input));
        }
    };
    spawn("input", reader)?;
    let reason = loop {
        match end.recv_timeout(Duration::from_secs(1)) {
            Ok(reason) => break reason,
            Err(RecvTimeoutError::Timeout) => {
                for job in engine.tick(now(clock)) {
                    submit(&pool, job);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break End::Input,
        }
    };
    // Calls in flight may finish while somebody can still read their answers.
    if !matches!(reason, End::Output) && !pool.wait_idle(Duration::from_millis(STOP_MS)) {
        log.write(&Record::new(Level::Warning, "zscaler_mcp.server", "calls were abandoned"));
    }
    engine.shut();
    stream.end();
    // A reader that stands still must not keep the process from ending.
    written.recv_timeout(Duration::from_millis(STOP_MS)).unwrap_or_default();
    Ok(())
}

fn submit(pool: &Arc<Pool>, job: crate::mcp::Job) {
    if let Err(job) = pool.submit(job) {
        job.refuse();
    }
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map(drop)
}

fn wait_for_signal(ends: SyncSender<End>) -> io::Result<impl FnOnce() + Send + 'static> {
    let mut signal = signals::pair()?;
    Ok(move || {
        let mut byte = [0_u8; 1];
        if signal.read_exact(&mut byte).is_ok() {
            drop(ends.try_send(End::Signal));
        }
    })
}

fn read_lines(
    session: &Stdio,
    pool: &Arc<Pool>,
    clock: Clock,
    input: &mut impl BufRead,
    read: &Doorbell,
) {
    let mut line = Vec::new();
    while let Ok(Some(whole)) = next_line(input, &mut line) {
        if !whole {
            session.oversized();
        } else if let Some(job) = session.line(&line, now(clock)) {
            submit(pool, job);
        }
        while !session.keeps_up() {
            read.wait();
        }
    }
}

/// Reads one line without its end; `None` at the end of input, false for a line over the bound,
/// of which only the first bytes are kept.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    *line = Vec::new();
    let (mut any, mut whole) = (false, true);
    loop {
        let bytes = match input.fill_buf() {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.is_empty() {
            return Ok(any.then_some(whole));
        }
        any = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or_default();
        let room = LINE_BYTES_MAX.saturating_sub(line.len());
        whole &= part.len() <= room;
        line.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
        let used = part.len().saturating_add(usize::from(end.is_some()));
        input.consume(used);
        if end.is_some() {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(Some(whole));
        }
    }
}

fn write_lines(stream: &Stream, output: &mut impl Write, read: &Doorbell) -> io::Result<()> {
    let bell = Arc::new(Doorbell::default());
    let wake: Arc<dyn Wake> = Arc::<Doorbell>::clone(&bell);
    let number = stream.attach(wake);
    let mut after = 0;
    loop {
        match stream.next(after, number) {
            Next::Event(event) => {
                after = event.seq;
                output.write_all(&event.data)?;
                output.write_all(b"\n")?;
                output.flush()?;
                read.wake();
            }
            Next::Pending => {
                // Asking took the last event off the stream: the input may go on only now.
                read.wake();
                bell.wait();
            }
            Next::Ended | Next::Detached => return Ok(()),
            Next::Lost => return Err(io::Error::other("messages were lost")),
        }
    }
}

fn now(clock: Clock) -> Now<'static> {
    Now { at: clock.now(), unix_seconds: unix_seconds(), random: &SystemRandom }
}

#[cfg(test)]
mod tests {
    use super::next_line;

    #[test]
    fn lines_end_at_the_line_feed_and_lose_a_carriage_return() {
        let mut input = &b"{\"a\":1}\r\n\nlast"[..];
        let mut line = Vec::new();
        for expected in [&b"{\"a\":1}"[..], b"", b"last"] {
            assert_eq!(next_line(&mut input, &mut line).unwrap(), Some(true));
            assert_eq!(line, expected);
        }
        assert_eq!(next_line(&mut input, &mut line).unwrap(), None);
    }
}
