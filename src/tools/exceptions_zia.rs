//! Zone: post-admission. The functions of changes of internet access, rules apart.
//!
//! They see arguments and wire records. Each refuses what it cannot send as it was meant: before
//! the first request where the arguments alone tell, before the change where the record tells.

use crate::json::{Json, Object, object};
use crate::limits::UPSTREAM_TEXT_CHARS_MAX;
use crate::tools::exceptions::{is_custom, not_predefined, predefined_among};
use crate::tools::exceptions_zia_rules::{bad, unquoted};
use crate::tools::failure::Failure;
use crate::tools::frame::{Frame, is_nothing};
use crate::tools::names::camel;
use crate::tools::plan::{Maker, Value};

const CATEGORY_LISTS: [&str; 3] = [
    "db_categorized_urls",
    "ip_ranges_retaining_parent_category",
    "keywords_retaining_parent_category",
];
const PORT_MAX: u32 = 65_535;

/// The ports of a service, by direction and protocol.
pub(super) const SERVICE_PORTS: Maker = Maker { name: "zia_service_ports", make: service_ports };

/// True when a new location has neither addresses nor tunnels.
pub(super) const NO_ADDRESS: Maker = Maker { name: "location_needs_address", make: no_address };

/// The free-form part of a category.
pub(super) const CATEGORY_ADVANCED: Maker =
    Maker { name: "url_category_advanced", make: category_advanced };

/// The id of the category that was read first; nothing when it is not one of the tenant.
pub(super) const CUSTOM_ID: Maker = Maker { name: "custom_category_only", make: custom_id };

/// The id of the predefined category that the answers before hold.
pub(super) const PREDEFINED_ID: Maker =
    Maker { name: "predefined_category", make: |frame, _| predefined(frame, "id") };

/// Its name for people; null when it has none.
pub(super) const PREDEFINED_NAME: Maker =
    Maker { name: "predefined_category", make: |frame, _| predefined(frame, "configuredName") };

/// The text of a signature without the indentation that all its lines share.
pub(super) const SIGNATURE: Maker =
    Maker { name: "signature_text_checked", make: |_, text| Ok(signature(text)) };

/// The same, once the service has found no fault in it.
pub(super) const CHECKED_SIGNATURE: Maker =
    Maker { name: "signature_text_checked", make: checked_signature };

fn service_ports(_: &Frame<'_>, entries: &Json) -> Result<Json, Failure> {
    let mut body = Object::new();
    for entry in entries.as_array().unwrap_or(&[]) {
        let (key, range) = port_range(entry).ok_or_else(|| {
            Failure::Argument(
                "every entry of ports must be [direction, protocol, first port] or [direction, \
                 protocol, first port, last port], with src or dest, tcp or udp and ports from 0 \
                 to 65535, such as [\"dest\", \"tcp\", \"8443\"]"
                    .to_owned(),
            )
        })?;
        match body.get_mut(key) {
            Some(Json::Array(ranges)) => ranges.push(range),
            _ => body.set(key, vec![range].into()),
        }
    }
    Ok(body.into())
}

fn port_range(entry: &Json) -> Option<(&'static str, Json)> {
    let words: Vec<&str> = entry.as_array()?.iter().map(Json::as_str).collect::<Option<_>>()?;
    let (direction, protocol, first, last) = match *words {
        [direction, protocol, first] => (direction, protocol, port(first)?, None),
        [direction, protocol, first, last] => {
            (direction, protocol, port(first)?, Some(port(last)?))
        }
        _ => return None,
    };
    let key = match (direction, protocol) {
        ("src", "tcp") => "srcTcpPorts",
        ("src", "udp") => "srcUdpPorts",
        ("dest", "tcp") => "destTcpPorts",
        ("dest", "udp") => "destUdpPorts",
        _ => return None,
    };
    let start = ("start", Json::from(u64::from(first)));
    match last {
        None => Some((key, object([start]))),
        Some(last) if last < first => None,
        Some(last) => Some((key, object([start, ("end", u64::from(last).into())]))),
    }
}

