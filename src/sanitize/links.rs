//! Zone: post-admission. Stage two, third part: Markdown links, images, definitions, footnotes.
//!
//! Trusts nothing. A link becomes `label (target)`, an image its description, a definition its
//! text. Nothing that is left can be a link: `](` and `![` do not occur, and no line begins
//! with `[x]:`. The scan never looks back: what is to go is marked and left out at the end.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use super::lookalikes::ascii;
use super::words::{BLOCKED, IMAGE, blocked_scheme, bracketed_token};

/// Stands for a character that was taken out. Stage one leaves no such character in a text.
const GONE: char = '\0';
/// Stands for a space that is only wanted if the bracket after it stays.
const GAP: char = '\u{1}';

/// Returns `text` without live links.
pub(super) fn flatten(text: &[char]) -> Vec<char> {
    if !text.iter().any(|c| matches!(ascii(*c), '[' | ']')) {
        return text.to_vec();
    }
    let mut scan = Scan {
        text,
        at: 0,
        out: Vec::with_capacity(text.len()),
        brackets: Vec::new(),
        targets: Vec::new(),
        line: 0,
        line_start: true,
        escaped: false,
        definitions: 0,
    };
    while let Some(c) = scan.peek() {
        scan.step(c);
    }
    let kept = scan.out.into_iter().filter(|c| *c != GONE);
    kept.map(|c| if c == GAP { ' ' } else { c }).collect()
}

/// A `[` that waits for its `]`; `at` is its place in the output.
struct Bracket {
    at: usize,
    image: bool,
    starts_line: bool,
}

/// A `(` that waits for its `)`, inside a target or as one.
struct Target {
    at: usize,
    line: usize,
    kind: Kind,
}

#[derive(PartialEq, Eq)]
enum Kind {
    Plain,
    Link,
    Image { described: bool },
}

struct Scan<'a> {
    text: &'a [char],
    at: usize,
    out: Vec<char>,
    brackets: Vec<Bracket>,
    targets: Vec<Target>,
    line: usize,
    /// Only characters that may stand before a definition were seen on this line.
    line_start: bool,
    escaped: bool,
    /// How many of `brackets` start a line.
    definitions: usize,
}

