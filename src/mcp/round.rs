//! Zone: post-admission. One run of a call: what the client has answered so far.

use crate::json::Object;

/// What a run of a call knows beyond its arguments.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Answers by the key of their question.
    pub(super) answers: Object,
    /// True after a question.
    pub(super) answered: bool,
    /// State that came back with the answers.
    pub(super) state: Option<String>,
    /// True after a reconnection.
    pub(super) resumed: bool,
    /// True when a question without a neutral answer was left open: the call cannot go on.
    pub(super) silent: bool,
    /// Runs since the client last said something.
    pub(super) reruns: u32,
}
