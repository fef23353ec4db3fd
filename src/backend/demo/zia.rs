//! Zone: post-admission. The demo's internet access: its records and what is not a plain list.

use super::{
    Shelf, Style, Tenant, answers, special, zia_app_rules, zia_changes, zia_devices, zia_filters,
    zia_policy, zia_settings,
};
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
    shelf(zia_app_rules::RULES, &["name"], include_str!("data/cloud_app_rules.json")),
    shelf("sslInspectionRules", &["name"], include_str!("data/ssl_inspection_rules.json")),
    shelf("fileTypeRules", &["name"], include_str!("data/file_type_rules.json")),
    shelf("sandboxRules", &["name"], include_str!("data/sandbox_rules.json")),
    shelf("webDlpRules", &["name"], include_str!("data/web_dlp_rules.json")),
    shelf("dlpDictionaries", &["name"], include_str!("data/dlp_dictionaries.json")),
    shelf("dlpEngines", &["name"], include_str!("data/dlp_engines.json")),
    single("advancedSettings", include_str!("data/advanced_settings.json")),
    single("authSettings/exemptedUrls", include_str!("data/auth_exempt_urls.json")),
    single("behavioralAnalysisAdvancedSettings", include_str!("data/sandbox_hashes.json")),
    single(
        "cyberThreatProtection/advancedThreatSettings",
        include_str!("data/threat_settings.json"),
    ),
    single(
        "cyberThreatProtection/atpMalwareInspection",
        include_str!("data/malware_inspection.json"),
    ),
    single(
        "cyberThreatProtection/atpMalwareProtocols",
        include_str!("data/malware_protocols.json"),
    ),
    single("cyberThreatProtection/maliciousUrls", include_str!("data/malicious_urls.json")),
    single("cyberThreatProtection/malwarePolicy", include_str!("data/malware_policy.json")),
    single("cyberThreatProtection/malwareSettings", include_str!("data/malware_settings.json")),
    single(
        "cyberThreatProtection/securityExceptions",
        include_str!("data/security_exceptions.json"),
    ),
    table("cloud_applications", include_str!("data/cloud_applications.json")),
    table("cloud_app_actions", include_str!("data/cloud_app_actions.json")),
    table("file_type_categories", include_str!("data/file_type_categories.json")),
    table("sandbox_quota", include_str!("data/sandbox_quota.json")),
    table("sandbox_reports", include_str!("data/sandbox_reports.json")),
    shelf(zia_devices::GROUPS, DESCRIBED, include_str!("data/zia_device_groups.json")),
    shelf(zia_devices::DEVICES, &["name"], include_str!("data/zia_devices.json")),
    shelf(zia_devices::APPLICATIONS, &["name"], include_str!("data/discovered_applications.json")),
    shelf(zia_devices::SETTINGS, &[], include_str!("data/mobile_settings.json")),
    shelf("customTags", &["name"], include_str!("data/custom_tags.json")),
    shelf("timeIntervals", &["name"], include_str!("data/time_intervals.json")),
    shelf("workloadGroups", DESCRIBED, include_str!("data/workload_groups.json")),
    table("application_texts", include_str!("data/network_application_texts.json")),
    table(VIPS, include_str!("data/vips.json")),
    table("gre_ranges", include_str!("data/gre_ranges.json")),
    table("url_lookup", include_str!("data/url_lookup.json")),
    table("regions", include_str!("data/regions.json")),
];

const fn shelf(path: &'static str, searched: &'static [&'static str], text: &'static str) -> Shelf {
    Shelf { style: Style::Zia, path, searched, served: true, text }
}

/// One object, with no id.
const fn single(path: &'static str, text: &'static str) -> Shelf {
    shelf(path, &[], text)
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
            None => zia_app_rules::answer(tenant, rest, request)
                .or_else(|| zia_policy::answer(tenant, rest, request))
                .or_else(|| zia_settings::answer(tenant, rest))
                .or_else(|| zia_devices::answer(tenant, rest, request))
                .unwrap_or_else(|| zia_filters::answer(tenant, rest, request)),
        },
        (ApiMethod::Post, _) => zia_app_rules::answer(tenant, rest, request)
            .unwrap_or_else(|| answers::read_only(Style::Zia)),
        _ => answers::read_only(Style::Zia),
    }
}
