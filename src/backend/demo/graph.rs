//! Zone: post-admission. The demo's services that speak GraphQL.
//!
//! The operation name and the variables decide the answer; the document is only looked at for the
//! name of the operation. Answers carry the members that the documents of the tools select.
//! Members of a record that begin with an underscore are for the demo itself and stay here.

use super::graph_lists::{Listing, Parent};
use super::{Shelf, Style, Tenant, answers};
use super::{graph_counts, graph_lists, graph_reports, graph_shadow, graph_traffic};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::{Json, Object, object};

const SEGMENTS: &str = "/zms/graphql";
const TRAFFIC: &str = "/zins/graphql";
const FIREWALL: &str = "ZERO_TRUST_FIREWALL";

pub(super) const SHELVES: &[Shelf] = &[
    table("agents", include_str!("data/zms_agents.json")),
    table("agent_groups", include_str!("data/zms_agent_groups.json")),
    table("app_catalog", include_str!("data/zms_app_catalog.json")),
    table("app_zones", include_str!("data/zms_app_zones.json")),
    table("default_rules", include_str!("data/zms_default_rules.json")),
    table("metadata", include_str!("data/zms_metadata.json")),
    table("nonces", include_str!("data/zms_nonces.json")),
    table("policy_rules", include_str!("data/zms_policy_rules.json")),
    table("resource_groups", include_str!("data/zms_resource_groups.json")),
    table("resources", include_str!("data/zms_resources.json")),
    table("tag_keys", include_str!("data/zms_tag_keys.json")),
    table("tag_namespaces", include_str!("data/zms_tag_namespaces.json")),
    table("tag_values", include_str!("data/zms_tag_values.json")),
    table("totp", include_str!("data/zms_totp.json")),
    table("counts", include_str!("data/zins_counts.json")),
    table("incidents", include_str!("data/zins_incidents.json")),
    table("iot", include_str!("data/zins_iot.json")),
    table("web_location", include_str!("data/zins_location.json")),
    table("web_protocols", include_str!("data/zins_protocols.json")),
    table("web_super_categories", include_str!("data/zins_super_categories.json")),
    table("web_threat_class", include_str!("data/zins_threat_class.json")),
    table("web_totals", include_str!("data/zins_totals.json")),
];

const fn table(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Graph, path, searched: &[], served: false, text }
}

/// What answers one operation: its name, the field at the root of the answer, and the way there.
struct Operation {
    service: &'static str,
    name: &'static str,
    root: &'static str,
    way: Way,
}

enum Way {
    Page(Listing),
    Value(fn(&Tenant, &Object) -> Result<Json, Fault>),
}

