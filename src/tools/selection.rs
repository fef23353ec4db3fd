//! Zone: operator. Which tools are served: services, toolsets and name patterns.
//!
//! Takes what the operator wrote. A name that nobody knows is an error with the nearest known
//! one, and so is a selection that leaves nothing; a misspelt filter never widens what is served.

use std::collections::BTreeSet;

use crate::matching::{Case, Glob};
use crate::tools::catalogue::{self, SERVICES, TOOLSETS};
use crate::tools::nearest::nearest;
use crate::tools::row::{Row, Verb};
use crate::tools::writes::Writes;

const EVERY_TOOLSET: [&str; 2] = ["all", "default"];

/// What the operator asked for; empty lists ask for nothing special.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// `--services`
    pub services: &'a [String],
    /// `--disabled-services`
    pub disabled_services: &'a [String],
    /// `--toolsets`
    pub toolsets: &'a [String],
    /// `--disabled-toolsets`
    pub disabled_toolsets: &'a [String],
    /// `--disabled-tools`
    pub disabled_tools: &'a [String],
    /// `--enable-write-tools`
    pub write_enabled: bool,
    /// `--write-tools`
    pub write_tools: &'a [String],
}

/// A selection that cannot be served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSelection {
    /// The flag.
    pub setting: &'static str,
    /// What is wrong and what would be right.
    pub text: String,
}

impl core::fmt::Display for BadSelection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.setting, self.text)
    }
}

/// The tools that are served, sorted by name.
#[derive(Debug, Clone)]
pub struct Selection {
    rows: Vec<&'static Row>,
    notes: Vec<String>,
}

impl Selection {
    /// Returns every tool of the catalogue.
    #[must_use]
    pub fn everything() -> Self {
        Self::only(catalogue::rows().collect())
    }

    /// Returns these tools, whether or not they are in the catalogue.
    #[must_use]
    pub fn only(mut rows: Vec<&'static Row>) -> Self {
        rows.sort_unstable_by_key(|row| row.name);
        Self { rows, notes: Vec::new() }
    }

    /// Returns the tools that `wanted` leaves.
    ///
    /// # Errors
    /// Every [`BadSelection`] that was found.
    pub fn new(wanted: Wanted<'_>) -> Result<Self, Vec<BadSelection>> {
        let mut bad = unknown_names(wanted);
        let disabled = patterns("--disabled-tools", wanted.disabled_tools, &mut bad);
        bad.extend(disabled.iter().filter_map(|(entry, _)| unknown_tool(entry)));
        let writes = Writes::new(wanted, &mut bad);
        if !bad.is_empty() {
            return Err(bad);
        }
        let mut selection = Self::everything();
        let is_disabled =
            |row: &Row| disabled.iter().any(|(_, pattern)| pattern.matches(row.name.as_bytes()));
        let is_offered = |row: &Row| row.verb == Verb::Read || writes.offers(row.name);
        selection.rows.retain(|row| is_served(row, wanted) && !is_disabled(row) && is_offered(row));
        if selection.rows.is_empty() {
            return Err(vec![nothing_left()]);
        }
        selection.notes = notes(&disabled);
        selection.notes.extend(writes.notes(&selection.rows));
        Ok(selection)
    }

    /// Returns the tools of these that belong to `services`, the products of the tenant. When that
    /// would be none, all stay: this is no safeguard, and a server without tools helps nobody.
    #[must_use]
    pub fn within(&self, services: &BTreeSet<&'static str>) -> Self {
        let is_bought = |row: &&Row| services.contains(row.service());
        let (rows, left_out): (Vec<_>, Vec<_>) = self.rows.iter().copied().partition(is_bought);
        let mut notes = self.notes.clone();
        if rows.is_empty() && !left_out.is_empty() {
            notes.push(
                "entitlement: the tenant has none of the services that are served; their tools \
                 are offered all the same"
                    .to_owned(),
            );
            return Self { rows: left_out, notes };
        }
        if !left_out.is_empty() {
            let gone: BTreeSet<&str> = left_out.iter().map(|row| row.service()).collect();
            let gone: Vec<&str> = gone.into_iter().collect();
            notes.push(format!(
                "entitlement: the tenant does not have {}; {} tool(s) are not offered",
                gone.join(", "),
                left_out.len()
            ));
        }
        Self { rows, notes }
    }

