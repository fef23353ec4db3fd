//! Zone: post-admission. The catalogue: every tool, service and toolset by name.
//!
//! The rows stand in one file for each toolset. Names of services and toolsets are those of the
//! whole product, so that a setting made for another build is told from a misspelling.

use crate::tools::row::{Row, Verb};
use crate::tools::{zcc, zcell, zdx, zeasm, zia, zid, zins, zms, zpa, ztw};

/// Rows by toolset.
const ROWS: &[&[Row]] = &[
    zcc::devices::ROWS,
    zcc::forwarding_profiles::ROWS,
    zcc::trusted_networks::ROWS,
    zcell::anomaly_policy::ROWS,
    zcell::audit_data_handling::ROWS,
    zcell::customer_data_handling::ROWS,
    zcell::customer_region_handling::ROWS,
    zcell::network_events::ROWS,
    zcell::sim_analytics::ROWS,
    zcell::sim_handling::ROWS,
    zcell::sim_location_groups::ROWS,
    zcell::tag_handling::ROWS,
    zdx::alerts::ROWS,
    zdx::reports::ROWS,
    zeasm::findings::ROWS,
    zeasm::lookalike_domains::ROWS,
    zeasm::organizations::ROWS,
    zdx::software_inventory::ROWS,
    zdx::troubleshooting::ROWS,
    zdx::troubleshooting_changes::ROWS,
    zia::admin::ROWS,
    zia::advanced_settings::ROWS,
    zia::advanced_settings_changes::ROWS,
    zia::atp_malware::ROWS,
    zia::atp_malware_changes::ROWS,
    zia::atp_policy::ROWS,
    zia::atp_policy_changes::ROWS,
    zia::authentication_settings::ROWS,
    zia::authentication_settings_changes::ROWS,
    zia::cloud_app_control::ROWS,
    zia::cloud_app_control_changes::ROWS,
    zia::cloud_firewall::ROWS,
    zia::cloud_firewall_changes::ROWS,
    zia::dlp::ROWS,
    zia::dlp_changes::ROWS,
    zia::file_type_control::ROWS,
    zia::file_type_control_changes::ROWS,
    zia::devices::ROWS,
    zia::locations::ROWS,
    zia::locations_changes::ROWS,
    zia::misc::ROWS,
    zia::misc_changes::ROWS,
    zia::rule_labels::ROWS,
    zia::rule_labels_changes::ROWS,
    zia::sandbox::ROWS,
    zia::sandbox_changes::ROWS,
    zia::ssl_inspection::ROWS,
    zia::ssl_inspection_changes::ROWS,
    zia::shadow_it::ROWS,
    zia::shadow_it_changes::ROWS,
    zia::time_intervals::ROWS,
    zia::time_intervals_changes::ROWS,
    zia::url_categories::ROWS,
    zia::url_categories_changes::ROWS,
    zia::url_filtering::ROWS,
    zia::url_filtering_changes::ROWS,
    zia::users::ROWS,
    zia::workload_groups::ROWS,
    zid::groups::ROWS,
    zid::users::ROWS,
    zins::cyber_security::ROWS,
    zins::firewall::ROWS,
    zins::iot::ROWS,
    zins::saas::ROWS,
    zins::shadow_it::ROWS,
    zins::web_traffic::ROWS,
    zms::ROWS,
    zpa::access_policies::ROWS,
    zpa::access_policies_changes::ROWS,
    zpa::app_connector_groups::ROWS,
    zpa::app_connector_groups_changes::ROWS,
    zpa::app_segments::ROWS,
    zpa::app_segments_changes::ROWS,
    zpa::application_servers::ROWS,
    zpa::application_servers_changes::ROWS,
    zpa::ba_certificates::ROWS,
    zpa::ba_certificates_changes::ROWS,
    zpa::connectors::ROWS,
    zpa::connectors_changes::ROWS,
    zpa::idp::ROWS,
    zpa::misc::ROWS,
    zpa::pra::ROWS,
    zpa::pra_changes::ROWS,
    zpa::provisioning_keys::ROWS,
    zpa::provisioning_keys_changes::ROWS,
    zpa::segment_groups::ROWS,
    zpa::segment_groups_changes::ROWS,
    zpa::server_groups::ROWS,
    zpa::server_groups_changes::ROWS,
    zpa::service_edge_groups::ROWS,
    zpa::service_edge_groups_changes::ROWS,
    ztw::ROWS,
    ztw::changes::ROWS,
];

/// Every service code.
pub const SERVICES: &[&str] =
    &["zcc", "zcell", "zdx", "zeasm", "zia", "zid", "zins", "zms", "zpa", "ztw"];

/// Every toolset id, sorted.
pub const TOOLSETS: &[&str] = &[
    "zcc_devices",
    "zcc_forwarding_profiles",
    "zcc_trusted_networks",
    "zcell_anomaly_policy",
    "zcell_audit_data_handling",
    "zcell_customer_data_handling",
    "zcell_customer_region_handling",
    "zcell_network_events",
    "zcell_sim_analytics",
    "zcell_sim_handling",
    "zcell_sim_location_groups",
    "zcell_tag_handling",
    "zdx_alerts",
    "zdx_reports",
    "zdx_software_inventory",
    "zdx_troubleshooting",
    "zeasm",
    "zeasm_findings",
    "zeasm_lookalike_domains",
    "zia_admin",
    "zia_advanced_settings",
    "zia_atp_malware",
    "zia_atp_policy",
    "zia_authentication_settings",
    "zia_cloud_app_control",
    "zia_cloud_firewall",
    "zia_devices",
    "zia_dlp",
    "zia_file_type_control",
    "zia_locations",
    "zia_misc",
    "zia_rule_labels",
    "zia_sandbox",
    "zia_shadow_it",
    "zia_ssl_inspection",
    "zia_time_intervals",
    "zia_url_categories",
    "zia_url_filtering",
    "zia_users",
    "zia_workload_groups",
    "zid_groups",
    "zid_users",
    "zins_cyber_security",
    "zins_firewall",
    "zins_iot",
    "zins_saas",
    "zins_shadow_it",
    "zins_web_traffic",
    "zms",
    "zpa_access_policies",
    "zpa_app_connector_groups",
    "zpa_app_segments",
    "zpa_application_servers",
    "zpa_ba_certificates",
    "zpa_connectors",
    "zpa_idp",
    "zpa_misc",
    "zpa_pra",
    "zpa_provisioning_keys",
    "zpa_segment_groups",
    "zpa_server_groups",
    "zpa_service_edge_groups",
    "ztw",
];

/// Returns every row.
pub fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().copied().flatten()
}

/// Returns the rows that change nothing.
pub fn reads() -> impl Iterator<Item = &'static Row> {
    rows().filter(|row| row.verb == Verb::Read)
}

/// Returns the rows that change something.
pub fn changes() -> impl Iterator<Item = &'static Row> {
    rows().filter(|row| row.verb != Verb::Read)
}

/// Returns the toolsets that have tools, sorted.
#[must_use]
pub fn toolsets() -> Vec<&'static str> {
    let mut ids: Vec<&'static str> = rows().map(|row| row.toolset).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
