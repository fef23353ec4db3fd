//! Zone: post-admission. Rows of the toolset `zins_firewall`.

use crate::tools::row::Row;
use crate::tools::zins::{WEEK, ask};

const SET: &str = "zins_firewall";

const BY_ACTION: (&str, &str) = (
    "FirewallByAction",
    "query FirewallByAction($startTime: Long!, $endTime: Long!, $limit: Int, $filter_by: \
     FirewallEntriesFilterBy, $order_by: [FirewallEntryOrderBy]) { \
       ZERO_TRUST_FIREWALL { \
         action(start_time: $startTime, end_time: $endTime) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total } } } }",
);

const BY_LOCATION: (&str, &str) = (
    "FirewallByLocation",
    "query FirewallByLocation($startTime: Long!, $endTime: Long!, $limit: Int, $filter_by: \
     FirewallEntriesFilterBy, $order_by: [FirewallEntryOrderBy]) { \
       ZERO_TRUST_FIREWALL { \
         location_firewall(start_time: $startTime, end_time: $endTime) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             id name total } } } }",
);

const SERVICES: (&str, &str) = (
    "FirewallNetworkServices",
    "query FirewallNetworkServices($startTime: Long!, $endTime: Long!, $limit: Int, $filter_by: \
     FirewallEntriesFilterBy, $order_by: [FirewallEntryOrderBy]) { \
       ZERO_TRUST_FIREWALL { \
         network_service(start_time: $startTime, end_time: $endTime) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total } } } }",
);

pub(in crate::tools) const ROWS: &[Row] = &[
    ask("zins_get_firewall_by_action", SET, BY_ACTION, "/data/ZERO_TRUST_FIREWALL/action/entries")
        .title("Count sessions by action")
        .doc(
            "Returns how many firewall sessions were allowed, blocked or dropped.\nThe rules: \
         zia_list_cloud_firewall_rules. Days are taken as 7 or 14. Empty: no traffic or no data.",
        )
        .params(WEEK),
    ask(
        "zins_get_firewall_by_location",
        SET,
        BY_LOCATION,
        "/data/ZERO_TRUST_FIREWALL/location_firewall/entries",
    )
    .title("Count sessions by location")
    .doc(
        "Returns how many firewall sessions each location caused, with the ids of \
         zia_list_locations.\nDays are taken as 7 or 14. Empty: no traffic or no data.",
    )
    .params(WEEK),
    ask(
        "zins_get_firewall_network_services",
        SET,
        SERVICES,
        "/data/ZERO_TRUST_FIREWALL/network_service/entries",
    )
    .title("Count sessions by service")
    .doc(
        "Returns how many firewall sessions each network service caused, such as DNS.\nTheir \
         ports: zia_list_network_services. Days are taken as 7 or 14. Empty: no traffic or no \
         data.",
    )
    .params(WEEK),
];
