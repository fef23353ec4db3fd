//! Zone: post-admission. Rows of cloud and branch connectors, all of the toolset `ztw`.

pub(super) mod changes;

use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Keep, Member, Value};
use crate::tools::row::{Row, get, list};

const SET: &str = "ztw";

const DESTINATIONS: &str = "/ztw/api/v1/ipDestinationGroups";
const DESTINATIONS_LISTED: &str = "ztw_list_ip_destination_groups";
const GROUPS: &str = "/ztw/api/v1/ipGroups";
const GROUPS_LISTED: &str = "ztw_list_ip_groups";
const SOURCES: &str = "/ztw/api/v1/ipSourceGroups";
const SOURCES_LISTED: &str = "ztw_list_ip_source_groups";

const SEARCH: Param =
    Param::query("search", Kind::Text, "search").doc("Part of the name, any case.");
/// The same for lists whose service does not search.
const SEARCH_HERE: Param = Param::local("search", Kind::Text).doc("Part of the name, any case.");
const NAMED: &[Keep] = &[Keep::containing("search", "name")];
const EXCLUDE_TYPE: Param = Param::query("exclude_type", Kind::Text, "excludeType")
    .doc("Leave out: DSTN_IP, DSTN_FQDN, DSTN_DOMAIN or DSTN_OTHER.");
const PAGE: Param = Param::query("page", Kind::Integer, "page").even_empty();
const PAGE_SIZE: Param = Param::query("page_size", Kind::Integer, "pageSize")
    .even_empty()
    .min(1)
    .max(1_000)
    .doc("Records on a page.");
/// Where pages count from 0.
const PAGE_FROM_0: Param = PAGE.min(0).doc("Page, from 0.");

const fn flag(name: &'static str, key: &'static str, doc: &'static str) -> Param {
    Param::query(name, Kind::Boolean, key).even_empty().doc(doc)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "ztw_get_discovery_settings",
        SET,
        "/ztw/api/v1/discoveryService/workloadDiscoverySettings",
    )
    .title("Get discovery settings")
    .doc(
        "Returns under settings the account and role that cloud accounts must trust for workload \
         discovery.\nAccounts that do: ztw_list_public_cloud_info.",
    )
    .wrap(&[Member::new("settings", Value::Result)]),
    list("ztw_list_admins", SET, "/ztw/api/v1/adminUsers")
        .title("List connector admins")
        .doc(
            "Returns the administrators of the connector portal with role and state.\nWhat roles \
             allow: ztw_list_roles. Empty: nobody fits.",
        )
        .params(&[
            flag("include_auditor_users", "includeAuditorUsers", "true: auditors too."),
            flag("include_admin_users", "includeAdminUsers", "false: without administrators."),
            flag("include_api_roles", "includeApiRoles", "true: those with API roles too."),
            SEARCH.doc("Part of the login or name, any case."),
            PAGE.min(1).doc("Page, from 1."),
            PAGE_SIZE,
            Param::query("version", Kind::Integer, "version")
                .even_empty()
                .doc("Version of the list; leave it out."),
        ]),
    list(DESTINATIONS_LISTED, SET, DESTINATIONS)
        .title("List destination groups")
        .doc(
            "Returns the groups of destinations that traffic rules of connectors use, by address, \
             domain or country.\nEmpty: none left.",
        )
        .params(&[EXCLUDE_TYPE]),
    list("ztw_list_ip_destination_groups_lite", SET, DESTINATIONS)
        .title("List destination groups (lite)")
        .doc(
            "Returns the same records as ztw_list_ip_destination_groups.\nPrefer that one. Empty: \
             none left.",
        )
        .params(&[EXCLUDE_TYPE]),
    list(GROUPS_LISTED, SET, GROUPS)
        .title("List IP groups")
        .doc(
            "Returns the IP groups of connectors with their addresses.\nGroups for sources of \
             rules: ztw_list_ip_source_groups. Empty: none fits.",
        )
        .params(&[SEARCH]),
    list("ztw_list_ip_groups_lite", SET, "/ztw/api/v1/ipGroups/lite")
        .title("List IP group names")
        .doc(
            "Returns id and name of the IP groups of connectors.\nThe addresses: \
             ztw_list_ip_groups. Empty: none fits.",
        )
        .params(&[SEARCH_HERE])
        .keep(NAMED),
    list(SOURCES_LISTED, SET, SOURCES)
        .title("List source groups")
        .doc(
            "Returns the groups of source addresses that traffic rules of connectors use.\nEmpty: \
             none fits.",
        )
        .params(&[SEARCH]),
    list("ztw_list_ip_source_groups_lite", SET, "/ztw/api/v1/ipSourceGroups/lite")
        .title("List source group names")
        .doc(
            "Returns id and name of the source groups of connectors.\nThe addresses: \
             ztw_list_ip_source_groups. Empty: none fits.",
        )
        .params(&[SEARCH_HERE])
        .keep(NAMED),
    list("ztw_list_network_service_groups", SET, "/ztw/api/v1/networkServiceGroups")
        .title("List connector service groups")
        .doc(
            "Returns the groups of network services that connectors know, with the services \
             inside.\nEmpty: none fits.",
        )
        .params(&[SEARCH]),
    list("ztw_list_network_services", SET, "/ztw/api/v1/networkServices")
        .title("List connector services")
        .doc(
            "Returns the network services that connectors know, with their ports.\nGroups of them: \
             ztw_list_network_service_groups. Empty: none fits.",
        )
        .params(&[
            Param::query("protocol", Kind::Text, "protocol")
                .doc("TCP, UDP, ICMP, GRE, ESP or OTHER."),
            SEARCH,
            Param::query("locale", Kind::Text, "locale").doc("Language of texts, such as en-US."),
        ]),
    list("ztw_list_public_account_details", SET, "/ztw/api/v1/publicCloudAccountDetails")
        .title("List cloud accounts")
        .doc(
            "Returns the accounts at public clouds that connectors run in, as the service sends \
             them.\nWhat discovery sees: ztw_list_public_cloud_info. Empty: none.",
        )
        .params(&[PAGE_FROM_0, PAGE_SIZE])
        .wire_names(),
    list("ztw_list_public_cloud_info", SET, "/ztw/api/v1/publicCloudInfo")
        .title("List discovered clouds")
        .doc(
            "Returns the cloud accounts that workload discovery reads: permission, regions and \
             last sync.\nEmpty: none fits.",
        )
        .params(&[
            PAGE_FROM_0,
            PAGE_SIZE,
            SEARCH,
            Param::query("cloud_type", Kind::Text, "cloudType").doc("AWS, AZURE or GCP."),
        ]),
    list("ztw_list_roles", SET, "/ztw/api/v1/adminRoles")
        .title("List connector roles")
        .doc(
            "Returns the administrator roles of the connector portal and what they allow.\nWho has \
             one: ztw_list_admins. Empty: none fits.",
        )
        .params(&[
            flag("include_auditor_role", "includeAuditorRole", "true: the auditor role too."),
            flag("include_partner_role", "includePartnerRole", "true: roles of partners too."),
            flag("include_api_roles", "includeApiRoles", "true: API roles too."),
            Param::query("role_ids", Kind::Texts, "id").doc("Only roles with these ids."),
            SEARCH_HERE,
        ])
        .keep(NAMED),
];
