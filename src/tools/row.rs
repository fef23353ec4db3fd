//! Zone: post-admission. The vocabulary of the catalogue: what one row can say about a tool.
//!
//! Plain constant data and the functions that build it. Schema, annotations, argument checks and
//! the request follow from the row, so they cannot disagree. What a row cannot say is the one
//! function behind [`Row::custom`].

use crate::backend::ApiMethod;
use crate::json::Json;
use crate::tools::engine::Call;
use crate::tools::failure::Failure;

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

/// The type of an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text that identifies a record; a whole number is taken as its digits.
    Id,
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A truth value.
    Boolean,
    /// A list of texts.
    Texts,
}

/// How a value is written into the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As it is; truth values as `true` and `false`.
    Plain,
    /// As a search expression of private access; plain text becomes an exact name.
    Expression,
}

/// Where the value of an argument goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Into the hole of the path that has the name of the argument.
    Path,
    /// Into this member of the query.
    Query {
        /// Name of the member.
        key: &'static str,
        /// How the value is written.
        form: Form,
        /// False leaves an empty value out; true sends it.
        empty: bool,
    },
    /// Nowhere by itself: the function of the row uses it.
    Local,
}

/// A value for an argument that is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
}

/// One argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
    /// Where the value goes.
    pub place: Place,
    /// True when the call fails without it.
    pub required: bool,
    /// True when an empty text or list is refused.
    pub filled: bool,
    /// Value when it is not given.
    pub preset: Option<Preset>,
    /// Least value of a whole number.
    pub min: Option<i64>,
    /// Greatest value of a whole number.
    pub max: Option<i64>,
    /// The texts that are accepted; any when empty.
    pub choices: &'static [&'static str],
    /// What it means, for the model.
    pub doc: &'static str,
}

impl Param {
    const fn new(name: &'static str, kind: Kind, place: Place) -> Self {
        Self {
            name,
            kind,
            place,
            required: false,
            filled: false,
            preset: None,
            min: None,
            max: None,
            choices: &[],
            doc: "",
        }
    }

    /// Returns a required argument that fills the hole `name` of the path.
    #[must_use]
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Kind::Id, Place::Path).required().filled()
    }

    /// Returns an optional argument that is sent as query member `key` unless it is empty.
    #[must_use]
    pub const fn query(name: &'static str, kind: Kind, key: &'static str) -> Self {
        Self::new(name, kind, Place::Query { key, form: Form::Plain, empty: false })
    }

    /// Returns an optional argument for the function of the row.
    #[must_use]
    pub const fn local(name: &'static str, kind: Kind) -> Self {
        Self::new(name, kind, Place::Local)
    }

    /// Makes it required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Refuses an empty text or list.
    #[must_use]
    pub const fn filled(mut self) -> Self {
        self.filled = true;
        self
    }

    /// Sends it even when it is empty.
    #[must_use]
    pub const fn even_empty(mut self) -> Self {
        if let Place::Query { key, form, .. } = self.place {
            self.place = Place::Query { key, form, empty: true };
        }
        self
    }

    /// Writes it into the query in this form.
    #[must_use]
    pub const fn form(mut self, form: Form) -> Self {
        if let Place::Query { key, empty, .. } = self.place {
            self.place = Place::Query { key, form, empty };
        }
        self
    }

    /// Gives it a value for when it is absent.
    #[must_use]
    pub const fn preset(mut self, preset: Preset) -> Self {
        self.preset = Some(preset);
        self
    }

    /// Bounds it from below.
    #[must_use]
    pub const fn min(mut self, min: i64) -> Self {
        self.min = Some(min);
        self
    }

    /// Bounds it from above.
    #[must_use]
    pub const fn max(mut self, max: i64) -> Self {
        self.max = Some(max);
        self
    }

    /// Accepts only these texts.
    #[must_use]
    pub const fn choices(mut self, choices: &'static [&'static str]) -> Self {
        self.choices = choices;
        self
    }

    /// Says what it means.
    #[must_use]
    pub const fn doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }
}

/// The argument of every tool that reads a list.
const QUERY: Param = Param::local("query", Kind::Text).doc(
    "JMESPath expression over the list of records, to return less: \
     [?contains(name, 'x')].{id: id, name: name}. Text stands in 'single quotes'.",
);
static QUERIES: [Param; 1] = [QUERY];

/// The request of a tool: method and path, whose `{holes}` are arguments or `customerId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Method.
    pub method: ApiMethod,
    /// Path template.
    pub path: &'static str,
}

/// What a tool returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A list of records, found in the answer at this member, or the answer itself when empty.
    Records(&'static str),
    /// One record: the answer itself.
    Record,
}

/// How the members of records are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Words with underscores.
    Snake,
    /// As the service sends them.
    Wire,
}

/// A function that answers a call in place of the common steps.
pub type Custom = fn(&Call<'_>) -> Result<Json, Failure>;

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
    /// Request.
    pub request: Request,
    /// Result.
    pub shape: Shape,
    /// Naming of members.
    pub names: Names,
    /// The tool that lists the ids this one asks for; empty when there is none.
    pub see: &'static str,
    /// What the fields above cannot say.
    pub custom: Option<Custom>,
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
        request: Request { method: ApiMethod::Get, path },
        shape: Shape::Record,
        names: Names::Snake,
        see: "",
        custom: None,
    }
}

/// Returns a reading tool for the list at `path`, whose records are the answer itself.
#[must_use]
pub const fn list(name: &'static str, toolset: &'static str, path: &'static str) -> Row {
    let mut row = get(name, toolset, path);
    row.shape = Shape::Records("");
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

    /// Finds the records at member `name` of the answer.
    #[must_use]
    pub const fn rows_in(mut self, name: &'static str) -> Self {
        self.shape = Shape::Records(name);
        self
    }

    /// Sends the request as POST although it only reads.
    #[must_use]
    pub const fn by_post(mut self) -> Self {
        self.request.method = ApiMethod::Post;
        self
    }

    /// Keeps the member names of the service.
    #[must_use]
    pub const fn wire_names(mut self) -> Self {
        self.names = Names::Wire;
        self
    }

    /// Names the tool that lists the ids this one asks for.
    #[must_use]
    pub const fn see(mut self, see: &'static str) -> Self {
        self.see = see;
        self
    }

    /// Answers with `custom`.
    #[must_use]
    pub const fn custom(mut self, custom: Custom) -> Self {
        self.custom = Some(custom);
        self
    }

    /// Returns the code of the service.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.toolset.split_once('_').map_or(self.toolset, |(service, _)| service)
    }

    /// True when the caller may give an expression over the records.
    #[must_use]
    pub const fn takes_query(&self) -> bool {
        matches!((self.verb, self.shape), (Verb::Read, Shape::Records(_)))
    }

    /// Returns every argument in the order they are described: those of the row, then the query.
    pub fn inputs(&self) -> impl Iterator<Item = &'static Param> + use<> {
        let queries: &'static [Param] = if self.takes_query() { &QUERIES } else { &[] };
        self.params.iter().chain(queries)
    }

    /// Returns the argument `name`.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&'static Param> {
        self.inputs().find(|param| param.name == name)
    }
}
