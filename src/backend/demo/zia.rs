//! Zone: post-admission. The demo's internet access: its records and what is not a plain list.

use super::{Demo, Shelf, Style, answers, special};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};

pub(super) const CATEGORIES: &str = "urlCategories";

pub(super) const SHELVES: &[Shelf] = &[
    shelf("ruleLabels", &["name"], include_str!("data/rule_labels.json")),
    shelf("locations/groups", &["name"], include_str!("data/location_groups.json")),
    shelf("locations", &["name"], include_str!("data/locations.json")),
    shelf("staticIP", &["ipAddress", "comment"], include_str!("data/static_ips.json")),
    shelf("greTunnels", &["sourceIp", "comment"], include_str!("data/gre_tunnels.json")),
    shelf(
        "vpnCredentials",
        &["fqdn", "ipAddress", "comments"],
        include_str!("data/vpn_credentials.json"),
    ),
    shelf(CATEGORIES, &["configuredName"], include_str!("data/url_categories.json")),
    table("gre_ranges", include_str!("data/gre_ranges.json")),
    table("url_lookup", include_str!("data/url_lookup.json")),
    table("regions", include_str!("data/regions.json")),
];

const fn shelf(path: &'static str, searched: &'static [&'static str], text: &'static str) -> Shelf {
    Shelf { style: Style::Zia, path, searched, served: true, text }
}

const fn table(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zia, path, searched: &[], served: false, text }
}

/// Answers a request below `/zia/api/v1/`.
pub(super) fn answer(demo: &Demo, rest: &str, request: &ApiRequest) -> ApiResponse {
    let table = |name| demo.table(Style::Zia, name);
    match (request.method, rest) {
        (ApiMethod::Post, "urlLookup") => special::url_lookup(table("url_lookup"), request),
        (ApiMethod::Get, "greTunnels/availableInternalIpRanges") => {
            special::gre_ranges(table("gre_ranges"), request)
        }
        (ApiMethod::Get, _) => match rest.strip_prefix("region/") {
            Some(kind) => special::region(table("regions"), kind, request),
            None => demo.collection(Style::Zia, rest, request),
        },
        _ => answers::read_only(Style::Zia),
    }
}
