//! Zone: pre-admission. The request fields that MCP defines, as sent.

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
