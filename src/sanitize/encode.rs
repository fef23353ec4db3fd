//! Zone: post-admission. From the events of a value to clean JSON text, in one pass.
//!
//! Renames members, leaves out what the naming leaves out, cleans every string and writes it.
//! Trusts neither texts nor the order of the events: what is not one whole value is no result.
//! Two members of one object never become one.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

use crate::json::{Bounds, Event, Json, Sink, Taken, read, write};
use crate::limits::{JSON_DEPTH_MAX, RESULT_DEPTH_MAX};
use crate::sanitize::encoded_names::{Known, Names};
use crate::sanitize::text::{ESCAPED, ODD, classes_of};
use crate::sanitize::{CleanJson, CleanText, Scrubber};

/// The JSON text, without blanks, of one value every string of which is clean, member names
/// included.
///
/// ```compile_fail,E0451
/// let forged = zscaler_mcp::sanitize::CleanEncoded { text: "\"<script>\"".to_owned(), len: 0 };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanEncoded {
    text: String,
    len: usize,
}

/// What members are called in the text.
#[derive(Debug, Clone, Copy)]
pub enum Naming {
    /// As they come.
    Kept,
    /// As this function says, and left out when null. Who comes first has the name; a later one
    /// keeps its own, numbered when that is taken as well.
    Renamed(fn(&str) -> String),
}

/// Why there is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// Deeper than [`crate::limits::RESULT_DEPTH_MAX`].
    TooDeep,
    /// The events are not those of one whole value.
    Events,
}

/// Writes the events it takes.
pub struct Encoder<'a> {
    scrubber: &'a Scrubber,
    naming: Naming,
    names: Names,
    out: String,
    levels: Vec<Level>,
    /// Remembered names of the members written in the open objects.
    used: Vec<usize>,
    pending: Pending,
    len: usize,
    fault: Option<Unfinished>,
}

enum Level {
    Array,
    Object {
        /// Where its names begin in [`Encoder::used`].
        first: usize,
        /// Its names when one of them needs a comparison.
        taken: Option<Taken>,
    },
}

/// The name of the member whose value comes next.
enum Pending {
    Nothing,
    Known(usize),
    Rare(String),
}

impl Scrubber {
    /// Returns an encoder that cleans with this sanitizer.
    #[must_use]
    pub fn encoder(&self, naming: Naming) -> Encoder<'_> {
        Encoder {
            scrubber: self,
            naming,
            names: Names::default(),
            out: String::new(),
            levels: Vec::new(),
            used: Vec::new(),
            pending: Pending::Nothing,
            len: 0,
            fault: None,
        }
    }

    /// Returns the name that `wire` has in clean text, and whether cleaning changed it.
    fn name(&self, naming: Naming, wire: &str) -> (String, bool) {
        let name = match naming {
            Naming::Kept => wire.to_owned(),
            Naming::Renamed(rename) => rename(wire),
        };
        match self.clean_form(&name) {
            Some(clean) => (clean, true),
            None => (name, false),
        }
    }
}

impl Sink for Encoder<'_> {
    fn take(&mut self, event: Event<'_>) {
        if self.fault.is_none() {
            self.fault = self.step(event).err();
        }
    }
}