/// Why an operation has no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Operation,
    Missing(&'static str),
    Value(&'static str),
    NotFound,
    Window,
}

const fn page(name: &'static str, root: &'static str, listing: Listing) -> Operation {
    Operation { service: SEGMENTS, name, root, way: Way::Page(listing) }
}

const fn value(
    name: &'static str,
    root: &'static str,
    from: fn(&Tenant, &Object) -> Result<Json, Fault>,
) -> Operation {
    Operation { service: SEGMENTS, name, root, way: Way::Value(from) }
}

const fn report(
    name: &'static str,
    root: &'static str,
    from: fn(&Tenant, &Object) -> Result<Json, Fault>,
) -> Operation {
    Operation { service: TRAFFIC, name, root, way: Way::Value(from) }
}

const fn web(name: &'static str, from: fn(&Tenant, &Object) -> Result<Json, Fault>) -> Operation {
    report(name, "WEB_TRAFFIC", from)
}

const MEMBER: &[&str] = &[
    "id",
    "name",
    "resourceType",
    "status",
    "cloudProvider",
    "cloudRegion",
    "resourceHostname",
    "platformOs",
];

static OPERATIONS: &[Operation] = &[
    page("ListAgents", "agents", Listing::searched("agents", graph_counts::SEARCHED)),
    page(
        "ListAgentGroups",
        "agentGroups",
        Listing::searched("agent_groups", &["name", "description"]),
    ),
    page("ListNonces", "nonces", Listing::searched("nonces", &["name", "agentGroupName"])),
    page("ListAppCatalog", "appCatalog", Listing::filtered("app_catalog")),
    page("ListAppZones", "appZones", Listing::filtered("app_zones")),
    page("ListPolicyRules", "policyRules", Listing::filtered("policy_rules")),
    page("ListDefaultPolicyRules", "defaultPolicyRules", Listing::filtered("default_rules")),
    page("ListResourceGroups", "resourceGroups", Listing::filtered("resource_groups")),
    page("ListResources", "resources", Listing::filtered("resources")),
    page("ListTagNamespaces", "tagNamespaces", Listing::filtered("tag_namespaces")),
    page(
        "GetResourceGroupMembers",
        "resourceGroupMembers",
        Listing::filtered("resources")
            .below(&[Parent { variable: "id", table: "resource_groups", member: "_groups" }])
            .only(MEMBER),
    ),
    page(
        "ListTagKeys",
        "tagKeys",
        Listing::filtered("tag_keys").below(&[Parent {
            variable: "namespaceId",
            table: "tag_namespaces",
            member: "_namespace",
        }]),
    ),
    page(
        "ListTagValues",
        "tagValues",
        Listing::filtered("tag_values").below(&[
            Parent { variable: "tagId", table: "tag_keys", member: "_tag" },
            Parent { variable: "namespaceOrigin", table: "", member: "_origin" },
        ]),
    ),
    value("GetNonce", "nonce", |tenant, given| {
        let nonce = graph_lists::one(tenant.table(Style::Graph, "nonces"), "eyezId", given)?;
        Ok(object([("nonce", nonce)]))
    }),
    value("GetAgentGroupTotpSecrets", "agentGroupTotpSecrets", |tenant, given| {
        graph_lists::one(tenant.table(Style::Graph, "totp"), "eyezId", given)
    }),
    value("AgentConnectionStatusStats", "agentConnectionStatusStatistics", |tenant, given| {
        graph_counts::agents(
            tenant,
            given,
            "agentStatuses",
            ("connectionStatus", "connectionStatus"),
        )
    }),
    value("AgentVersionStats", "agentVersionStatistics", |tenant, given| {
        graph_counts::agents(tenant, given, "agentVersions", ("version", "currentSoftwareVersion"))
    }),
    value("ResourceGroupProtectionStatus", "resourceGroupProtectionStatus", graph_counts::groups),
    value("ResourceProtectionStatus", "resourceProtectionStatus", graph_counts::resources),
    value("GetMetadata", "metadata", |tenant, _given| {
        Ok(tenant.table(Style::Graph, "metadata").first().cloned().unwrap_or_default())
    }),
    web("WebTrafficByLocation", |tenant, given| {
        graph_traffic::grouped(tenant, given, "web_location", "location")
    }),
    web("WebTrafficNoGrouping", graph_traffic::total),
    web("WebProtocols", |tenant, given| {
        graph_traffic::grouped(tenant, given, "web_protocols", "protocols")
    }),
    web("WebThreatSuperCategories", |tenant, given| {
        graph_traffic::grouped(tenant, given, "web_super_categories", "threat_super_categories")
    }),
    web("WebThreatClass", |tenant, given| {
        graph_traffic::grouped(tenant, given, "web_threat_class", "threat_class")
    }),
    report("CyberSecurityIncidents", "CYBER_SECURITY", graph_reports::incidents),
    report("CyberSecurityByLocation", "CYBER_SECURITY", graph_reports::places),
    report("FirewallByAction", FIREWALL, |tenant, given| {
        graph_reports::counted(tenant, given, "action", "action")
    }),
    report("FirewallByLocation", FIREWALL, |tenant, given| {
        graph_reports::counted(tenant, given, "location_firewall", "location_firewall")
    }),
    report("FirewallNetworkServices", FIREWALL, |tenant, given| {
        graph_reports::counted(tenant, given, "network_service", "network_service")
    }),
    report("CasbAppReport", "SAAS_SECURITY", |tenant, given| {
        graph_reports::counted(tenant, given, "casb_app", "casb_app")
    }),
    report("IoTDeviceStats", "IOT", graph_reports::devices),
    report("ShadowITApps", "SHADOW_IT", graph_shadow::apps),
    report("ShadowITSummary", "SHADOW_IT", graph_shadow::summary),
];

/// Answers a request to `/zms/graphql` or `/zins/graphql`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    if !rest.is_empty() {
        return answers::not_found(Style::Graph);
    }
    let (ApiMethod::Post, Some(body)) = (request.method, request.body.as_ref()) else {
        return answers::read_only(Style::Graph);
    };
    let found = operation(request.path.as_str(), body);
    let Some(found) = found else { return answers::ok(refusal("", Fault::Operation)) };
    let none = Object::new();
    let given = body.get("variables").and_then(Json::as_object).unwrap_or(&none);
    answers::ok(match data(tenant, found, given) {
        Ok(data) => object([("data", object([(found.root, data)]))]),
        Err(fault) => refusal(found.root, fault),
    })
}

