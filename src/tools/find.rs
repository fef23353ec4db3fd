//! Zone: post-admission. The one way to the result inside an answer.
//!
//! Looks once over the answer, bytes or value, and hands the events of the result to a sink: the
//! one that writes, or the one that makes a value. Trusts nothing in the answer; what stands beside
//! the result is checked for its grammar and not kept.

use crate::backend::{ApiBody, Upstream};
use crate::json::{self, Bounds, Event, Fault, Json, Sink, Tree};
use crate::limits::{JSON_DEPTH_MAX, UPSTREAM_NODES_MAX};
use crate::tools::failure::{Complaint, Failure};
use crate::tools::frame::pointed;
use crate::tools::row::Shape;

/// The answer to the last request of a call, and where the result is in it.
#[derive(Debug)]
pub(super) struct Answered {
    /// The answer as it came.
    pub(super) body: ApiBody,
    /// Where the result is.
    pub(super) shape: Shape,
    /// Member at the top with the token of the next page; empty for none.
    pub(super) next: &'static str,
    /// True when a GraphQL service sent it, whose errors stand beside the data.
    pub(super) graph: bool,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A list; one object is a list of one, null or nothing an empty one.
    List,
    /// An object; null or nothing is an empty one. A list in its place stays one.
    Record,
}

/// What a look at an answer found.
#[derive(Debug)]
pub(super) struct Found<S> {
    /// The sink, told everything in the result.
    pub(super) sink: S,
    /// The token of the next page; never empty.
    pub(super) next: Option<String>,
    /// True when the answer has a member `errors` that is neither null nor empty.
    errors: bool,
}

impl Answered {
    /// Tells `sink` the result.
    ///
    /// # Errors
    /// [`Failure::Answered`] when a GraphQL service says that it failed, else as [`find`].
    pub(super) fn find<S: Sink>(&self, sink: S) -> Result<Found<S>, Failure> {
        let found = find(&self.body, self.shape, self.next, sink);
        // An answer with errors may have no data at all: the errors are what the caller needs.
        if self.graph && !matches!(found, Ok(Found { errors: false, .. })) {
            no_errors(&self.body)?;
        }
        found
    }

    /// Returns the result, and the token of the next page.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub(super) fn value(&self) -> Result<(Json, Option<String>), Failure> {
        let found = self.find(Tree::default())?;
        Ok((found.sink.into_value(), found.next))
    }
}

/// Refuses the answer of a GraphQL service that has errors.
///
/// # Errors
/// [`Failure::Answered`] with the first of them, else as [`find`].
pub(super) fn no_errors(body: &ApiBody) -> Result<(), Failure> {
    let found = find(body, Shape::Record(""), "", Tree::default())?;
    if !found.errors {
        return Ok(());
    }
    let whole = found.sink.into_value();
    Err(Failure::Answered(Complaint::graph(whole.get("errors").unwrap_or(&Json::Null))))
}

/// Tells `sink` the result that stands in `body` where `shape` says. A list is a list wherever it
/// should be; the token of the next page is the member `next` at the top.
///
/// # Errors
/// [`Failure::Unexpected`] when something else stands there, and [`Failure::Upstream`] when the
/// bytes are not JSON within the bounds.
pub(super) fn find<S: Sink>(
    body: &ApiBody,
    shape: Shape,
    next: &'static str,
    sink: S,
) -> Result<Found<S>, Failure> {
    let (at, form) = match shape {
        Shape::Records(at) => (at, Form::List),
        Shape::Record(at) => (at, Form::Record),
        Shape::RecordsOrOne(at) => {
            // Whether the whole is the record is known only when all of it was seen.
            let whole = read(body.clone())?;
            let is_one = whole.as_object().is_some() && pointed(&whole, at).is_none();
            let shape = Shape::Records(if is_one { "" } else { at });
            return find(&ApiBody::Json(whole), shape, next, sink);
        }
    };
    let mut finder = Finder::new(at, form, next, sink);
    match body {
        ApiBody::Json(value) => json::feed(value, &mut finder),
        ApiBody::Empty => finder.take(Event::Null),
        ApiBody::Encoded(bytes) => {
            let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: UPSTREAM_NODES_MAX };
            json::scan(bytes, bounds, &mut finder).map_err(|error| unreadable(error.fault))?;
        }
        ApiBody::Text(_) => return Err(Failure::Unexpected),
    }
    finder.finish()
}

