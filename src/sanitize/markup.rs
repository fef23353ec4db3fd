//! Zone: post-admission. Stage two, second part: HTML tags, comments, declarations and model
//! control tokens.
//!
//! Trusts nothing. Drops what a browser would hide and keeps the text between. Where an opening
//! `<` stays, a space follows it, so that nothing can become a tag by what was removed next to
//! it. A bare name that is no element (`List<String>`) is text and stays in this form.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::lookalikes::{ascii, is_compound, letter};
use super::names::{is_block, is_element};
use super::words::{BLOCKED, blocked_scheme, is_role};
use std::collections::BTreeSet;

/// Fewest and most letters of an autolink scheme (CommonMark s6.5).
const SCHEME_LEN: core::ops::RangeInclusive<usize> = 2..=32;

/// Returns `text` without markup.
pub(super) fn drop_tags(text: &[char]) -> Vec<char> {
    if !text.iter().any(|c| ascii(*c) == '<') {
        return text.to_vec();
    }
    let ends = |wanted: &str| {
        let wanted: Vec<char> = wanted.chars().collect();
        let same = |window: &[char]| window.iter().map(|c| ascii(*c)).eq(wanted.iter().copied());
        text.windows(wanted.len()).rposition(same)
    };
    let mut scan = Scan {
        text,
        at: 0,
        out: Vec::with_capacity(text.len()),
        line_due: false,
        last_angle: ends(">"),
        last_comment_end: ends("-->"),
        closed: None,
    };
    while let Some(c) = scan.peek(0) {
        let next = if ascii(c) == '<' { scan.markup() } else { None };
        match next {
            Some(next) => scan.at = next,
            None => scan.keep(c),
        }
    }
    scan.out
}

struct Scan<'a> {
    text: &'a [char],
    at: usize,
    out: Vec<char>,
    /// A block ended or began: the next text starts a line.
    line_due: bool,
    /// Where the last `>` and the last `-->` stand; behind them a search is not begun.
    last_angle: Option<usize>,
    last_comment_end: Option<usize>,
    /// Names that have an end tag somewhere in the text, collected when first asked for.
    closed: Option<BTreeSet<String>>,
}

impl Scan<'_> {
    /// Returns where the text goes on when markup begins here, `None` when `<` is text.
    fn markup(&mut self) -> Option<usize> {
        let here = self.at;
        match self.folded(1)? {
            '!' if self.folded(2) == Some('-') && self.folded(3) == Some('-') => {
                let end = self.find(self.last_comment_end, here.saturating_add(2), "-->")?;
                Some(end.saturating_add(3))
            }
            '!' | '?' => {
                let end = self.find(self.last_angle, here.saturating_add(2), ">")?;
                Some(end.saturating_add(1))
            }
            '|' => self.wrapped(),
            '<' => self.chat(),
            '/' if begins_name(self.folded(2)?) => self.tag(here.saturating_add(2), true),
            c if begins_name(c) => {
                self.autolink().or_else(|| self.tag(here.saturating_add(1), false))
            }
            _ => None,
        }
    }

    /// A whole tag, its name at `from`.
    fn tag(&mut self, from: usize, closing: bool) -> Option<usize> {
        let text = self.text;
        let end = tag_end(text, from)?;
        let inner = text.get(from..end)?;
        let name = name_of(inner);
        if !closing && !is_element(&name) && self.is_placeholder(&name, inner) {
            return None;
        }
        self.line_due |= is_block(&name);
        Some(end.saturating_add(1))
    }

    fn is_placeholder(&mut self, name: &str, inner: &[char]) -> bool {
        let bare = !inner.iter().any(|c| matches!(ascii(*c), '=' | '"' | '\''));
        let open = inner.last().is_some_and(|c| ascii(*c) != '/');
        bare && open && !is_role(name) && !self.is_closed(name)
    }

    fn is_closed(&mut self, name: &str) -> bool {
        let text = self.text;
        self.closed.get_or_insert_with(|| closed_names(text)).contains(name)
    }

    /// `<scheme:...>` and `<name@host>` are text in angle brackets.
    fn autolink(&mut self) -> Option<usize> {
        let from = self.at.saturating_add(1);
        let rest = self.text.get(from..)?;
        let len = rest.iter().position(|c| matches!(ascii(*c), '<' | '>' | ' ' | '\t' | '\n'))?;
        let (inner, after) = rest.split_at_checked(len)?;
        if ascii(*after.first()?) != '>' || !is_address(inner) || self.is_closed(&name_of(inner)) {
            return None;
        }
        let skipped = blocked_scheme(inner).unwrap_or(0);
        if skipped > 0 {
            BLOCKED.chars().for_each(|c| self.emit(c));
        }
        inner.iter().skip(skipped).for_each(|c| self.emit(*c));
        Some(from.saturating_add(len).saturating_add(1))
    }

    /// `<|name|>`, the control token of chat templates, loses its wrapper.
    fn wrapped(&mut self) -> Option<usize> {
        let from = self.at.saturating_add(2);
        let rest = self.text.get(from..)?;
        let len = rest.iter().position(|c| matches!(ascii(*c), '<' | '>' | '\n'))?;
        let (inside, after) = rest.split_at_checked(len)?;
        let (last, inner) = inside.split_last()?;
        if ascii(*after.first()?) != '>' || ascii(*last) != '|' {
            return None;
        }
        inner.iter().for_each(|c| self.emit(*c));
        Some(from.saturating_add(len).saturating_add(1))
    }

    /// `<<SYS>>` and its end, of the same kind.
    fn chat(&self) -> Option<usize> {
        let slash = usize::from(self.folded(2) == Some('/'));
        let from = slash.saturating_add(2);
        let folded = |offset: usize| self.folded(from.saturating_add(offset));
        let same = "SYS>>".chars().enumerate().all(|(offset, wanted)| {
            folded(offset).is_some_and(|c| c.eq_ignore_ascii_case(&wanted))
        });
        same.then(|| self.at.saturating_add(from).saturating_add(5))
    }

    fn keep(&mut self, c: char) {
        self.emit(c);
        self.at = self.at.saturating_add(1);
    }

    fn emit(&mut self, c: char) {
        if core::mem::take(&mut self.line_due)
            && c != '\n'
            && self.out.last().is_some_and(|last| *last != '\n')
        {
            self.out.push('\n');
        }
        let opens = |c: char| begins_name(c) || matches!(c, '/' | '!' | '?' | '|');
        if self.out.last().is_some_and(|last| ascii(*last) == '<') && opens(ascii(c)) {
            self.out.push(' ');
        }
        self.out.push(c);
    }

    /// Returns where `wanted` stands next from `from` on; `last` is where it stands last.
    fn find(&self, last: Option<usize>, from: usize, wanted: &str) -> Option<usize> {
        if last? < from {
            return None;
        }
        let rest = self.text.get(from..)?;
        let same = |window: &[char]| window.iter().map(|c| ascii(*c)).eq(wanted.chars());
        let offset = rest.windows(wanted.len()).position(same)?;
        Some(from.saturating_add(offset))
    }

    fn folded(&self, offset: usize) -> Option<char> {
        self.peek(offset).map(ascii)
    }

    fn peek(&self, offset: usize) -> Option<char> {
        self.text.get(self.at.saturating_add(offset)).copied()
    }
}

