//! Zone: operator. What differs in two snapshots, by collection and record.
//!
//! Records are told apart by their ids; those without one by what they hold. Returns values; says
//! nothing of why.

use std::collections::{BTreeMap, BTreeSet};

use crate::json::{Json, Object, object, write};
use crate::snapshot::form::{Collection, Manifest};
use crate::snapshot::identity;

/// One member that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// JSON pointer in the record.
    pub at: String,
    /// What it was; absent before.
    pub before: Option<Json>,
    /// What it is; absent after.
    pub after: Option<Json>,
}

/// One record that differs.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Only in the second.
    Added(Json),
    /// Only in the first.
    Removed(Json),
    /// In both, with these members different. The record is that of the second.
    Changed(Json, Vec<Member>),
}

/// What differs in one collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The collection.
    pub name: String,
    /// True when only one of the two files has it.
    pub is_missing: Option<Side>,
    /// Its records that differ, in the order of their ids.
    pub changes: Vec<Change>,
}

/// One of the two files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The first.
    Before,
    /// The second.
    After,
}

/// Returns the collections that differ, sorted by name.
#[must_use]
pub fn compare(before: &[Collection], after: &[Collection]) -> Vec<Section> {
    let by_name = |side: &'_ [Collection]| -> BTreeMap<String, Vec<Json>> {
        side.iter().map(|one| (one.name.clone(), one.records.clone())).collect()
    };
    let (before, after) = (by_name(before), by_name(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let sections = names.into_iter().map(|name| {
        let (old, new) = (before.get(name), after.get(name));
        let is_missing = match (old, new) {
            (None, _) => Some(Side::Before),
            (_, None) => Some(Side::After),
            (Some(_), Some(_)) => None,
        };
        let empty = Vec::new();
        let changes = changes(old.unwrap_or(&empty), new.unwrap_or(&empty));
        Section { name: name.clone(), is_missing, changes }
    });
    sections.filter(|one| one.is_missing.is_some() || !one.changes.is_empty()).collect()
}

/// Returns the records by what tells them apart. Where two have the same id, the whole record does.
fn told_apart(records: &[Json]) -> BTreeMap<String, &Json> {
    let mut out = BTreeMap::new();
    for record in records {
        let id = identity(record).unwrap_or_else(|| write::to_text(record));
        let id = if out.contains_key(&id) { write::to_text(record) } else { id };
        let _ = out.insert(id, record);
    }
    out
}

fn changes(before: &[Json], after: &[Json]) -> Vec<Change> {
    let (before, after) = (told_apart(before), told_apart(after));
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = ids.into_iter().filter_map(|id| match (before.get(id), after.get(id)) {
        (Some(old), Some(new)) => {
            let mut members = Vec::new();
            members_of("", Some(*old), Some(*new), &mut members);
            (!members.is_empty()).then(|| Change::Changed((*new).clone(), members))
        }
        (None, Some(new)) => Some(Change::Added((*new).clone())),
        (Some(old), None) => Some(Change::Removed((*old).clone())),
        (None, None) => None,
    });
    changes.collect()
}

/// Adds the members below `at` that differ; a list that differs is one member.
fn members_of(at: &str, before: Option<&Json>, after: Option<&Json>, out: &mut Vec<Member>) {
    if let (Some(Json::Object(old)), Some(Json::Object(new))) = (before, after) {
        let names: BTreeSet<&str> = old.iter().chain(new.iter()).map(|(name, _)| name).collect();
        for name in names {
            let step = name.replace('~', "~0").replace('/', "~1");
            members_of(&format!("{at}/{step}"), old.get(name), new.get(name), out);
        }
    } else if before != after {
        let at = at.to_owned();
        out.push(Member { at, before: before.cloned(), after: after.cloned() });
    }
}

/// Returns the difference as a document.
#[must_use]
pub fn document(before: &Manifest, after: &Manifest, sections: &[Section]) -> Json {
    let side = |manifest: &Manifest| {
        object([
            ("tenant", manifest.tenant.name.as_str().into()),
            ("time", manifest.time.as_str().into()),
        ])
    };
    let sections: Vec<Json> = sections.iter().map(section).collect();
    object([("before", side(before)), ("after", side(after)), ("collections", sections.into())])
}

fn section(section: &Section) -> Json {
    let mut lists: [(&str, Vec<Json>); 3] =
        [("added", Vec::new()), ("removed", Vec::new()), ("changed", Vec::new())];
    let [(_, added), (_, removed), (_, changed)] = &mut lists;
    for change in &section.changes {
        match change {
            Change::Added(record) => added.push(record.clone()),
            Change::Removed(record) => removed.push(record.clone()),
            Change::Changed(record, members) => {
                let members: Vec<Json> = members.iter().map(member).collect();
                let id = identity(record).map_or(Json::Null, Json::from);
                let name = record.get("name").cloned().unwrap_or_default();
                changed.push(object([("id", id), ("name", name), ("members", members.into())]));
            }
        }
    }
    let mut out = Object::new();
    out.set("collection", section.name.as_str().into());
    if let Some(side) = section.is_missing {
        let side = match side {
            Side::Before => "before",
            Side::After => "after",
        };
        out.set("missing", side.into());
    }
    for (name, list) in lists {
        out.set(name, list.into());
    }
    out.into()
}

fn member(member: &Member) -> Json {
    let mut out = Object::new();
    out.set("at", member.at.as_str().into());
    if let Some(before) = &member.before {
        out.set("before", before.clone());
    }
    if let Some(after) = &member.after {
        out.set("after", after.clone());
    }
    out.into()
}

/// Returns the difference for people, a line for each record and member. Not clean.
#[must_use]
pub fn text(before: &Manifest, after: &Manifest, sections: &[Section]) -> String {
    let side = |manifest: &Manifest| format!("{:?} at {}", manifest.tenant.name, manifest.time);
    let mut out = format!("before: {}\nafter:  {}\n", side(before), side(after));
    if sections.is_empty() {
        out.push_str("\nNo record differs.\n");
    }
    for section in sections {
        let count = |wanted: fn(&Change) -> bool| {
            section.changes.iter().filter(|change| wanted(change)).count()
        };
        let added = count(|change| matches!(change, Change::Added(_)));
        let removed = count(|change| matches!(change, Change::Removed(_)));
        let changed = count(|change| matches!(change, Change::Changed(_, _)));
        let missing = match section.is_missing {
            Some(Side::Before) => " (not in the first file)",
            Some(Side::After) => " (not in the second file)",
            None => "",
        };
        out.push_str(&format!(
            "\n{}{missing}: {added} added, {removed} removed, {changed} changed\n",
            section.name
        ));
        for change in &section.changes {
            line(change, &mut out);
        }
    }
    out
}

fn line(change: &Change, out: &mut String) {
    let (sign, record, members) = match change {
        Change::Added(record) => ('+', record, None),
        Change::Removed(record) => ('-', record, None),
        Change::Changed(record, members) => ('~', record, Some(members)),
    };
    let id = identity(record).unwrap_or_else(|| write::to_text(record));
    let name = record.get("name").and_then(Json::as_str).filter(|name| *name != id);
    let name = name.map_or_else(String::new, |name| format!(" {name:?}"));
    out.push_str(&format!("  {sign} {id}{name}\n"));
    let shown =
        |value: &Option<Json>| value.as_ref().map_or_else(|| "(absent)".to_owned(), write::to_text);
    for member in members.into_iter().flatten() {
        let (before, after) = (shown(&member.before), shown(&member.after));
        out.push_str(&format!("      {}: {before} -> {after}\n", member.at));
    }
}
