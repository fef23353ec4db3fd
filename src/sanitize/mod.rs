//! Zone: post-admission. The three-stage output sanitizer, the only maker of clean text.
//!
//! Trusts nothing it is given. Removes invisible characters, markup and fence instructions; the
//! result is a fixed point. Never fails open: a value it cannot finish is an error. It does not
//! judge what a text says.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod encode;
mod encoded_names;
mod entities;
mod fence;
mod invisible;
mod links;
mod lookalikes;
mod markup;
mod names;
mod render;
mod tables;
mod text;
mod words;

pub use encode::{CleanEncoded, Encoder, Naming, Unfinished};

use crate::json::{Json, Object, Taken, text_of, write};
use crate::limits::RESULT_DEPTH_MAX;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::OnceLock;

/// Text that went through the sanitizer, or through the operator's decision to turn it off.
///
/// ```compile_fail,E0423
/// let forged = zscaler_mcp::sanitize::CleanText("<script>".to_owned());
/// ```
#[derive(Clone)]
pub struct CleanText {
    form: Form,
}

/// The same text, as whoever made it had it at hand.
#[derive(Clone)]
enum Form {
    Plain(String),
    /// A JSON string with its quotes; the plain form is made when somebody asks for it.
    Literal(String, OnceLock<String>),
}

/// A value every string of which is clean, member names included.
///
/// ```compile_fail,E0423
/// let forged = zscaler_mcp::sanitize::CleanJson(zscaler_mcp::json::Json::from("<script>"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanJson(Json);

/// A value the sanitizer could not finish: deeper than [`crate::limits::RESULT_DEPTH_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooDeep;

/// The sanitizer with its switch and its count of changed strings.
#[derive(Debug)]
pub struct Scrubber {
    on: bool,
    changed: AtomicU64,
}

impl Scrubber {
    /// Returns the sanitizer; `on` is false only by the operator's setting.
    #[must_use]
    pub const fn new(on: bool) -> Self {
        Self { on, changed: AtomicU64::new(0) }
    }

    /// Returns `text` clean.
    #[must_use]
    pub fn text(&self, text: &str) -> CleanText {
        CleanText::plain(self.changed_form(text).unwrap_or_else(|| text.to_owned()))
    }

    /// Returns `value` with every string clean. Member names that are plain identifiers stay;
    /// others are cleaned, and numbered when two become the same.
    ///
    /// # Errors
    /// [`TooDeep`].
    pub fn value(&self, value: Json) -> Result<CleanJson, TooDeep> {
        if self.on {
            self.walk(value, RESULT_DEPTH_MAX).map(CleanJson)
        } else {
            Ok(CleanJson(value))
        }
    }

    /// Returns an object with `members` and clean values; names are ours.
    ///
    /// # Errors
    /// [`TooDeep`].
    pub fn object(&self, members: Object) -> Result<CleanJson, TooDeep> {
        self.value(Json::Object(members))
    }

    /// Adds the count of `other`, which cleaned one call.
    pub fn absorb(&self, other: &Self) {
        self.changed.fetch_add(other.changed(), Ordering::Relaxed);
    }

    /// Returns how many strings were changed since the start.
    pub fn changed(&self) -> u64 {
        self.changed.load(Ordering::Relaxed)
    }

    /// True unless the operator turned it off.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.on
    }

    /// `levels` are the levels of arrays and objects still allowed.
    fn walk(&self, value: Json, levels: u32) -> Result<Json, TooDeep> {
        Ok(match value {
            Json::String(text) => Json::String(self.owned(text)),
            Json::Array(items) => {
                let levels = levels.checked_sub(1).ok_or(TooDeep)?;
                let items = items.into_iter().map(|item| self.walk(item, levels));
                Json::Array(items.collect::<Result<_, _>>()?)
            }
            Json::Object(members) => {
                let levels = levels.checked_sub(1).ok_or(TooDeep)?;
                let members = self.rename(members).into_iter();
                let members = members.map(|(name, item)| Ok((name, self.walk(item, levels)?)));
                Json::Object(members.collect::<Result<_, _>>()?)
            }
            same @ (Json::Null | Json::Bool(_) | Json::Number(_)) => same,
        })
    }

    /// Returns `members` under clean names, as many as before.
    fn rename(&self, members: Object) -> Object {
        if members.iter().all(|(name, _)| is_plain_name(name)) {
            return members;
        }
        let renamed = members.into_iter().map(|(name, value)| {
            let clean = if is_plain_name(&name) { None } else { self.changed_form(&name) };
            (name, clean, value)
        });
        let renamed: Vec<(String, Option<String>, Json)> = renamed.collect();
        let unchanged = renamed.iter().filter(|(_, clean, _)| clean.is_none());
        let mut taken: Taken = unchanged.map(|(name, _, _)| name.as_str()).collect();
        let unique = renamed.into_iter().map(|(name, clean, value)| match clean {
            Some(clean) => (taken.claim(clean), value),
            None => (name, value),
        });
        unique.collect()
    }

    fn count(&self) {
        self.changed.fetch_add(1, Ordering::Relaxed);
    }

    fn owned(&self, text: String) -> String {
        self.changed_form(&text).unwrap_or(text)
    }

    fn clean_form(&self, text: &str) -> Option<String> {
        if self.on { text::scrub(text) } else { None }
    }

    /// Returns the clean form of `text` when it differs, and counts it.
    fn changed_form(&self, text: &str) -> Option<String> {
        let clean = self.clean_form(text);
        if clean.is_some() {
            self.count();
        }
        clean
    }
}

