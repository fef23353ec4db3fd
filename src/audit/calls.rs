//! Zone: post-admission. The five audit lines of a tool call.
//!
//! Prefixes and columns are an interface that log readers depend on. Values whose member name
//! speaks of a secret are never shown, at any depth. Trusts neither arguments nor error texts.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use core::net::IpAddr;

use crate::audit::escape::quoted;
use crate::audit::{Level, Mark, Record};
use crate::json::{Json, Object};
use crate::limits::{LOG_DEPTH_MAX, LOG_FIELD_BYTES_MAX, LOG_TEXT_BYTES_MAX};

const TARGET: &str = "zscaler_mcp.audit";
const REDACTED: &str = "***REDACTED***";
const SECRET_NAMES: [&str; 12] = [
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "key",
    "credential",
    "authorization",
    "cookie",
    "psk",
    "otp",
    "blob",
];

/// Who made a call, for the end of the line; empty parts are left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Caller<'a> {
    /// Name of the principal.
    pub principal: &'a str,
    /// Where the request came from: the peer, or the hop that a trusted proxy named.
    pub peer: Option<IpAddr>,
    /// What names the session.
    pub session: Option<Mark>,
}

impl Caller<'_> {
    /// Returns `record` with what is known of the caller at its end.
    #[must_use]
    pub fn sign(&self, mut record: Record) -> Record {
        if !self.principal.is_empty() {
            record = record.with("principal", self.principal);
        }
        if let Some(peer) = self.peer {
            record = record.with("peer", peer.to_string());
        }
        if let Some(session) = self.session {
            record = record.with("session", session.to_string());
        }
        record
    }
}

/// The size of a result.
#[derive(Debug, Clone, Copy)]
pub struct Tokens<'a> {
    /// Tokens.
    pub count: u64,
    /// False when `count` is an estimate.
    pub exact: bool,
    /// Bytes of the text.
    pub bytes: u64,
    /// How it was counted.
    pub label: &'a str,
    /// Rows, when the result is a list.
    pub rows: Option<u64>,
}

/// Returns the record of a call that begins; null arguments and the query are left out.
#[must_use]
pub fn tool_call(tool: &str, args: &Object, caller: &Caller<'_>) -> Record {
    let mut out = format!("{tool} | args: {{");
    let mut first = true;
    for (name, value) in args.iter() {
        if value.is_null() || matches!(name, "query" | "kwargs") {
            continue;
        }
        member(name, value, first, 1, &mut out);
        first = false;
    }
    out.push('}');
    audit(Level::Info, "[TOOL CALL]", out, caller)
}

/// Returns the record of a call that succeeded.
#[must_use]
pub fn tool_ok(tool: &str, ms: u64, summary: &str, caller: &Caller<'_>) -> Record {
    audit(Level::Info, "[TOOL OK]  ", format!("{tool} | {ms}ms | {summary}"), caller)
}

/// Returns the record of a call that failed; `kind` names the error, `message` explains it.
#[must_use]
pub fn tool_error(tool: &str, ms: u64, kind: &str, message: &str, caller: &Caller<'_>) -> Record {
    audit(Level::Error, "[TOOL ERR] ", format!("{tool} | {ms}ms | {kind}: {message}"), caller)
}

/// Returns the record of a query that projected a result of `before` rows to `after`.
#[must_use]
pub fn query(
    tool: &str,
    expression: &str,
    before: usize,
    after: usize,
    caller: &Caller<'_>,
) -> Record {
    let expression = quoted(expression, LOG_FIELD_BYTES_MAX);
    let text = format!("{tool} | {expression} | {before} -> {after} rows");
    audit(Level::Info, "[QUERY]    ", text, caller)
}

/// Returns the record of a step of a change: asked for, allowed, denied, done or failed, as `mark`
/// says; `resource` names the record that it is about.
#[must_use]
pub fn change(
    mark: &'static str,
    tool: &str,
    resource: &str,
    outcome: &str,
    caller: &Caller<'_>,
) -> Record {
    let level = if mark.contains("DENY") { Level::Warning } else { Level::Info };
    let resource = quoted(resource, LOG_FIELD_BYTES_MAX);
    audit(level, mark, format!("{tool} | {resource} | {outcome}"), caller)
}

/// Returns the record of the size of a result.
#[must_use]
pub fn tokens(tool: &str, size: &Tokens<'_>, caller: &Caller<'_>) -> Record {
    let about = if size.exact { "" } else { "~" };
    let Tokens { count, bytes, label, .. } = size;
    let mut text = format!("{tool} | {about}{count} tokens | {bytes} bytes | {label}");
    if let Some(rows) = size.rows {
        text.push_str(&format!(" | {rows} rows"));
        if let Some(tenths) = count.saturating_mul(10).checked_div(rows) {
            let (whole, tenth) = (tenths / 10, tenths % 10);
            text.push_str(&format!(" ({whole}.{tenth} tok/row)"));
        }
    }
    audit(Level::Info, "[TOKENS]   ", text, caller)
}