impl Encoder<'_> {
    /// Makes room for an answer of `bytes` bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// Returns the number of bytes written so far.
    #[must_use]
    pub const fn written(&self) -> usize {
        self.out.len()
    }

    /// Returns the text.
    ///
    /// # Errors
    /// [`Unfinished`].
    pub fn finish(self) -> Result<CleanEncoded, Unfinished> {
        match self.fault {
            Some(fault) => Err(fault),
            None if self.levels.is_empty() && !self.out.is_empty() => {
                Ok(CleanEncoded { text: self.out, len: self.len })
            }
            None => Err(Unfinished::Events),
        }
    }

    fn step(&mut self, event: Event<'_>) -> Result<(), Unfinished> {
        match event {
            Event::Name(wire) => self.name(wire),
            Event::ObjectEnd | Event::ArrayEnd => self.close(event),
            Event::Null if self.leaves_out() => {
                self.pending = Pending::Nothing;
                Ok(())
            }
            Event::Null => self.word("null"),
            Event::Bool(true) => self.word("true"),
            Event::Bool(false) => self.word("false"),
            Event::Number(number) => self.word(number.text()),
            Event::String(text) => self.string(text),
            Event::Array => {
                self.open('[')?;
                self.levels.push(Level::Array);
                Ok(())
            }
            Event::Object => {
                self.open('{')?;
                self.levels.push(Level::Object { first: self.used.len(), taken: None });
                self.names.enter();
                Ok(())
            }
        }
    }

    const fn leaves_out(&self) -> bool {
        matches!(self.naming, Naming::Renamed(_)) && !matches!(self.pending, Pending::Nothing)
    }

    fn open(&mut self, bracket: char) -> Result<(), Unfinished> {
        self.begin()?;
        let limited = self.scrubber.is_on();
        if limited && u32::try_from(self.levels.len()).is_ok_and(|len| len >= RESULT_DEPTH_MAX) {
            return Err(Unfinished::TooDeep);
        }
        self.out.push(bracket);
        Ok(())
    }

    fn close(&mut self, event: Event<'_>) -> Result<(), Unfinished> {
        match (self.levels.pop(), event, &self.pending) {
            (Some(Level::Array), Event::ArrayEnd, _) => self.out.push(']'),
            (Some(Level::Object { first, .. }), Event::ObjectEnd, Pending::Nothing) => {
                self.out.push('}');
                self.used.truncate(first);
                self.names.leave();
            }
            _ => return Err(Unfinished::Events),
        }
        Ok(())
    }

    fn name(&mut self, wire: &str) -> Result<(), Unfinished> {
        let in_object = matches!(self.levels.last(), Some(Level::Object { .. }));
        if !in_object || !matches!(self.pending, Pending::Nothing) {
            return Err(Unfinished::Events);
        }
        let (scrubber, naming) = (self.scrubber, self.naming);
        self.pending = match self.names.find(wire, || scrubber.name(naming, wire)) {
            Some(known) => Pending::Known(known),
            None => Pending::Rare(wire.to_owned()),
        };
        Ok(())
    }

    /// Writes what stands before a value: a comma, or the name of the member.
    fn begin(&mut self) -> Result<(), Unfinished> {
        if self.levels.len() == 1 {
            self.len = self.len.saturating_add(1);
        }
        let pending = core::mem::replace(&mut self.pending, Pending::Nothing);
        // A value before this one ends in none of these: a string ends in its quote.
        let follows = !matches!(self.out.as_bytes().last(), None | Some(b'[' | b'{'));
        match (self.levels.last_mut(), pending) {
            (None, _) if !follows => return Ok(()),
            (Some(Level::Array), Pending::Nothing) => {}
            (Some(Level::Object { taken, .. }), Pending::Known(id)) => {
                if let Some(known) = self.names.plain(id).filter(|_| taken.is_none()) {
                    if follows {
                        self.out.push(',');
                    }
                    self.out.push_str(&known.encoded);
                    if known.changed {
                        self.scrubber.count();
                    }
                    self.used.push(id);
                    return Ok(());
                }
                let wire = self.names.get(id).map(|known| known.wire.clone());
                return self.compared(&wire.unwrap_or_default(), follows);
            }
            (Some(Level::Object { .. }), Pending::Rare(wire)) => {
                return self.compared(&wire, follows);
            }
            _ => return Err(Unfinished::Events),
        }
        if follows {
            self.out.push(',');
        }
        Ok(())
    }

    /// Writes the name of a member that may meet another of its object.
    fn compared(&mut self, wire: &str, follows: bool) -> Result<(), Unfinished> {
        let Some(Level::Object { first, taken }) = self.levels.last_mut() else {
            return Err(Unfinished::Events);
        };
        let (names, used) = (&self.names, self.used.get(*first..).unwrap_or_default());
        let taken = taken.get_or_insert_with(|| {
            used.iter().filter_map(|id| names.get(*id)).map(|known| known.name.as_str()).collect()
        });
        let (mut name, mut changed) = self.scrubber.name(self.naming, wire);
        if !taken.take(&name) {
            (name, changed) = self.scrubber.name(Naming::Kept, wire);
            name = taken.claim(name);
        }
        if changed {
            self.scrubber.count();
        }
        if follows {
            self.out.push(',');
        }
        self.out.push_str(&Known::encode(&name));
        Ok(())
    }

    fn word(&mut self, text: &str) -> Result<(), Unfinished> {
        self.begin()?;
        self.out.push_str(text);
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<(), Unfinished> {
        self.begin()?;
        let classes = classes_of(text);
        let clean = if classes & ODD == 0 { None } else { self.scrubber.changed_form(text) };
        if clean.is_none() && classes & ESCAPED == 0 {
            self.out.push('"');
            self.out.push_str(text);
            self.out.push('"');
        } else {
            self.out.push_str(&write::quoted(clean.as_deref().unwrap_or(text)));
        }
        Ok(())
    }
}

