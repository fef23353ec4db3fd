//! Zone: post-admission. From an answer to the finished result: found, renamed, cleaned, written.
//!
//! One pass over the bytes of the service, or over a value that a query or a function made; both
//! take the same road. Trusts nothing in the answer; what stands beside the records is checked
//! for its grammar and not kept.

use crate::backend::{ApiBody, Upstream};
use crate::json::{self, Bounds, Event, Fault, Json, Sink};
use crate::limits::{JSON_DEPTH_MAX, UPSTREAM_NODES_MAX};
use crate::sanitize::{CleanEncoded, CleanText, Encoder, Naming, Scrubber, Unfinished};
use crate::tools::call::{Answer, read};
use crate::tools::failure::{Complaint, Failure};
use crate::tools::names::snake;
use crate::tools::row::{Names, Row, Shape};

/// Name of the token of the next page in a result.
const NEXT: &str = "next_offset";

/// Where an answer comes from.
#[derive(Debug, Clone, Copy)]
enum Source<'a> {
    /// JSON as the service sent it.
    Bytes(&'a [u8]),
    /// A value of this program.
    Tree(&'a Json),
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A list; one object is a list of one, null or nothing an empty one.
    List,
    /// An object; null or nothing is an empty one. A list in its place stays one.
    Record,
}

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

/// What a pass over an answer found.
#[derive(Debug)]
struct Found {
    clean: CleanEncoded,
    /// True when the answer has a member `errors` that is neither null nor empty.
    errors: bool,
    next: Option<String>,
}

/// Returns the result of `row` that stands in `body` where `shape` says.
///
/// # Errors
/// As [`finish`]; [`Failure::Answered`] when a GraphQL service says that it failed.
pub(super) fn answered(
    row: &Row,
    body: &ApiBody,
    shape: Shape,
    scrubber: &Scrubber,
) -> Result<Finished, Failure> {
    let source = match body {
        ApiBody::Encoded(bytes) => Source::Bytes(bytes),
        ApiBody::Json(value) => Source::Tree(value),
        ApiBody::Empty => Source::Tree(&Json::Null),
        ApiBody::Text(_) => return Err(Failure::Unexpected),
    };
    let (at, form) = match shape {
        Shape::Records(at) => (at, Form::List),
        Shape::Record(at) => (at, Form::Record),
        Shape::RecordsOrOne(_) => {
            let (value, next) = Answer::Body(body.clone(), shape).into_value(row)?;
            return made(row, row.names, &value, next, scrubber);
        }
    };
    let found = finish(source, (at, form, row.next), row.names, scrubber);
    // An answer with errors may have no data at all: the errors are what the caller needs.
    if row.main.document.is_some() && !matches!(found, Ok(Found { errors: false, .. })) {
        no_errors(&read(body.clone())?, shape)?;
    }
    let found = found?;
    Ok(shown(row, found.clean, found.next, scrubber))
}

/// Returns the result of `row` that is `value`, with the token of the `next` page.
///
/// # Errors
/// [`Failure::TooDeep`].
pub(super) fn made(
    row: &Row,
    names: Names,
    value: &Json,
    next: Option<String>,
    scrubber: &Scrubber,
) -> Result<Finished, Failure> {
    let found = finish(Source::Tree(value), ("", Form::Record, ""), names, scrubber)?;
    Ok(shown(row, found.clean, next, scrubber))
}

/// Refuses the answer of a GraphQL service that has errors.
///
/// # Errors
/// [`Failure::Answered`] with the first of them.
pub(super) fn no_errors(body: &Json, shape: Shape) -> Result<(), Failure> {
    let (Shape::Records(at) | Shape::RecordsOrOne(at) | Shape::Record(at)) = shape;
    match body.get("errors").and_then(Json::as_array) {
        Some(errors) if !errors.is_empty() && at.starts_with("/data") => {
            Err(Failure::Answered(Complaint::graph(errors)))
        }
        _ => Ok(()),
    }
}

fn shown(row: &Row, clean: CleanEncoded, next: Option<String>, scrubber: &Scrubber) -> Finished {
    let table = if row.plain_text { None } else { clean.csv() };
    let text = table.unwrap_or_else(|| clean.pretty());
    let structured = if clean.is_object() { clean } else { clean.wrapped("result") };
    let next = next.map(|token| scrubber.text(&token));
    let structured = match &next {
        Some(token) => structured.with(NEXT, token),
        None => structured,
    };
    Finished { structured, text, next }
}

/// Returns the token in member `name` of `body`; none for an empty name.
pub(super) fn next_of(body: &Json, name: &str) -> Option<String> {
    let token = body.get(name).filter(|_| !name.is_empty())?;
    let number = token.as_number().map(|number| number.text().to_owned());
    token.as_str().map(str::to_owned).or(number).filter(|token| !token.is_empty())
}

/// Returns the clean form of the value at the JSON pointer `at` in `source`, with what else is of
/// use at the top of it. A list is a list wherever it should be.
///
/// # Errors
/// [`Failure::Unexpected`] when something else stands there, [`Failure::TooDeep`], and
/// [`Failure::Upstream`] when the bytes are not JSON within the bounds.
fn finish(
    source: Source<'_>,
    (at, form, next): (&str, Form, &'static str),
    names: Names,
    scrubber: &Scrubber,
) -> Result<Found, Failure> {
    let naming = match names {
        Names::Snake => Naming::Renamed(snake),
        Names::Wire => Naming::Kept,
    };
    let mut finder = Finder::new(at, form, next, scrubber.encoder(naming));
    match source {
        Source::Tree(value) => json::feed(value, &mut finder),
        Source::Bytes(bytes) => {
            finder.encoder.reserve(bytes.len());
            let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: UPSTREAM_NODES_MAX };
            json::scan(bytes, bounds, &mut finder).map_err(|error| unreadable(error.fault))?;
        }
    }
    finder.finish()
}

/// Returns the failure of an answer that is not JSON within the bounds.
pub(super) const fn unreadable(fault: Fault) -> Failure {
    Failure::Upstream(match fault {
        Fault::Nodes => Upstream::TooLarge,
        Fault::Syntax | Fault::Depth | Fault::Duplicate => Upstream::Unreadable,
    })
}

/// Hands on the events of the value that is looked for.
struct Finder<'a> {
    steps: Vec<String>,
    form: Form,
    encoder: Encoder<'a>,
    /// Open arrays and objects outside the value.
    depth: usize,
    /// How many of them, from the top, are on the way to it.
    on: usize,
    /// True when the next value is reached by one more step.
    hit: bool,
    /// Open arrays and objects of the value.
    inside: usize,
    found: bool,
    unexpected: bool,
    errors: Errors,
    /// Name of the member that holds the token of the next page; empty for none.
    token: &'static str,
    /// True when the next value is that token.
    at_token: bool,
    next: Option<String>,
}

