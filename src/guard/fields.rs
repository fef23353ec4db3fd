//! Zone: pre-admission. The request fields that MCP defines, as sent.
//!
//! Repetitions are kept as such: which of two values counts is never decided here.

use crate::http::head::{Head, One};

const PARAM_PREFIX: &[u8] = b"mcp-param-";

/// One field: absent, one value, or a repetition that nobody may interpret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FieldValue {
    /// Not sent.
    #[default]
    Absent,
    /// Sent once.
    One(Box<[u8]>),
    /// Sent more than once.
    Repeated,
}

/// The fields of one request that the protocol layer reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct McpFields {
    /// `MCP-Protocol-Version`
    pub protocol_version: FieldValue,
    /// `Mcp-Session-Id`
    pub session_id: FieldValue,
    /// `Last-Event-ID`
    pub last_event_id: FieldValue,
    /// `Mcp-Method`
    pub method: FieldValue,
    /// `Mcp-Name`
    pub name: FieldValue,
    /// `Mcp-Param-*`: the part behind the prefix in lower case, and the value; repetitions stay.
    pub params: Vec<(String, Box<[u8]>)>,
}

impl FieldValue {
    /// Returns the value of a field sent once.
    #[must_use]
    pub fn one(&self) -> Option<&[u8]> {
        if let Self::One(value) = self { Some(value) } else { None }
    }
}

impl McpFields {
    /// Returns the fields of `head`; their number and size are bounded by the limits of a head.
    pub(super) fn of(head: &Head<'_>) -> Self {
        let params = head.fields.iter().filter_map(|field| {
            let (prefix, name) = field.name.split_at_checked(PARAM_PREFIX.len())?;
            let lower = || name.iter().map(|byte| char::from(byte.to_ascii_lowercase())).collect();
            prefix.eq_ignore_ascii_case(PARAM_PREFIX).then(|| (lower(), field.value.into()))
        });
        Self {
            protocol_version: head.one(b"mcp-protocol-version").into(),
            session_id: head.one(b"mcp-session-id").into(),
            last_event_id: head.one(b"last-event-id").into(),
            method: head.one(b"mcp-method").into(),
            name: head.one(b"mcp-name").into(),
            params: params.collect(),
        }
    }
}

impl From<One<'_>> for FieldValue {
    fn from(one: One<'_>) -> Self {
        match one {
            One::Absent => Self::Absent,
            One::Value(value) => Self::One(value.into()),
            One::Repeated => Self::Repeated,
        }
    }
}
