//! Zone: pre-admission. Every refusal the server can utter: status, code, text, log word.
//!
//! No other file names the status of a refusal. The text is constant and tells the caller, or the
//! operator behind the caller, what to do; it never holds a byte of the peer.

use crate::http::fault::Fault;
use crate::http::response::Status;
use crate::json::write;

/// JSON-RPC: the text is not JSON.
pub const PARSE_ERROR: i64 = -32_700;
/// JSON-RPC: not a request that this server takes.
pub const INVALID_REQUEST: i64 = -32_600;
/// JSON-RPC: no such method.
pub const METHOD_NOT_FOUND: i64 = -32_601;
/// JSON-RPC: the server cannot do it now, or failed.
pub const INTERNAL_ERROR: i64 = -32_603;
/// Ours, as the Python server has it: the caller is not known or may not do this.
pub const UNAUTHORIZED: i64 = -32_001;

/// `Allow` of the Streamable HTTP endpoint.
pub const ALLOW_MCP: &str = "POST, GET, DELETE, OPTIONS";
/// `Allow` where only a stream can be opened.
pub const ALLOW_GET: &str = "GET";
/// `Allow` where messages can only be posted.
pub const ALLOW_POST: &str = "POST";
/// `Allow` of the health paths and of documents.
pub const ALLOW_HEALTH: &str = "GET, HEAD";

/// A reason to refuse a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The message is not HTTP.
    Malformed,
    /// The target is longer than its limit.
    TargetTooLong,
    /// The head, a field line or the number of fields is over its limit.
    HeadTooLarge,
    /// A method nobody here knows.
    UnknownMethod,
    /// Not HTTP/1.x.
    HttpVersion,
    /// Length fields that contradict each other, repeat, or do not parse.
    Framing,
    /// A transfer coding other than `chunked` alone.
    Coding,
    /// A body over the limit.
    BodyTooLarge,
    /// Chunked data outside the grammar.
    Chunk,
    /// `Expect` with something other than `100-continue`.
    Expectation,
    /// Host missing, repeated, or outside the grammar.
    Host,
    /// A target whose scheme or authority is not the one of this request.
    TargetElsewhere,
    /// No complete request in time.
    RequestTimeout,
    /// A trusted proxy named a hop that is not an address.
    Forwarding,
    /// The source address is not on the list.
    Source,
    /// The Host is not on the list.
    HostNotAllowed,
    /// More than one Origin.
    OriginRepeated,
    /// The Origin is not on the list.
    Origin,
    /// A preflight for a method that is not offered.
    Preflight,
    /// No such path.
    Path,
    /// A method the Streamable HTTP endpoint does not offer.
    McpMethod,
    /// A method an event stream of HTTP+SSE does not offer.
    StreamMethod,
    /// A method the message path of HTTP+SSE does not offer.
    MessagesMethod,
    /// A method a health path does not offer.
    HealthMethod,
    /// A method that the path of a document does not offer.
    DocumentMethod,
    /// GET without `text/event-stream` in Accept.
    GetWithoutStream,
    /// GET or DELETE under a revision that only posts.
    RevisionPostsOnly,
    /// The body is not announced as JSON.
    ContentType,
    /// The caller does not take the two forms of an answer.
    Accept,
    /// A body where the method has none.
    BodyUnexpected,
    /// A credential field sent more than once.
    CredentialRepeated,
    /// No credential, or one that is not accepted.
    Unauthorized,
    /// The credential does not cover what this server asks for.
    Scope,
    /// The client certificate has no name that could say who is calling.
    Certificate,
    /// Too many credentials from this address were not accepted.
    Attempts,
    /// Whether the credential is good cannot be found out now.
    Undecided,
    /// Too many requests of this caller.
    Rate,
    /// The body is not JSON.
    NotJson,
    /// JSON, but not a JSON-RPC message that may stand here.
    NotRequest,
    /// An array of messages in a revision without batches.
    BatchForbidden,
    /// An array without messages.
    BatchEmpty,
    /// An array with too many messages.
    BatchTooLarge,
    /// No session id, more than one, or one that cannot be ours.
    SessionMissing,
    /// No such session for this caller.
    SessionUnknown,
    /// `initialize` inside a session.
    SessionStarted,
    /// A request before `initialize`.
    NotInitialized,
    /// A protocol version this server does not speak.
    VersionUnsupported,
    /// A request id that is still open.
    DuplicateId,
    /// A second stream of one session.
    SecondStream,
    /// An event id that leads to no stream.
    EventUnknown,
    /// Too many calls of one session or one caller at once.
    TooManyCalls,
    /// No room for another session.
    SessionsFull,
    /// No room for another subscription.
    ListenersFull,
    /// No room for another call.
    Overloaded,
    /// The server is going down.
    Stopping,
    /// A defect of the server.
    Internal,
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

