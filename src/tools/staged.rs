//! Zone: post-admission. Changes of internet access that this server made and nobody has activated.
//!
//! A help for people: the service alone knows what waits, also from others, and one process knows
//! only what it did itself.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::limits::STAGED_KEPT_MAX;
use crate::tools::row::{Row, Verb};

/// The tool that makes staged changes take effect.
const ACTIVATE: &str = "zia_activate_configuration";
const STATUS: &str = "zia_get_activation_status";

/// The changes that wait, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Staged {
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    last: VecDeque<String>,
    count: u64,
}

impl Staged {
    /// Notes that `row` has changed `resource`, and returns what the caller should know; `None`
    /// when the change is in effect.
    pub(super) fn note(&self, row: &Row, resource: &str) -> Option<String> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if row.name == ACTIVATE {
            let Waiting { last, count } = core::mem::take(&mut *waiting);
            return Some(activated(&last, count));
        }
        if !row.is_staged() {
            return None;
        }
        while waiting.last.len() >= STAGED_KEPT_MAX {
            waiting.last.pop_front();
        }
        waiting.last.push_back(format!("{} {resource}", row.verb.word()));
        waiting.count = waiting.count.saturating_add(1);
        Some(format!(
            "This change is staged: it takes effect when {ACTIVATE} is called, together with what \
             others have staged. Waiting from this server: {}. {STATUS} says whether anything \
             waits.",
            waiting.count
        ))
    }
}

fn activated(last: &VecDeque<String>, count: u64) -> String {
    if count == 0 {
        return "No change of this server was waiting; those of others are active now as well."
            .to_owned();
    }
    let shown: Vec<&str> = last.iter().map(String::as_str).collect();
    format!(
        "Active now: {count} change(s) of this server, the last of them {}; and those that others \
         had staged.",
        shown.join("; ")
    )
}

impl Row {
    /// True for a change that takes effect only when the configuration is activated.
    #[must_use]
    pub fn is_staged(&self) -> bool {
        self.verb != Verb::Read && self.service() == "zia" && self.name != ACTIVATE
    }
}