/// Returns what a result is, in a few words, without its content.
#[must_use]
pub fn summary(value: &Json) -> String {
    match value {
        Json::Array(items) => format!("{} items", items.len()),
        Json::Object(members) => match members.get("error") {
            Some(error) => {
                let text = error.as_str().map_or_else(|| rendered(error), ToOwned::to_owned);
                format!("error: {}", text.chars().take(120).collect::<String>())
            }
            None => format!("dict ({} keys)", members.len()),
        },
        Json::String(_) => "str".to_owned(),
        Json::Bool(_) => "bool".to_owned(),
        Json::Null => "NoneType".to_owned(),
        Json::Number(number) => if number.is_integer() { "int" } else { "float" }.to_owned(),
    }
}

/// True when a member of this name is not shown: its name contains a word for a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|word| name.contains(word))
}

fn audit(level: Level, event: &'static str, text: String, caller: &Caller<'_>) -> Record {
    caller.sign(Record::new(level, TARGET, event).saying(text))
}

fn rendered(value: &Json) -> String {
    let mut out = String::new();
    show(value, 1, &mut out);
    out
}

fn member(name: &str, value: &Json, first: bool, depth: u32, out: &mut String) {
    if !first {
        out.push_str(", ");
    }
    out.push_str(&quoted(name, LOG_FIELD_BYTES_MAX));
    out.push_str(": ");
    if is_secret_name(name) {
        out.push_str(REDACTED);
    } else {
        show(value, depth.saturating_add(1), out);
    }
}

/// Writes `value`; what the line would cut off anyway is not rendered.
fn show(value: &Json, depth: u32, out: &mut String) {
    if depth > LOG_DEPTH_MAX || out.len() > LOG_TEXT_BYTES_MAX {
        out.push_str("...");
        return;
    }
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Json::Number(number) => out.push_str(number.text()),
        Json::String(text) => out.push_str(&quoted(text, LOG_FIELD_BYTES_MAX)),
        Json::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if out.len() > LOG_TEXT_BYTES_MAX {
                    break;
                }
                if index > 0 {
                    out.push_str(", ");
                }
                show(item, depth.saturating_add(1), out);
            }
            out.push(']');
        }
        Json::Object(members) => {
            out.push('{');
            for (index, (name, item)) in members.iter().enumerate() {
                if out.len() > LOG_TEXT_BYTES_MAX {
                    break;
                }
                member(name, item, index == 0, depth, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, Tokens, query, summary, tokens, tool_call, tool_error, tool_ok};
    use crate::audit::line;
    use crate::json::{Json, Object, object};

    fn text(record: &crate::audit::Record) -> String {
        line(record, "T").replacen("T - zscaler_mcp.audit - ", "", 1)
    }

    #[test]
    fn the_five_forms_keep_their_columns() {
        let peer = Some(core::net::Ipv4Addr::LOCALHOST.into());
        let who = Caller { principal: "anonymous", peer, session: None };
        let size = Tokens { count: 25, exact: false, bytes: 99, label: "len/4", rows: Some(4) };
        for (record, expected) in [
            (tool_call("t", &Object::new(), &who), "INFO - [TOOL CALL] t | args: {}"),
            (tool_ok("t", 7, "3 items", &who), "INFO - [TOOL OK]   t | 7ms | 3 items"),
            (
                tool_error("t", 7, "Upstream", "no\nway", &who),
                "ERROR - [TOOL ERR]  t | 7ms | Upstream: no\\nway",
            ),
            (query("t", "[].a", 9, 2, &who), "INFO - [QUERY]     t | \"[].a\" | 9 -> 2 rows"),
            (
                tokens("t", &size, &who),
                "INFO - [TOKENS]    t | ~25 tokens | 99 bytes | len/4 | 4 rows (6.2 tok/row)",
            ),
        ] {
            let expected = format!("{expected} principal=anonymous peer=127.0.0.1");
            assert_eq!(text(&record), expected);
        }
    }

    #[test]
    fn secrets_are_hidden_at_every_depth() {
        let inner = object([("Pre_Shared_PSK", "x".into()), ("name", "n\u{202e}".into())]);
        let Json::Object(args) = object([
            ("api_key", "x".into()),
            ("cert_blob", "x".into()),
            ("query", "[]".into()),
            ("none", Json::Null),
            ("rule", Json::Array(vec![inner])),
        ]) else {
            panic!("an object");
        };
        assert_eq!(
            text(&tool_call("t", &args, &Caller::default())),
            "INFO - [TOOL CALL] t | args: {\"api_key\": ***REDACTED***, \
             \"cert_blob\": ***REDACTED***, \"rule\": \
             [{\"Pre_Shared_PSK\": ***REDACTED***, \"name\": \"n\\u{202e}\"}]}"
        );
    }

    #[test]
    fn a_result_is_summed_up_without_its_content() {
        assert_eq!(summary(&Json::Array(vec![Json::Null])), "1 items");
        assert_eq!(summary(&object([("a", Json::Null)])), "dict (1 keys)");
        assert_eq!(summary(&object([("error", "bad".into())])), "error: bad");
        assert_eq!(summary(&Json::from("x")), "str");
    }
}
