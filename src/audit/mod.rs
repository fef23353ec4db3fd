//! Zone: pre-admission. Log records as values, one escaped line each.
//!
//! A record is built where something happens and written by the shell. Trusts no text: what a
//! peer, a tool or the cloud said is escaped and bounded here, so a line never ends early and
//! never changes how its neighbours read. Never looks at a clock; the time is an argument.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod calls;
mod escape;
mod mark;

pub use calls::{Caller, Tokens, change, is_secret_name, query, summary, tokens};
pub use calls::{tool_call, tool_error, tool_ok};
pub use escape::{bare_or_quoted, neutral, quoted};
pub use mark::Mark;

use crate::limits::{LOG_FIELD_BYTES_MAX, LOG_TEXT_BYTES_MAX};

/// How much a record matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Detail for somebody who is looking for a fault.
    Debug,
    /// What the server does.
    Info,
    /// Something an operator should know.
    Warning,
    /// Something failed.
    Error,
    /// The server cannot go on.
    Critical,
}

impl Level {
    /// Returns the name in a log line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// How much it matters.
    pub level: Level,
    /// Logger, such as `zscaler_mcp.audit`.
    pub target: &'static str,
    /// What happened, in fixed words.
    pub event: &'static str,
    /// More words after the event; empty for most records.
    pub text: String,
    /// Details, written as `key=value` at the end.
    pub fields: Vec<(&'static str, String)>,
}

impl Record {
    /// Returns a record without text and fields.
    #[must_use]
    pub const fn new(level: Level, target: &'static str, event: &'static str) -> Self {
        Self { level, target, event, text: String::new(), fields: Vec::new() }
    }

    /// Returns the record with `text` after the event.
    #[must_use]
    pub fn saying(mut self, text: impl Into<String>) -> Self {
        self.text = text.into();
        self
    }

    /// Returns the record with one more field.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((key, value.into()));
        self
    }
}

/// Where records go; the shell has the one that writes, tests have one that collects.
pub trait Log: Send + Sync {
    /// Takes one record.
    fn write(&self, record: &Record);

    /// False when records of `level` are thrown away, so that nobody needs to make them.
    fn takes(&self, level: Level) -> bool {
        let _ = level;
        true
    }
}

/// Returns the line of `record`, without a line end and without any control character.
#[must_use]
pub fn line(record: &Record, timestamp: &str) -> String {
    let mut out = neutral(timestamp, LOG_FIELD_BYTES_MAX);
    for part in [record.target, record.level.name(), record.event] {
        out.push_str(" - ");
        out.push_str(&neutral(part, LOG_FIELD_BYTES_MAX));
    }
    if !record.text.is_empty() {
        out.push(' ');
        out.push_str(&neutral(&record.text, LOG_TEXT_BYTES_MAX));
    }
    for (key, value) in &record.fields {
        out.push(' ');
        out.push_str(&neutral(key, LOG_FIELD_BYTES_MAX));
        out.push('=');
        out.push_str(&bare_or_quoted(value, LOG_FIELD_BYTES_MAX));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Level, Log, Record, line};

    #[test]
    fn a_line_has_time_logger_level_event_and_fields() {
        let record = Record::new(Level::Warning, "zscaler_mcp.guard", "refused")
            .with("peer", "127.0.0.1:9")
            .with("why", "host \"x\"\n2025 - forged");
        assert_eq!(
            line(&record, "2025-01-02 03:04:05,006"),
            "2025-01-02 03:04:05,006 - zscaler_mcp.guard - WARNING - refused peer=127.0.0.1:9 \
             why=\"host \\\"x\\\"\\n2025 - forged\""
        );
    }

    #[test]
    fn levels_are_ordered_and_named_in_the_line() {
        let rows = [
            (Level::Debug, "DEBUG"),
            (Level::Info, "INFO"),
            (Level::Warning, "WARNING"),
            (Level::Error, "ERROR"),
            (Level::Critical, "CRITICAL"),
        ];
        assert!(rows.is_sorted_by(|(one, _), (two, _)| one < two));
        for (level, name) in rows {
            assert_eq!(line(&Record::new(level, "t", "e"), "now"), format!("now - t - {name} - e"));
        }
    }

    #[test]
    fn a_log_that_says_nothing_of_levels_takes_all_of_them() {
        struct Collected;
        impl Log for Collected {
            fn write(&self, _: &Record) {}
        }
        assert!(Collected.takes(Level::Debug) && Collected.takes(Level::Critical));
    }
}
