//! JSON values made from the bytes of an input, for properties that begin behind the reader.

use super::super::input::Input;
use zscaler_mcp::json::{Bounds, Json, Object, read};

/// Bounds that no value made here reaches.
pub const WIDE: Bounds = Bounds { depth: 64, nodes: 1_000_000 };

const NUMBERS: [&str; 8] =
    ["0", "-1", "1.50", "-0.0e+1", "12345678901234567890", "1e999", "2E-3", "7"];
const TEXTS: [&str; 24] = [
    "",
    "id",
    "a",
    "A",
    "a_2",
    "name",
    "aB",
    "a b",
    "R&D",
    "<b>",
    "</b>",
    "```system",
    "~~~",
    "[x](javascript:y)",
    "![",
    "](",
    "&lt;",
    "\u{200b}",
    "\u{e9}",
    "\u{1f600}",
    "\r",
    "\u{7f}",
    "\"\\/",
    "\u{0}\u{1f}",
];

/// Returns a value of at most `levels` levels.
pub fn value(input: &mut Input<'_>, levels: usize) -> Json {
    let kinds = if levels == 0 { 6 } else { 8 };
    match input.below(kinds) {
        0 => Json::Null,
        1 => Json::Bool(input.flag()),
        2 => read(input.pick(&NUMBERS).as_bytes(), WIDE).unwrap(),
        3..=5 => Json::String(text(input)),
        6 => (0..input.below(6)).map(|_| value(input, levels - 1)).collect::<Vec<_>>().into(),
        _ => {
            let members = (0..input.below(7)).map(|_| (text(input), value(input, levels - 1)));
            let mut object = Object::new();
            members.for_each(|(name, value)| object.set(&name, value));
            object.into()
        }
    }
}

/// Returns a text of pieces that are dangerous next to each other, and of any bytes.
pub fn text(input: &mut Input<'_>) -> String {
    let mut out = String::new();
    for _ in 0..input.below(4) {
        match input.below(32) {
            raw @ 24.. => out.push_str(&String::from_utf8_lossy(input.take(raw - 23))),
            known => out.push_str(TEXTS[known]),
        }
    }
    out
}

/// Calls `visit` with every string of `value`, member names included.
pub fn strings(value: &Json, visit: &mut dyn FnMut(&str)) {
    match value {
        Json::String(text) => visit(text),
        Json::Array(items) => items.iter().for_each(|item| strings(item, visit)),
        Json::Object(members) => members.iter().for_each(|(name, item)| {
            visit(name);
            strings(item, visit);
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Returns the members in `value` and all values inside it.
pub fn members(value: &Json) -> usize {
    let items = value.as_array().unwrap_or(&[]).iter().map(members).sum::<usize>();
    let own = value.as_object().into_iter().flat_map(Object::iter);
    items + own.map(|(_, value)| 1 + members(value)).sum::<usize>()
}
