//! Zone: post-admission. The demo's private access: its records and where they are served.

use super::{Shelf, Style, Tenant, answers, special, zpa_idp, zpa_lss, zpa_policies};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::json::Json;

pub(super) const SEGMENTS: &str = "application";
pub(super) const CERTIFICATES: &str = "certificate";
pub(super) const CONNECTOR_KEYS: &str = "associationType/CONNECTOR_GRP/provisioningKey";
pub(super) const EDGE_KEYS: &str = "associationType/SERVICE_EDGE_GRP/provisioningKey";

/// The addresses of the customer and the collections below each. Some have a list in one version
/// and single records in the other.
const PLACES: &[(&str, &[&str])] = &[
    (
        "mgmtconfig/v1/admin/customers/",
        &[
            "appConnectorGroup",
            SEGMENTS,
            "associationType",
            CERTIFICATES,
            "connector",
            "credential",
            "enrollmentCert",
            "idp",
            "inspectionProfile",
            "network",
            "policySet",
            "posture",
            "praPortal",
            "segmentGroup",
            "server",
            "serverGroup",
            "serviceEdge",
            "serviceEdgeGroup",
        ],
    ),
    (
        "mgmtconfig/v2/admin/customers/",
        &[
            "clientlessCertificate",
            "enrollmentCert",
            "idp",
            "lssConfig",
            "network",
            "posture",
            "samlAttribute",
        ],
    ),
    ("mgmtconfig/v2/admin/lssConfig/customers/", &["clientTypes"]),
    ("cbiconfig/cbi/api/customers/", &["profiles"]),
    ("userconfig/v1/customers/", &["scimgroup"]),
];

pub(super) const SHELVES: &[Shelf] = &[
    shelf("segmentGroup", include_str!("data/segment_groups.json")),
    shelf("serverGroup", include_str!("data/server_groups.json")),
    shelf(SEGMENTS, include_str!("data/application_segments.json")),
    shelf("appConnectorGroup", include_str!("data/app_connector_groups.json")),
    shelf("connector", include_str!("data/app_connectors.json")),
    shelf("inspectionProfile", include_str!("data/inspection_profiles.json")),
    shelf("posture", include_str!("data/posture_profiles.json")),
    shelf("network", include_str!("data/trusted_networks.json")),
    shelf("profiles", include_str!("data/isolation_profiles.json")),
    shelf("enrollmentCert", include_str!("data/enrollment_certs.json")),
    shelf("lssConfig", include_str!("data/lss_configs.json")),
    shelf("rules/ACCESS_POLICY", include_str!("data/access_rules.json")),
    shelf("rules/TIMEOUT_POLICY", include_str!("data/timeout_rules.json")),
    shelf("rules/CLIENT_FORWARDING_POLICY", include_str!("data/forwarding_rules.json")),
    shelf("rules/ISOLATION_POLICY", include_str!("data/isolation_rules.json")),
    shelf("rules/INSPECTION_POLICY", include_str!("data/app_protection_rules.json")),
    shelf("server", include_str!("data/application_servers.json")),
    shelf(CERTIFICATES, include_str!("data/issued_certificates.json")),
    shelf(CONNECTOR_KEYS, include_str!("data/connector_keys.json")),
    shelf(EDGE_KEYS, include_str!("data/service_edge_keys.json")),
    shelf("serviceEdge", include_str!("data/service_edges.json")),
    shelf("serviceEdgeGroup", include_str!("data/service_edge_groups.json")),
    shelf("credential", include_str!("data/pra_credentials.json")),
    shelf("praPortal", include_str!("data/pra_portals.json")),
    shelf("idp", include_str!("data/identity_providers.json")),
    shelf("samlAttribute", include_str!("data/saml_attributes.json")),
    shelf("scimattribute", include_str!("data/scim_attributes.json")),
    shelf("scimgroup", include_str!("data/scim_groups.json")),
    table("policy_sets", include_str!("data/policy_sets.json")),
    table("lss_formats", include_str!("data/lss_formats.json")),
    table("lss_status_codes", include_str!("data/lss_status_codes.json")),
    table("lss_client_types", include_str!("data/lss_client_types.json")),
];

const fn shelf(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zpa, path, searched: &["name"], served: true, text }
}

const fn table(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zpa, path, searched: &[], served: false, text }
}

/// Answers a request below `/zpa/`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    if request.method != ApiMethod::Get {
        return answers::read_only(Style::Zpa);
    }
    if rest == "mgmtconfig/v2/admin/lssConfig/statusCodes" {
        return zpa_lss::table(tenant, "lss_status_codes");
    }
    let Some(rest) = below_customer(rest) else { return answers::not_found(Style::Zpa) };
    let (collection, below) = rest.split_once('/').unwrap_or((rest, ""));
    match (collection, below) {
        (SEGMENTS, "getAppsByType") => special::apps_by_type(records(tenant, SEGMENTS), request),
        ("clientTypes", "") => zpa_lss::table(tenant, "lss_client_types"),
        ("clientlessCertificate", "issued") => tenant.collection(Style::Zpa, CERTIFICATES, request),
        ("idp" | "samlAttribute" | "scimgroup", _) => zpa_idp::answer(tenant, rest, request),
        ("lssConfig", "") => zpa_lss::configs(records(tenant, "lssConfig"), request),
        ("lssConfig", "logType/formats") => zpa_lss::formats(tenant, request),
        ("policySet", below) => zpa_policies::answer(tenant, below, request),
        ("profiles", "") => answers::ok(records(tenant, "profiles").to_vec().into()),
        _ => tenant.collection(Style::Zpa, rest, request),
    }
}

/// Returns what follows the customer, where the address serves such a collection.
fn below_customer(rest: &str) -> Option<&str> {
    PLACES.iter().find_map(|(address, collections)| {
        let (_customer, below) = rest.strip_prefix(address)?.split_once('/')?;
        let collection = below.split('/').next()?;
        collections.contains(&collection).then_some(below)
    })
}

/// Returns the records of one shelf; none when it does not exist.
pub(super) fn records<'a>(tenant: &'a Tenant, path: &str) -> &'a [Json] {
    tenant.records(Style::Zpa, path)
}
