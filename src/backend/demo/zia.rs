//! Zone: post-admission. The demo's internet access: its records and what is not a plain list.

use super::{Shelf, Style, Tenant, answers, special, zia_changes, zia_filters};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};

pub(super) const CATEGORIES: &str = "urlCategories";
pub(super) const VIPS: &str = "vips";

const DESCRIBED: &[&str] = &["name", "description"];
const COMMENTED: &[&str] = &["name", "comments"];
const APPLICATIONS: &str = include_str!("data/network_applications.json");
const APPLICATION_GROUPS: &str = include_str!("data/network_application_groups.json");

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
    shelf("urlFilteringRules", &["name"], include_str!("data/url_filtering_rules.json")),
    shelf("firewallFilteringRules", &["name"], include_str!("data/firewall_filtering_rules.json")),
    shelf("firewallDnsRules", &["name"], include_str!("data/firewall_dns_rules.json")),
    shelf("firewallIpsRules", &["name"], include_str!("data/firewall_ips_rules.json")),
    shelf("ipsSignatureRules", &["name"], include_str!("data/ips_signature_rules.json")),
    shelf("ipSourceGroups", DESCRIBED, include_str!("data/ip_source_groups.json")),
    shelf("ipDestinationGroups", DESCRIBED, include_str!("data/ip_destination_groups.json")),
    shelf("networkServices", DESCRIBED, include_str!("data/network_services.json")),
    shelf("networkServiceGroups", DESCRIBED, include_str!("data/network_service_groups.json")),
    shelf("networkApplications", &["id", "description"], APPLICATIONS),
    shelf("networkApplicationGroups", DESCRIBED, APPLICATION_GROUPS),
    shelf("users", &["name"], include_str!("data/users.json")),
    shelf("groups", COMMENTED, include_str!("data/groups.json")),
    shelf("departments", COMMENTED, include_str!("data/departments.json")),
    table("application_texts", include_str!("data/network_application_texts.json")),
    table(VIPS, include_str!("data/vips.json")),
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
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    let table = |name| tenant.table(Style::Zia, name);
    match (request.method, rest) {
        (ApiMethod::Post, "urlLookup") => special::url_lookup(table("url_lookup"), request),
        (ApiMethod::Post, "ipsSignatureRules/validateRuleText") => special::rule_text(request),
        (ApiMethod::Get, "status") => zia_changes::status(tenant),
        (ApiMethod::Get, "vips/recommendedList") => answers::ok(table(VIPS).to_vec().into()),
        (ApiMethod::Get, "greTunnels/availableInternalIpRanges") => {
            let tunnels = tenant.records(Style::Zia, "greTunnels");
            special::gre_ranges(table("gre_ranges"), tunnels, request)
        }
        (ApiMethod::Get, _) => match rest.strip_prefix("region/") {
            Some(kind) => special::region(table("regions"), kind, request),
            None => zia_filters::answer(tenant, rest, request),
        },
        _ => answers::read_only(Style::Zia),
    }
}
