//! What the message of a question has to be, by a strict reading of its lines that shares no code
//! with the writer.

use super::clean::{is_hidden, scrub};
use zscaler_mcp::consent::question::Matter;
use zscaler_mcp::json::{Json, write};
use zscaler_mcp::limits::{ASKED_ITEMS_MAX, ASKED_TEXT_CHARS_MAX};
use zscaler_mcp::sanitize::Scrubber;

/// What a reader can take for the quote that ends a text.
const QUOTES: &str = concat!(
    "\"\u{2ba}\u{2dd}\u{2ee}\u{2f6}\u{5f4}\u{201c}\u{201d}\u{201e}\u{201f}\u{2033}\u{2036}",
    "\u{275d}\u{275e}\u{301d}\u{301e}\u{301f}\u{ff02}"
);

/// Panics unless `message` is clean, has one line for each argument of `matter` between its fixed
/// lines, and shows every text between quotes, as it is or with `?` for signs, up to its bound.
pub fn holds(matter: &Matter<'_>, message: &str) {
    assert_eq!(scrub(message), message, "cleaning changes it");
    let hidden = |c: char| c != '\n' && (c.is_control() || is_hidden(c));
    assert!(!message.contains(hidden), "{message:?}");
    let lines: Vec<&str> = message.split('\n').collect();
    let [first, inner @ .., last] = lines.as_slice() else { panic!("{message:?}") };
    let Matter { tool, word, kind, id, name, arguments } = *matter;
    assert_eq!(*first, format!("Confirm: {word} {kind}"));
    assert_eq!(*last, format!("Asked for by the agent through the tool {tool}."));
    let mut expected: Vec<(String, Option<Json>)> = Vec::new();
    if let Some((key, value)) = id {
        expected.push((key.to_owned(), Some(value.clone())));
        expected.push(("name there now".to_owned(), name.map(Json::from)));
    }
    for (name, value) in arguments.iter().filter(|(name, _)| id.is_none_or(|(key, _)| key != *name))
    {
        let name = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_');
        expected.push((name.collect(), Some(value.clone())));
    }
    assert_eq!(inner.len(), expected.len(), "{message:?}");
    for (line, (label, value)) in inner.iter().zip(expected) {
        let text = after(line, &format!("  {label}: "));
        let rest = match value {
            Some(value) => after_value(text, &value),
            None => after(text, "could not be read"),
        };
        assert_eq!(rest, "", "{line:?}");
    }
}

fn after<'a>(text: &'a str, begin: &str) -> &'a str {
    text.strip_prefix(begin).unwrap_or_else(|| panic!("{text:?} does not begin with {begin:?}"))
}

/// Returns what follows in `text` behind `value`.
fn after_value<'a>(text: &'a str, value: &Json) -> &'a str {
    let Json::Array(items) = value else { return after_item(text, value) };
    let word = if items.len() == 1 { "item" } else { "items" };
    let mut rest = after(text, &format!("{} {word}: ", items.len()));
    for (index, item) in items.iter().take(ASKED_ITEMS_MAX).enumerate() {
        rest = after_item(after(rest, if index > 0 { ", " } else { "" }), item);
    }
    after(rest, if items.len() > ASKED_ITEMS_MAX { ", ..." } else { "" })
}

fn after_item<'a>(text: &'a str, item: &Json) -> &'a str {
    match item {
        Json::Null | Json::Bool(_) => after(text, &write::to_text(item)),
        Json::Number(number) if number.text().len() <= ASKED_TEXT_CHARS_MAX => {
            after(text, number.text())
        }
        Json::Number(number) => after_text(text, number.text()),
        Json::String(string) => after_text(text, &scrub(string)),
        Json::Array(_) | Json::Object(_) => {
            let clean = Scrubber::new(true).value(item.clone()).unwrap();
            after_text(text, &write::to_text(clean.as_json()))
        }
    }
}

fn after_text<'a>(text: &'a str, clean: &str) -> &'a str {
    let (shown, rest) = after(text, "\"").split_once('"').expect("a quote that ends the text");
    assert!(!shown.contains(|c| QUOTES.contains(c)), "{shown:?}");
    let whole = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    let count = whole.chars().count();
    let (kept, rest) = if count > ASKED_TEXT_CHARS_MAX {
        let kept = shown.strip_suffix("...").expect("a text that says it was cut");
        (kept, after(rest, &format!(" (cut, {count} characters)")))
    } else {
        (shown, rest)
    };
    assert_eq!(kept.chars().count(), count.min(ASKED_TEXT_CHARS_MAX), "{shown:?}");
    for (c, own) in kept.chars().zip(whole.chars()) {
        let quote = c == '\'' && QUOTES.contains(own);
        let sign = c == '?' && !own.is_alphanumeric();
        assert!(c == own || quote || sign, "{shown:?} for {whole:?}");
    }
    rest
}
