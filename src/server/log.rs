//! Zone: operator. The log: a bounded queue and one thread that writes lines.
//!
//! A reader of the log that stands still delays nobody: lines over the bound are counted and the
//! count is written when there is room again.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

use crate::audit::{self, Level, Log, Record};
use crate::http::response::civil;
use crate::limits::{LOG_END_MS, LOG_LINES_MAX};
use crate::server::clock::unix_millis;

/// A log that writes to one stream.
pub struct LineLog {
    sender: SyncSender<Option<String>>,
    least: Level,
    lost: AtomicU64,
}

/// The end of the log: waits until every line is written.
pub struct LogEnd {
    sender: SyncSender<Option<String>>,
    written: Receiver<()>,
}

impl LineLog {
    /// Starts a log of records of at least level `least` to `sink`.
    ///
    /// # Errors
    /// The error of the system when the thread cannot be started.
    pub fn start(mut sink: Box<dyn Write + Send>, least: Level) -> std::io::Result<(Self, LogEnd)> {
        let (sender, receiver): (_, Receiver<Option<String>>) = sync_channel(LOG_LINES_MAX);
        let (writing, written) = sync_channel(1);
        std::thread::Builder::new().name("log".to_owned()).spawn(move || {
            // Dropped at the end, whichever it is; the other side waits for that.
            let _writing: SyncSender<()> = writing;
            while let Ok(Some(line)) = receiver.recv() {
                let written = sink.write_all(line.as_bytes()).and_then(|()| sink.flush());
                if written.is_err() {
                    return;
                }
            }
        })?;
        Ok((
            Self { sender: sender.clone(), least, lost: AtomicU64::new(0) },
            LogEnd { sender, written },
        ))
    }

    /// Writes text that is already complete lines, such as a start-up report.
    pub fn text(&self, text: &str) {
        self.send(text.to_owned());
    }

    fn send(&self, text: String) {
        if self.sender.try_send(Some(text)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Log for LineLog {
    fn takes(&self, level: Level) -> bool {
        level >= self.least
    }

    fn write(&self, record: &Record) {
        if !self.takes(record.level) {
            return;
        }
        let stamp = timestamp(unix_millis());
        let lost = self.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            let note = Record::new(Level::Warning, "zscaler_mcp.server", "log lines were lost")
                .with("count", lost.to_string());
            self.send(audit::line(&note, &stamp) + "\n");
        }
        self.send(audit::line(record, &stamp) + "\n");
    }
}

impl LogEnd {
    /// Writes what is queued and ends the log. A reader that stands still is not waited for
    /// longer than [`LOG_END_MS`].
    pub fn finish(self) {
        let Self { sender, written } = self;
        // The queue may be full and its reader gone: asking may wait, so it waits elsewhere.
        let ask = std::thread::Builder::new().spawn(move || drop(sender.send(None)));
        if ask.is_ok() {
            written.recv_timeout(Duration::from_millis(LOG_END_MS)).unwrap_or_default();
        }
    }
}

/// Returns `2026-01-31 23:59:59,999Z` for milliseconds since 1970.
fn timestamp(millis: u64) -> String {
    let seconds = millis / 1_000;
    let (year, month, day) = civil(seconds / 86_400);
    let month = month.saturating_add(1);
    let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
    let ms = millis % 1_000;
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02},{ms:03}Z")
}

#[cfg(test)]
mod tests {
    use super::timestamp;

    #[test]
    fn a_timestamp_sorts_as_text() {
        assert_eq!(timestamp(0), "1970-01-01 00:00:00,000Z");
        assert_eq!(timestamp(1_709_251_199_999), "2024-02-29 23:59:59,999Z");
    }
}
