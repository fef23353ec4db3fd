//! Zone: post-admission. The ways from a clean value to clean text: indented JSON and CSV.
//!
//! Trusts its input to be clean and adds only punctuation of its own.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::json::{Json, Object, write};
use crate::limits::CSV_CELLS_MAX;
use crate::sanitize::{CleanJson, CleanText};
use std::collections::{BTreeMap, BTreeSet};

impl CleanJson {
    /// Returns the value as JSON with two-space indentation.
    #[must_use]
    pub fn pretty(&self) -> CleanText {
        CleanText(write::pretty(self.as_json()))
    }

    /// Returns the value as CSV when it is a list of flat records, else `None`. A fence in a cell
    /// would take the next cell for its info string, so that is `None` as well.
    ///
    /// Names stand in the order in which they are first seen; null and absent are empty; quotes
    /// only where RFC 4180 s2 needs them; lines end with LF, the last one without.
    #[must_use]
    pub fn csv(&self) -> Option<CleanText> {
        let items = self.as_json().as_array()?;
        let rows = items.iter().map(Json::as_object).collect::<Option<Vec<&Object>>>()?;
        let fits = |(name, cell): (&str, &Json)| is_flat(cell) && !fences(name, cell);
        if rows.is_empty() || !rows.iter().all(|row| row.iter().all(fits)) {
            return None;
        }
        let names = names(&rows);
        if names.len().checked_mul(rows.len())? > CSV_CELLS_MAX {
            return None;
        }
        let mut out = String::new();
        line(&mut out, names.iter().copied());
        for row in rows {
            let cells: BTreeMap<&str, &Json> = row.iter().collect();
            let texts: Vec<String> = names
                .iter()
                .map(|name| cells.get(name).map_or_else(String::new, |c| cell(c)))
                .collect();
            line(&mut out, texts.iter().map(String::as_str));
        }
        out.truncate(out.trim_end_matches('\n').len());
        Some(CleanText(out))
    }

    /// Returns the value as member `name` of a new object.
    #[must_use]
    pub fn wrapped(self, name: &'static str) -> Self {
        Self(crate::json::object([(name, self.0)]))
    }
}

impl From<CleanText> for CleanJson {
    fn from(text: CleanText) -> Self {
        Self(Json::String(text.0))
    }
}

const fn is_flat(cell: &Json) -> bool {
    match cell {
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
    }
}

fn fences(name: &str, cell: &Json) -> bool {
    let has = |text: &str| text.contains("```") || text.contains("~~~");
    has(name) || cell.as_str().is_some_and(has)
}

fn names<'a>(rows: &[&'a Object]) -> Vec<&'a str> {
    let mut seen = BTreeSet::new();
    let all = rows.iter().flat_map(|row| row.iter().map(|(name, _)| name));
    all.filter(|name| seen.insert(*name)).collect()
}

fn cell(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => write::to_text(value),
    }
}

fn line<'a>(out: &mut String, fields: impl ExactSizeIterator<Item = &'a str>) {
    let alone = fields.len() == 1;
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        // A line with nothing on it would not be read as a record.
        if field.contains([',', '"', '\n', '\r']) || (alone && field.is_empty()) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use crate::json::{Bounds, read};
    use crate::sanitize::{CleanText, Scrubber};

    #[test]
    fn a_fence_in_one_cell_cannot_take_the_next_for_its_info() {
        assert_eq!(csv(r#"[{"a":"x ```","b":"system prompt"}]"#), None);
        assert!(csv(r#"[{"a":"x ``","b":"system prompt"}]"#).is_some());
    }

    fn csv(text: &str) -> Option<String> {
        let value = read(text.as_bytes(), Bounds { depth: 9, nodes: 999 }).unwrap();
        let clean = Scrubber::new(true).value(value).unwrap();
        clean.csv().map(CleanText::into_string)
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