impl Row {
    const fn new(refusal: Refusal, status: u16, log: &'static str, text: &'static str) -> Self {
        let status = Status(status);
        Self { refusal, status, code: INVALID_REQUEST, text, log, allow: None, retry_after: None }
    }

    const fn allow(mut self, methods: &'static str) -> Self {
        self.allow = Some(methods);
        self
    }

    const fn retry(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    const fn code(mut self, code: i64) -> Self {
        self.code = code;
        self
    }
}

const INTERNAL: Row = Row::new(
    Refusal::Internal,
    500,
    "internal",
    "The server failed to handle this request; its log has the place.",
)
.code(INTERNAL_ERROR);

/// One row for each refusal: status, log word, text; [`INVALID_REQUEST`] unless the row says so.
#[rustfmt::skip]
pub const ROWS: &[Row] = &[
    Row::new(Refusal::Malformed, 400, "malformed",
        "The request is not well-formed HTTP/1.1."),
    Row::new(Refusal::TargetTooLong, 414, "target-too-long",
        "The request target is too long."),
    Row::new(Refusal::HeadTooLarge, 431, "head-too-large",
        "The request head is too large: fewer or shorter header fields are needed."),
    Row::new(Refusal::UnknownMethod, 501, "unknown-method",
        "The request method is not known to this server."),
    Row::new(Refusal::HttpVersion, 505, "http-version",
        "Only HTTP/1.1 and HTTP/1.0 are served here."),
    Row::new(Refusal::Framing, 400, "framing",
        "The length of the body is ambiguous: send one Content-Length or one Transfer-Encoding: \
         chunked."),
    Row::new(Refusal::Coding, 501, "coding",
        "The only transfer coding taken here is chunked, applied once."),
    Row::new(Refusal::BodyTooLarge, 413, "body-too-large",
        "The request body is larger than this server accepts."),
    Row::new(Refusal::Chunk, 400, "chunk",
        "The chunked request body is not well-formed."),
    Row::new(Refusal::Expectation, 417, "expectation",
        "The only expectation taken here is 100-continue."),
    Row::new(Refusal::Host, 400, "host-malformed",
        "Exactly one well-formed Host header field is required."),
    Row::new(Refusal::TargetElsewhere, 400, "target-elsewhere",
        "The request target names another scheme or host than this listener and the Host header \
         field."),
    Row::new(Refusal::RequestTimeout, 408, "request-timeout",
        "The request did not arrive completely in time."),
    Row::new(Refusal::Forwarding, 403, "forwarding",
        "The proxy in front sent an X-Forwarded-For entry that is not an IP address."),
    Row::new(Refusal::Source, 403, "source-not-allowed",
        "This source address is not allowed. The operator can add it to \
         ZSCALER_MCP_ALLOWED_SOURCE_IPS."),
    Row::new(Refusal::HostNotAllowed, 421, "host-not-allowed",
        "This Host is not allowed. The operator can add it to ZSCALER_MCP_ALLOWED_HOSTS."),
    Row::new(Refusal::OriginRepeated, 400, "origin-repeated",
        "At most one Origin header field may be sent."),
    Row::new(Refusal::Origin, 403, "origin-not-allowed",
        "This Origin is not allowed. The operator can add it to ZSCALER_MCP_ALLOWED_ORIGINS."),
    Row::new(Refusal::Preflight, 403, "preflight",
        "The method asked for in this preflight is not offered here."),
    Row::new(Refusal::Path, 404, "path",
        "Nothing is served at this path. The MCP endpoint is /mcp; a server started with \
         --transport sse also has /sse."),
    Row::new(Refusal::McpMethod, 405, "method",
        "This method is not offered here; send messages with POST.").allow(ALLOW_MCP),
    Row::new(Refusal::StreamMethod, 405, "method-stream",
        "Open the event stream with GET, and post messages to the path its first event names.")
        .allow(ALLOW_GET),
    Row::new(Refusal::MessagesMethod, 405, "method-messages",
        "Messages are sent to this path with POST.").allow(ALLOW_POST),
    Row::new(Refusal::HealthMethod, 405, "method-health",
        "Health is read with GET or HEAD.").allow(ALLOW_HEALTH),
    Row::new(Refusal::DocumentMethod, 405, "method-document",
        "This document is read with GET or HEAD.").allow(ALLOW_HEALTH),
    Row::new(Refusal::GetWithoutStream, 405, "get-without-stream",
        "GET opens an event stream and needs Accept: text/event-stream; send messages with POST.")
        .allow(ALLOW_POST),
    Row::new(Refusal::RevisionPostsOnly, 405, "revision-posts-only",
        "Protocol revision 2026-07-28 uses POST only.").allow(ALLOW_POST),
    Row::new(Refusal::ContentType, 415, "content-type",
        "Exactly one Content-Type header field with application/json (UTF-8) is required."),
    Row::new(Refusal::Accept, 406, "accept",
        "Accept must list both application/json and text/event-stream."),
    Row::new(Refusal::BodyUnexpected, 400, "body-unexpected",
        "GET and DELETE are taken without a body."),
    Row::new(Refusal::CredentialRepeated, 400, "credential-repeated",
        "At most one Authorization, X-Api-Key, X-Zscaler-Client-ID and X-Zscaler-Client-Secret \
         header field each may be sent."),
    Row::new(Refusal::Unauthorized, 401, "unauthorized",
        "Unauthorized: a valid credential is required. WWW-Authenticate says which kind.")
        .code(UNAUTHORIZED),
    Row::new(Refusal::Scope, 403, "scope",
        "Forbidden: the token lacks a scope that this server requires. WWW-Authenticate names it.")
        .code(UNAUTHORIZED),
    Row::new(Refusal::Certificate, 403, "certificate",
        "Forbidden: the client certificate lacks the name that says who is calling.")
        .code(UNAUTHORIZED),
    Row::new(Refusal::Attempts, 429, "attempts",
        "Too many credentials from this address were not accepted: wait before the next attempt.")
        .code(UNAUTHORIZED).retry(60),
    Row::new(Refusal::Undecided, 503, "undecided",
        "The credential cannot be checked now: try again shortly.")
        .code(INTERNAL_ERROR).retry(5),
    Row::new(Refusal::Rate, 429, "rate",
        "Too many requests of this caller: wait before the next one.").retry(1),
    Row::new(Refusal::NotJson, 400, "not-json",
        "The body is not JSON in UTF-8, or it is over the limits of depth and size.")
        .code(PARSE_ERROR),
    Row::new(Refusal::NotRequest, 400, "not-request",
        "The body is not a JSON-RPC 2.0 message that may be sent here."),
    Row::new(Refusal::BatchForbidden, 400, "batch-forbidden",
        "Batches are not part of this protocol revision: send one message for each request."),
    Row::new(Refusal::BatchEmpty, 400, "batch-empty",
        "The batch holds no message."),
    Row::new(Refusal::BatchTooLarge, 400, "batch-too-large",
        "The batch holds too many messages: send smaller ones."),
    Row::new(Refusal::SessionMissing, 400, "session-missing",
        "Exactly one session id is required: send the one that initialize returned."),
    Row::new(Refusal::SessionUnknown, 404, "session-unknown",
        "There is no such session; it may have expired. Start again with initialize."),
    Row::new(Refusal::SessionStarted, 400, "session-started",
        "This session is initialized already; leave the session id out to start another."),
    Row::new(Refusal::NotInitialized, 400, "not-initialized",
        "Send initialize first."),
    Row::new(Refusal::VersionUnsupported, 400, "version-unsupported",
        "This MCP-Protocol-Version is not supported. Supported: 2026-07-28, 2025-11-25, \
         2025-06-18, 2025-03-26, 2024-11-05."),
    Row::new(Refusal::DuplicateId, 400, "duplicate-id",
        "A request with this id is still open in this session."),
    Row::new(Refusal::SecondStream, 409, "second-stream",
        "This session has a stream open already: close that one first."),
    Row::new(Refusal::EventUnknown, 400, "event-unknown",
        "Last-Event-ID names no event of this session that can be resumed."),
    Row::new(Refusal::TooManyCalls, 429, "too-many-calls",
        "Too many calls of this session or caller are running: wait for one to end.").retry(1),
    Row::new(Refusal::SessionsFull, 503, "sessions-full",
        "No further session can be opened now: try again later.").code(INTERNAL_ERROR).retry(30),
    Row::new(Refusal::ListenersFull, 503, "listeners-full",
        "No further subscription can be opened now: try again later.")
        .code(INTERNAL_ERROR).retry(30),
    Row::new(Refusal::Overloaded, 503, "overloaded",
        "Too many calls are waiting: try again shortly.").code(INTERNAL_ERROR).retry(2),
    Row::new(Refusal::Stopping, 503, "stopping",
        "The server is stopping: try again shortly.").code(INTERNAL_ERROR).retry(5),
    INTERNAL,
];

impl Refusal {
    /// Returns what this refusal says.
    #[must_use]
    pub fn row(self) -> &'static Row {
        ROWS.iter().find(|row| row.refusal == self).unwrap_or(&INTERNAL)
    }

