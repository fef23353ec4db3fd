//! Zone: post-admission. The functions of the language: names and arguments.
//!
//! What can be known before a query runs is checked here; types of values when it runs.

use crate::query::fault::QueryFault;
use crate::query::tree::Argument;

/// A function of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Avg,
    Ceil,
    Contains,
    EndsWith,
    Floor,
    Join,
    Keys,
    Length,
    Map,
    Max,
    MaxBy,
    Merge,
    Min,
    MinBy,
    NotNull,
    Reverse,
    Sort,
    SortBy,
    StartsWith,
    Sum,
    ToArray,
    ToNumber,
    ToString,
    Type,
    Values,
}

/// What the arguments of a function are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// One value.
    One,
    /// Two values.
    Two,
    /// One value or more.
    Many,
    /// A value, then an expression.
    ValueAndReference,
    /// An expression, then a value.
    ReferenceAndValue,
}

/// A function, its name and its arguments.
#[derive(Debug)]
pub(super) struct Signature {
    pub(super) name: &'static str,
    pub(super) function: Function,
    takes: Takes,
}

const fn row(name: &'static str, function: Function, takes: Takes) -> Signature {
    Signature { name, function, takes }
}

static SIGNATURES: [Signature; 26] = [
    row("abs", Function::Abs, Takes::One),
    row("avg", Function::Avg, Takes::One),
    row("ceil", Function::Ceil, Takes::One),
    row("contains", Function::Contains, Takes::Two),
    row("ends_with", Function::EndsWith, Takes::Two),
    row("floor", Function::Floor, Takes::One),
    row("join", Function::Join, Takes::Two),
    row("keys", Function::Keys, Takes::One),
    row("length", Function::Length, Takes::One),
    row("map", Function::Map, Takes::ReferenceAndValue),
    row("max", Function::Max, Takes::One),
    row("max_by", Function::MaxBy, Takes::ValueAndReference),
    row("merge", Function::Merge, Takes::Many),
    row("min", Function::Min, Takes::One),
    row("min_by", Function::MinBy, Takes::ValueAndReference),
    row("not_null", Function::NotNull, Takes::Many),
    row("reverse", Function::Reverse, Takes::One),
    row("sort", Function::Sort, Takes::One),
    row("sort_by", Function::SortBy, Takes::ValueAndReference),
    row("starts_with", Function::StartsWith, Takes::Two),
    row("sum", Function::Sum, Takes::One),
    row("to_array", Function::ToArray, Takes::One),
    row("to_number", Function::ToNumber, Takes::One),
    row("to_string", Function::ToString, Takes::One),
    row("type", Function::Type, Takes::One),
    row("values", Function::Values, Takes::One),
];

/// Returns the function `name`.
pub(super) fn find(name: &str) -> Option<&'static Signature> {
    SIGNATURES.iter().find(|signature| signature.name == name)
}

/// Writes every name.
pub(super) fn write_names(f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
    for (index, signature) in SIGNATURES.iter().enumerate() {
        f.write_str(if index > 0 { ", " } else { "" })?;
        f.write_str(signature.name)?;
    }
    Ok(())
}

impl Signature {
    /// Accepts `arguments` by their number, and by which of them are expressions.
    pub(super) fn accept(&self, arguments: &[Argument]) -> Result<(), QueryFault> {
        let (fits, wanted) = match self.takes {
            Takes::One => (arguments.len() == 1, "one argument"),
            Takes::Two => (arguments.len() == 2, "two arguments"),
            Takes::Many => (!arguments.is_empty(), "one argument or more"),
            Takes::ValueAndReference => (arguments.len() == 2, "a list and an &expression"),
            Takes::ReferenceAndValue => (arguments.len() == 2, "an &expression and a list"),
        };
        if !fits {
            return Err(QueryFault::Count { function: self.name, wanted });
        }
        let reference = match self.takes {
            Takes::One | Takes::Two | Takes::Many => None,
            Takes::ReferenceAndValue => Some(0),
            Takes::ValueAndReference => Some(1),
        };
        for (index, argument) in arguments.iter().enumerate() {
            let wanted = match (argument, reference == Some(index)) {
                (Argument::Value(_), true) => "an expression with & before it, such as &name",
                (Argument::Reference(_), false) => "a value, without &",
                (Argument::Value(_), false) | (Argument::Reference(_), true) => continue,
            };
            let argument = index.saturating_add(1);
            return Err(QueryFault::Kind { function: self.name, argument, wanted });
        }
        Ok(())
    }
}
