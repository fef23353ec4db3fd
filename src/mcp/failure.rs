//! Zone: post-admission. JSON-RPC errors: code, sentence, data, and the HTTP status they take.

use std::borrow::Cow;

use crate::guard::Refusal;
use crate::guard::refusal::status_of;
use crate::http::response::Status;
use crate::json::{Json, object, write};
use crate::mcp::envelope::Id;
use crate::mcp::revision::Revision;

/// `-32600`
pub(super) const INVALID_REQUEST: i64 = -32600;
/// `-32601`
pub(super) const METHOD_NOT_FOUND: i64 = -32601;
/// `-32602`
pub(super) const INVALID_PARAMS: i64 = -32602;
/// `-32603`
pub(super) const INTERNAL: i64 = -32603;
/// Handshake revisions only (RES-3).
pub(super) const RESOURCE_NOT_FOUND: i64 = -32002;
/// 2026-07-28 only.
pub(super) const HEADER_MISMATCH: i64 = -32020;
/// 2026-07-28 only.
pub(super) const MISSING_CAPABILITY: i64 = -32021;
/// 2026-07-28 only.
pub(super) const UNSUPPORTED_VERSION: i64 = -32022;

/// Why a request has no result.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    status: Option<Status>,
    /// JSON-RPC code.
    pub(super) code: i64,
    message: Cow<'static, str>,
    data: Option<Json>,
}

impl Failure {
    /// Returns a failure with a sentence of this program.
    pub(super) const fn new(code: i64, message: &'static str) -> Self {
        Self { status: None, code, message: Cow::Borrowed(message), data: None }
    }

    /// Returns -32602 with a sentence of this program.
    pub(super) const fn params(message: &'static str) -> Self {
        Self::new(INVALID_PARAMS, message)
    }

    /// Returns -32602 with the sentence of a registry.
    pub(super) const fn bad_params(message: String) -> Self {
        Self { status: None, code: INVALID_PARAMS, message: Cow::Owned(message), data: None }
    }

    /// Returns -32602 for a state that is worth nothing for this call; why is said in logs only.
    pub(super) fn bad_state() -> Self {
        Self::params("the requestState is invalid or expired; call again without it")
            .with("reason", "invalid_request_state".into())
    }

    /// Returns -32020 with a sentence of this program.
    pub(super) const fn header(message: &'static str) -> Self {
        Self::new(HEADER_MISMATCH, message)
    }

    /// Returns the failure for a method that is not there.
    pub(super) const fn method() -> Self {
        Self::new(METHOD_NOT_FOUND, "the method is not available")
    }

    /// Returns the failure for a fault of this server.
    pub(super) const fn internal() -> Self {
        Self::new(INTERNAL, "the server could not finish the request")
    }

    /// Returns -32021 with what the client would have to declare (MRTR-2).
    pub(super) fn missing(required: Json) -> Self {
        Self::new(MISSING_CAPABILITY, "the request needs capabilities that were not declared")
            .with("requiredCapabilities", required)
    }

    /// Returns the failure that says what `refusal` says, with its status.
    pub(super) fn refused(refusal: Refusal) -> Self {
        let row = refusal.row();
        Self {
            status: Some(row.status),
            code: row.code,
            message: Cow::Borrowed(row.text),
            data: None,
        }
    }

    /// Returns the failure with member `name` of `data`.
    pub(super) fn with(mut self, name: &'static str, value: Json) -> Self {
        if let Some(Json::Object(members)) = &mut self.data {
            members.set(name, value);
        } else {
            self.data = Some(object([(name, value)]));
        }
        self
    }

    /// Returns the HTTP status: handler errors travel with 200 before 2026-07-28 (SH-13), and
    /// by their code from then on (section 15).
    pub(super) fn status(&self, revision: Revision) -> Status {
        match self.status {
            Some(status) => status,
            None if revision.stateless() => status_of(self.code),
            None => Status(200),
        }
    }

    /// Returns the message that answers `id`; without one the member is left out (ENV-5).
    pub(super) fn body(&self, id: Option<&Id>) -> Vec<u8> {
        let mut out = Vec::with_capacity(160);
        out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",");
        if let Some(id) = id {
            out.extend_from_slice(b"\"id\":");
            out.extend_from_slice(id.text().as_bytes());
            out.push(b',');
        }
        out.extend_from_slice(b"\"error\":");
        self.write(&mut out);
        out.push(b'}');
        out
    }

    /// Appends the error object.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"code\":");
        out.extend_from_slice(self.code.to_string().as_bytes());
        out.extend_from_slice(b",\"message\":");
        write::string(&self.message, out);
        if let Some(data) = &self.data {
            out.extend_from_slice(b",\"data\":");
            write::compact(data, out);
        }
        out.push(b'}');
    }
}
