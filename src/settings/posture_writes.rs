//! Zone: operator. What the start-up report says about tools that change the tenant.

use crate::settings::Settings;
use crate::settings::posture::{PostureLine, PostureState, counted, line};
use crate::tools::writes::EVERY;

/// Returns the line about the write tools.
pub(super) fn offered(settings: &Settings) -> PostureLine {
    const NAME: &str = "Write tools";
    if !settings.offers_writes() {
        return line(NAME, PostureState::Off, "nothing can be changed");
    }
    if settings.write_tools.iter().any(|entry| entry.trim() == EVERY) {
        return line(NAME, PostureState::On, "EVERY tool that changes or deletes is offered");
    }
    let patterns = counted(&settings.write_tools, "pattern", "patterns");
    line(NAME, PostureState::On, format!("the tenant can be changed by what fits {patterns}"))
        .telling(["the tenant can be changed by the tools that the operator named"])
}

/// Returns the line about what a person is asked before a change.
pub(super) fn confirmations(settings: &Settings) -> PostureLine {
    const NAME: &str = "Confirmations";
    if !settings.offers_writes() {
        return line(NAME, PostureState::NotUsed, "no tool that would ask");
    }
    let seconds = settings.confirmation_ttl_seconds;
    let why = match settings.request_state_keys.len() {
        0 => format!("good for {seconds} s, only in this process: its key is random"),
        keys => format!(
            "good for {seconds} s under {keys} key(s); each replica remembers by itself what was \
             used"
        ),
    };
    line(NAME, PostureState::On, why)
        .telling(["what deletes, removes or activates asks a person, and a yes counts once"])
}
