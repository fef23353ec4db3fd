//! Zone: post-admission. Stage three: the words after a code fence.
//!
//! Trusts nothing. A reader may take them for an instruction, so words that speak to a model are
//! replaced by `text`; the fence and what it holds stay.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::lookalikes::ascii;
use super::words::instructs;

/// Fewest characters of a fence (CommonMark s4.5).
const FENCE_LEN: usize = 3;
/// What replaces the words.
const NEUTRAL: &str = "text";

/// Returns `text` with every instructing fence retitled.
pub(super) fn retitle(text: &[char]) -> Vec<char> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((head, tail)) = next_fence(rest) {
        out.extend_from_slice(head);
        let span = closing_run(head, tail);
        let end = span.or_else(|| tail.iter().position(|c| *c == '\n')).unwrap_or(tail.len());
        let (info, after) = tail.split_at_checked(end).unwrap_or((tail, &[]));
        if span.is_none() && instructs(info) {
            out.extend(NEUTRAL.chars());
        } else {
            out.extend_from_slice(info);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// Returns `text` split after its first run of three or more of one fence character.
fn next_fence(text: &[char]) -> Option<(&[char], &[char])> {
    let mut end = 0_usize;
    for run in text.chunk_by(|a, b| ascii(*a) == ascii(*b)) {
        end = end.saturating_add(run.len());
        if run.len() >= FENCE_LEN && run.first().is_some_and(|c| is_fence(ascii(*c))) {
            return text.split_at_checked(end);
        }
    }
    None
}

/// Returns the length of the rest of a code span on this line: backticks that another run of
/// backticks closes are no fence. Tildes and look-alikes have no such form.
fn closing_run(head: &[char], tail: &[char]) -> Option<usize> {
    if !head.ends_with(&['`'; FENCE_LEN]) {
        return None;
    }
    let mut end = 0_usize;
    for run in tail.chunk_by(|a, b| ascii(*a) == ascii(*b)) {
        end = end.saturating_add(run.len());
        if run.contains(&'\n') {
            return None;
        }
        if run.len() >= FENCE_LEN && run.iter().any(|c| is_fence(ascii(*c))) {
            return run.iter().all(|c| *c == '`').then_some(end);
        }
    }
    None
}

const fn is_fence(c: char) -> bool {
    matches!(c, '`' | '~')
}

#[cfg(test)]
mod tests {
    use super::retitle;

    fn retitled(text: &str) -> String {
        retitle(&text.chars().collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn instructing_words_after_a_fence_are_replaced() {
        for (text, expected) in [
            ("```system\nx\n```", "```text\nx\n```"),
            ("~~~~ user`x", "~~~~text"),
            ("a ``` ~ sys-tem\n```\n", "a ```text\n```\n"),
            ("```python title=\"a\"\n", "```python title=\"a\"\n"),
            ("``system", "``system"),
            ("```system``` and the user", "```system``` and the user"),
            ("```x``` ~~~admin", "```x``` ~~~text"),
        ] {
            assert_eq!(retitled(text), expected, "{text}");
        }
    }
}
