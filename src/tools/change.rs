//! Zone: post-admission. What a row can say about a change: the record it is about, and whether a
//! person is asked before.
//!
//! Plain constant data and the arguments that follow from it. Who is asked, how, and what an answer
//! is worth is not decided here.

use crate::json::{Json, write};
use crate::tools::param::{Kind, Param};
use crate::tools::row::Verb;

/// The record that a tool changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// What it is, in small letters, singular: `rule label`.
    pub kind: &'static str,
    /// The argument that identifies it, or the list of them; empty when the tool has only one to
    /// speak of.
    pub key: &'static str,
    /// The tool that reads it with the arguments of the same names; empty when none does.
    pub read: &'static str,
}

/// Where the agent puts the token that a person let it have.
const KWARGS: Param = Param::local("kwargs", Kind::Any).doc(
    "Leave it out at first. Only after the user has agreed to what the first answer shows: \
     {\"confirmation_token\": \"...\"} from that answer, with all other arguments as they were.",
);

/// Asks what a change would do.
const DRY_RUN: Param = Param::local("dry_run", Kind::Boolean).doc(
    "true: change nothing; return the requests that would be sent and what would differ from the \
     present record.",
);

static PREVIEWED: [Param; 1] = [DRY_RUN];
static CONFIRMED: [Param; 2] = [DRY_RUN, KWARGS];

/// True for an argument that says nothing about what a call does.
pub(super) fn is_beside(name: &str) -> bool {
    name == KWARGS.name || name == DRY_RUN.name
}

/// Returns what names the record of a call in the log, given its arguments.
pub(super) fn resource<'a>(
    subject: Option<Subject>,
    value: impl Fn(&str) -> Option<&'a Json>,
) -> String {
    let Some(Subject { kind, key, .. }) = subject else { return String::new() };
    value(key).map_or_else(|| kind.to_owned(), |id| format!("{kind} {key}={}", write::to_text(id)))
}

/// Returns the arguments that every tool with `verb` has, when a person `is_asked` or not.
pub(super) const fn inputs(verb: Verb, is_asked: bool) -> &'static [Param] {
    match (verb, is_asked) {
        (Verb::Read, false) => &[],
        (Verb::Read | Verb::Create | Verb::Update | Verb::Delete, true) => &CONFIRMED,
        (Verb::Create | Verb::Update | Verb::Delete, false) => &PREVIEWED,
    }
}