/// Where a scan inside a tag stands.
enum Inside {
    Names,
    AfterEquals,
    Quotes(char),
}

/// Returns where the `>` of the tag stands. A `<` outside quotes means that there is none: then
/// no two scans cover the same text more than three times (two kinds of quotes and none).
fn tag_end(text: &[char], from: usize) -> Option<usize> {
    let mut inside = Inside::Names;
    for (offset, c) in text.get(from..)?.iter().enumerate() {
        inside = match (inside, ascii(*c)) {
            (Inside::Quotes(quote), c) if c == quote => Inside::Names,
            (Inside::Quotes(quote), _) => Inside::Quotes(quote),
            (_, '>') => return Some(from.saturating_add(offset)),
            (_, '<') => return None,
            (_, '=') | (Inside::AfterEquals, ' ' | '\t' | '\n') => Inside::AfterEquals,
            (Inside::AfterEquals, quote @ ('"' | '\'')) => Inside::Quotes(quote),
            _ => Inside::Names,
        };
    }
    None
}

/// HTML knows ASCII letters only; a person or a model also reads `<` before a look-alike as a tag.
fn begins_name(c: char) -> bool {
    is_compound(c) || letter(c).is_some_and(|letter| letter.is_ascii_alphabetic())
}

/// Returns the tag name at the start of `inner`, in small letters.
fn name_of(inner: &[char]) -> String {
    let folded = inner.iter().map(|c| ascii(*c).to_ascii_lowercase());
    folded.take_while(|c| !matches!(c, ' ' | '\t' | '\n' | '/' | '<' | '>')).collect()
}

fn closed_names(text: &[char]) -> BTreeSet<String> {
    let starts = text.windows(2).enumerate();
    let ends = starts.filter(|(_, pair)| pair.iter().map(|c| ascii(*c)).eq(['<', '/']));
    ends.filter_map(|(at, _)| text.get(at.saturating_add(2)..).map(name_of)).collect()
}

fn is_address(inner: &[char]) -> bool {
    let folded = || inner.iter().map(|c| ascii(*c));
    let part = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let scheme = folded().take_while(part).count();
    let link = SCHEME_LEN.contains(&scheme) && folded().nth(scheme) == Some(':');
    let mail = folded().any(|c| c == '@') && !folded().any(|c| matches!(c, '=' | '"' | '\''));
    link || mail
}

#[cfg(test)]
mod tests {
    use super::drop_tags;

    fn dropped(text: &str) -> String {
        drop_tags(&text.chars().collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn tags_go_and_text_stays() {
        for (text, expected) in [
            ("<b>x</b>", "x"),
            ("<p>a</p><p>b</p>", "a\nb"),
            ("a<br>b", "a\nb"),
            ("a<!-- > -->b<?x?>c<!DOCTYPE html>", "abc"),
            ("<a href='x>y'>z</a>", "z"),
            ("<<b>script>", "< script>"),
            ("<foo>x</foo><Foo/>", "x"),
            ("a<b", "a< b"),
            ("<!-- open", "< !-- open"),
            ("List<String>", "List< String>"),
            ("<https://h/?a=1&b='2'>", "https://h/?a=1&b='2'"),
            ("<j@example.com>", "j@example.com"),
            ("<javascript:f()>", "blocked:f()"),
            ("<|im_start|> <<SYS>>x<</SYS>>", "im_start x"),
            ("\u{ff1c}script\u{ff1e}", ""),
            ("a < b > c </3 <3 <= ->", "a < b > c < /3 <3 <= ->"),
        ] {
            assert_eq!(dropped(text), expected, "{text}");
        }
    }
}