/// What is known about the member `errors` of the top.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Errors {
    None,
    Named,
    Opened,
    Some,
}

impl<'a> Finder<'a> {
    fn new(at: &str, form: Form, token: &'static str, encoder: Encoder<'a>) -> Self {
        let step = |step: &str| step.replace("~1", "/").replace("~0", "~");
        let steps = at.split('/').skip(1).map(step).collect();
        Self {
            steps,
            form,
            encoder,
            depth: 0,
            on: 0,
            hit: true,
            inside: 0,
            found: false,
            unexpected: false,
            errors: Errors::None,
            token,
            at_token: false,
            next: None,
        }
    }

    fn finish(mut self) -> Result<Found, Failure> {
        if self.unexpected {
            return Err(Failure::Unexpected);
        }
        if !self.found {
            self.empty();
        }
        let clean = self.encoder.finish().map_err(|unfinished| match unfinished {
            Unfinished::TooDeep => Failure::TooDeep,
            Unfinished::Events => Failure::Bug,
        })?;
        Ok(Found { clean, errors: self.errors == Errors::Some, next: self.next })
    }

    fn empty(&mut self) {
        let events = match self.form {
            Form::List => [Event::Array, Event::ArrayEnd],
            Form::Record => [Event::Object, Event::ObjectEnd],
        };
        events.into_iter().for_each(|event| self.encoder.take(event));
    }

    /// Takes the first event of the value that is looked for.
    fn target(&mut self, event: Event<'_>) {
        self.found = true;
        match (self.form, event) {
            (_, Event::Null) => self.empty(),
            (_, Event::Array) | (Form::Record, Event::Object) => self.encoder.take(event),
            (Form::List, Event::Object) => {
                self.encoder.take(Event::Array);
                self.encoder.take(event);
            }
            _ => self.unexpected = true,
        }
        self.inside = usize::from(matches!(event, Event::Array | Event::Object));
    }

