//! Zone: pre-admission. Every refusal the server can utter: status, code, text, log code.
//!
//! No other file names a status code. The text is constant and tells the caller what to do.

use crate::http::response::Status;

/// A reason to refuse a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The message is not HTTP.
    Malformed,
}

/// What a refusal says.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The refusal.
    pub refusal: Refusal,
    /// HTTP status.
    pub status: Status,
    /// JSON-RPC error code.
    pub code: i64,
    /// Text for the caller.
    pub text: &'static str,
    /// Word in the log.
    pub log: &'static str,
    /// `Allow` for 405.
    pub allow: Option<&'static str>,
    /// `Retry-After` in seconds for 429 and 503.
    pub retry_after: Option<u32>,
}
