//! Zone: post-admission. Stage one: characters that a person cannot see.
//!
//! Trusts nothing. Drops them, turns every kind of space into U+0020 and every kind of line end
//! into LF, and bounds the marks on one character. Emoji sequences and scripts that need joiners
//! lose their joiners: the same characters carry hidden text.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::lookalikes::ascii;
use super::tables::{is_blank, is_invisible, is_mark};
use crate::limits::MARKS_MAX;

/// Returns `text` with visible characters, plain spaces and LF only.
pub(super) fn strip(text: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut marks = 0_usize;
    let mut before = None;
    for c in text.iter().copied() {
        let second_half = before == Some('\r') && c == '\n';
        before = Some(c);
        let Some(kept) = visible(c).filter(|_| !second_half) else { continue };
        marks = if is_mark(kept) { marks.saturating_add(1) } else { 0 };
        if marks <= MARKS_MAX {
            out.push(kept);
        }
    }
    out
}

/// Returns what stands for `c` in clean text, `None` when it is dropped.
pub(super) fn visible(c: char) -> Option<char> {
    match c {
        ' '..='~' | '\t' | '\n' => Some(c),
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        _ if is_invisible(c) => None,
        _ if is_blank(c) => Some(' '),
        _ => Some(c),
    }
}

/// True for a character that no stage looks at.
pub(super) fn is_inert(c: char) -> bool {
    visible(c) == Some(c) && !is_syntax(c) && (c.is_ascii() || !is_mark(c))
}

/// True for a character without which no markup, link, fence or reference exists.
pub(super) fn is_syntax(c: char) -> bool {
    matches!(ascii(c), '<' | '&' | '[' | ']' | '`' | '~')
}

#[cfg(test)]
mod tests {
    use super::strip;

    fn stripped(text: &str) -> String {
        strip(&text.chars().collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn hidden_characters_go_and_line_ends_become_one() {
        assert_eq!(stripped("a\u{200b}b\u{e0041}\u{fe0f}c\0"), "abc");
        assert_eq!(stripped("a\r\nb\rc\u{2028}d\u{85}e\n\n"), "a\nb\nc\nd\ne\n\n");
        assert_eq!(stripped("a\u{a0}b\u{3000}c\td"), "a b c\td");
    }

    #[test]
    fn marks_on_one_character_are_bounded() {
        let stacked = format!("a{}b\u{301}", "\u{301}".repeat(50));
        assert_eq!(stripped(&stacked), format!("a{}b\u{301}", "\u{301}".repeat(8)));
    }
}
