//! Zone: operator. What is wrong with the configuration, in one line each.
//!
//! Names the setting, what was expected, what was found and where it came from. The value of a
//! secret is never part of it.

use core::fmt;

use serde::Serialize;

use crate::settings::kind::{Kind, shown};

/// Where the text of a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// The environment of the process.
    Environment,
    /// An env file.
    File {
        /// Path of the file.
        path: String,
        /// Line, counted from 1.
        line: usize,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("from the command line"),
            Self::Environment => f.write_str("from environment variable"),
            Self::File { path, line } => write!(f, "from env file {}, line {line}", shown(path)),
        }
    }
}

/// A setting that cannot be read. The server does not start with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadValue {
    /// Name of the setting as it was given: flag, variable or file.
    pub setting: String,
    /// What was expected and what was found.
    pub fault: String,
    /// Where it came from; `None` when the name says it.
    pub source: Option<Origin>,
}

impl BadValue {
    /// Returns the fault of a text that is no value of its kind.
    #[must_use]
    pub fn of(setting: &str, kind: &Kind, found: &str, source: Origin) -> Self {
        let fault = format!("expected {}, got {found}", kind.expected());
        Self { setting: setting.to_owned(), fault, source: Some(source) }
    }

    /// Returns a fault told in its own words.
    #[must_use]
    pub fn told(setting: impl Into<String>, fault: impl Into<String>) -> Self {
        Self { setting: setting.into(), fault: fault.into(), source: None }
    }
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.fault)?;
        match &self.source {
            Some(source) => write!(f, " ({source})"),
            None => Ok(()),
        }
    }
}

/// What a problem does to the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing; the operator should know.
    Warn,
    /// The server does not start: the configuration is not safe. Exit code 1.
    Refuse,
    /// The server does not start: something cannot be read. Exit code 2.
    Unreadable,
}

/// Something that is wrong, or weaker than it could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What it does to the start.
    pub severity: Severity,
    /// Setting that has it or would mend it.
    pub setting: String,
    /// One sentence.
    pub text: String,
}

impl Problem {
    /// Returns a problem that does not keep the server from starting.
    #[must_use]
    pub fn warn(setting: impl Into<String>, text: impl Into<String>) -> Self {
        Self { severity: Severity::Warn, setting: setting.into(), text: text.into() }
    }

    /// Returns a problem that keeps the server from starting.
    #[must_use]
    pub fn refuse(setting: impl Into<String>, text: impl Into<String>) -> Self {
        Self { severity: Severity::Refuse, setting: setting.into(), text: text.into() }
    }
}

impl Problem {
    /// Returns a problem with a value that cannot be read.
    #[must_use]
    pub fn unreadable(setting: impl Into<String>, text: impl Into<String>) -> Self {
        Self { severity: Severity::Unreadable, setting: setting.into(), text: text.into() }
    }
}

impl From<&BadValue> for Problem {
    fn from(bad: &BadValue) -> Self {
        let text = match &bad.source {
            Some(source) => format!("{} ({source})", bad.fault),
            None => bad.fault.clone(),
        };
        Self { severity: Severity::Unreadable, setting: bad.setting.clone(), text }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.text)
    }
}
