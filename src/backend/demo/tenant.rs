//! Zone: post-admission. The records of the demo tenant and how they are listed.
//!
//! Shelves are parsed once from the files inside the binary; a path names at most one of them.
//! What changes them is in `changes`, with the bounds.

use super::changes::CREATED_MAX;
use super::{SHELVES, Shelf, Style, answers, search, zia};
use crate::backend::{ApiRequest, ApiResponse};
use crate::base::encode;
use crate::json::{self, Bounds, Json, ReadError};
use crate::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX};

/// The records of every service, and what has become of them.
#[derive(Debug)]
pub(super) struct Tenant {
    shelves: Vec<(&'static Shelf, Vec<Json>)>,
    /// Records made so far; ids count on from here, so none is given twice.
    pub(super) created: u64,
    /// Records that may still be added.
    pub(super) room: usize,
    /// True between a change of internet access and its activation.
    pub(super) pending: bool,
}

impl Tenant {
    /// Returns the tenant as it is inside the binary.
    pub(super) fn new() -> Result<Self, ReadError> {
        let shelves = SHELVES.iter().copied().flatten();
        let shelves = shelves.map(|shelf| Ok((shelf, records(shelf.text)?)));
        let shelves = shelves.collect::<Result<_, ReadError>>()?;
        Ok(Self { shelves, created: 0, room: CREATED_MAX, pending: false })
    }

    /// Returns how many records there are.
    pub(super) fn len(&self) -> usize {
        let served = self.shelves.iter().filter(|(shelf, _)| shelf.served);
        served.map(|(_, records)| records.len()).sum()
    }

    /// Returns the records that `style` serves at `path`.
    pub(super) fn shelf(&self, style: Style, path: &str) -> Option<(&'static Shelf, &[Json])> {
        let found = self
            .shelves
            .iter()
            .find(|(shelf, _)| (shelf.style, shelf.path, shelf.served) == (style, path, true))?;
        Some((found.0, &found.1))
    }

    /// Returns the records that `style` serves at `path`; none when it has no such.
    pub(super) fn records(&self, style: Style, path: &str) -> &[Json] {
        self.shelf(style, path).map_or(&[], |(_, records)| records)
    }

    /// Returns the records that `style` serves at `path`, to be changed; none when it has no such.
    pub(super) fn records_mut(&mut self, style: Style, path: &str) -> Option<&mut Vec<Json>> {
        let found = self
            .shelves
            .iter_mut()
            .find(|(shelf, _)| (shelf.style, shelf.path, shelf.served) == (style, path, true));
        found.map(|(_, records)| records)
    }

    /// Returns the table `name` of `style`, which no path serves; empty when there is none.
    pub(super) fn table(&self, style: Style, name: &str) -> &[Json] {
        let found = self
            .shelves
            .iter()
            .find(|(shelf, _)| (shelf.style, shelf.path, shelf.served) == (style, name, false));
        found.map_or(&[], |(_, records)| records)
    }

    /// Answers with the list at `rest`, or with the one record whose id is its last segment.
    pub(super) fn collection(&self, style: Style, rest: &str, request: &ApiRequest) -> ApiResponse {
        if let Some((shelf, records)) = self.shelf(style, rest) {
            return list(shelf, records, request);
        }
        let Some((path, id)) = rest.rsplit_once('/') else { return answers::not_found(style) };
        let found = self.shelf(style, path).and_then(|(_, records)| by_id(records, id));
        found.map_or_else(|| answers::not_found(style), |record| answers::ok(record.clone()))
    }
}

/// Returns the record whose id is the path segment `id`.
pub(super) fn by_id<'a>(records: &'a [Json], id: &str) -> Option<&'a Json> {
    let id = encode::percent_decode(id.as_bytes())?;
    records.iter().find(|record| answers::id_of(record).as_bytes() == id)
}

fn list(shelf: &Shelf, records: &[Json], request: &ApiRequest) -> ApiResponse {
    let kept: Vec<&Json> = records.iter().filter(|record| wanted(shelf, record, request)).collect();
    match shelf.style {
        Style::Zia => answers::zia_page(&kept, request),
        Style::Zpa => answers::zpa_page(&kept, request),
        Style::Zdx
        | Style::Zcc
        | Style::Zid
        | Style::Graph
        | Style::Zeasm
        | Style::Zcell
        | Style::Ztw => answers::not_found(shelf.style),
    }
}