    fn within(&mut self, event: Event<'_>) {
        self.encoder.take(event);
        match event {
            Event::Array | Event::Object => self.inside = self.inside.saturating_add(1),
            Event::ArrayEnd | Event::ObjectEnd => self.inside = self.inside.saturating_sub(1),
            Event::Name(_) | Event::String(_) | Event::Number(_) | Event::Bool(_) | Event::Null => {
            }
        }
        let wrapped = self.form == Form::List && event == Event::ObjectEnd;
        if self.inside == 0 && wrapped {
            self.encoder.take(Event::ArrayEnd);
        }
    }

    fn outside(&mut self, event: Event<'_>) {
        let hit = core::mem::take(&mut self.hit);
        match event {
            Event::Name(name) => {
                let step = self.on.checked_sub(1).and_then(|index| self.steps.get(index));
                self.hit = self.on == self.depth && step.is_some_and(|step| step == name);
                self.at_token = self.depth == 1 && name == self.token;
                if self.depth == 1 && name == "errors" {
                    self.errors = Errors::Named;
                }
            }
            Event::ObjectEnd | Event::ArrayEnd => {
                self.depth = self.depth.saturating_sub(1);
                self.on = self.on.min(self.depth);
            }
            _ if hit && self.on == self.steps.len() => self.target(event),
            // A service that leaves out the object around its list.
            Event::Array if hit && self.depth == 0 && self.form == Form::List => self.target(event),
            Event::Object | Event::Array => {
                self.depth = self.depth.saturating_add(1);
                if hit && event == Event::Object {
                    self.on = self.depth;
                }
                self.unexpected |= hit && event == Event::Array;
            }
            Event::Null => {}
            Event::String(_) | Event::Number(_) | Event::Bool(_) => self.unexpected |= hit,
        }
    }

    fn note(&mut self, event: Event<'_>) {
        self.errors = match (self.errors, event) {
            (Errors::Named, Event::Null) | (Errors::Opened, Event::ArrayEnd | Event::ObjectEnd) => {
                Errors::None
            }
            (Errors::Named, Event::Array | Event::Object) => Errors::Opened,
            (Errors::Named | Errors::Opened, _) => Errors::Some,
            (same @ (Errors::None | Errors::Some), _) => same,
        };
    }
}

