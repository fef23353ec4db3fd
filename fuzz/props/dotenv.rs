//! Any text is read to its end; what is defined has a good name and a bounded value, a value that is
//! written in quotes reads back, and one more line at the end defines exactly one more name.

use std::collections::BTreeMap;
use zscaler_mcp::limits::SETTING_BYTES_MAX;
use zscaler_mcp::settings::dotenv::{Fault, parse};

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let environment = BTreeMap::from([("OUTER".to_owned(), "o u t".to_owned())]);
    let parsed = parse(&text, &environment);
    let lines = text.lines().count();
    for (line, fault) in &parsed.faults {
        assert!((1..=lines).contains(line), "{line} {fault:?} {text:?}");
        assert!(fault.to_string().is_ascii());
    }
    let mut total = 0;
    for entry in &parsed.entries {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let starts = entry.name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        assert!(starts && entry.name.bytes().all(good), "{entry:?}");
        assert!((1..=lines).contains(&entry.line) && entry.value.len() <= SETTING_BYTES_MAX);
        total += entry.value.len();
        if entry.value.len() <= 256 {
            again(&entry.value);
        }
    }
    assert!(total <= 16 * SETTING_BYTES_MAX, "{total}");
    one_more(&text, &environment);
    plain_lines(&text, &environment);
}

/// Writes `value` in double quotes and reads it back.
fn again(value: &str) {
    let mut written = String::from("A=\"");
    for c in value.chars() {
        match c {
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '"' | '\\' | '$' => written.extend(['\\', c]),
            other => written.push(other),
        }
    }
    written.push('"');
    let parsed = parse(&written, &BTreeMap::new());
    let found: Vec<&str> = parsed.entries.iter().map(|entry| entry.value.as_str()).collect();
    assert_eq!(found, [value], "{written:?} {:?}", parsed.faults);
}

fn one_more(text: &str, environment: &BTreeMap<String, String>) {
    let before = parse(text, environment);
    // With a line end behind it, a last CR is no character of its own any more.
    if text.ends_with('\r') {
        return;
    }
    // An open quote takes the rest of the file with it; a full file takes nothing more.
    if before.faults.iter().any(|(_, fault)| matches!(fault, Fault::Unclosed | Fault::TooLong)) {
        return;
    }
    let after = parse(&format!("{text}\nZ_LAST=\"1\""), environment);
    assert_eq!(after.faults, before.faults, "{text:?}");
    let (last, others) = after.entries.split_last().unwrap();
    assert_eq!((last.name.as_str(), last.value.as_str()), ("Z_LAST", "1"), "{text:?}");
    assert_eq!(others, before.entries, "{text:?}");
}

/// Lines of letters and digits mean the same to every reader of the format.
fn plain_lines(text: &str, environment: &BTreeMap<String, String>) {
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let named = |part: &str| plain(part) && !part.starts_with(|c: char| c.is_ascii_digit());
    let pairs: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(name, value)| named(name) && plain(value))
        .collect();
    let lines: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let parsed = parse(&lines.join("\n"), environment);
    let found: Vec<(&str, &str)> =
        parsed.entries.iter().map(|e| (e.name.as_str(), e.value.as_str())).collect();
    assert_eq!(found, pairs);
}
