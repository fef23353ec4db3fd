//! Zone: operator. Which tools that change something are offered: two settings, both needed.
//!
//! One of them alone offers nothing, and all of them only by a word of its own, so that neither a
//! slip nor a habit opens a tenant to changes.

use crate::matching::Glob;
use crate::tools::catalogue;
use crate::tools::row::{Row, Verb};
use crate::tools::selection::{BadSelection, Wanted, no_fit, patterns};

const ENABLE: &str = "--enable-write-tools";
const LIST: &str = "--write-tools";
/// The word that stands for every tool.
pub const EVERY: &str = "all-write-tools";

/// What the operator offers.
#[derive(Debug)]
pub(super) struct Writes<'a> {
    enabled: bool,
    every: bool,
    patterns: Vec<(&'a str, Glob)>,
    listed: bool,
}

impl<'a> Writes<'a> {
    /// Returns what `wanted` offers; what cannot be read is told in `bad`.
    pub(super) fn new(wanted: Wanted<'a>, bad: &mut Vec<BadSelection>) -> Self {
        let entries = wanted.write_tools;
        let every = entries.iter().any(|entry| entry.trim() == EVERY);
        let mut patterns = patterns(LIST, entries, bad);
        patterns.retain(|(entry, _)| *entry != EVERY);
        if patterns.iter().any(|(entry, _)| entry.bytes().all(|byte| byte == b'*')) {
            let text = format!(
                "'*' would offer every tool that changes or deletes something; write {EVERY} to \
                 mean that, or name the tools"
            );
            bad.push(BadSelection { setting: LIST, text });
        }
        Self { enabled: wanted.write_enabled, every, patterns, listed: !entries.is_empty() }
    }

    /// True when the tool `name`, which changes something, is offered.
    pub(super) fn offers(&self, name: &str) -> bool {
        let fits = |(_, pattern): &(&str, Glob)| pattern.matches(name.as_bytes());
        self.enabled && (self.every || self.patterns.iter().any(fits))
    }

    /// Returns what an operator should know, given the tools that are served.
    pub(super) fn notes(&self, served: &[&'static Row]) -> Vec<String> {
        match (self.enabled, self.listed) {
            (false, false) => return Vec::new(),
            (true, false) => {
                return vec![format!(
                    "{ENABLE}: offers nothing without {LIST}, which names the tools; no write tool \
                     is offered"
                )];
            }
            (false, true) => {
                return vec![format!(
                    "{LIST}: has no effect without {ENABLE}; no write tool is offered"
                )];
            }
            (true, true) => {}
        }
        let idle = self.patterns.iter().filter(|(_, pattern)| {
            !catalogue::changes().any(|row| pattern.matches(row.name.as_bytes()))
        });
        let mut notes: Vec<String> = idle
            .map(|(entry, _)| {
                no_fit(&format!("{LIST}: no write tool"), entry, catalogue::changes())
            })
            .collect();
        let offered = served.iter().filter(|row| row.verb != Verb::Read).count();
        if offered == 0 && notes.is_empty() {
            notes.push(format!("{LIST}: what it names is left out by other filters"));
        }
        notes
    }
}

#[cfg(test)]
mod tests {
    use crate::tools::selection::{Selection, Wanted};

    /// Tries the two settings; returns how many write tools are offered and the notes, or the
    /// error.
    fn offered(write_enabled: bool, list: &str) -> Result<(bool, String), String> {
        let write_tools: Vec<String> = list.split(',').map(str::to_owned).collect();
        let write_tools = if list.is_empty() { Vec::new() } else { write_tools };
        let wanted = Wanted { write_enabled, write_tools: &write_tools, ..Wanted::default() };
        match Selection::new(wanted) {
            Ok(selection) => Ok((selection.writes().next().is_some(), selection.notes().join("|"))),
            Err(bad) => Err(bad.iter().map(ToString::to_string).collect::<Vec<_>>().join("|")),
        }
    }

    #[test]
    fn both_settings_are_needed_and_everything_needs_its_own_word() {
        assert_eq!(offered(false, ""), Ok((false, String::new())));
        for (name, enabled, list, said) in [
            ("only enabled", true, "", "--enable-write-tools: offers nothing without"),
            ("only a list", false, "zia_*", "--write-tools: has no effect without"),
            ("a pattern for nothing", true, "zia_delete_nothing", "fits 'zia_delete_nothing'"),
            ("a tool that reads", true, "zia_get_rule_label", "no write tool fits"),
            ("the word in other letters", true, "All-Write-Tools", "no write tool fits"),
        ] {
            let (offers, notes) = offered(enabled, list).unwrap();
            assert!(!offers && notes.contains(said), "{name}: {notes}");
        }
        for list in ["*", "**", "zia_delete_rule_label, *"] {
            let error = offered(true, list).unwrap_err();
            assert!(error.contains("write all-write-tools to mean that"), "{list}: {error}");
        }
        assert!(offered(true, "zia_[").unwrap_err().starts_with("--write-tools: "));
    }
}