fn wanted(shelf: &Shelf, record: &Json, request: &ApiRequest) -> bool {
    let searched = match (shelf.style, request.query_value("search")) {
        (_, None) => true,
        (Style::Zpa, Some(text)) => search::expression(record, text),
        (_, Some(text)) => search::contains(record, shelf.searched, text),
    };
    let named = request.query_value("name").is_none_or(|name| {
        record.get("name").and_then(Json::as_str).is_some_and(|own| own.eq_ignore_ascii_case(name))
    });
    searched && named && in_microtenant(record, request) && in_kind(shelf, record, request)
}

/// Records that name no microtenant belong to the default one, whose id is 0.
pub(super) fn in_microtenant(record: &Json, request: &ApiRequest) -> bool {
    match request.query_value("microtenantId") {
        None | Some("" | "0") => true,
        Some(wanted) => record.get("microtenantId").and_then(Json::as_str) == Some(wanted),
    }
}

fn in_kind(shelf: &Shelf, record: &Json, request: &ApiRequest) -> bool {
    if shelf.path != zia::CATEGORIES {
        return true;
    }
    let custom = request.query_value("customOnly").is_some_and(|v| v.eq_ignore_ascii_case("true"));
    let kind = request.query_value("type").filter(|kind| !kind.eq_ignore_ascii_case("ALL"));
    (!custom || record.get("customCategory").and_then(Json::as_bool) == Some(true))
        && kind.is_none_or(|kind| record.get("type").and_then(Json::as_str) == Some(kind))
}

fn records(text: &str) -> Result<Vec<Json>, ReadError> {
    let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: JSON_NODES_MAX };
    let value = json::read(text.as_bytes(), bounds)?;
    Ok(if let Json::Array(records) = value { records } else { vec![value] })
}

#[cfg(test)]
mod tests {
    use super::{SHELVES, Style, Tenant, answers, by_id, zia};
    use crate::backend::demo::changes;
    use crate::backend::demo::collections::Ids;
    use crate::json::Json;
    use std::collections::BTreeSet;

    #[test]
    fn the_tenant_is_of_useful_size_and_its_ids_are_unique() {
        let tenant = Tenant::new().unwrap();
        assert!(tenant.len() >= 150, "{}", tenant.len());
        for (shelf, records) in tenant.shelves.iter().filter(|(shelf, _)| shelf.served) {
            let ids: BTreeSet<String> = records.iter().map(answers::id_of).collect();
            assert_eq!(ids.len(), records.len(), "{}", shelf.path);
        }
        assert!(SHELVES.iter().copied().flatten().all(|shelf| shelf.text.is_ascii()));
    }

    #[test]
    fn a_new_id_is_larger_than_every_id_inside_the_binary() {
        let mut tenant = Tenant::new().unwrap();
        let fresh = |tenant: &mut Tenant, ids| answers::text_of(&changes::fresh(tenant, ids));
        for (style, ids) in [(Style::Zia, Ids::Number), (Style::Zpa, Ids::Text)] {
            let first: u64 = fresh(&mut tenant, ids).parse().unwrap();
            let shelves = tenant.shelves.iter().filter(|(shelf, _)| shelf.style == style);
            let mut seen = Vec::new();
            shelves.flat_map(|(_, records)| records).for_each(|record| all_ids(record, &mut seen));
            // A rule of internet access may name a segment of private access by its long id.
            seen.retain(|id| style == Style::Zpa || *id < 1_000_000_000_000);
            assert!(seen.len() > 100 && seen.iter().all(|id| *id < first), "{style:?}");
        }
        let category = fresh(&mut tenant, Ids::Category);
        assert!(by_id(tenant.records(Style::Zia, zia::CATEGORIES), &category).is_none());
        assert_ne!(category, fresh(&mut tenant, Ids::Category));
    }

    fn all_ids(value: &Json, seen: &mut Vec<u64>) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| all_ids(item, seen)),
            Json::Object(members) => {
                seen.extend(
                    members.get("id").and_then(|id| answers::text_of(id).parse::<u64>().ok()),
                );
                members.iter().for_each(|(_, item)| all_ids(item, seen));
            }
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
        }
    }
}