    /// Returns the tools of these that `is_kept` keeps.
    #[must_use]
    pub fn keeping(mut self, is_kept: impl Fn(&Row) -> bool) -> Self {
        self.rows.retain(|row| is_kept(row));
        self
    }

    /// Returns what an operator should know although the selection can be served.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the tools, sorted by name.
    #[must_use]
    pub fn rows(&self) -> &[&'static Row] {
        &self.rows
    }

    /// Returns the tools that change something.
    pub fn writes(&self) -> impl Iterator<Item = &'static Row> {
        self.rows.iter().copied().filter(|row| row.verb != Verb::Read)
    }

    pub(super) fn row(&self, name: &str) -> Option<&'static Row> {
        let at = self.rows.binary_search_by_key(&name, |row| row.name).ok()?;
        self.rows.get(at).copied()
    }
}

fn is_served(row: &Row, wanted: Wanted<'_>) -> bool {
    let names = |list: &[String], name: &str| list.iter().any(|entry| entry.trim() == name);
    let service = row.service();
    let unfiltered = wanted.toolsets.is_empty()
        || EVERY_TOOLSET.iter().any(|every| names(wanted.toolsets, every));
    (wanted.services.is_empty() || names(wanted.services, service))
        && !names(wanted.disabled_services, service)
        && (unfiltered || names(wanted.toolsets, row.toolset))
        && !names(wanted.disabled_toolsets, row.toolset)
}

/// Returns the patterns with their texts; one that cannot be read is told in `bad`.
pub(super) fn patterns<'a>(
    setting: &'static str,
    entries: &'a [String],
    bad: &mut Vec<BadSelection>,
) -> Vec<(&'a str, Glob)> {
    let mut good = Vec::new();
    for entry in entries.iter().map(|entry| entry.trim()) {
        match Glob::parse(entry.as_bytes(), Case::Exact) {
            Ok(pattern) => good.push((entry, pattern)),
            Err(fault) => {
                let text = format!("'{}' is no pattern: {fault}", shown(entry));
                bad.push(BadSelection { setting, text });
            }
        }
    }
    good
}

pub(super) fn shown(entry: &str) -> String {
    entry.chars().take(64).flat_map(char::escape_default).collect()
}

fn unknown_names(wanted: Wanted<'_>) -> Vec<BadSelection> {
    let lists = [
        ("--services", "service", wanted.services, SERVICES),
        ("--disabled-services", "service", wanted.disabled_services, SERVICES),
        ("--toolsets", "toolset", wanted.toolsets, TOOLSETS),
        ("--disabled-toolsets", "toolset", wanted.disabled_toolsets, TOOLSETS),
    ];
    let mut bad = Vec::new();
    for (setting, word, entries, known) in lists {
        for entry in entries.iter().map(|entry| entry.trim()) {
            let every = setting == "--toolsets" && EVERY_TOOLSET.contains(&entry);
            if !every && !known.contains(&entry) {
                bad.push(BadSelection { setting, text: unknown(word, entry, known) });
            }
        }
    }
    bad
}

fn unknown(word: &str, entry: &str, known: &[&str]) -> String {
    let shown = shown(entry);
    nearest(entry, known.iter().copied()).map_or_else(
        || format!("there is no {word} '{shown}'; known: {}", known.join(", ")),
        |near| format!("there is no {word} '{shown}'; did you mean '{near}'?"),
    )
}

/// Returns what is wrong with an entry that is no pattern and names no tool: the tool that it was
/// meant to leave out would be served.
fn unknown_tool(entry: &str) -> Option<BadSelection> {
    let is_name = !entry.contains(['*', '?', '[']);
    let is_wrong = is_name && !catalogue::rows().any(|row| row.name == entry);
    is_wrong.then(|| {
        let near = nearest(entry, catalogue::rows().map(|row| row.name));
        let near = near.map_or_else(
            || "--list-tools names them all".to_owned(),
            |near| format!("did you mean '{near}'?"),
        );
        let text = format!("there is no tool '{}'; {near}", shown(entry));
        BadSelection { setting: "--disabled-tools", text }
    })
}

fn nothing_left() -> BadSelection {
    BadSelection {
        setting: "tool selection",
        text: format!(
            "no tool is left; this build has tools in the toolsets {}",
            catalogue::toolsets().join(", ")
        ),
    }
}

