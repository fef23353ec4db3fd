//! Cleaning takes away and never invents: what is left stands in the input in the same order, but
//! for blanks, a few fixed words and disarmed syntax; text between tags that are no more is kept.

use super::kit::clean::{faults, scrub};

/// Words that stand for what was taken out, one also without its brackets, and signs that stand for
/// syntax that never settles.
const FIXED: [&str; 4] = ["blocked:", "[image]", "image", "text"];
const DISARMED: &str = "()+'-";

/// Elements of HTML in small letters; the property is about tags of these.
const ELEMENTS: [&str; 12] =
    ["a", "b", "br", "div", "i", "iframe", "img", "li", "p", "script", "span", "td"];

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let text = String::from_utf8_lossy(rest);
    if first & 1 == 0 {
        nothing_is_invented(&text);
    } else {
        text_between_tags_is_kept(&text);
    }
}

/// References are left out of the input, because they become other characters.
fn nothing_is_invented(text: &str) {
    let text: String = text.chars().filter(|c| *c != '&' && c.is_ascii()).collect();
    let clean = scrub(&text);
    let found = faults(&text, &clean);
    assert!(found.is_empty(), "{text:?} -> {clean:?}: {found:?}");
    assert!(is_made_of(&text, &clean), "{text:?} -> {clean:?}");
}

/// True when `clean` can be read from left to right in `text`, with fixed words in between. The
/// places in `text` that have been reached are tried together; the first is always the best.
fn is_made_of(text: &str, clean: &str) -> bool {
    let source: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let made: Vec<char> = clean.chars().filter(|c| !c.is_whitespace()).collect();
    let unreached = source.len() + 1;
    // For each character of `made`, the fewest characters of `source` that lead up to it.
    let mut used = vec![unreached; made.len() + 1];
    used[0] = 0;
    for at in 0..made.len() {
        let from = used[at];
        if from == unreached {
            continue;
        }
        let c = made[at];
        let found = source[from..].iter().position(|own| *own == c);
        if let Some(found) = found {
            used[at + 1] = used[at + 1].min(from + found + 1);
        }
        if DISARMED.contains(c) {
            used[at + 1] = used[at + 1].min(from);
        }
        for word in FIXED {
            let word: Vec<char> = word.chars().collect();
            if made[at..].starts_with(&word) {
                used[at + word.len()] = used[at + word.len()].min(from);
            }
        }
    }
    used[made.len()] != unreached
}

/// Letters and digits of the input become words, other bytes the tags around them.
fn text_between_tags_is_kept(text: &str) {
    let mut marked = String::new();
    let mut words = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            marked.push(c);
            words.push(c);
            continue;
        }
        let code = usize::try_from(u32::from(c)).unwrap();
        let name = ELEMENTS[code % ELEMENTS.len()];
        marked.push_str(&match code / ELEMENTS.len() % 6 {
            0 => format!("<{name}>"),
            1 => format!("</{name}>"),
            2 => format!("<{name} x='a>b' y=\"<c>\">"),
            3 => format!("<{}/>", name.to_ascii_uppercase()),
            4 => "<!-- <b> hidden -->".to_owned(),
            _ => format!("&lt;{name}&gt;"),
        });
    }
    let clean = scrub(&marked);
    let kept: String = clean.chars().filter(|c| *c != '\n').collect();
    assert_eq!(kept, words, "{marked:?}");
}