    /// Returns the JSON-RPC error object, without an id: none was read, or none counts.
    #[must_use]
    pub fn body(self) -> Vec<u8> {
        let row = self.row();
        let mut body =
            format!(r#"{{"jsonrpc":"2.0","error":{{"code":{},"message":"#, row.code).into_bytes();
        write::string(row.text, &mut body);
        body.extend_from_slice(b"}}");
        body
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Malformed => Self::Malformed,
            Fault::TargetTooLong => Self::TargetTooLong,
            Fault::HeadTooLarge => Self::HeadTooLarge,
            Fault::UnknownMethod => Self::UnknownMethod,
            Fault::Version => Self::HttpVersion,
            Fault::Framing => Self::Framing,
            Fault::Coding => Self::Coding,
            Fault::BodyTooLarge => Self::BodyTooLarge,
            Fault::Chunk => Self::Chunk,
            Fault::Expectation => Self::Expectation,
            Fault::Host => Self::Host,
        }
    }
}

/// Returns the status under which revision 2026-07-28 answers a JSON-RPC error of `code`.
///
/// Failures inside a handler travel with 200, like a result.
#[must_use]
pub const fn status_of(code: i64) -> Status {
    match code {
        METHOD_NOT_FOUND => Status(404),
        PARSE_ERROR | INVALID_REQUEST | -32_602 | -32_022..=-32_020 => Status(400),
        _ => Status(200),
    }
}

