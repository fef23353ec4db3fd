//! A record is one line without control, bidirectional or invisible characters, bounded, whose
//! fields read back as they were given; and a value under the name of a secret is never in it.

use zscaler_mcp::audit::{Caller, Level, Record, line, tool_call, tool_error};
use zscaler_mcp::json::{Json, Object};
use zscaler_mcp::limits::{LOG_FIELD_BYTES_MAX, LOG_TEXT_BYTES_MAX};

use super::input::Input;

const KEYS: [&str; 3] = ["peer", "reason", "why"];
const SECRET: &str = "do-not-show-me";

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    fields_read_back(&mut input);
    secrets_stay(&mut input);
}

fn text(input: &mut Input<'_>) -> String {
    let len = input.below(LOG_FIELD_BYTES_MAX + 40);
    String::from_utf8_lossy(input.take(len)).into_owned()
}

fn fields_read_back(input: &mut Input<'_>) {
    let values: Vec<(&str, String)> =
        KEYS[..input.below(KEYS.len() + 1)].iter().map(|key| (*key, text(input))).collect();
    let said = text(input);
    let mut record = Record::new(Level::Info, "zscaler_mcp.guard", "refused").saying(&*said);
    for (key, value) in &values {
        record = record.with(key, value);
    }
    let out = line(&record, "T");
    is_one_line(&out);
    assert!(out.len() <= LOG_TEXT_BYTES_MAX + KEYS.len() * (LOG_FIELD_BYTES_MAX + 64) + 256);
    // Taken off from the end, so that no text before them can pass for a field.
    let mut rest = out.as_str();
    for (key, value) in values.iter().rev() {
        let (before, shown) = last_field(rest, key);
        rest = before;
        assert_eq!(read(shown, value), *value, "{key} in {out}");
    }
    let start = "T - zscaler_mcp.guard - INFO - refused";
    assert!(rest.starts_with(start) && (said.is_empty() == (rest == start)), "{out}");
}

/// Splits ` key=value` off the end of `text`; the value is one word or one quoted text.
fn last_field<'a>(text: &'a str, key: &str) -> (&'a str, &'a str) {
    let mark = format!(" {key}=");
    let ends = text.match_indices(&mark).map(|(place, _)| (place, &text[place + mark.len()..]));
    // A mark inside of a quoted value is followed by an odd quote; the field's own is not.
    let own = ends.filter(|(_, shown)| is_value(shown)).last();
    let (place, shown) = own.unwrap_or_else(|| panic!("no {key} in {text}"));
    (&text[..place], shown)
}

/// True when all of `shown` is one value as a reader of the log takes it.
fn is_value(shown: &str) -> bool {
    let Some(inner) = shown.strip_prefix('"') else {
        return !shown.is_empty() && !shown.contains([' ', '"', '=']);
    };
    let mut escaped = false;
    for (place, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return place + 1 == inner.len(),
            _ => {}
        }
    }
    false
}

/// Returns the value behind `shown`. One that was cut says how much is missing; that much of `given`
/// is added.
fn read(shown: &str, given: &str) -> String {
    let Some(inner) = shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return shown.to_owned();
    };
    let whole = unescaped(inner);
    if whole == given {
        return whole;
    }
    let (kept, note) = inner.rsplit_once("...[").expect("a cut is said");
    let missing: usize = note.strip_suffix(" more bytes]").unwrap().parse().unwrap();
    assert!(inner.len() + 12 > LOG_FIELD_BYTES_MAX, "cut too early");
    unescaped(kept) + &given[given.len() - missing..]
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match rest.next() {
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let digits: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                char::from_u32(u32::from_str_radix(&digits, 16).unwrap()).unwrap()
            }
            Some(c @ ('"' | '\\')) => c,
            other => panic!("an escape that nobody writes: {other:?} in {text}"),
        });
    }
    out
}

fn is_one_line(out: &str) {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    assert!(!out.chars().any(hidden), "{}", out.escape_debug());
}

fn secrets_stay(input: &mut Input<'_>) {
    let mut arguments = Object::new();
    for _ in 0..input.below(5) {
        let (name, secret) = (text(input), input.pick(&["Key", "PASSWORD", "otp", "my_Token"]));
        let inner = match input.below(3) {
            0 => Json::from(SECRET),
            1 => vec![Json::from(SECRET), Json::Null].into(),
            _ => zscaler_mcp::json::object([("a", SECRET.into())]),
        };
        let mut value = zscaler_mcp::json::object([(secret, inner)]);
        for _ in 0..input.below(12) {
            value = if input.flag() {
                vec![value].into()
            } else {
                Json::from(vec![value, 1_i64.into()])
            };
        }
        arguments.set(&name, value);
        arguments.set(&format!("{name}{secret}"), SECRET.into());
    }
    let caller =
        Caller { principal: "anonymous", peer: Some([192, 0, 2, 7].into()), session: None };
    let out = line(&tool_call("zia_list_locations", &arguments, &caller), "T");
    is_one_line(&out);
    assert!(!out.contains(SECRET), "{out}");
    assert!(out.ends_with(" principal=anonymous peer=192.0.2.7"), "{out}");
    let message = text(input);
    is_one_line(&line(&tool_error("t", 7, "Upstream", &message, &caller), "T"));
}
