//! Zone: post-admission. The function of digital experience: times that people can read.
//!
//! An analysis tells its times in epoch seconds. Each is written out in UTC, so that the answer is
//! the same wherever the server runs, and the number stays beside it.

use crate::json::{Json, Object};
use crate::mcp::time::rfc3339;
use crate::tools::plan::Maker;

/// Members that hold a time, in lower case.
const TIMES: [&str; 8] =
    ["created", "created_at", "ended", "ended_at", "started", "started_at", "time", "timestamp"];
/// The last second of the year 9999; what is larger is no time in seconds.
const TIME_MAX: u64 = 253_402_300_799;

/// Writes out the times of an analysis, wherever they stand in it.
pub(super) const ANALYSIS_TIMES: Maker =
    Maker { name: "analysis_times", make: |_, found| Ok(told(found)) };

fn told(value: &Json) -> Json {
    match value {
        Json::Array(items) => Json::Array(items.iter().map(told).collect()),
        Json::Object(members) => with_times(members).into(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => value.clone(),
    }
}

fn with_times(members: &Object) -> Object {
    let mut out = Object::new();
    for (name, value) in members.iter() {
        let beside = format!("{name}_epoch");
        match seconds(name, value).filter(|_| members.get(&beside).is_none()) {
            Some(seconds) => {
                out.push(name.to_owned(), rfc3339(seconds).into());
                out.push(beside, seconds.into());
            }
            None => out.push(name.to_owned(), told(value)),
        }
    }
    out
}

/// Returns the epoch seconds of a member that holds a time.
fn seconds(name: &str, value: &Json) -> Option<u64> {
    if !TIMES.contains(&name.to_ascii_lowercase().as_str()) {
        return None;
    }
    let digits = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let found = match value {
        Json::Number(_) => value.as_i64().and_then(|seconds| u64::try_from(seconds).ok()),
        Json::String(text) => Some(text.trim()).filter(digits).and_then(|text| text.parse().ok()),
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => None,
    };
    found.filter(|seconds| *seconds <= TIME_MAX)
}

#[cfg(test)]
mod tests {
    use super::told;
    use crate::json::{Bounds, read, write};

    #[test]
    fn only_whole_seconds_under_known_names_are_written_out() {
        for (given, expected) in [
            (
                r#"{"created_at":0}"#,
                r#"{"created_at":"1970-01-01T00:00:00Z","created_at_epoch":0}"#,
            ),
            (r#"{"Time":"60"}"#, r#"{"Time":"1970-01-01T00:01:00Z","Time_epoch":60}"#),
            (
                r#"[{"a":{"ENDED":" 61 "}}]"#,
                r#"[{"a":{"ENDED":"1970-01-01T00:01:01Z","ENDED_epoch":61}}]"#,
            ),
            (r#"{"time":1.5}"#, ""),
            (r#"{"time":-1}"#, ""),
            (r#"{"time":true}"#, ""),
            (r#"{"time":null}"#, ""),
            (r#"{"time":"+60"}"#, ""),
            (r#"{"time":""}"#, ""),
            (r#"{"time":"2026-01-12"}"#, ""),
            (r#"{"time":253402300800}"#, ""),
            (r#"{"time":99999999999999999999}"#, ""),
            (r#"{"time_ms":60,"at":60,"times":[60]}"#, ""),
            (r#"{"time":60,"time_epoch":"mine"}"#, ""),
        ] {
            let value = read(given.as_bytes(), Bounds { depth: 5, nodes: 9 }).unwrap();
            let expected = if expected.is_empty() { given } else { expected };
            assert_eq!(write::to_text(&told(&value)), expected);
        }
        let inside = r#"{"time":{"started":"1"}}"#;
        let value = read(inside.as_bytes(), Bounds { depth: 5, nodes: 9 }).unwrap();
        assert!(write::to_text(&told(&value)).contains(r#""started_epoch":1"#));
    }
}
