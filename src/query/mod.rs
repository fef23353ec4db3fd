//! Zone: post-admission. JMESPath: a caller's expression over a result, under a budget.
//!
//! Trusts neither the expression nor the value. Text becomes a tree of bounded depth, the tree
//! runs with a bound on its steps and on the bytes it makes. Never looks outside the value. What
//! comes out is as hostile as what went in and goes to the sanitizer; only what `to_string`
//! escapes is cleaned here, before the escapes can hide it.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod call;
mod compare;
mod fault;
mod lex;
mod number;
mod parse;
mod run;
mod signature;
mod tree;

pub use fault::{QueryError, QueryFault};

use crate::json::Json;
use crate::limits::{QUERY_MADE_BYTES_MAX, QUERY_STEPS_MAX};
use crate::sanitize::Scrubber;

/// An expression that was read and can run.
#[derive(Debug)]
pub struct Expression(tree::Node);

/// Returns the expression that `text` says.
///
/// # Errors
/// [`QueryError`] with the place in `text`: not the grammar, an unknown function, a wrong number
/// of arguments, too long or too deep.
pub fn compile(text: &str) -> Result<Expression, QueryError> {
    parse::parse(text).map(Expression)
}

impl Expression {
    /// Returns what the expression finds in `value`, null when it finds nothing; not clean, but
    /// for what `scrubber` cleaned before it was escaped.
    ///
    /// # Errors
    /// [`QueryError`] with the place in the text: an argument of a wrong type, a number that
    /// cannot be said, or a bound that was reached.
    pub fn search(&self, value: &Json, scrubber: &Scrubber) -> Result<Json, QueryError> {
        let mut run = run::Run::new(QUERY_STEPS_MAX, QUERY_MADE_BYTES_MAX, scrubber);
        run.whole(&self.0, value)
    }
}
