//! Zone: post-admission. What is wrong with a query, and where in its text.
//!
//! Holds positions and words of this program only, nothing of the text or of the records.

use crate::limits::{QUERY_DEPTH_MAX, QUERY_TEXT_BYTES_MAX, RESULT_DEPTH_MAX};
use crate::query::signature;

/// Why a query gave nothing, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryError {
    /// Bytes of the text before the place.
    pub at: usize,
    /// What is wrong there.
    pub fault: QueryFault,
}

/// What is wrong with a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryFault {
    /// The text is longer than [`QUERY_TEXT_BYTES_MAX`].
    Length,
    /// The expression is nested deeper than [`QUERY_DEPTH_MAX`].
    Depth,
    /// No part of the language begins with this character.
    Character,
    /// A single equals sign.
    OneEquals,
    /// A quote is opened and never closed; which one.
    Unclosed(&'static str),
    /// The quoted name is not a JSON string.
    Name,
    /// The text between backticks is not JSON.
    Literal,
    /// A whole number that does not fit.
    Integer,
    /// The step of a slice is zero.
    StepZero,
    /// Something else must stand here.
    Expected(&'static str),
    /// There is no function of this name.
    UnknownFunction,
    /// A function name in quotes.
    QuotedFunction,
    /// The function takes another number of arguments.
    Count {
        /// Name of the function.
        function: &'static str,
        /// How many it takes.
        wanted: &'static str,
    },
    /// An argument is of another type.
    Kind {
        /// Name of the function.
        function: &'static str,
        /// Place of the argument, from 1.
        argument: usize,
        /// What it must be.
        wanted: &'static str,
    },
    /// A number is too large to calculate with.
    Number,
    /// All steps are taken.
    Steps,
    /// The query makes too much.
    Bytes,
    /// The query copies or wraps values deeper than [`RESULT_DEPTH_MAX`].
    ResultDepth,
}

impl core::fmt::Display for QueryError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "at byte {} ", self.at)?;
        match self.fault {
            QueryFault::Length => write!(f, "it is longer than {QUERY_TEXT_BYTES_MAX} bytes"),
            QueryFault::Depth => write!(f, "it is nested deeper than {QUERY_DEPTH_MAX} levels"),
            QueryFault::Character => f.write_str("stands a character that JMESPath does not use"),
            QueryFault::OneEquals => f.write_str("stands one =; a comparison is written =="),
            QueryFault::Unclosed(what) => write!(f, "begins {what} that never ends"),
            QueryFault::Name => f.write_str("stands a quoted name that is not a JSON string"),
            QueryFault::Literal => f.write_str(
                "stands a literal that is not JSON; write 'text' for text and `5` for a number",
            ),
            QueryFault::Integer => f.write_str("stands a whole number that is out of range"),
            QueryFault::StepZero => f.write_str("stands a slice whose step is 0"),
            QueryFault::Expected(what) => write!(f, "is expected {what}"),
            QueryFault::UnknownFunction => {
                f.write_str("stands an unknown function; the functions are ")?;
                signature::write_names(f)
            }
            QueryFault::QuotedFunction => {
                f.write_str("stands a function name in quotes; write it without")
            }
            QueryFault::Count { function, wanted } => write!(f, "{function}() takes {wanted}"),
            QueryFault::Kind { function, argument, wanted } => {
                write!(f, "argument {argument} of {function}() must be {wanted}")
            }
            QueryFault::Number => f.write_str("a number is too large to calculate with"),
            QueryFault::Steps => {
                f.write_str("the query was stopped, it takes too many steps; ask for less at once")
            }
            QueryFault::Bytes => {
                f.write_str("the query was stopped, it makes too much; select fewer members")
            }
            QueryFault::ResultDepth => {
                write!(f, "the query makes values deeper than {RESULT_DEPTH_MAX} levels")
            }
        }
    }
}
