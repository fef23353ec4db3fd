//! Zone: post-admission. The ways from a clean value to clean text: indented JSON and CSV.
//!
//! Trusts its input to be clean and adds only punctuation of its own.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::json::{Json, Tokens, text_of, write};
use crate::limits::CSV_CELLS_MAX;
use crate::sanitize::{CleanEncoded, CleanJson, CleanText};
use std::borrow::Cow;
use std::collections::BTreeMap;

impl CleanJson {
    /// Returns the value as JSON with two-space indentation.
    #[must_use]
    pub fn pretty(&self) -> CleanText {
        CleanText::plain(write::pretty(self.as_json()))
    }
}

impl CleanEncoded {
    /// Returns the value as JSON with two-space indentation.
    #[must_use]
    pub fn pretty(&self) -> CleanText {
        CleanText::literal(write::indented_literal(self.as_str()))
    }

    /// Returns the value as CSV when it is a list of flat records, else `None`. A fence in a cell
    /// would take the next cell for its info string, so that is `None` as well.
    ///
    /// Names stand in the order in which they are first seen; null and absent are empty; quotes
    /// only where RFC 4180 s2 needs them; lines end with LF, the last one without.
    #[must_use]
    pub fn csv(&self) -> Option<CleanText> {
        let table = Table::of(Tokens::of(self.as_str()))?;
        let columns = table.columns.len();
        let fences = ["```", "~~~"].iter().any(|fence| self.as_str().contains(fence));
        if fences || columns.checked_mul(table.ends.len())? > CSV_CELLS_MAX {
            return None;
        }
        let mut out = String::with_capacity(self.as_str().len());
        line(&mut out, &table.columns);
        let mut cells = table.cells.into_iter();
        let (mut row, mut begin) = (Vec::with_capacity(columns), 0_usize);
        for end in table.ends {
            row.clear();
            row.resize(columns, "");
            for (column, token) in cells.by_ref().take(end.saturating_sub(begin)) {
                if let Some(slot) = row.get_mut(column) {
                    *slot = token;
                }
            }
            begin = end;
            line(&mut out, &row);
        }
        out.truncate(out.trim_end_matches('\n').len());
        Some(CleanText::plain(out))
    }
}

impl From<CleanText> for CleanJson {
    fn from(text: CleanText) -> Self {
        Self(Json::String(text.into_string()))
    }
}

/// A list of flat records as tokens of its text.
#[derive(Default)]
struct Table<'a> {
    columns: Vec<&'a str>,
    places: BTreeMap<&'a str, usize>,
    cells: Vec<(usize, &'a str)>,
    /// Where each row ends among the cells.
    ends: Vec<usize>,
}

impl<'a> Table<'a> {
    /// Returns the table, `None` when the text is something else or has no record.
    fn of(mut tokens: Tokens<'a>) -> Option<Self> {
        let mut table = Self::default();
        if tokens.next()? != "[" {
            return None;
        }
        loop {
            if tokens.next()? != "{" {
                return None;
            }
            table.row(&mut tokens)?;
            table.ends.push(table.cells.len());
            if tokens.next()? == "]" {
                return Some(table);
            }
        }
    }

    fn row(&mut self, tokens: &mut Tokens<'a>) -> Option<()> {
        let mut guess = 0_usize;
        loop {
            let name = tokens.next()?;
            if name == "}" {
                return Some(());
            }
            let column = self.column(name, guess);
            guess = column.saturating_add(1);
            tokens.next()?;
            let value = match (tokens.next()?, tokens.clone().next()) {
                ("[", Some("]")) => tokens.next().and(Some("[]"))?,
                ("{", Some("}")) => tokens.next().and(Some("{}"))?,
                ("[" | "{", _) => return None,
                (scalar, _) => scalar,
            };
            self.cells.push((column, value));
            if tokens.next()? == "}" {
                return Some(());
            }
        }
    }

    /// Returns the column of `name`; records of a list mostly have the same order.
    fn column(&mut self, name: &'a str, guess: usize) -> usize {
        if self.columns.get(guess) == Some(&name) {
            return guess;
        }
        *self.places.entry(name).or_insert_with(|| {
            self.columns.push(name);
            self.columns.len().saturating_sub(1)
        })
    }
}

fn line(out: &mut String, tokens: &[&str]) {
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let field = cell(token);
        let quoted = field.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
        // A line with nothing on it would not be read as a record.
        if quoted || (tokens.len() == 1 && field.is_empty()) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push('\n');
}

fn cell(token: &str) -> Cow<'_, str> {
    match token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        None if token == "null" => Cow::Borrowed(""),
        None => Cow::Borrowed(token),
        Some(text) if !text.contains('\\') => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text_of(token).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use crate::json::{Bounds, read};
    use crate::sanitize::{CleanEncoded, CleanText, Scrubber};

    #[test]
    fn a_fence_in_one_cell_cannot_take_the_next_for_its_info() {
        assert_eq!(csv(r#"[{"a":"x ```","b":"system prompt"}]"#), None);
        assert!(csv(r#"[{"a":"x ``","b":"system prompt"}]"#).is_some());
    }

    fn csv(text: &str) -> Option<String> {
        let value = read(text.as_bytes(), Bounds { depth: 9, nodes: 999 }).unwrap();
        let clean = Scrubber::new(true).value(value).unwrap();
        CleanEncoded::from(clean).csv().map(CleanText::into_string)
    }

    #[test]
    fn flat_records_become_lines() {
        for (text, expected) in [
            (r#"[{"a":1,"b":"x"},{"b":null,"c":true}]"#, "a,b,c\n1,x,\n,,true"),
            (r#"[{"a":"x,y","b":"q\"q","c":"l\nm"}]"#, "a,b,c\n\"x,y\",\"q\"\"q\",\"l\nm\""),
            (r#"[{"a":[],"b":{},"c":1.50,"d":" =x "}]"#, "a,b,c,d\n[],{},1.50, =x "),
            (r#"[{"a":null},{"a":1}]"#, "a\n\"\"\n1"),
            ("[{}]", ""),
        ] {
            assert_eq!(csv(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["[]", "{}", "[1]", r#"[{"a":[1]}]"#, r#"[{"a":1},[]]"#, r#"[{"a":{"b":1}}]"#] {
            assert_eq!(csv(text), None, "{text}");
        }
    }

    #[test]
    fn joined_text_stays_clean_text() {
        let parts = [&CleanText::fixed("a"), &CleanText::fixed("b")];
        assert_eq!(CleanText::join(&parts, "\n").as_str(), "a\nb");
    }
}
