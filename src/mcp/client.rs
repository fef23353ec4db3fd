//! Zone: post-admission. What a client said about itself: capabilities and log level.
//!
//! Only names are kept, bounded in number and length; what does not fit counts as not declared.

use crate::json::{Json, Object};
use crate::limits::{CLIENT_CAPABILITIES_MAX, CLIENT_CAPABILITY_BYTES_MAX};
use crate::mcp::revision::Revision;

/// The capabilities a client declared: `sampling`, `elicitation.url`, or the id of an extension.
#[derive(Debug, Default)]
pub(super) struct Client {
    names: Vec<Box<str>>,
}

impl Client {
    /// Returns what `declared` names, as far as `revision` knows it.
    pub(super) fn of(declared: &Object, revision: Revision) -> Self {
        let mut client = Self::default();
        for (name, value) in declared.iter() {
            let Json::Object(inside) = value else { continue };
            if name == "elicitation" && !revision.has_titles() {
                continue;
            }
            client.add(name.to_owned());
            for (below, _) in inside.iter().filter(|(_, value)| value.as_object().is_some()) {
                match name {
                    "extensions" => client.add(below.to_owned()),
                    "elicitation" if below == "url" && !revision.has_url_elicitation() => {}
                    _ => client.add(format!("{name}.{below}")),
                }
            }
        }
        // An empty object means forms only (ASK-3).
        if client.can("elicitation") && !client.can("elicitation.url") {
            client.add("elicitation.form".to_owned());
        }
        client
    }

    /// True when capability `name` was declared.
    pub(super) fn can(&self, name: &str) -> bool {
        self.names.iter().any(|declared| **declared == *name)
    }

    fn add(&mut self, name: String) {
        let fits = name.len() <= CLIENT_CAPABILITY_BYTES_MAX;
        if fits && self.names.len() < CLIENT_CAPABILITIES_MAX && !self.can(&name) {
            self.names.push(name.into());
        }
    }
}

/// Severity of a log message, mildest first (LOG-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `debug`
    Debug,
    /// `info`
    Info,
    /// `notice`
    Notice,
    /// `warning`
    Warning,
    /// `error`
    Error,
    /// `critical`
    Critical,
    /// `alert`
    Alert,
    /// `emergency`
    Emergency,
}

impl Level {
    /// Returns the level called `text`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "debug" => Self::Debug,
            "info" => Self::Info,
            "notice" => Self::Notice,
            "warning" => Self::Warning,
            "error" => Self::Error,
            "critical" => Self::Critical,
            "alert" => Self::Alert,
            "emergency" => Self::Emergency,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Client, Level};
    use crate::json::Json;
    use crate::mcp::envelope::parse;
    use crate::mcp::revision::Revision;

    fn client(text: &str, revision: Revision) -> Client {
        let Ok(Json::Object(declared)) = parse(text.as_bytes()) else { panic!("{text}") };
        Client::of(&declared, revision)
    }

    #[test]
    fn an_empty_elicitation_means_forms_only() {
        for (text, form, url) in [
            (r#"{"elicitation":{}}"#, true, false),
            (r#"{"elicitation":{"form":{}}}"#, true, false),
            (r#"{"elicitation":{"url":{}}}"#, false, true),
            (r#"{"elicitation":{"form":{},"url":{}}}"#, true, true),
            (r#"{"elicitation":true}"#, false, false),
            ("{}", false, false),
        ] {
            let client = client(text, Revision::July2026);
            assert_eq!(client.can("elicitation.form"), form, "{text}");
            assert_eq!(client.can("elicitation.url"), url, "{text}");
        }
    }

    #[test]
    fn a_revision_without_a_feature_does_not_believe_in_it() {
        let text = r#"{"elicitation":{"form":{},"url":{}},"sampling":{}}"#;
        assert!(!client(text, Revision::March2025).can("elicitation"));
        assert!(!client(text, Revision::June2025).can("elicitation.url"));
        assert!(client(text, Revision::June2025).can("elicitation.form"));
        assert!(client(text, Revision::March2025).can("sampling"));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let many: Vec<String> = (0..1000).map(|n| format!("\"c{n}\":{{}}")).collect();
        let client = client(&format!("{{{}}}", many.join(",")), Revision::July2026);
        assert!(client.can("c0"));
        assert!(!client.can("c999"));
    }

    #[test]
    fn levels_are_ordered() {
        assert!(Level::parse("debug") < Level::parse("emergency"));
        assert_eq!(Level::parse("Debug"), None);
    }
}
