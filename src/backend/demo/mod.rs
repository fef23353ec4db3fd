//! Zone: post-admission. The demo tenant: an invented company inside the binary.
//!
//! Answers the same requests as the cloud from embedded records: lists with search and pages,
//! single records, errors in each service's own form. Its records relate to each other and some
//! carry injection attempts, so that the sanitizer can be seen at work. Never leaves the process.

mod answers;
mod search;
mod special;

use crate::backend::{ApiMethod, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use crate::base::encode;
use crate::json::{self, Bounds, Json, ReadError};
use crate::limits::{JSON_DEPTH_MAX, JSON_NODES_MAX};

/// The tenant, parsed once.
#[derive(Debug)]
pub struct Demo {
    shelves: Vec<(&'static Shelf, Vec<Json>)>,
    gre_ranges: Vec<Json>,
    lookups: Vec<Json>,
    regions: Vec<Json>,
}

/// How a service words its lists and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Zia,
    Zpa,
}

/// One collection: where it is served and which members a plain search looks at.
#[derive(Debug)]
struct Shelf {
    style: Style,
    path: &'static str,
    searched: &'static [&'static str],
    text: &'static str,
}

const ZIA_BASE: &str = "zia/api/v1/";
const ZPA_BASE: &str = "zpa/mgmtconfig/v1/admin/customers/";
const SEGMENTS: &str = "application";
const CATEGORIES: &str = "urlCategories";

const SHELVES: &[Shelf] = &[
    zia("ruleLabels", &["name"], include_str!("data/rule_labels.json")),
    zia("locations/groups", &["name"], include_str!("data/location_groups.json")),
    zia("locations", &["name"], include_str!("data/locations.json")),
    zia("staticIP", &["ipAddress", "comment"], include_str!("data/static_ips.json")),
    zia("greTunnels", &["sourceIp", "comment"], include_str!("data/gre_tunnels.json")),
    zia(
        "vpnCredentials",
        &["fqdn", "ipAddress", "comments"],
        include_str!("data/vpn_credentials.json"),
    ),
    zia(CATEGORIES, &["configuredName"], include_str!("data/url_categories.json")),
    zpa("segmentGroup", include_str!("data/segment_groups.json")),
    zpa("serverGroup", include_str!("data/server_groups.json")),
    zpa(SEGMENTS, include_str!("data/application_segments.json")),
];

const fn zia(path: &'static str, searched: &'static [&'static str], text: &'static str) -> Shelf {
    Shelf { style: Style::Zia, path, searched, text }
}

const fn zpa(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zpa, path, searched: &["name"], text }
}

impl Demo {
    /// Returns the tenant.
    ///
    /// # Errors
    /// [`ReadError`] when an embedded file is not JSON, which a test rules out.
    pub fn new() -> Result<Self, ReadError> {
        let shelves = SHELVES.iter().map(|shelf| Ok((shelf, records(shelf.text)?)));
        Ok(Self {
            shelves: shelves.collect::<Result<_, ReadError>>()?,
            gre_ranges: records(include_str!("data/gre_ranges.json"))?,
            lookups: records(include_str!("data/url_lookup.json"))?,
            regions: records(include_str!("data/regions.json"))?,
        })
    }

    /// Returns how many records the tenant has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shelves.iter().map(|(_, records)| records.len()).sum()
    }

    /// True without records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shelf(&self, path: &str) -> Option<(&'static Shelf, &[Json])> {
        let found = self.shelves.iter().find(|(shelf, _)| shelf.path == path)?;
        Some((found.0, &found.1))
    }

    fn answer(&self, request: &ApiRequest) -> ApiResponse {
        let path = request.path.as_str().trim_start_matches('/');
        if let Some(rest) = path.strip_prefix(ZIA_BASE) {
            return self.zia(rest, request);
        }
        match path.strip_prefix(ZPA_BASE).and_then(|rest| rest.split_once('/')) {
            Some((_customer, rest)) => self.zpa(rest, request),
            None => answers::not_found(Style::Zia),
        }
    }

    fn zia(&self, rest: &str, request: &ApiRequest) -> ApiResponse {
        match (request.method, rest) {
            (ApiMethod::Post, "urlLookup") => special::url_lookup(&self.lookups, request),
            (ApiMethod::Get, "greTunnels/availableInternalIpRanges") => {
                special::gre_ranges(&self.gre_ranges, request)
            }
            (ApiMethod::Get, _) => match rest.strip_prefix("region/") {
                Some(kind) => special::region(&self.regions, kind, request),
                None => self.collection(Style::Zia, rest, request),
            },
            _ => answers::read_only(Style::Zia),
        }
    }

    fn zpa(&self, rest: &str, request: &ApiRequest) -> ApiResponse {
        match (request.method, rest) {
            (ApiMethod::Get, "application/getAppsByType") => {
                let segments = self.shelf(SEGMENTS).map_or(&[][..], |(_, records)| records);
                special::apps_by_type(segments, request)
            }
            (ApiMethod::Get, _) => self.collection(Style::Zpa, rest, request),
            _ => answers::read_only(Style::Zpa),
        }
    }

    fn collection(&self, style: Style, rest: &str, request: &ApiRequest) -> ApiResponse {
        if let Some((shelf, records)) = self.shelf(rest).filter(|(shelf, _)| shelf.style == style) {
            return list(shelf, records, request);
        }
        let Some((path, id)) = rest.rsplit_once('/') else { return answers::not_found(style) };
        let shelf = self.shelf(path).filter(|(shelf, _)| shelf.style == style);
        let id = encode::percent_decode(id.as_bytes()).unwrap_or_default();
        let found = shelf.and_then(|(_, records)| {
            records.iter().find(|record| answers::id_of(record).as_bytes() == id)
        });
        found.map_or_else(|| answers::not_found(style), |record| answers::ok(record.clone()))
    }
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
    }
}

fn wanted(shelf: &Shelf, record: &Json, request: &ApiRequest) -> bool {
    let searched = match (shelf.style, request.query_value("search")) {
        (_, None) => true,
        (Style::Zia, Some(text)) => search::contains(record, shelf.searched, text),
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
    if shelf.path != CATEGORIES {
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
        for (shelf, records) in &demo.shelves {
            let ids: BTreeSet<String> = records.iter().map(answers::id_of).collect();
            assert_eq!(ids.len(), records.len(), "{}", shelf.path);
        }
        assert!(SHELVES.iter().all(|shelf| shelf.text.is_ascii()));
    }
}