impl CleanEncoded {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the number of elements of a list or members of an object.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// True without elements or members.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// True for an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.text.starts_with('{')
    }

    /// Returns the value as member `name` of a new object.
    #[must_use]
    pub fn wrapped(&self, name: &'static str) -> Self {
        Self { text: ["{", &Known::encode(name), &self.text, "}"].concat(), len: 1 }
    }

    /// Returns the object with one more member; another value stays as it is.
    #[must_use]
    pub fn with(self, name: &'static str, value: &CleanText) -> Self {
        self.plus(name, &write::quoted(value.as_str()))
    }

    /// Returns the object with one more member, a number; another value stays as it is.
    #[must_use]
    pub fn with_count(self, name: &'static str, value: usize) -> Self {
        self.plus(name, &value.to_string())
    }

    fn plus(self, name: &'static str, value: &str) -> Self {
        let Some(members) = self.text.strip_suffix('}') else { return self };
        let comma = if self.len == 0 { "" } else { "," };
        let text = [members, comma, &Known::encode(name), value, "}"].concat();
        Self { text, len: self.len.saturating_add(1) }
    }

    /// Returns the value, no longer known to be clean.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let bounds = Bounds { depth: JSON_DEPTH_MAX.saturating_mul(2), nodes: u64::MAX };
        read(self.text.as_bytes(), bounds).unwrap_or_default()
    }
}

impl From<&CleanJson> for CleanEncoded {
    fn from(value: &CleanJson) -> Self {
        let len = match value.as_json() {
            Json::Array(items) => items.len(),
            Json::Object(members) => members.len(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 0,
        };
        Self { text: write::to_text(value.as_json()), len }
    }
}

impl From<CleanJson> for CleanEncoded {
    fn from(value: CleanJson) -> Self {
        Self::from(&value)
    }
}

#[cfg(test)]
mod tests {
    use super::{CleanEncoded, Event, Naming, Sink, Unfinished};
    use crate::json::{Bounds, read, scan};
    use crate::sanitize::Scrubber;

    fn encoded(text: &str, naming: Naming) -> (String, u64) {
        let scrubber = Scrubber::new(true);
        let mut encoder = scrubber.encoder(naming);
        scan(text.as_bytes(), Bounds { depth: 99, nodes: 99_999 }, &mut encoder).unwrap();
        (encoder.finish().unwrap().as_str().to_owned(), scrubber.changed())
    }

    fn small(name: &str) -> String {
        name.to_ascii_lowercase()
    }

