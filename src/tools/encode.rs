//! Zone: post-admission. From a result to what leaves: renamed, cleaned, laid out.
//!
//! An answer of the service becomes the finished result in one look at its bytes; a value that a
//! query or a function made takes the same road.

use crate::backend::ApiBody;
use crate::json::Json;
use crate::sanitize::{CleanEncoded, CleanText, Encoder, Naming, Scrubber, Unfinished};
use crate::tools::failure::Failure;
use crate::tools::find::{Answered, find};
use crate::tools::names::snake;
use crate::tools::row::{Names, Row, Shape};

/// Name of the token of the next page in a result.
const NEXT: &str = "next_offset";

/// A result that can leave.
#[derive(Debug)]
pub(super) struct Finished {
    /// The structure: a list is the member `result` of an object.
    pub(super) structured: CleanEncoded,
    /// The same for people and models: CSV for flat records, else indented JSON.
    pub(super) text: CleanText,
    /// The token of the next page, when the service gave one.
    pub(super) next: Option<CleanText>,
}

/// Returns the result of `row` that stands in `answered`.
///
/// # Errors
/// As [`Answered::find`], and [`Failure::TooDeep`].
pub(super) fn answered(
    row: &Row,
    answered: &Answered,
    scrubber: &Scrubber,
) -> Result<Finished, Failure> {
    let mut encoder = encoder(row.names, scrubber);
    if let ApiBody::Encoded(bytes) = &answered.body {
        encoder.reserve(bytes.len());
    }
    let found = answered.find(encoder)?;
    Ok(shown(row, clean(found.sink)?, found.next, scrubber))
}

/// Returns the result of `row` that is `value`, with the token of the `next` page.
///
/// # Errors
/// [`Failure::Unexpected`] when it is neither list nor object nor null, and [`Failure::TooDeep`].
pub(super) fn made(
    row: &Row,
    names: Names,
    value: Json,
    next: Option<String>,
    scrubber: &Scrubber,
) -> Result<Finished, Failure> {
    let found = find(&ApiBody::Json(value), Shape::Record(""), "", encoder(names, scrubber))?;
    Ok(shown(row, clean(found.sink)?, next, scrubber))
}

fn encoder(names: Names, scrubber: &Scrubber) -> Encoder<'_> {
    scrubber.encoder(match names {
        Names::Snake => Naming::Renamed(snake),
        Names::Wire => Naming::Kept,
    })
}

fn clean(encoder: Encoder<'_>) -> Result<CleanEncoded, Failure> {
    encoder.finish().map_err(|unfinished| match unfinished {
        Unfinished::TooDeep => Failure::TooDeep,
        Unfinished::Events => Failure::Bug,
    })
}

fn shown(row: &Row, clean: CleanEncoded, next: Option<String>, scrubber: &Scrubber) -> Finished {
    let table = if row.plain_text { None } else { clean.csv() };
    let text = table.unwrap_or_else(|| clean.pretty());
    let next = next.map(|token| scrubber.text(&token));
    // A record that is the whole answer has the token among its own members.
    let own = clean.is_object() && row.wrap.is_empty();
    let structured = if clean.is_object() { clean } else { clean.wrapped("result") };
    let structured = match &next {
        Some(token) if !own => structured.with(NEXT, token),
        Some(_) | None => structured,
    };
    Finished { structured, text, next }
}

#[cfg(test)]
mod tests {
    use super::{Failure, answered, made};
    use crate::backend::ApiBody;
    use crate::json::Json;
    use crate::sanitize::Scrubber;
    use crate::tools::find::Answered;
    use crate::tools::row::{Names, Row, Shape, list};

    const ROW: Row = list("x_list", "x", "/x");

    fn structured(text: &str) -> Result<String, Failure> {
        let body = ApiBody::Encoded(text.as_bytes().to_vec());
        let answer = Answered { body, shape: Shape::Records("/list"), next: "more", graph: false };
        let finished = answered(&ROW, &answer, &Scrubber::new(true));
        finished.map(|finished| finished.structured.as_str().to_owned())
    }

    #[test]
    fn an_answer_is_renamed_and_cleaned_on_the_way() {
        for (text, expected) in [
            (r#"{"list":[{"aB":"<b>x</b>"}]}"#, r#"{"result":[{"a_b":"x"}]}"#),
            (r#"{"list":[1],"more":"<i>t"}"#, r#"{"result":[1],"next_offset":"t"}"#),
            ("null", r#"{"result":[]}"#),
        ] {
            assert_eq!(structured(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_not_shown() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(structured(&deep(65)), Err(Failure::TooDeep));
        assert!(structured(&deep(64)).is_ok());
        let scrubber = Scrubber::new(true);
        let value = (0..65).fold(Json::Null, |inner, _| Json::Array(vec![inner]));
        let failure = made(&ROW, Names::Wire, value, None, &scrubber).err();
        assert_eq!(failure, Some(Failure::TooDeep));
    }
}
