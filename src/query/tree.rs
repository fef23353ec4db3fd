//! Zone: post-admission. The expression as a tree.
//!
//! What binds to the left in a row (steps, alternatives) is one node with a list, so that the
//! depth of the tree is that of the brackets a person writes.

use crate::json::Json;
use crate::query::signature::Signature;

/// One part of an expression.
#[derive(Debug)]
pub(super) enum Node {
    /// The value itself.
    Current,
    /// A value of the text.
    Literal(Json),
    /// Member of an object.
    Field(String),
    /// Element of an array, from the end when negative.
    Index(i64),
    /// Each on what the one before found.
    Chain(Vec<Self>),
    /// The same on many values.
    Project(Box<Projection>),
    /// The first whose truth is this one, else the last: alternatives look for a true one,
    /// conditions for a false one.
    First(bool, Vec<Self>),
    /// True when it is not.
    Not(Box<Self>),
    /// Two values compared.
    Compare(Comparison, Box<(Self, Self)>),
    /// A new array.
    List(Vec<Self>),
    /// A new object; names are unique.
    Hash(Vec<(String, Self)>),
    /// A function.
    Call(Call),
}

/// Which of many values, and what is asked of each.
#[derive(Debug)]
pub(super) struct Projection {
    pub(super) source: Node,
    pub(super) over: Over,
    pub(super) right: Node,
    pub(super) at: usize,
}

/// Which values a projection visits.
#[derive(Debug)]
pub(super) enum Over {
    /// Elements of an array.
    Items,
    /// Values of an object.
    Values,
    /// Elements of an array, and of the arrays in it.
    Flat,
    /// Some elements of an array.
    Slice(Slice),
    /// Elements of an array for which this is true.
    Filter(Node),
}

/// Start, end and step of a slice.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slice {
    pub(super) start: Option<i64>,
    pub(super) stop: Option<i64>,
    pub(super) step: Option<i64>,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A function with its arguments.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) signature: &'static Signature,
    pub(super) arguments: Vec<Argument>,
    pub(super) at: usize,
}

/// One argument of a function.
#[derive(Debug)]
pub(super) enum Argument {
    /// A value.
    Value(Node),
    /// An expression that the function runs itself.
    Reference(Node),
}