fn is_plain_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$' | b':' | b'-'))
}

impl CleanText {
    const fn plain(text: String) -> Self {
        Self { form: Form::Plain(text) }
    }

    const fn literal(text: String) -> Self {
        Self { form: Form::Literal(text, OnceLock::new()) }
    }

    /// Returns clean text from a sentence of this program.
    #[must_use]
    pub fn fixed(text: &'static str) -> Self {
        Self::plain(text.to_owned())
    }

    /// Returns `parts` one after the other, with `separator` between them.
    #[must_use]
    pub fn join(parts: &[&Self], separator: &'static str) -> Self {
        let texts: Vec<&str> = parts.iter().map(|part| part.as_str()).collect();
        Self::plain(texts.join(separator))
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.form {
            Form::Plain(text) => text,
            Form::Literal(text, plain) => plain.get_or_init(|| text_of(text).unwrap_or_default()),
        }
    }

    /// Returns the text, no longer known to be clean.
    #[must_use]
    pub fn into_string(self) -> String {
        match self.form {
            Form::Plain(text) => text,
            Form::Literal(..) => self.as_str().to_owned(),
        }
    }

    /// Appends the text to `out` as a JSON string with its quotes.
    pub fn write(&self, out: &mut Vec<u8>) {
        match &self.form {
            Form::Plain(text) => write::string(text, out),
            Form::Literal(text, _) => out.extend_from_slice(text.as_bytes()),
        }
    }
}

impl PartialEq for CleanText {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for CleanText {}

impl core::fmt::Debug for CleanText {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_tuple("CleanText").field(&self.as_str()).finish()
    }
}

impl CleanJson {
    /// Returns the value.
    #[must_use]
    pub const fn as_json(&self) -> &Json {
        &self.0
    }

    /// Returns the value, no longer known to be clean.
    #[must_use]
    pub fn into_json(self) -> Json {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{CleanJson, CleanText, Scrubber, TooDeep};
    use crate::json::{Bounds, Json, read, write};

    fn value(text: &str) -> Json {
        read(text.as_bytes(), Bounds { depth: 200, nodes: 10_000 }).unwrap()
    }

    #[test]
    fn every_string_and_every_odd_name_is_cleaned_and_counted() {
        let scrubber = Scrubber::new(true);
        let dirty = value(r#"{"a":["<b>x</b>",1.50,null],"<i>k":"R&D","c:d.e$-_1":true}"#);
        let clean = scrubber.value(dirty).unwrap();
        let expected = r#"{"a":["x",1.50,null],"k":"R&D","c:d.e$-_1":true}"#;
        assert_eq!(write::to_text(clean.as_json()), expected);
        assert_eq!(scrubber.changed(), 2);
    }

    #[test]
    fn names_that_become_the_same_are_numbered() {
        let dirty = value(r#"{"<b>a":1,"a":2,"a\u200b":3,"a_2":4,"a<i>":5}"#);
        let clean = Scrubber::new(true).value(dirty).unwrap();
        let expected = r#"{"a_3":1,"a":2,"a_4":3,"a_2":4,"a_5":5}"#;
        assert_eq!(write::to_text(clean.as_json()), expected);
    }

    #[test]
    fn a_value_that_is_too_deep_never_passes() {
        for (open, inner, close) in [("[", "", "]"), ("{\"a\":", "1", "}")] {
            let nested = |levels: usize| {
                value(&format!("{}{inner}{}", open.repeat(levels), close.repeat(levels)))
            };
            assert!(Scrubber::new(true).value(nested(64)).is_ok(), "{open}");
            assert_eq!(Scrubber::new(true).value(nested(65)), Err(TooDeep), "{open}");
            let off = Scrubber::new(false).value(nested(65));
            assert_eq!(off.map(CleanJson::into_json), Ok(nested(65)), "{open}");
        }
    }

    #[test]
    fn both_forms_of_a_text_say_the_same() {
        for text in ["", "a\"b\\\n", "\u{e9}"] {
            let plain = Scrubber::new(true).text(text);
            let literal = CleanText::literal(write::quoted(text));
            assert_eq!(plain, literal);
            assert_eq!(format!("{plain:?}"), format!("{literal:?}"));
            let (mut one, mut two) = (Vec::new(), Vec::new());
            plain.write(&mut one);
            literal.write(&mut two);
            assert_eq!(one, two);
            assert_eq!(CleanJson::from(plain.clone()), CleanJson::from(literal.clone()));
            assert_eq!((plain.into_string(), literal.into_string()), (text.into(), text.into()));
        }
    }

    #[test]
    fn the_switch_passes_text_as_it_is() {
        let scrubber = Scrubber::new(false);
        assert_eq!(scrubber.text("<b>\u{200b}").as_str(), "<b>\u{200b}");
        assert_eq!(scrubber.changed(), 0);
    }
}