fn port(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port <= PORT_MAX)
}

fn no_address(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let given = |name| frame.arguments().value(name);
    let more = given("advanced").and_then(Json::as_object).into_iter().flat_map(Object::iter);
    let mut more = more.filter(|(name, value)| {
        ["ipAddresses", "vpnCredentials"].contains(&camel(name).as_str()) && !is_nothing(value)
    });
    Ok((given("ip_addresses").is_none_or(is_nothing) && more.next().is_none()).into())
}

fn category_advanced(_: &Frame<'_>, given: &Json) -> Result<Json, Failure> {
    let mut body = Object::new();
    let members = given.as_object().into_iter().flat_map(Object::iter);
    for (name, value) in members.filter(|(_, value)| !value.is_null()) {
        if !CATEGORY_LISTS.contains(&name) {
            let known = CATEGORY_LISTS.join(", ");
            return Err(bad(name, &format!("is not known for a category; it takes: {known}")));
        }
        let value = unquoted(name, value)?.unwrap_or_else(|| value.clone());
        let texts = value.as_array().filter(|items| items.iter().all(|i| i.as_str().is_some()));
        if texts.is_none() {
            return Err(bad(name, "must be a list of texts, such as [\"one\", \"two\"]"));
        }
        body.push(camel(name), value);
    }
    Ok(body.into())
}

fn custom_id(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let read = frame.value(&Value::Answer(0, ""))?.filter(is_custom);
    let id = frame.arguments().value("category_id").filter(|_| read.is_some());
    Ok(id.cloned().unwrap_or_default())
}

fn predefined(frame: &Frame<'_>, member: &str) -> Result<Json, Failure> {
    let found = match frame.value(&Value::Answer(0, ""))? {
        Some(found) if is_custom(&found) => return Err(not_predefined()),
        Some(found) => found,
        None => {
            let rows = frame.value(&Value::Answer(1, ""))?;
            let Some(Json::Array(rows)) = rows else { return Err(Failure::Unexpected) };
            predefined_among(rows, frame.arguments().text("name").unwrap_or_default().trim())?
        }
    };
    Ok(found.get(member).cloned().unwrap_or_default())
}

fn signature(text: &Json) -> Json {
    let text = text.as_str().unwrap_or_default();
    let lines = || text.split('\n').filter(|line| !line.trim().is_empty());
    let mut shared = lines().next().map_or("", indentation);
    for line in lines() {
        while !line.starts_with(shared) {
            shared = shared.split_at_checked(shared.len().saturating_sub(1)).map_or("", |s| s.0);
        }
    }
    let bare = |line| match str::strip_prefix(line, shared) {
        Some(rest) if !line.trim().is_empty() => rest,
        _ => "",
    };
    let text: Vec<&str> = text.split('\n').map(bare).collect();
    text.join("\n").trim_start_matches('\n').into()
}

fn indentation(line: &str) -> &str {
    let rest = line.trim_start_matches([' ', '\t']);
    line.strip_suffix(rest).unwrap_or_default()
}

fn checked_signature(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let verdict = frame.value(&Value::Answer(0, ""))?.unwrap_or_default();
    let complaint = verdict.get("errMsg").and_then(Json::as_str).unwrap_or_default();
    let is_good = verdict.get("status").and_then(Json::as_i64) == Some(0);
    if is_good && complaint.is_empty() {
        return Ok(signature(frame.arguments().value("rule_text").unwrap_or(&Json::Null)));
    }
    let complaint = if complaint.is_empty() { "no reason" } else { complaint };
    let complaint: String = complaint.chars().take(UPSTREAM_TEXT_CHARS_MAX).collect();
    Err(Failure::Argument(format!(
        "the service does not accept rule_text, and nothing was stored. It says: {complaint}"
    )))
}