impl Sink for Finder<'_> {
    fn take(&mut self, event: Event<'_>) {
        self.note(event);
        if core::mem::take(&mut self.at_token) {
            self.next = match event {
                Event::String(text) if !text.is_empty() => Some(text.to_owned()),
                Event::Number(number) => Some(number.text().to_owned()),
                Event::String(_)
                | Event::Bool(_)
                | Event::Null
                | Event::Name(_)
                | Event::Object
                | Event::ObjectEnd
                | Event::Array
                | Event::ArrayEnd => None,
            };
        }
        if self.inside > 0 { self.within(event) } else { self.outside(event) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Form, Found, Source, Upstream, finish};
    use crate::json::{Bounds, read};
    use crate::sanitize::Scrubber;
    use crate::tools::row::Names;

    fn both(text: &str, at: &str, form: Form) -> Result<Found, Failure> {
        let scrubber = Scrubber::new(true);
        let of = |source| finish(source, (at, form, "more"), Names::Snake, &scrubber);
        let streamed = of(Source::Bytes(text.as_bytes()));
        if let Ok(tree) = read(text.as_bytes(), Bounds { depth: 128, nodes: 9_999 }) {
            let fed = of(Source::Tree(&tree));
            assert_eq!(format!("{streamed:?}"), format!("{fed:?}"), "{text}");
        }
        streamed
    }

    #[test]
    fn records_are_found_where_they_stand() {
        let pages = r#"{"totalPages":"1","list":[{"aB":1}],"x":{"list":[2]}}"#;
        for (text, at, expected) in [
            (r#"[{"aB":"<b>x</b>","n":null}]"#, "", r#"[{"a_b":"x"}]"#),
            (r#"[{"aB":1}]"#, "/list", r#"[{"a_b":1}]"#),
            (r#"{"aB":[]}"#, "", r#"[{"a_b":[]}]"#),
            ("null", "", "[]"),
            ("null", "/list", "[]"),
            (pages, "/list", r#"[{"a_b":1}]"#),
            (pages, "/none", "[]"),
            (pages, "/x/list", "[2]"),
            (pages, "/list", r#"[{"a_b":1}]"#),
            (pages, "/none/list", "[]"),
            (r#"{"list":null}"#, "/list", "[]"),
            (r#"{"list":{"a":{"b":1}},"z":[]}"#, "/list", r#"[{"a":{"b":1}}]"#),
            (r#"{"data":null,"errors":[]}"#, "/data/x/nodes", "[]"),
            (r#"{"z":{"list":[1]},"y":[{"list":[1]}],"list":[3]}"#, "/list", "[3]"),
            (r#"{"a/b":{"c~d":[1]}}"#, "/a~1b/c~0d", "[1]"),
            (r#"{"data":{"y":[[]],"x":{"nodes":[1]},"z":{"nodes":[2]}}}"#, "/data/x/nodes", "[1]"),
        ] {
            let Found { clean, errors, next } = both(text, at, Form::List).unwrap();
            assert_eq!(clean.as_str(), expected, "{text} {at}");
            assert!(!errors && next.is_none(), "{text}");
        }
        for (text, at) in [
            ("7", ""),
            ("\"x\"", ""),
            ("true", "/list"),
            (r#"{"list":1}"#, "/list"),
            (r#"{"list":"x"}"#, "/list"),
            (r#"{"x":[{"list":[1]}]}"#, "/x/list"),
            (r#"{"x":1}"#, "/x/list"),
        ] {
            assert_eq!(both(text, at, Form::List).unwrap_err(), Failure::Unexpected, "{text} {at}");
        }
    }

    #[test]
    fn a_record_is_an_object_or_the_list_sent_in_its_place() {
        for (text, expected) in [(r#"{"aB":[1]}"#, r#"{"a_b":[1]}"#), ("null", "{}"), ("{}", "{}")]
        {
            assert_eq!(both(text, "", Form::Record).unwrap().clean.as_str(), expected);
        }
        assert_eq!(both("[{}]", "", Form::Record).unwrap().clean.as_str(), "[{}]");
        for (text, at) in [("1", ""), ("[1]", "/x"), (r#"{"x":"y"}"#, "/x")] {
            assert_eq!(both(text, at, Form::Record).unwrap_err(), Failure::Unexpected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_never_silent() {
        for (text, expected) in [
            ("<html>", Failure::Upstream(Upstream::Unreadable)),
            ("[{},", Failure::Upstream(Upstream::Unreadable)),
            (r#"[{"a":1,"a":2}]"#, Failure::Upstream(Upstream::Unreadable)),
            (r#"{"list":[],"x":[1,]}"#, Failure::Upstream(Upstream::Unreadable)),
            (&"[".repeat(200), Failure::Upstream(Upstream::Unreadable)),
            (&format!("{}{}", "[".repeat(65), "]".repeat(65)), Failure::TooDeep),
        ] {
            assert_eq!(both(text, "", Form::List).unwrap_err(), expected, "{text}");
        }
        let many = format!("[{}1]", "1,".repeat(1_000_000));
        let scrubber = Scrubber::new(true);
        let failure =
            finish(Source::Bytes(many.as_bytes()), ("", Form::List, ""), Names::Wire, &scrubber);
        assert_eq!(failure.unwrap_err(), Failure::Upstream(Upstream::TooLarge));
    }

    #[test]
    fn errors_beside_the_records_are_noticed() {
        for (text, expected) in [
            (r#"{"errors":[{"message":"x"}],"data":{"x":[]}}"#, true),
            (r#"{"data":{"x":[1]},"errors":["x"]}"#, true),
            (r#"{"data":{"x":null},"errors":{"a":1}}"#, true),
            (r#"{"data":{"x":[1]},"errors":[]}"#, false),
            (r#"{"data":{"x":[1]},"errors":null}"#, false),
            (r#"{"data":{"x":[1],"errors":[1]}}"#, false),
            (r#"{"data":{"x":[{"errors":[1]}]}}"#, false),
        ] {
            assert_eq!(both(text, "/data/x", Form::List).unwrap().errors, expected, "{text}");
        }
    }

    #[test]
    fn the_token_of_the_next_page_is_found_beside_the_records() {
        for (text, expected) in [
            (r#"{"x":[1],"more":"t"}"#, Some("t")),
            (r#"{"more":7,"x":[{"more":"a"}]}"#, Some("7")),
            (r#"{"x":[{"more":"a"}]}"#, None),
            (r#"{"x":[],"more":null}"#, None),
            (r#"{"x":[],"more":""}"#, None),
            (r#"{"x":[],"more":["a"]}"#, None),
            (r#"{"y":{"more":"a"},"x":[]}"#, None),
        ] {
            let found = both(text, "/x", Form::List).unwrap();
            assert_eq!(found.next.as_deref(), expected, "{text}");
            let tree = read(text.as_bytes(), Bounds { depth: 9, nodes: 99 }).unwrap();
            assert_eq!(super::next_of(&tree, "more").as_deref(), expected, "{text}");
        }
    }
}