fn operation(service: &str, body: &Json) -> Option<&'static Operation> {
    let name = body.get("operationName").and_then(Json::as_str)?;
    let document = body.get("query").and_then(Json::as_str)?;
    let is_declared = document.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == name);
    let fits = |known: &&Operation| (known.service, known.name) == (service, name) && is_declared;
    OPERATIONS.iter().find(fits)
}

fn data(tenant: &Tenant, operation: &Operation, given: &Object) -> Result<Json, Fault> {
    if operation.service == SEGMENTS {
        text(given, "customerId")?;
    }
    match &operation.way {
        Way::Page(listing) => graph_lists::page(tenant, listing, given),
        Way::Value(from) => from(tenant, given),
    }
}

/// Returns the required text `name`.
pub(super) fn text<'a>(given: &'a Object, name: &'static str) -> Result<&'a str, Fault> {
    let value = given.get(name).filter(|value| !value.is_null()).ok_or(Fault::Missing(name))?;
    value.as_str().filter(|text| !text.is_empty()).ok_or(Fault::Value(name))
}

/// Returns the optional text `name`.
pub(super) fn word<'a>(given: &'a Object, name: &'static str) -> Result<Option<&'a str>, Fault> {
    let value = given.get(name).filter(|value| !value.is_null());
    value.map(|value| value.as_str().ok_or(Fault::Value(name))).transpose()
}

/// Returns the whole number `name` of at least 1, or `otherwise`.
pub(super) fn whole(given: &Object, name: &'static str, otherwise: usize) -> Result<usize, Fault> {
    let Some(value) = given.get(name).filter(|value| !value.is_null()) else {
        return Ok(otherwise);
    };
    let number = value.as_i64().and_then(|number| usize::try_from(number).ok());
    number.filter(|number| *number >= 1).ok_or(Fault::Value(name))
}

/// Returns an answer that holds nothing but the reason, in the form of these services.
fn refusal(root: &str, fault: Fault) -> Json {
    let (message, classification) = match fault {
        Fault::Operation => {
            ("The document holds no operation that the demo knows.".to_owned(), "ValidationError")
        }
        Fault::Missing(name) => {
            (format!("Variable '{name}' must be given: its type is non-null."), "ValidationError")
        }
        Fault::Value(name) => {
            (format!("Variable '{name}' has an invalid value."), "ValidationError")
        }
        Fault::NotFound => ("No such record in the demo.".to_owned(), "NOT_FOUND"),
        Fault::Window => {
            ("The start of the interval must lie before its end.".to_owned(), "BAD_REQUEST")
        }
    };
    let path = if root.is_empty() { Vec::new() } else { vec![root.into()] };
    let error = object([
        ("message", message.into()),
        ("path", path.into()),
        ("extensions", object([("classification", classification.into())])),
    ]);
    object([("data", Json::Null), ("errors", vec![error].into())])
}

#[cfg(test)]
mod tests {
    use super::{OPERATIONS, SHELVES, Style, Tenant, Way};
    use crate::json::Json;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_its_own_name_and_every_table_is_used_with_unique_ids() {
        let names: BTreeSet<&str> = OPERATIONS.iter().map(|known| known.name).collect();
        assert_eq!(names.len(), OPERATIONS.len());
        let tenant = Tenant::new().unwrap();
        for known in OPERATIONS {
            if let Way::Page(listing) = &known.way {
                assert!(!tenant.table(Style::Graph, listing.table).is_empty(), "{}", known.name);
            }
        }
        for shelf in SHELVES {
            assert!(shelf.text.is_ascii());
            let rows = tenant.table(Style::Graph, shelf.path);
            for name in ["id", "eyezId"] {
                let ids: Vec<&str> =
                    rows.iter().filter_map(|row| row.get(name).and_then(Json::as_str)).collect();
                let unique: BTreeSet<&str> = ids.iter().copied().collect();
                assert_eq!(unique.len(), ids.len(), "{}", shelf.path);
            }
        }
    }
}
