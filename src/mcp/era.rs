//! Zone: post-admission. Which era a message belongs to, and the checks of 2026-07-28 that come
//! before its method is looked at (sections 3 and 7.2).
//!
//! The first check that fails answers; the order is the list of the specification.

use crate::base::bytes::trim_ows;
use crate::guard::{FieldValue, McpFields};
use crate::json::{Json, Object};
use crate::mcp::client::{Client, Level};
use crate::mcp::envelope::{Notice, Request};
use crate::mcp::failure::{Failure, UNSUPPORTED_VERSION};
use crate::mcp::identity::supported;
use crate::mcp::methods::named_by;
use crate::mcp::mirror::{Mismatch, same};
use crate::mcp::revision::Revision;

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
const LOG_LEVEL: &str = "io.modelcontextprotocol/logLevel";

/// What a request of 2026-07-28 says about itself.
#[derive(Debug)]
pub(super) struct Described {
    /// What its client can do.
    pub(super) client: Client,
    /// Log messages it wants; a bad level is said only after the method was found (step 9).
    pub(super) level: Result<Option<Level>, Failure>,
}

/// The version field of a request as the era rules read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// Not sent.
    Nothing,
    /// A revision with a handshake.
    Legacy,
    /// 2026-07-28.
    Stateless,
    /// Something that no revision is called.
    Unknown,
}

/// Returns what the version field says.
pub(super) fn sent(field: &FieldValue) -> Sent {
    match field {
        FieldValue::Absent => Sent::Nothing,
        FieldValue::Repeated => Sent::Unknown,
        FieldValue::One(value) => match Revision::parse(trim_ows(value)) {
            Some(Revision::July2026) => Sent::Stateless,
            Some(_) => Sent::Legacy,
            None => Sent::Unknown,
        },
    }
}

/// True when `meta` names a version, of whatever type (ERA-1).
pub(super) fn describes_itself(meta: Option<&Object>) -> bool {
    meta.is_some_and(|meta| meta.get(VERSION).is_some())
}

/// Checks a request of 2026-07-28: metadata, header fields, version (steps 3 to 7). Without
/// `fields` it did not come by HTTP and the steps about them do not apply.
///
/// # Errors
/// The failure of the first step that does not hold.
pub(super) fn admit(request: &Request, fields: Option<&McpFields>) -> Result<Described, Failure> {
    const INCOMPLETE: Failure =
        Failure::params("_meta has to name the protocol version and the client capabilities");
    let meta = request.meta().ok_or(INCOMPLETE)?;
    let version = meta.get(VERSION).and_then(Json::as_str).ok_or(INCOMPLETE)?;
    let declared = meta.get(CAPABILITIES).and_then(Json::as_object).ok_or(INCOMPLETE)?;
    if let Some(fields) = fields {
        fields_agree(fields, version, request)?;
    }
    implemented(version)?;
    let level = meta.get(LOG_LEVEL).map(|level| {
        let known = level.as_str().and_then(Level::parse);
        known.ok_or(Failure::params("the log level is not known"))
    });
    Ok(Described { client: Client::of(declared, Revision::July2026), level: level.transpose() })
}

/// Checks a notification of 2026-07-28 (MH-5).
///
/// # Errors
/// The failure for a version field that disagrees with the message, or an unknown version.
pub(super) fn admit_notice(notice: &Notice, field: &FieldValue) -> Result<(), Failure> {
    let named = notice.meta().and_then(|meta| meta.get(VERSION)).and_then(Json::as_str);
    let wanted = named.unwrap_or(Revision::July2026.text());
    version_agrees(field, wanted)?;
    implemented(wanted)
}

fn fields_agree(fields: &McpFields, version: &str, request: &Request) -> Result<(), Failure> {
    version_agrees(&fields.protocol_version, version)?;
    let method = fields.method.one().map(trim_ows);
    if method != Some(request.method.as_bytes()) {
        return Err(Failure::header("Mcp-Method does not agree with the method"));
    }
    let name =
        named_by(&request.method).and_then(|member| request.params.as_ref()?.get(member)?.as_str());
    if let Some(name) = name {
        same(&fields.name, name)
            .map_err(|Mismatch| Failure::header("Mcp-Name does not agree with the parameters"))?;
    }
    Ok(())
}

fn version_agrees(field: &FieldValue, version: &str) -> Result<(), Failure> {
    if field.one().map(trim_ows) == Some(version.as_bytes()) {
        return Ok(());
    }
    Err(Failure::header("MCP-Protocol-Version does not agree with _meta"))
}

fn implemented(version: &str) -> Result<(), Failure> {
    if version == Revision::July2026.text() {
        return Ok(());
    }
    Err(Failure::new(UNSUPPORTED_VERSION, "the protocol version is not supported")
        .with("supported", supported())
        .with("requested", version.into()))
}
