//! Zone: post-admission. What a row can say about one argument: type, bounds and where it goes.
//!
//! Plain constant data and the functions that build it. The schema, the checks and the request all
//! read these rows, so they cannot disagree.

use crate::tools::plan::{Maker, Value};

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
    /// A list of whole numbers.
    Integers,
    /// A list of lists of texts.
    TextLists,
    /// An object with any members.
    Object,
    /// A list of such objects.
    Objects,
    /// Any value.
    Any,
}

/// Where a value goes in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A member of the query.
    Query,
    /// A member of the JSON body, or a variable of the GraphQL document. A dot in the key goes one
    /// object deeper; objects without members are not sent.
    Body,
}

/// How a value is written.
#[derive(Debug, Clone, Copy)]
pub enum Form {
    /// As it is; truth values in a query as `true` and `false`.
    Plain,
    /// As a search expression of private access; plain text becomes an exact name.
    Expression,
    /// Without blanks around it.
    Trimmed,
    /// In upper case.
    Upper,
    /// As text.
    Text,
    /// A truth value as `ENABLED` or `DISABLED`.
    State,
    /// A list of ids as `[{"id": ...}]`; with true, digits become numbers.
    Ids(bool),
    /// Member names of every object inside in lower camel case.
    CamelNames,
    /// As `{"contains": ...}`.
    Contains,
    /// As `{"equals": ...}`.
    Equals,
    /// A country code of two letters, in upper case; others are refused.
    Country,
    /// The right side of the row whose left side it is, whatever the case; others are refused.
    Mapped(&'static [(&'static str, &'static str)]),
    /// Hours, as the time in epoch seconds that is so many hours ago.
    HoursAgo,
    /// Days, as the time in epoch seconds that is so many days ago.
    DaysAgo,
    /// What this function makes of it.
    Made(Maker),
}

impl Form {
    /// Returns its function, if it has one.
    #[must_use]
    pub const fn maker(&self) -> Option<Maker> {
        if let Self::Made(maker) = self { Some(*maker) } else { None }
    }
}

/// How and where the value of an argument is sent.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    /// Part of the request.
    pub part: Part,
    /// Name of the member.
    pub key: &'static str,
    /// How the value is written.
    pub form: Form,
    /// False leaves an empty value, zero and false out; true sends them.
    pub empty: bool,
    /// What is sent when the value is not.
    pub absent: Value,
}

/// Where the value of an argument goes.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// Into the hole of the path that has the name of the argument.
    Path,
    /// Into the requests that take it.
    Sent(Slot),
    /// Nowhere by itself: a condition, a filter, another member or a function uses it.
    Local,
}

/// A value for an argument that is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(&'static str),
}

/// One argument.
#[derive(Debug, Clone, Copy)]
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

    const fn sent(name: &'static str, kind: Kind, part: Part, key: &'static str) -> Self {
        let slot = Slot { part, key, form: Form::Plain, empty: false, absent: Value::Nothing };
        Self::new(name, kind, Place::Sent(slot))
    }

    /// Returns a required argument that fills the hole `name` of the path.
    #[must_use]
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Kind::Id, Place::Path).required().filled()
    }

    /// Returns an argument that fills the hole `name` of a path only in some plans of the row.
    #[must_use]
    pub const fn maybe_path(name: &'static str) -> Self {
        Self::new(name, Kind::Id, Place::Path)
    }

    /// Returns an optional argument that is sent as query member `key` unless it is empty.
    #[must_use]
    pub const fn query(name: &'static str, kind: Kind, key: &'static str) -> Self {
        Self::sent(name, kind, Part::Query, key)
    }

    /// Returns an optional argument that is sent as body member or variable `key` unless it is
    /// empty.
    #[must_use]
    pub const fn body(name: &'static str, kind: Kind, key: &'static str) -> Self {
        Self::sent(name, kind, Part::Body, key)
    }

    /// Returns an optional argument that is not sent by itself.
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
        if let Place::Sent(slot) = self.place {
            self.place = Place::Sent(Slot { empty: true, ..slot });
        }
        self
    }

    /// Writes it in this form.
    #[must_use]
    pub const fn form(mut self, form: Form) -> Self {
        if let Place::Sent(slot) = self.place {
            self.place = Place::Sent(Slot { form, ..slot });
        }
        self
    }

    /// Sends `value` when it is not sent itself.
    #[must_use]
    pub const fn absent(mut self, value: Value) -> Self {
        if let Place::Sent(slot) = self.place {
            self.place = Place::Sent(Slot { absent: value, ..slot });
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

    /// True when it fills a hole of a path.
    #[must_use]
    pub const fn is_path(&self) -> bool {
        matches!(self.place, Place::Path)
    }
}
