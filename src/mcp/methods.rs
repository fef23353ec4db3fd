//! Zone: post-admission. The table of methods: which era knows it, what has to be offered for it.

use crate::mcp::lists::Listing;
use crate::mcp::registry::Offers;
use crate::mcp::revision::Revision;

/// A method other than the handshake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// `ping`
    Ping,
    /// `server/discover`
    Discover,
    /// One of the four lists.
    List(Listing),
    /// `tools/call`
    CallTool,
    /// `prompts/get`
    FetchPrompt,
    /// `resources/read`
    ReadResource,
    /// `completion/complete`
    Complete,
    /// `logging/setLevel`
    SetLevel,
    /// `resources/subscribe`
    Subscribe,
    /// `resources/unsubscribe`
    Unsubscribe,
    /// `subscriptions/listen`
    Listen,
    /// `tasks/get`
    ShowTask,
    /// `tasks/update`
    UpdateTask,
    /// `tasks/cancel`
    CancelTask,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Era {
    Both,
    Legacy,
    Stateless,
}

struct Row {
    name: &'static str,
    method: Method,
    era: Era,
    offered: fn(&Offers) -> bool,
}

const fn row(name: &'static str, method: Method, era: Era, offered: fn(&Offers) -> bool) -> Row {
    Row { name, method, era, offered }
}

const ROWS: &[Row] = &[
    row("ping", Method::Ping, Era::Legacy, |_| true),
    row("server/discover", Method::Discover, Era::Stateless, |_| true),
    row("tools/list", Method::List(Listing::Tools), Era::Both, |o| o.tools),
    row("tools/call", Method::CallTool, Era::Both, |o| o.tools),
    row("prompts/list", Method::List(Listing::Prompts), Era::Both, |o| o.prompts),
    row("prompts/get", Method::FetchPrompt, Era::Both, |o| o.prompts),
    row("resources/list", Method::List(Listing::Resources), Era::Both, |o| o.resources),
    row("resources/templates/list", Method::List(Listing::Templates), Era::Both, |o| o.resources),
    row("resources/read", Method::ReadResource, Era::Both, |o| o.resources),
    row("completion/complete", Method::Complete, Era::Both, |o| o.completions),
    row("logging/setLevel", Method::SetLevel, Era::Legacy, |o| o.logging),
    row("resources/subscribe", Method::Subscribe, Era::Legacy, |o| o.resources && o.subscribe),
    row("resources/unsubscribe", Method::Unsubscribe, Era::Legacy, |o| o.resources && o.subscribe),
    row("subscriptions/listen", Method::Listen, Era::Stateless, |o| o.list_changed || o.subscribe),
    row("tasks/get", Method::ShowTask, Era::Stateless, |o| o.tasks),
    row("tasks/update", Method::UpdateTask, Era::Stateless, |o| o.tasks),
    row("tasks/cancel", Method::CancelTask, Era::Stateless, |o| o.tasks),
];

/// Returns the method called `name` where `revision` knows it and it is offered (HSK-7, DISC-2).
pub(super) fn find(name: &str, revision: Revision, offers: &Offers) -> Option<Method> {
    let era = if revision.stateless() { Era::Stateless } else { Era::Legacy };
    ROWS.iter()
        .find(|row| row.name == name)
        .filter(|row| (row.era == Era::Both || row.era == era) && (row.offered)(offers))
        .map(|row| row.method)
}

/// Returns the member of the parameters that `Mcp-Name` repeats for the method `name` (step 6).
pub(super) fn named_by(name: &str) -> Option<&'static str> {
    match name {
        "tools/call" | "prompts/get" => Some("name"),
        "resources/read" => Some("uri"),
        "tasks/get" | "tasks/update" | "tasks/cancel" => Some("taskId"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Method, find};
    use crate::mcp::registry::Offers;
    use crate::mcp::revision::Revision;

    #[test]
    fn a_method_needs_its_era_and_its_offer() {
        let all = Offers {
            tools: true,
            prompts: true,
            resources: true,
            subscribe: true,
            completions: true,
            logging: true,
            list_changed: true,
            tasks: true,
        };
        let none = Offers::default();
        for (name, legacy, stateless, without) in [
            ("ping", true, false, true),
            ("server/discover", false, true, false),
            ("tools/list", true, true, false),
            ("logging/setLevel", true, false, false),
            ("resources/subscribe", true, false, false),
            ("subscriptions/listen", false, true, false),
            ("tasks/get", false, true, false),
            ("tasks/list", false, false, false),
            ("tasks/result", false, false, false),
            ("initialize", false, false, false),
            ("Ping", false, false, false),
        ] {
            assert_eq!(find(name, Revision::June2025, &all).is_some(), legacy, "{name}");
            assert_eq!(find(name, Revision::July2026, &all).is_some(), stateless, "{name}");
            assert_eq!(find(name, Revision::June2025, &none).is_some(), without, "{name}");
        }
        assert_eq!(find("ping", Revision::March2025, &none), Some(Method::Ping));
    }
}
