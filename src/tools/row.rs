//! Zone: post-admission. The vocabulary of the catalogue: what one row can say about a tool.
//!
//! Plain constant data and the functions that build it. Schema, annotations, argument checks,
//! requests and result follow from the row, so they cannot disagree. What a row cannot say is a
//! named function: in a form or value, in [`Row::after`], or in [`Row::custom`].

use crate::backend::ApiMethod;
use crate::json::Json;
use crate::tools::call::Call;
use crate::tools::change::{self, Subject};
use crate::tools::failure::Failure;
use crate::tools::pages::ALL_PAGES;
use crate::tools::param::{Kind, Param, Place};
use crate::tools::plan::{Bind, Cond, Keep, Maker, Member, Plan, Refusal, Step, Takes, Value};

/// What a tool does to the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Changes nothing.
    Read,
    /// Adds a record.
    Create,
    /// Changes a record.
    Update,
    /// Removes a record.
    Delete,
}

impl Verb {
    /// Returns the word for listings.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// The argument of every tool that reads a list.
const QUERY: Param = Param::local("query", Kind::Text)
    .doc("JMESPath over the records: [?contains(name || '', 'x')].{id: id}.");
static QUERIES: [Param; 1] = [QUERY];
static PAGES: [Param; 1] = [ALL_PAGES];

/// What a tool returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A list of records, at this JSON pointer in the answer; `""` is the answer itself. An answer
    /// that is a list is the list, whatever the pointer.
    Records(&'static str),
    /// The same, but an object without that member is itself the only record.
    RecordsOrOne(&'static str),
    /// One record, at this JSON pointer in the answer.
    Record(&'static str),
}

/// How the members of records are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Words with underscores.
    Snake,
    /// As the service sends them.
    Wire,
}

/// A function that answers a call in place of the plans; it returns the result as the service
/// names its members.
#[derive(Debug, Clone, Copy)]
pub struct Custom {
    /// Name, as AUDIT counts it.
    pub name: &'static str,
    /// Returns the result.
    pub answer: fn(&Call<'_>) -> Result<Json, Failure>,
}

/// One tool.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Name.
    pub name: &'static str,
    /// What it does to the tenant.
    pub verb: Verb,
    /// The set it belongs to; the part before the first underscore is its service.
    pub toolset: &'static str,
    /// Name for people.
    pub title: &'static str,
    /// What it returns and when to use it; the first line is for listings.
    pub doc: &'static str,
    /// Arguments in the order they are described, without the query.
    pub params: &'static [Param],
    /// Calls that are refused before any request.
    pub refuse: &'static [Refusal],
    /// Requests before the main one.
    pub before: &'static [Step],
    /// The main request, which takes every argument; its answer is the result.
    pub main: Step,
    /// When not empty, these in place of the two above, the first that fits.
    pub plans: &'static [Plan],
    /// Filters on the records.
    pub keep: &'static [Keep],
    /// Where the result is in the answer.
    pub shape: Shape,
    /// Member at the top of the answer with the token of the next page; empty when there is none.
    pub next: &'static str,
    /// True when the caller may project the records by an expression.
    pub queried: bool,
    /// When not empty, the result is an object of these members.
    pub wrap: &'static [Member],
    /// Naming of members.
    pub names: Names,
    /// True when a flat list is not shown as a table.
    pub plain_text: bool,
    /// True when the records hold texts from outside the tenant.
    pub outside: bool,
    /// The tool that lists the ids this one asks for; empty when there is none.
    pub see: &'static str,
    /// Changes the result, before members are renamed.
    pub after: Option<Maker>,
    /// What the fields above cannot say.
    pub custom: Option<Custom>,
    /// The record that it changes.
    pub subject: Option<Subject>,
    /// The word by which a person allows it; empty when nobody is asked.
    pub asks: &'static str,
    /// True when the result says only that it was done, whatever the service answers.
    pub done: bool,
}

/// Returns a reading tool for one record at `path`.
#[must_use]
pub const fn get(name: &'static str, toolset: &'static str, path: &'static str) -> Row {
    Row {
        name,
        verb: Verb::Read,
        toolset,
        title: "",
        doc: "",
        params: &[],
        refuse: &[],
        before: &[],
        main: Step::get(path).takes(Takes::All),
        plans: &[],
        keep: &[],
        shape: Shape::Record(""),
        next: "",
        queried: false,
        wrap: &[],
        names: Names::Snake,
        plain_text: false,
        outside: false,
        see: "",
        after: None,
        custom: None,
        subject: None,
        asks: "",
        done: false,
    }
}

/// Returns a tool that adds a record by POST to `path`.
#[must_use]
pub const fn create(name: &'static str, toolset: &'static str, path: &'static str) -> Row {
    get(name, toolset, path).does(Verb::Create, ApiMethod::Post)
}

/// Returns a tool that changes a record by PUT to `path`.
#[must_use]
pub const fn update(name: &'static str, toolset: &'static str, path: &'static str) -> Row {
    get(name, toolset, path).does(Verb::Update, ApiMethod::Put)
}

/// Returns a tool that removes a record by DELETE to `path`, after a person has said so.
#[must_use]
pub const fn delete(name: &'static str, toolset: &'static str, path: &'static str) -> Row {
    get(name, toolset, path).does(Verb::Delete, ApiMethod::Delete).asks("delete").done()
}

/// Returns a reading tool for the list at `path`, whose records are the answer itself.
#[must_use]
pub const fn list(name: &'static str, toolset: &'static str, path: &'static str) -> Row {
    let mut row = get(name, toolset, path);
    row.shape = Shape::Records("");
    row.queried = true;
    row
}

/// Returns a reading tool that sends one GraphQL operation to `path` and returns what stands at the
/// JSON pointer `at` of its answer, as the service names it.
#[must_use]
pub const fn graph(
    name: &'static str,
    toolset: &'static str,
    path: &'static str,
    (operation, text): (&'static str, &'static str),
    shape: Shape,
) -> Row {
    let mut row = get(name, toolset, path);
    row.main = Step::new(ApiMethod::Post, path).takes(Takes::All).document(operation, text);
    row.shape = shape;
    row.queried = matches!(shape, Shape::Records(_));
    row.names = Names::Wire;
    row
}

impl Row {
    /// Gives it a name for people.
    #[must_use]
    pub const fn title(mut self, title: &'static str) -> Self {
        self.title = title;
        self
    }

    /// Says what it returns and when to use it.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Gives it arguments.
    #[must_use]
    pub const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// Refuses calls before any request.
    #[must_use]
    pub const fn refuse(mut self, refuse: &'static [Refusal]) -> Self {
        self.refuse = refuse;
        self
    }

    /// Makes it a tool that does `verb`, with `method`.
    #[must_use]
    pub const fn does(mut self, verb: Verb, method: ApiMethod) -> Self {
        self.verb = verb;
        self.main.method = method;
        self.queried = false;
        self
    }

    /// Sends these requests before the main one.
    #[must_use]
    pub const fn before(mut self, steps: &'static [Step]) -> Self {
        self.before = steps;
        self
    }

    /// Adds members to the query of the main request.
    #[must_use]
    pub const fn query(mut self, members: &'static [Member]) -> Self {
        self.main = self.main.query(members);
        self
    }

    /// Adds members to the body of the main request, or variables to its document.
    #[must_use]
    pub const fn body(mut self, members: &'static [Member]) -> Self {
        self.main = self.main.body(members);
        self
    }

    /// Lays the members of these objects over the body of the main request.
    #[must_use]
    pub const fn spread(mut self, objects: &'static [Value]) -> Self {
        self.main = self.main.spread(objects);
        self
    }

    /// Makes `value` the whole body of the main request.
    #[must_use]
    pub const fn whole(mut self, value: Value) -> Self {
        self.main = self.main.whole(value);
        self
    }

    /// Fills holes `{=name}` in the path of the main request.
    #[must_use]
    pub const fn binds(mut self, binds: &'static [Bind]) -> Self {
        self.main = self.main.binds(binds);
        self
    }

    /// Sends the first of `plans` that fits, in place of the main request.
    #[must_use]
    pub const fn plans(mut self, plans: &'static [Plan]) -> Self {
        self.plans = plans;
        self
    }

    /// Filters the records.
    #[must_use]
    pub const fn keep(mut self, keep: &'static [Keep]) -> Self {
        self.keep = keep;
        self
    }

    /// Finds the records at this JSON pointer of the answer.
    #[must_use]
    pub const fn rows_at(mut self, pointer: &'static str) -> Self {
        self.shape = Shape::Records(pointer);
        self
    }

    /// Finds the token of the next page in this member at the top of the answer.
    #[must_use]
    pub const fn next(mut self, member: &'static str) -> Self {
        self.next = member;
        self
    }

    /// Returns an object of these members in place of the bare result.
    #[must_use]
    pub const fn wrap(mut self, members: &'static [Member]) -> Self {
        self.wrap = members;
        self.queried = false;
        self
    }

    /// Sends the request as POST although it only reads.
    #[must_use]
    pub const fn by_post(mut self) -> Self {
        self.main.method = ApiMethod::Post;
        self
    }

    /// Keeps the member names of the service.
    #[must_use]
    pub const fn wire_names(mut self) -> Self {
        self.names = Names::Wire;
        self
    }

    /// Shows even a flat list as JSON.
    #[must_use]
    pub const fn plain_text(mut self) -> Self {
        self.plain_text = true;
        self
    }

    /// Marks the records as holding texts from outside the tenant.
    #[must_use]
    pub const fn outside(mut self) -> Self {
        self.outside = true;
        self
    }

    /// Says whether the caller may project the records; a list says yes unless told otherwise.
    #[must_use]
    pub const fn queried(mut self, queried: bool) -> Self {
        self.queried = queried;
        self
    }

    /// Names the tool that lists the ids this one asks for.
    #[must_use]
    pub const fn see(mut self, see: &'static str) -> Self {
        self.see = see;
        self
    }

    /// Changes the result by `maker`, before members are renamed.
    #[must_use]
    pub const fn after(mut self, maker: Maker) -> Self {
        self.after = Some(maker);
        self
    }

    /// Answers with `custom`.
    #[must_use]
    pub const fn custom(mut self, custom: Custom) -> Self {
        self.custom = Some(custom);
        self
    }

    /// Says which record it changes: its kind in small letters, the argument that identifies it
    /// (empty when the tool speaks of one only), and the tool that reads it (empty when none does).
    #[must_use]
    pub const fn subject(
        mut self,
        kind: &'static str,
        key: &'static str,
        read: &'static str,
    ) -> Self {
        self.subject = Some(Subject { kind, key, read });
        self
    }

    /// Asks a person before; `word` is what the person chooses to allow it.
    #[must_use]
    pub const fn asks(mut self, word: &'static str) -> Self {
        self.asks = word;
        self
    }

    /// Says only that it was done.
    #[must_use]
    pub const fn done(mut self) -> Self {
        self.done = true;
        self
    }

    /// Returns what was done, in one word.
    #[must_use]
    pub const fn deed(&self) -> &'static str {
        match self.verb {
            Verb::Read => "Read",
            Verb::Create => "Created",
            Verb::Update => "Changed",
            Verb::Delete => "Deleted",
        }
    }

    /// Returns the code of the service.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.toolset.split_once('_').map_or(self.toolset, |(service, _)| service)
    }

