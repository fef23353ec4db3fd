//! Zone: post-admission. From a result to what leaves: renamed, cleaned, laid out.
//!
//! An answer of the service becomes the finished result in one look at its bytes; a value that a
//! query or a function made takes the same road.

use crate::backend::ApiBody;
use crate::json::Json;
use crate::limits::RESULT_BYTES_MAX;
use crate::sanitize::{CleanEncoded, CleanText, Encoder, Naming, Scrubber, Unfinished};
use crate::tools::cut::{Cut, Written};
use crate::tools::failure::Failure;
use crate::tools::find::{Answered, find};
use crate::tools::names::snake;
use crate::tools::pages::{self, Next, Rest};
use crate::tools::row::{Names, Row, Shape};

/// Name of the number of records that a result is short of.
const LEFT_OUT: &str = "left_out";

/// A result that can leave.
#[derive(Debug)]
pub(super) struct Finished {
    /// The structure: a list is the member `result` of an object.
    pub(super) structured: CleanEncoded,
    /// The same for people and models: CSV for flat records, else indented JSON.
    pub(super) text: CleanText,
    /// Sentences for the model about what is not there.
    pub(super) notices: Vec<CleanText>,
    /// Records that the service returned.
    pub(super) records: usize,
}

impl Written for Encoder<'_> {
    fn written(&self) -> usize {
        Encoder::written(self)
    }
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
        encoder.reserve(bytes.len().min(RESULT_BYTES_MAX));
    }
    let found = answered.find(Cut::new(encoder, RESULT_BYTES_MAX))?;
    let (encoder, kept, left_out) = found.sink.finish();
    let rest =
        Rest { records: kept.saturating_add(left_out), next: found.next.map(pages::by_token) };
    Ok(shown(row, clean(encoder)?, left_out, rest, scrubber))
}

/// Returns the result of `row` that is `value`, made of what was read.
///
/// # Errors
/// [`Failure::Unexpected`] when it is neither list nor object nor null, and [`Failure::TooDeep`].
pub(super) fn made(
    row: &Row,
    names: Names,
    value: Json,
    rest: Rest,
    scrubber: &Scrubber,
) -> Result<Finished, Failure> {
    let cut = Cut::new(encoder(names, scrubber), RESULT_BYTES_MAX);
    let found = find(&ApiBody::Json(value), Shape::Record(""), "", cut)?;
    let (encoder, _kept, left_out) = found.sink.finish();
    Ok(shown(row, clean(encoder)?, left_out, rest, scrubber))
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

fn shown(
    row: &Row,
    clean: CleanEncoded,
    left_out: usize,
    rest: Rest,
    scrubber: &Scrubber,
) -> Finished {
    let table = if row.plain_text { None } else { clean.csv() };
    let text = table.unwrap_or_else(|| clean.pretty());
    // A record that is the whole answer has the token among its own members.
    let own = clean.is_object() && row.wrap.is_empty();
    let mut structured = if clean.is_object() { clean } else { clean.wrapped("result") };
    let mut notices = Vec::new();
    if left_out > 0 {
        structured = structured.with_count(LEFT_OUT, left_out);
        notices.push(scrubber.text(&format!(
            "{left_out} more record(s) were read and left out: a result ends at {RESULT_BYTES_MAX} \
             bytes. Narrow the call by its filters, ask for smaller pages, or let query name the \
             members that matter."
        )));
    }
    if let Some(Next { member, value }) = rest.next {
        let value = scrubber.text(&value);
        let argument = member.trim_start_matches("next_");
        let more =
            format!("More records follow. For the next page call again with this {argument}: ");
        notices.push(CleanText::join(&[&scrubber.text(&more), &value], ""));
        if !own {
            structured = structured.with(member, &value);
        }
    }
    Finished { structured, text, notices, records: rest.records }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Rest, answered, made};
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
        let failure = made(&ROW, Names::Wire, value, Rest::default(), &scrubber).err();
        assert_eq!(failure, Some(Failure::TooDeep));
    }
}