    #[test]
    fn strings_and_names_are_cleaned_and_counted_and_nulls_left_out() {
        for (naming, text, expected, changed) in [
            (
                Naming::Kept,
                r#"{"a":["<b>x</b>",1.50,null],"<i>k":"R&D","n":null,"q":"\"\\\n\u007f"}"#,
                r#"{"a":["x",1.50,null],"k":"R&D","n":null,"q":"\"\\\n"}"#,
                3,
            ),
            (
                Naming::Renamed(small),
                r#"{"A":null,"B":[null,{"C":null}],"D":{"B":1,"a":{}},"<i>":null}"#,
                r#"{"b":[null,{}],"d":{"b":1,"a":{}}}"#,
                0,
            ),
            (Naming::Renamed(small), "null", "null", 0),
            (Naming::Kept, r#"[{"<b>a":1},{"<b>a":2}]"#, r#"[{"a":1},{"a":2}]"#, 2),
        ] {
            assert_eq!(encoded(text, naming), (expected.to_owned(), changed), "{text}");
        }
    }

    #[test]
    fn members_that_meet_are_all_kept() {
        for (naming, text, expected) in [
            (Naming::Renamed(small), r#"{"A":1,"a":2,"a_2":3}"#, r#"{"a":1,"a_2":2,"a_2_2":3}"#),
            (Naming::Renamed(small), r#"{"aB":1,"AB":2,"Ab":3}"#, r#"{"ab":1,"AB":2,"Ab":3}"#),
            (Naming::Renamed(small), r#"{"A":{},"a":[]}"#, r#"{"a":{},"a_2":[]}"#),
            (
                Naming::Renamed(small),
                r#"{"A":{"a":{"A":1,"a":2}},"a":3}"#,
                r#"{"a":{"a":{"a":1,"a_2":2}},"a_2":3}"#,
            ),
            (
                Naming::Renamed(small),
                r#"{"A":1,"x":{"a":2},"b":3}"#,
                r#"{"a":1,"x":{"a":2},"b":3}"#,
            ),
            (
                Naming::Renamed(small),
                r#"[{"A":1},{"a":2},{"a":3,"A":4}]"#,
                r#"[{"a":1},{"a":2},{"a":3,"A":4}]"#,
            ),
            (
                Naming::Kept,
                r#"{"<b>a":1,"a":2,"a\u200b":3,"a_2":4}"#,
                r#"{"a":1,"a_2":2,"a_3":3,"a_2_2":4}"#,
            ),
        ] {
            assert_eq!(encoded(text, naming).0, expected, "{text}");
        }
    }

    #[test]
    fn names_beyond_the_remembered_ones_are_compared_too() {
        let names: Vec<String> = (0..5_000).map(|n| format!("\"N{n}\":{n},\"n{n}\":{n}")).collect();
        let (text, _) = encoded(&format!("{{{}}}", names.join(",")), Naming::Renamed(small));
        assert!(text.contains(r#""n7":7,"n7_2":7"#) && text.contains(r#""n4999":4999,"n4999_2":"#));
    }

    #[test]
    fn events_that_are_no_value_give_no_text() {
        let (array, object) = ([Event::Array, Event::ArrayEnd], [Event::Object, Event::ObjectEnd]);
        let null = Event::Null;
        for (name, events, expected) in [
            ("nothing", vec![], false),
            ("one", vec![null], true),
            ("two", vec![null, null], false),
            ("array", array.to_vec(), true),
            ("open", vec![Event::Array], false),
            ("closed twice", vec![Event::Array, Event::ArrayEnd, Event::ArrayEnd], false),
            ("crossed", vec![Event::Array, Event::ObjectEnd], false),
            ("object", object.to_vec(), true),
            ("no value", vec![Event::Object, Event::Name("a"), Event::ObjectEnd], false),
            ("no name", vec![Event::Object, null, Event::ObjectEnd], false),
            ("name in array", vec![Event::Array, Event::Name("a"), null, Event::ArrayEnd], false),
            ("bare name", vec![Event::Name("a")], false),
            ("two names", vec![Event::Object, Event::Name("a"), Event::Name("b")], false),
            ("text behind the value", vec![null, Event::String("a")], false),
            ("array behind the value", vec![null, Event::Array, Event::ArrayEnd], false),
            ("object behind the value", vec![null, Event::Object, Event::ObjectEnd], false),
        ] {
            let scrubber = Scrubber::new(true);
            let mut encoder = scrubber.encoder(Naming::Kept);
            events.into_iter().for_each(|event| encoder.take(event));
            assert_eq!(encoder.finish().is_ok(), expected, "{name}");
        }
    }

    #[test]
    fn a_value_that_is_too_deep_never_passes() {
        for (levels, on, expected) in
            [(64, true, None), (65, true, Some(Unfinished::TooDeep)), (65, false, None)]
        {
            for (open, inner, close) in [("[", "", "]"), ("{\"a\":", "1", "}")] {
                let text = format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
                let scrubber = Scrubber::new(on);
                let mut encoder = scrubber.encoder(Naming::Kept);
                scan(text.as_bytes(), Bounds { depth: 99, nodes: 999 }, &mut encoder).unwrap();
                assert_eq!(encoder.finish().err(), expected, "{levels} {open} {on}");
            }
        }
    }

    #[test]
    fn the_length_is_the_number_of_elements_or_members() {
        for (text, len) in
            [("[]", 0), ("{}", 0), ("[1,[2]]", 2), (r#"{"a":{"b":1}}"#, 1), ("7", 0), ("\"ab\"", 0)]
        {
            let value = read(text.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap();
            let clean = CleanEncoded::from(Scrubber::new(true).value(value).unwrap());
            assert_eq!((clean.len(), clean.is_empty()), (len, len == 0), "{text}");
            assert_eq!(clean.as_str(), text);
        }
    }

    #[test]
    fn a_member_is_added_to_an_object_only() {
        let value = Scrubber::new(true).text("a\"<b>b</b>");
        for (text, expected, len) in [
            ("{}", r#"{"next":"a\"b"}"#, 1),
            (r#"{"a":{}}"#, r#"{"a":{},"next":"a\"b"}"#, 2),
            ("[1]", "[1]", 1),
            ("7", "7", 0),
        ] {
            let scrubber = Scrubber::new(true);
            let mut encoder = scrubber.encoder(Naming::Kept);
            scan(text.as_bytes(), Bounds { depth: 9, nodes: 99 }, &mut encoder).unwrap();
            let clean = encoder.finish().unwrap().with("next", &value);
            assert_eq!((clean.as_str(), clean.len()), (expected, len), "{text}");
        }
    }
}