#[cfg(test)]
mod tests {
    use super::{INVALID_REQUEST, METHOD_NOT_FOUND, Refusal, Row, status_of};

    #[test]
    fn a_body_has_no_id() {
        let body = String::from_utf8(Refusal::HealthMethod.body()).unwrap();
        let text = r#""message":"Health is read with GET or HEAD.""#;
        let expected = format!(r#"{{"jsonrpc":"2.0","error":{{"code":-32600,{text}}}}}"#);
        assert_eq!(body, expected);
    }

    #[test]
    fn a_row_holds_what_it_was_given() {
        let row = Row::new(Refusal::McpMethod, 405, "word", "Text.");
        assert_eq!(
            (row.refusal, row.status.0, row.code),
            (Refusal::McpMethod, 405, INVALID_REQUEST)
        );
        assert_eq!((row.log, row.text, row.allow, row.retry_after), ("word", "Text.", None, None));
        let row = row.allow("GET").retry(7).code(METHOD_NOT_FOUND);
        assert_eq!(
            (row.allow, row.retry_after, row.code),
            (Some("GET"), Some(7), METHOD_NOT_FOUND)
        );
        assert_eq!((row.status.0, row.log, row.text), (405, "word", "Text."));
    }

    #[test]
    fn error_codes_have_their_status() {
        for (code, status) in [(-32_601, 404), (-32_602, 400), (-32_021, 400), (-32_603, 200)] {
            assert_eq!(status_of(code).0, status, "{code}");
        }
    }
}