/// Returns the value that is the whole of `body`; nothing is null.
///
/// # Errors
/// [`Failure::Unexpected`] for other text, [`Failure::Upstream`] when it is not JSON within the
/// bounds.
pub(super) fn read(body: ApiBody) -> Result<Json, Failure> {
    match body.into_json() {
        Ok(Some(body)) => Ok(body),
        Ok(None) => Err(Failure::Unexpected),
        Err(error) => Err(unreadable(error.fault)),
    }
}

const fn unreadable(fault: Fault) -> Failure {
    Failure::Upstream(match fault {
        Fault::Nodes => Upstream::TooLarge,
        Fault::Syntax | Fault::Depth | Fault::Duplicate => Upstream::Unreadable,
    })
}

/// Hands on the events of the value that is looked for.
struct Finder<S> {
    steps: Vec<String>,
    form: Form,
    sink: S,
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

impl<S: Sink> Finder<S> {
    fn new(at: &str, form: Form, token: &'static str, sink: S) -> Self {
        let step = |step: &str| step.replace("~1", "/").replace("~0", "~");
        let steps = at.split('/').skip(1).map(step).collect();
        Self {
            steps,
            form,
            sink,
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

    fn finish(mut self) -> Result<Found<S>, Failure> {
        if self.unexpected {
            return Err(Failure::Unexpected);
        }
        if !self.found {
            self.empty();
        }
        Ok(Found { sink: self.sink, next: self.next, errors: self.errors == Errors::Some })
    }

    fn empty(&mut self) {
        let events = match self.form {
            Form::List => [Event::Array, Event::ArrayEnd],
            Form::Record => [Event::Object, Event::ObjectEnd],
        };
        events.into_iter().for_each(|event| self.sink.take(event));
    }

    /// Takes the first event of the value that is looked for.
    fn target(&mut self, event: Event<'_>) {
        self.found = true;
        match (self.form, event) {
            (_, Event::Null) => self.empty(),
            (_, Event::Array) | (Form::Record, Event::Object) => self.sink.take(event),
            (Form::List, Event::Object) => {
                self.sink.take(Event::Array);
                self.sink.take(event);
            }
            _ => self.unexpected = true,
        }
        self.inside = usize::from(matches!(event, Event::Array | Event::Object));
    }

    fn within(&mut self, event: Event<'_>) {
        self.sink.take(event);
        match event {
            Event::Array | Event::Object => self.inside = self.inside.saturating_add(1),
            Event::ArrayEnd | Event::ObjectEnd => self.inside = self.inside.saturating_sub(1),
            Event::Name(_) | Event::String(_) | Event::Number(_) | Event::Bool(_) | Event::Null => {
            }
        }
        let wrapped = self.form == Form::List && event == Event::ObjectEnd;
        if self.inside == 0 && wrapped {
            self.sink.take(Event::ArrayEnd);
        }
    }

    fn outside(&mut self, event: Event<'_>) {
        let hit = core::mem::take(&mut self.hit);
        match event {
            Event::Name(name) => {
                let step = self.on.checked_sub(1).and_then(|index| self.steps.get(index));
                self.hit = self.on == self.depth && step.is_some_and(|step| step == name);
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

    /// Takes note of what stands at the top of the answer, inside the result or beside it.
    fn note(&mut self, event: Event<'_>) {
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
        self.errors = match (self.errors, event) {
            (Errors::Named, Event::Null) | (Errors::Opened, Event::ArrayEnd | Event::ObjectEnd) => {
                Errors::None
            }
            (Errors::Named, Event::Array | Event::Object) => Errors::Opened,
            (Errors::Named | Errors::Opened, _) => Errors::Some,
            (same @ (Errors::None | Errors::Some), _) => same,
        };
        if let Event::Name(name) = event
            && self.depth.saturating_add(self.inside) == 1
        {
            self.at_token = name == self.token && !name.is_empty();
            if name == "errors" {
                self.errors = Errors::Named;
            }
        }
    }
}

impl<S: Sink> Sink for Finder<S> {
    fn take(&mut self, event: Event<'_>) {
        self.note(event);
        if self.inside > 0 { self.within(event) } else { self.outside(event) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Answered, Failure, Found, Upstream, find, no_errors};
    use crate::backend::ApiBody;
    use crate::json::{Bounds, Tree, read, write};
    use crate::tools::row::Shape;

    /// Looks over the bytes and over the value they tell: both find the same.
    fn both(text: &str, shape: Shape) -> Result<Found<Tree>, Failure> {
        let of = |body| find(&body, shape, "more", Tree::default());
        let streamed = of(ApiBody::Encoded(text.as_bytes().to_vec()));
        if let Ok(tree) = read(text.as_bytes(), Bounds { depth: 128, nodes: 9_999 }) {
            assert_eq!(format!("{streamed:?}"), format!("{:?}", of(ApiBody::Json(tree))), "{text}");
        }
        streamed
    }

    fn found(text: &str, shape: Shape) -> Result<String, Failure> {
        both(text, shape).map(|found| write::to_text(&found.sink.into_value()))
    }

    #[test]
    fn records_are_found_where_they_stand() {
        let pages = r#"{"totalPages":"1","list":[{"aB":1}],"x":{"list":[2]}}"#;
        for (text, at, expected) in [
            (r#"[{"aB":"<b>x</b>","n":null}]"#, "", r#"[{"aB":"<b>x</b>","n":null}]"#),
            (r#"[{"aB":1}]"#, "/list", r#"[{"aB":1}]"#),
            (r#"{"aB":[]}"#, "", r#"[{"aB":[]}]"#),
            ("null", "", "[]"),
            ("null", "/list", "[]"),
            (pages, "/list", r#"[{"aB":1}]"#),
            (pages, "/none", "[]"),
            (pages, "/x/list", "[2]"),
            (pages, "/none/list", "[]"),
            (r#"{"list":null}"#, "/list", "[]"),
            (r#"{"list":{"a":{"b":1}},"z":[]}"#, "/list", r#"[{"a":{"b":1}}]"#),
            (r#"{"data":null,"errors":[]}"#, "/data/x/nodes", "[]"),
            (r#"{"z":{"list":[1]},"y":[{"list":[1]}],"list":[3]}"#, "/list", "[3]"),
            (r#"{"a/b":{"c~d":[1]}}"#, "/a~1b/c~0d", "[1]"),
            (r#"{"data":{"y":[[]],"x":{"nodes":[1]},"z":{"nodes":[2]}}}"#, "/data/x/nodes", "[1]"),
        ] {
            assert_eq!(found(text, Shape::Records(at)).as_deref(), Ok(expected), "{text} {at}");
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
            assert_eq!(found(text, Shape::Records(at)), Err(Failure::Unexpected), "{text} {at}");
        }
    }

    #[test]
    fn a_whole_object_is_the_record_only_where_no_list_stands() {
        for (text, expected) in [
            (r#"{"content":[{"a":1}],"b":2}"#, r#"[{"a":1}]"#),
            (r#"{"content":{"a":1}}"#, r#"[{"a":1}]"#),
            (r#"{"content":null,"b":2}"#, "[]"),
            (r#"{"a":1}"#, r#"[{"a":1}]"#),
            ("{}", "[{}]"),
            (r#"[{"a":1}]"#, r#"[{"a":1}]"#),
            ("null", "[]"),
        ] {
            let shape = Shape::RecordsOrOne("/content");
            assert_eq!(found(text, shape).as_deref(), Ok(expected), "{text}");
        }
        for text in ["1", r#"{"content":1}"#] {
            let shape = Shape::RecordsOrOne("/content");
            assert_eq!(found(text, shape), Err(Failure::Unexpected), "{text}");
        }
    }

    #[test]
    fn a_record_is_an_object_or_the_list_sent_in_its_place() {
        for (text, at, expected) in [
            (r#"{"aB":[1]}"#, "", r#"{"aB":[1]}"#),
            (r#"{"x":{"y":1}}"#, "/x", r#"{"y":1}"#),
            (r#"{"x":{"y":1}}"#, "/z", "{}"),
            ("null", "", "{}"),
            ("{}", "", "{}"),
            ("[{}]", "", "[{}]"),
        ] {
            assert_eq!(found(text, Shape::Record(at)).as_deref(), Ok(expected), "{text}");
        }
        for (text, at) in [("1", ""), ("[1]", "/x"), (r#"{"x":"y"}"#, "/x")] {
            assert_eq!(found(text, Shape::Record(at)), Err(Failure::Unexpected), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_never_silent() {
        for text in
            ["<html>", "[{},", r#"[{"a":1,"a":2}]"#, r#"{"list":[],"x":[1,]}"#, &"[".repeat(200)]
        {
            for shape in [Shape::Records(""), Shape::RecordsOrOne("/x"), Shape::Record("/list")] {
                let failure = Failure::Upstream(Upstream::Unreadable);
                assert_eq!(found(text, shape), Err(failure), "{text}");
            }
        }
        let many = ApiBody::Encoded(format!("[{}1]", "1,".repeat(1_000_000)).into_bytes());
        let failure = find(&many, Shape::Records(""), "", Tree::default());
        assert_eq!(failure.unwrap_err(), Failure::Upstream(Upstream::TooLarge));
        let text = ApiBody::Text("all is well".to_owned());
        let failure = find(&text, Shape::Record(""), "", Tree::default());
        assert_eq!(failure.unwrap_err(), Failure::Unexpected);
    }

    #[test]
    fn errors_of_a_graph_service_are_never_taken_for_records() {
        for (text, expected) in [
            (r#"{"errors":[{"message":"m"}],"data":{"x":[]}}"#, Some("m")),
            (r#"{"data":{"x":[1]},"errors":["m"]}"#, Some("m")),
            (r#"{"data":{"x":null},"errors":{"message":"m"}}"#, Some("m")),
            (r#"{"data":{"x":[1]},"errors":"m"}"#, Some("m")),
            (r#"{"data":7,"errors":[{"message":"m"},{"message":"n"}]}"#, Some("m")),
            (r#"{"data":{"x":[1]},"errors":[]}"#, None),
            (r#"{"data":{"x":[1]},"errors":{}}"#, None),
            (r#"{"data":{"x":[1]},"errors":null}"#, None),
            (r#"{"data":{"x":[1],"errors":[1]}}"#, None),
            (r#"{"data":{"x":[{"errors":[1]}]}}"#, None),
        ] {
            let body = || ApiBody::Encoded(text.as_bytes().to_vec());
            let answered = |graph| {
                let shape = Shape::Records("/data/x");
                Answered { body: body(), shape, next: "", graph }.value().err()
            };
            let told = |failure: Option<Failure>| match failure {
                Some(Failure::Answered(complaint)) => Some(complaint.message),
                Some(other) => panic!("{text}: {other:?}"),
                None => None,
            };
            assert_eq!(told(answered(true)).as_deref(), expected, "{text}");
            assert_eq!(told(no_errors(&body()).err()).as_deref(), expected, "{text}");
            assert!(!matches!(answered(false), Some(Failure::Answered(_))), "{text}");
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
            (r#"[{"more":"a"}]"#, None),
        ] {
            let found = both(text, Shape::Records("/x")).unwrap();
            assert_eq!(found.next.as_deref(), expected, "{text}");
        }
        let body = ApiBody::Encoded(br#"{"":"t","x":[]}"#.to_vec());
        let found = find(&body, Shape::Records("/x"), "", Tree::default()).unwrap();
        assert_eq!(found.next, None, "an empty name stands for none");
        let whole = both(r#"{"more":"t","x":{"more":"u"}}"#, Shape::Record("")).unwrap();
        assert_eq!(whole.next.as_deref(), Some("t"));
    }
}