fn notes(disabled: &[(&str, Glob)]) -> Vec<String> {
    let idle = disabled
        .iter()
        .filter(|(_, pattern)| !catalogue::rows().any(|row| pattern.matches(row.name.as_bytes())));
    idle.map(|(entry, _)| no_fit("--disabled-tools: no tool", entry, catalogue::rows())).collect()
}

/// Returns the note that nothing fits `entry`, with the tool of `rows` that was likely meant.
pub(super) fn no_fit(
    begins: &str,
    entry: &str,
    rows: impl Iterator<Item = &'static Row>,
) -> String {
    let near = nearest(entry, rows.map(|row| row.name));
    let near = near.map_or_else(String::new, |near| format!("; did you mean '{near}'?"));
    format!("{begins} fits '{}'{near}", shown(entry))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Selection, Verb, Wanted};

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn filters_narrow_and_misspellings_stop() {
        let rows = Selection::everything();
        let all = rows.rows().iter().filter(|row| row.verb == Verb::Read).count();
        let count = |services, toolsets, disabled: &str| {
            let (services, toolsets) = (words(services), words(toolsets));
            let disabled_tools = words(disabled);
            let wanted = Wanted {
                services: &services,
                toolsets: &toolsets,
                disabled_tools: &disabled_tools,
                ..Wanted::default()
            };
            Selection::new(wanted).map(|s| (s.rows().len(), s.notes().len()))
        };
        assert_eq!(count("", "", ""), Ok((all, 0)));
        assert_eq!(count("", "default zia_locations", ""), Ok((all, 0)));
        assert_eq!(count("", "zia_rule_labels zeasm_findings", ""), Ok((6, 0)));
        assert_eq!(count("zia zeasm", "zia_rule_labels", "*_get_*"), Ok((1, 0)));
        assert_eq!(count("", "", "ZIA_*"), Ok((all, 1)));
        assert_eq!(count("zeasm", "", ""), Ok((7, 0)));
        assert_eq!(count("", "", "*").unwrap_err().len(), 1);
        for (entry, said) in [
            ("zia_list_rule_lables", "did you mean 'zia_list_rule_labels'?"),
            ("nothing", "--list-tools names them all"),
        ] {
            let [bad] = &count("", "", entry).unwrap_err()[..] else { panic!("{entry}") };
            assert_eq!(
                bad.to_string(),
                format!("--disabled-tools: there is no tool '{entry}'; {said}")
            );
        }
        let faults = count("zai", "zia_location all", "").unwrap_err();
        let texts: Vec<String> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            [
                "--services: there is no service 'zai'; known: zcc, zcell, zdx, zeasm, zia, zid, \
                 zins, zms, zpa, ztw",
                "--toolsets: there is no toolset 'zia_location'; did you mean 'zia_locations'?"
            ]
        );
    }
    #[test]
    fn products_that_were_not_bought_are_left_out_but_never_all() {
        let zia = ["zia".to_owned()];
        let some = Selection::new(Wanted { services: &zia, ..Wanted::default() }).unwrap();
        let all = Selection::new(Wanted::default()).unwrap();
        let count =
            |service: &str| all.rows().iter().filter(|row| row.service() == service).count();
        let every: BTreeSet<&str> = all.rows().iter().map(|row| row.service()).collect();
        for (name, selection, services, left, notes) in [
            ("every product", &all, every.clone(), all.rows().len(), 0),
            ("one of many", &all, BTreeSet::from(["zpa"]), count("zpa"), 1),
            ("the one that was chosen", &some, BTreeSet::from(["zia", "zpa"]), count("zia"), 0),
            ("another than was chosen", &some, BTreeSet::from(["zpa"]), count("zia"), 1),
            ("none", &all, BTreeSet::new(), all.rows().len(), 1),
        ] {
            let within = selection.within(&services);
            assert_eq!((within.rows().len(), within.notes().len()), (left, notes), "{name}");
            assert!(within.rows().is_sorted_by_key(|row| row.name), "{name}");
        }
        let note = all.within(&BTreeSet::from(["zia"])).notes().concat();
        assert!(note.contains("does not have ") && note.contains("zpa"), "{note}");
        assert!(!note.contains("zia"), "{note}");
    }
}
