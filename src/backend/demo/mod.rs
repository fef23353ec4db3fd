//! Zone: post-admission. The demo tenant: an invented company inside the binary.
//!
//! Answers the same requests as the cloud from embedded records: lists with search and pages,
//! single records, errors in each service's own form. Its records relate to each other and some
//! carry injection attempts, so that the sanitizer can be seen at work. Never leaves the process.

mod answers;
mod graph;
mod graph_counts;
mod graph_lists;
mod graph_traffic;
mod search;
mod special;
mod zcc;
mod zdx;
mod zdx_apps;
mod zia;
mod zia_filters;
mod zid;
mod zpa;
mod zpa_lss;
mod zpa_policies;

use crate::backend::{ApiRequest, ApiResponse, Backend, Patience, Upstream};
use crate::base::encode;
use crate::json::{self, Bounds, Json, ReadError};
use crate::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX};

/// The tenant, parsed once.
#[derive(Debug)]
pub struct Demo {
    shelves: Vec<(&'static Shelf, Vec<Json>)>,
}

/// How a service words its lists and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Zia,
    Zpa,
    Zdx,
    Zcc,
    Zid,
    Graph,
}

/// Records and where they are served, below the address of their service.
#[derive(Debug)]
struct Shelf {
    style: Style,
    path: &'static str,
    /// Members a plain search looks at.
    searched: &'static [&'static str],
    /// False for what no path of the service serves: a table that an answer is computed from.
    served: bool,
    text: &'static str,
}

/// The records of every service.
const SHELVES: &[&[Shelf]] =
    &[zia::SHELVES, zpa::SHELVES, zdx::SHELVES, zcc::SHELVES, zid::SHELVES, graph::SHELVES];

/// What answers the requests of one service, given the path below its address.
type Service = fn(&Demo, &str, &ApiRequest) -> ApiResponse;

/// The services by the address their paths begin with.
const SERVICES: &[(&str, Service)] = &[
    ("zia/api/v1/", zia::answer),
    ("zpa/", zpa::answer),
    ("zdx/v1/", zdx::answer),
    ("zcc/papi/public/v1/", zcc::answer),
    ("ziam/admin/api/v1/", zid::answer),
    ("zms/graphql", graph::answer),
    ("zins/graphql", graph::answer),
];

impl Demo {
    /// Returns the tenant.
    ///
    /// # Errors
    /// [`ReadError`] when an embedded file is not JSON, which a test rules out.
    pub fn new() -> Result<Self, ReadError> {
        let shelves = SHELVES.iter().copied().flatten();
        let shelves = shelves.map(|shelf| Ok((shelf, records(shelf.text)?)));
        Ok(Self { shelves: shelves.collect::<Result<_, ReadError>>()? })
    }

    /// Returns how many records the tenant has.
    #[must_use]
    pub fn len(&self) -> usize {
        let served = self.shelves.iter().filter(|(shelf, _)| shelf.served);
        served.map(|(_, records)| records.len()).sum()
    }

    /// True without records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the records that `style` serves at `path`.
    fn shelf(&self, style: Style, path: &str) -> Option<(&'static Shelf, &[Json])> {
        let found = self
            .shelves
            .iter()
            .find(|(shelf, _)| (shelf.style, shelf.path, shelf.served) == (style, path, true))?;
        Some((found.0, &found.1))
    }

    /// Returns the table `name` of `style`, which no path serves; empty when there is none.
    fn table(&self, style: Style, name: &str) -> &[Json] {
        let found = self
            .shelves
            .iter()
            .find(|(shelf, _)| (shelf.style, shelf.path, shelf.served) == (style, name, false));
        found.map_or(&[], |(_, records)| records)
    }

    fn answer(&self, request: &ApiRequest) -> ApiResponse {
        let path = request.path.as_str().trim_start_matches('/');
        let found = SERVICES.iter().find_map(|(address, service)| {
            path.strip_prefix(address).map(|rest| service(self, rest, request))
        });
        found.unwrap_or_else(|| answers::not_found(Style::Zia))
    }

    /// Answers with the list at `rest`, or with the one record whose id is its last segment.
    fn collection(&self, style: Style, rest: &str, request: &ApiRequest) -> ApiResponse {
        if let Some((shelf, records)) = self.shelf(style, rest) {
            return list(shelf, records, request);
        }
        let Some((path, id)) = rest.rsplit_once('/') else { return answers::not_found(style) };
        let found = self.shelf(style, path).and_then(|(_, records)| by_id(records, id));
        found.map_or_else(|| answers::not_found(style), |record| answers::ok(record.clone()))
    }
}

/// Returns the record whose id is the path segment `id`.
fn by_id<'a>(records: &'a [Json], id: &str) -> Option<&'a Json> {
    let id = encode::percent_decode(id.as_bytes())?;
    records.iter().find(|record| answers::id_of(record).as_bytes() == id)
}

impl Backend for Demo {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        if patience.cancelled() {
            return Err(Upstream::Cancelled);
        }
        Ok(self.answer(request))
    }

    fn is_local(&self) -> bool {
        true
    }

    fn describe(&self) -> String {
        format!("demo tenant inside the binary, {} invented records", self.len())
    }
}

fn list(shelf: &Shelf, records: &[Json], request: &ApiRequest) -> ApiResponse {
    let kept: Vec<&Json> = records.iter().filter(|record| wanted(shelf, record, request)).collect();
    match shelf.style {
        Style::Zia => answers::zia_page(&kept, request),
        Style::Zpa => answers::zpa_page(&kept, request),
        Style::Zdx | Style::Zcc | Style::Zid | Style::Graph => answers::not_found(shelf.style),
    }
}

fn wanted(shelf: &Shelf, record: &Json, request: &ApiRequest) -> bool {
    let searched = match (shelf.style, request.query_value("search")) {
        (_, None) => true,
        (Style::Zia | Style::Zdx | Style::Zcc | Style::Zid | Style::Graph, Some(text)) => {
            search::contains(record, shelf.searched, text)
        }
        (Style::Zpa, Some(text)) => search::expression(record, text),
    };
    let named = request.query_value("name").is_none_or(|name| {
        record.get("name").and_then(Json::as_str).is_some_and(|own| own.eq_ignore_ascii_case(name))
    });
    searched && named && in_microtenant(record, request) && in_kind(shelf, record, request)
}

/// Records that name no microtenant belong to the default one, whose id is 0.
fn in_microtenant(record: &Json, request: &ApiRequest) -> bool {
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
    use super::{Demo, SHELVES, answers};
    use std::collections::BTreeSet;

    #[test]
    fn the_tenant_is_of_useful_size_and_its_ids_are_unique() {
        let demo = Demo::new().unwrap();
        assert!(demo.len() >= 150, "{}", demo.len());
        for (shelf, records) in demo.shelves.iter().filter(|(shelf, _)| shelf.served) {
            let ids: BTreeSet<String> = records.iter().map(answers::id_of).collect();
            assert_eq!(ids.len(), records.len(), "{}", shelf.path);
        }
        assert!(SHELVES.iter().copied().flatten().all(|shelf| shelf.text.is_ascii()));
    }
}