    /// Returns every argument in the order they are described: those of the row, then those that
    /// all tools of its kind have.
    pub fn inputs(&self) -> impl Iterator<Item = &'static Param> + use<> {
        let queries: &'static [Param] = if self.queried { &QUERIES } else { &[] };
        let changes = change::inputs(self.verb, !self.asks.is_empty());
        let pages: &'static [Param] = if self.paging().is_some() { &PAGES } else { &[] };
        self.params.iter().chain(pages).chain(queries).chain(changes)
    }

    /// Returns the argument `name`.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.inputs().find(|param| param.name == name)
    }

    /// Returns the names of the functions it needs, sorted.
    #[must_use]
    pub fn functions(&self) -> Vec<&'static str> {
        let steps = self.before.iter().chain([&self.main]);
        let steps = steps.chain(self.plans.iter().flat_map(|plan| plan.steps));
        let forms = self.params.iter().filter_map(|param| match param.place {
            Place::Sent(slot) => slot.form.maker(),
            Place::Path | Place::Local => None,
        });
        let refusals = self.refuse.iter().flat_map(|refusal| refusal.when);
        let conditions = refusals.filter_map(Cond::maker);
        let makers = forms.chain(conditions).chain(steps.flat_map(Step::makers)).chain(self.after);
        let custom = self.custom.map(|custom| custom.name);
        let mut names: Vec<&str> = makers.map(|maker| maker.name).chain(custom).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