impl Scan<'_> {
    fn step(&mut self, c: char) {
        let escaped = core::mem::take(&mut self.escaped);
        let starts_line = core::mem::take(&mut self.line_start);
        match ascii(c) {
            '[' => self.open(c, starts_line, escaped),
            ']' => self.close(c, escaped),
            '(' if !escaped => self.open_target(c),
            ')' if !escaped => {
                self.line_start = starts_line;
                self.close_target(c);
            }
            '\\' => {
                self.escaped = !escaped;
                self.keep(c);
            }
            '\n' => {
                self.line = self.line.saturating_add(1);
                self.line_start = true;
                self.keep(c);
            }
            folded => {
                self.line_start = starts_line && may_precede_definition(folded);
                self.keep(c);
            }
        }
    }

    fn open(&mut self, c: char, starts_line: bool, escaped: bool) {
        let token = self.text.get(self.at..).and_then(bracketed_token);
        if let Some(len) = token {
            self.line_start = starts_line;
            return self.skip(len);
        }
        if escaped {
            return self.keep(c);
        }
        let image = self.last() == Some('!');
        if image {
            self.out.push(GAP);
        }
        self.definitions = self.definitions.saturating_add(usize::from(starts_line));
        self.brackets.push(Bracket { at: self.out.len(), image, starts_line });
        self.keep(c);
    }

    fn close(&mut self, c: char, escaped: bool) {
        let next = self.text.get(self.at.saturating_add(1)).map(|next| ascii(*next));
        let in_definition = self.definitions > 0;
        let bracket = if escaped { None } else { self.pop_bracket() };
        match (bracket, next) {
            (Some(bracket), Some('(')) => self.flatten_target(&bracket),
            (Some(bracket), Some(':')) if bracket.starts_line => self.flatten_definition(&bracket),
            (_, Some('(')) => self.keep_apart(c),
            // A reader that tells brackets of other widths apart may see the end of a label here.
            (None, Some(':')) => self.keep_apart(c),
            (_, Some(':')) if in_definition => self.keep_apart(c),
            _ => self.keep(c),
        }
    }

    /// `[label](`, at the `]`.
    fn flatten_target(&mut self, bracket: &Bracket) {
        let first = bracket.at.saturating_add(1);
        self.trim_to(first);
        let blanks = self.out.iter().skip(first).take_while(|c| is_blank(**c)).count();
        for slot in self.out.iter_mut().skip(bracket.at).take(blanks.saturating_add(1)) {
            *slot = GONE;
        }
        let described = self.out.len() > first;
        let start = bracket.at.saturating_sub(if bracket.image { 2 } else { 0 });
        if described {
            self.out.iter_mut().take(first).skip(start).for_each(|slot| *slot = GONE);
        } else {
            self.out.truncate(start);
        }
        self.skip(2);
        self.skip_blanks();
        let at = self.out.len();
        if !bracket.image && self.peek().is_some_and(|c| ascii(c) == ')') {
            return self.skip(1);
        }
        if self.out.last().is_some_and(|last| !is_blank(*last)) {
            self.out.push(' ');
        }
        self.out.push('(');
        let kind = if bracket.image { Kind::Image { described } } else { Kind::Link };
        let at = if bracket.image { at } else { self.out.len() };
        self.targets.push(Target { at, line: self.line, kind });
        self.block_scheme();
    }

    /// `[label]:` at the start of a line, at the `]`.
    fn flatten_definition(&mut self, bracket: &Bracket) {
        if let Some(slot) = self.out.get_mut(bracket.at) {
            *slot = GONE;
        }
        self.skip(1);
        if let Some(colon) = self.peek() {
            self.keep(colon);
        }
        while let Some(c) = self.peek().filter(|c| is_blank(*c)) {
            self.step(c);
        }
        self.block_scheme();
    }

    fn open_target(&mut self, c: char) {
        self.keep(c);
        if !self.targets.is_empty() {
            self.targets.push(Target { at: self.out.len(), line: self.line, kind: Kind::Plain });
        }
    }

    fn close_target(&mut self, c: char) {
        let Some(target) = self.targets.pop() else { return self.keep(c) };
        match target.kind {
            Kind::Image { described } if target.line == self.line => {
                self.drop_image(target.at, described);
                return self.skip(1);
            }
            Kind::Link | Kind::Image { .. } => self.trim_to(target.at),
            Kind::Plain => {}
        }
        self.keep(c);
    }

    /// Takes the target of an image out; without a description a word stands for the image.
    fn drop_image(&mut self, at: usize, described: bool) {
        self.out.truncate(at);
        while self.brackets.last().is_some_and(|bracket| bracket.at >= at) {
            self.pop_bracket();
        }
        if described {
            return;
        }
        if self.last() == Some('!') {
            self.out.push(' ');
        }
        self.out.extend(IMAGE.chars());
        let next = self.text.get(self.at.saturating_add(1)).map(|next| ascii(*next));
        if matches!(next, Some('(' | ':')) {
            self.out.push(' ');
        }
    }

    /// Puts a marker where the scheme of a target would run code or read files.
    fn block_scheme(&mut self) {
        if let Some(len) = self.text.get(self.at..).and_then(blocked_scheme) {
            self.out.extend(BLOCKED.chars());
            self.skip(len);
        }
    }

    fn pop_bracket(&mut self) -> Option<Bracket> {
        let bracket = self.brackets.pop()?;
        let started = usize::from(bracket.starts_line);
        self.definitions = self.definitions.saturating_sub(started);
        Some(bracket)
    }

    fn keep_apart(&mut self, c: char) {
        self.keep(c);
        self.out.push(' ');
    }

    fn keep(&mut self, c: char) {
        self.out.push(c);
        self.skip(1);
    }

    fn trim_to(&mut self, least: usize) {
        while self.out.len() > least && self.out.last().is_some_and(|c| is_blank(*c)) {
            self.out.pop();
        }
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.skip(1);
        }
    }

    const fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    fn last(&self) -> Option<char> {
        self.out.last().map(|c| ascii(*c))
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).copied()
    }
}

const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n')
}

/// Quotes, list markers and indentation may come before a definition.
const fn may_precede_definition(c: char) -> bool {
    matches!(c, ' ' | '\t' | '>' | '*' | '+' | '-' | '.' | ')' | '0'..='9')
}

#[cfg(test)]
mod tests {
    use super::flatten;

    fn flat(text: &str) -> String {
        flatten(&text.chars().collect::<Vec<_>>()).into_iter().collect()
    }

    #[test]
    fn links_and_images_become_text() {
        for (text, expected) in [
            ("[a](u)", "a (u)"),
            ("[ a ]( u )", "a (u)"),
            ("x[a]()y", "xay"),
            ("[](u)", "(u)"),
            ("[a [b] c](u)", "a [b] c (u)"),
            ("[[a](u)](v)", "a (u) (v)"),
            ("[a](u", "a (u"),
            ("x](u)", "x] (u)"),
            ("![a](u) ![](u)", "a [image]"),
            ("![a](u(v)w)z", "az"),
            ("![a](u\nv)", "a (u\nv)"),
            ("![a](u [b) c](d)", "a c] (d)"),
            ("![[x](u)](v)", "x (u)"),
            ("![a] ![a][b]", "! [a] ! [a][b]"),
            ("[r]: data:x\n> [^1]: y", "r: blocked:x\n> ^1: y"),
            ("[a](JavaScript:f())", "a (blocked:f())"),
            ("[INST]x[/INST]", "x"),
            ("\u{ff3b}a\u{ff3d}\u{ff08}u)", "a (u)"),
            ("a[0][1] = {b[2]: c} [x]", "a[0][1] = {b[2]: c} [x]"),
        ] {
            assert_eq!(flat(text), expected, "{text}");
        }
    }
}
