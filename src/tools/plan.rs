//! Zone: post-admission. What a row can say about its requests: which, in which order, with what.
//!
//! Plain constant data. A plan is chosen by the arguments; its steps are sent in order, each with
//! the arguments it takes and with values made of earlier answers.

use crate::backend::ApiMethod;
use crate::json::Json;
use crate::tools::failure::Failure;
use crate::tools::frame::Frame;
use crate::tools::param::Form;
use crate::tools::row::Shape;

/// A named function for a value that no row can describe.
#[derive(Debug, Clone, Copy)]
pub struct Maker {
    /// Name, as AUDIT counts it.
    pub name: &'static str,
    /// Returns the value, made of the argument it stands for (null when there is none).
    pub make: fn(&Frame<'_>, &Json) -> Result<Json, Failure>,
}

/// A value of a request or of a result.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// None: the member is left out.
    Nothing,
    /// `null`, really sent.
    Null,
    /// This truth value.
    Bool(bool),
    /// This whole number.
    Integer(i64),
    /// This text.
    Text(&'static str),
    /// These texts.
    Texts(&'static [&'static str]),
    /// The argument of this name in this form; nothing when it is not given.
    Argument(&'static str, Form),
    /// The customer id of private access.
    Customer,
    /// The customer id of cellular.
    CellCustomer,
    /// The time in epoch seconds.
    Now,
    /// What stands at this JSON pointer in the answer of this step, counted from 0; around a result
    /// the step after the others is the result itself, before a function changes it.
    Answer(usize, &'static str),
    /// The first of these that is something other than null.
    First(&'static [Self]),
    /// A member of the first record of an answer that fits.
    Found(Find),
    /// What the function makes of it.
    Made(Maker),
    /// The records or the record of the last answer; for results only.
    Result,
}

/// How a record of an answer is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Find {
    /// The step that was answered, counted from 0.
    pub step: usize,
    /// JSON pointer of the list in the answer.
    pub list: &'static str,
    /// The member that is compared.
    pub member: &'static str,
    /// How it is compared.
    pub test: Test,
    /// What it is compared with.
    pub with: &'static Value,
    /// JSON pointer of the value in the record.
    pub take: &'static str,
}

/// How two texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Test {
    /// They are the same.
    Same,
    /// They are the same but for the case of letters.
    SameName,
    /// They differ.
    Other,
    /// The first contains the second, whatever the case.
    Contains,
}

/// A condition on the arguments and on earlier answers.
#[derive(Debug, Clone, Copy)]
pub enum Cond {
    /// The argument is given and is not empty, zero or false.
    Truthy(&'static str),
    /// The opposite.
    Falsy(&'static str),
    /// The argument is given and not null.
    Given(&'static str),
    /// The opposite.
    Absent(&'static str),
    /// The argument is this text.
    Equals(&'static str, &'static str),
    /// The argument is not this text.
    Differs(&'static str, &'static str),
    /// The argument in lower case is this text.
    LowerEquals(&'static str, &'static str),
    /// The argument is given and false.
    IsFalse(&'static str),
    /// The argument contains this text.
    Contains(&'static str, &'static str),
    /// The argument is an object with this member.
    HasMember(&'static str, &'static str),
    /// The argument is none of these texts.
    NotIn(&'static str, &'static [&'static str]),
    /// The argument in upper case is none of these texts.
    UpperNotIn(&'static str, &'static [&'static str]),
    /// The argument is given and is less than the first or more than the second.
    Outside(&'static str, i64, i64),
    /// The argument is given and holds only blanks.
    Blank(&'static str),
    /// The argument is a list without items.
    EmptyList(&'static str),
    /// The answer of this step, counted from 0, has no records.
    NoRecords(usize),
    /// This step, counted from 0, was answered with an error.
    Failed(usize),
    /// What the function says: true or something else.
    Made(Maker),
}

impl Value {
    /// Returns its function, if it has one.
    #[must_use]
    pub const fn maker(&self) -> Option<Maker> {
        match self {
            Self::Made(maker) | Self::Argument(_, Form::Made(maker)) => Some(*maker),
            Self::Nothing
            | Self::Null
            | Self::Bool(_)
            | Self::Integer(_)
            | Self::Text(_)
            | Self::Texts(_)
            | Self::Argument(_, _)
            | Self::Customer
            | Self::CellCustomer
            | Self::Now
            | Self::Answer(_, _)
            | Self::First(_)
            | Self::Found(_)
            | Self::Result => None,
        }
    }
}

impl Cond {
    /// Returns its function, if it has one.
    #[must_use]
    pub const fn maker(&self) -> Option<Maker> {
        if let Self::Made(maker) = self { Some(*maker) } else { None }
    }
}

/// A member of a request or a result besides the arguments.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    /// Name; in a body a dot goes one object deeper.
    pub key: &'static str,
    /// Value.
    pub value: Value,
    /// It is left out unless all of these hold.
    pub when: &'static [Cond],
    /// What the model is told when there is no value; with an empty text the member is left out.
    pub missing: &'static str,
}

impl Member {
    /// Returns the member `key` with `value`.
    #[must_use]
    pub const fn new(key: &'static str, value: Value) -> Self {
        Self { key, value, when: &[], missing: "" }
    }

    /// Leaves it out unless all of `when` hold.
    #[must_use]
    pub const fn when(mut self, when: &'static [Cond]) -> Self {
        self.when = when;
        self
    }

    /// Ends the call with `missing` when there is no value.
    #[must_use]
    pub const fn needed(mut self, missing: &'static str) -> Self {
        self.missing = missing;
        self
    }
}

/// A value for the hole `{=name}` of a path.
#[derive(Debug, Clone, Copy)]
pub struct Bind {
    /// Name.
    pub name: &'static str,
    /// Value.
    pub value: Value,
    /// What the model is told when there is no value.
    pub missing: &'static str,
}

/// Which arguments a step sends. Holes of its path are always filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// All that are placed in a query or body.
    All,
    /// None.
    Nothing,
    /// Those of these names.
    Only(&'static [&'static str]),
}

/// A GraphQL operation; the body members of the step are its variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document {
    /// Name of the operation.
    pub name: &'static str,
    /// The document.
    pub text: &'static str,
}

/// One request.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Method.
    pub method: ApiMethod,
    /// Path template: `{argument}`, `{customerId}`, `{zcellCustomerId}`, `{=bound}`.
    pub path: &'static str,
    /// The arguments that are sent.
    pub takes: Takes,
    /// More members of the query.
    pub query: &'static [Member],
    /// More members of the body.
    pub body: &'static [Member],
    /// Objects whose members are laid over the body, in order.
    pub spread: &'static [Value],
    /// A value that is the whole body.
    pub whole: Value,
    /// GraphQL operation.
    pub document: Option<Document>,
    /// Values for the holes of the path.
    pub binds: &'static [Bind],
    /// It is skipped unless all of these hold.
    pub when: &'static [Cond],
    /// True when an answer with an error does not end the call.
    pub may_fail: bool,
}

impl Step {
    /// Returns a request that takes no argument but those in its path.
    #[must_use]
    pub const fn new(method: ApiMethod, path: &'static str) -> Self {
        Self {
            method,
            path,
            takes: Takes::Nothing,
            query: &[],
            body: &[],
            spread: &[],
            whole: Value::Nothing,
            document: None,
            binds: &[],
            when: &[],
            may_fail: false,
        }
    }

    /// Returns a GET request that takes no argument but those in its path.
    #[must_use]
    pub const fn get(path: &'static str) -> Self {
        Self::new(ApiMethod::Get, path)
    }

    /// Sends these arguments.
    #[must_use]
    pub const fn takes(mut self, takes: Takes) -> Self {
        self.takes = takes;
        self
    }

    /// Adds members to the query.
    #[must_use]
    pub const fn query(mut self, members: &'static [Member]) -> Self {
        self.query = members;
        self
    }

    /// Adds members to the body, or variables to the document.
    #[must_use]
    pub const fn body(mut self, members: &'static [Member]) -> Self {
        self.body = members;
        self
    }

    /// Lays the members of these objects over the body.
    #[must_use]
    pub const fn spread(mut self, objects: &'static [Value]) -> Self {
        self.spread = objects;
        self
    }

    /// Makes `value` the whole body.
    #[must_use]
    pub const fn whole(mut self, value: Value) -> Self {
        self.whole = value;
        self
    }

    /// Sends this GraphQL operation.
    #[must_use]
    pub const fn document(mut self, name: &'static str, text: &'static str) -> Self {
        self.document = Some(Document { name, text });
        self
    }

    /// Fills holes `{=name}` of the path.
    #[must_use]
    pub const fn binds(mut self, binds: &'static [Bind]) -> Self {
        self.binds = binds;
        self
    }

    /// Skips it unless all of `when` hold.
    #[must_use]
    pub const fn when(mut self, when: &'static [Cond]) -> Self {
        self.when = when;
        self
    }

    /// Lets the call go on when the answer is an error.
    #[must_use]
    pub const fn may_fail(mut self) -> Self {
        self.may_fail = true;
        self
    }

    /// Returns the functions of its members.
    pub fn makers(&self) -> impl Iterator<Item = Maker> {
        let members = self.query.iter().chain(self.body).map(|member| &member.value);
        let binds = self.binds.iter().map(|bind| &bind.value);
        members.chain(binds).chain(self.spread).chain([&self.whole]).filter_map(Value::maker)
    }

    /// Returns the names of the holes of its path.
    pub fn holes(&self) -> impl Iterator<Item = &'static str> + use<> {
        let inside = |piece: &'static str| piece.strip_prefix('{')?.strip_suffix('}');
        self.path.split('/').filter_map(inside)
    }

    /// True when it has a JSON body: every method but GET and DELETE.
    #[must_use]
    pub const fn has_body(&self) -> bool {
        matches!(self.method, ApiMethod::Post | ApiMethod::Put)
    }
}

/// Keeps only those records whose member fits an argument, when the argument is given.
#[derive(Debug, Clone, Copy)]
pub struct Keep {
    /// Name of the argument.
    pub argument: &'static str,
    /// Name of the member, as the service sends it.
    pub member: &'static str,
    /// How they are compared: the member with the argument.
    pub test: Test,
    /// True when blanks around the argument do not count.
    pub trimmed: bool,
    /// True when only the first fitting record is kept.
    pub first: bool,
    /// What the model is told when nothing fits; an empty text makes that an empty list.
    pub none: &'static str,
}

impl Keep {
    /// Keeps the records whose `member` contains the argument, whatever the case.
    #[must_use]
    pub const fn containing(argument: &'static str, member: &'static str) -> Self {
        let test = Test::Contains;
        Self { argument, member, test, trimmed: false, first: false, none: "" }
    }

    /// Keeps the records whose `member` is the argument; with none the call fails with `none`.
    #[must_use]
    pub const fn named(argument: &'static str, member: &'static str, none: &'static str) -> Self {
        Self { argument, member, test: Test::Same, trimmed: false, first: false, none }
    }

    /// Ignores blanks around the argument.
    #[must_use]
    pub const fn trimmed(mut self) -> Self {
        self.trimmed = true;
        self
    }

    /// Ignores the case of letters and keeps only the first record that fits.
    #[must_use]
    pub const fn first_in_any_case(mut self) -> Self {
        self.test = Test::SameName;
        self.first = true;
        self
    }
}

/// The steps for some arguments.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// It is taken when all of these hold and no plan before it was taken.
    pub when: &'static [Cond],
    /// The steps in order.
    pub steps: &'static [Step],
    /// Filters on the records.
    pub keep: &'static [Keep],
    /// Where the result is, when it is not where the row says.
    pub shape: Option<Shape>,
}

impl Plan {
    /// Returns the plan for arguments of which all of `when` hold.
    #[must_use]
    pub const fn when(when: &'static [Cond], steps: &'static [Step]) -> Self {
        Self { when, steps, keep: &[], shape: None }
    }

    /// Returns the plan for every other call.
    #[must_use]
    pub const fn otherwise(steps: &'static [Step]) -> Self {
        Self::when(&[], steps)
    }

    /// Filters the records.
    #[must_use]
    pub const fn keep(mut self, keep: &'static [Keep]) -> Self {
        self.keep = keep;
        self
    }

    /// Finds the result elsewhere than the row says.
    #[must_use]
    pub const fn shape(mut self, shape: Shape) -> Self {
        self.shape = Some(shape);
        self
    }
}

/// A call that is refused before any request.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    /// It is refused when all of these hold.
    pub when: &'static [Cond],
    /// What the model is told: what to change.
    pub say: &'static str,
}

impl Refusal {
    /// Returns the refusal of calls for which all of `when` hold.
    #[must_use]
    pub const fn new(when: &'static [Cond], say: &'static str) -> Self {
        Self { when, say }
    }
}
