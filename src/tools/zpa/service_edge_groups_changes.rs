//! Zone: post-admission. Rows of the toolset `zpa_service_edge_groups` that change something.

use crate::backend::ApiMethod;
use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Member, Step, Value};
use crate::tools::row::{Row, Verb, create, delete, update};
use crate::tools::zpa::groups::{
    CERTIFICATES, CITY_COUNTRY, COUNTRY_CODE, DESCRIPTION, LATITUDE, LOCATION, LONGITUDE,
    OVERRIDE_PROFILE, UPGRADE_DAY, UPGRADE_TIME, certificate, joined, member,
};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_service_edge_groups";
const GROUP: &str = "service edge group";
const EDGE: &str = "service edge";
const GET_GROUP: &str = "zpa_get_service_edge_group";
const GET_EDGE: &str = "zpa_get_service_edge";
const GROUPS: &str = "zpa_list_service_edge_groups";
const EDGES: &str = "zpa_list_service_edges";
const ALL_GROUPS: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdgeGroup";
const ONE_GROUP: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdgeGroup/{group_id}";
const ONE_EDGE: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdge/{service_edge_id}";

const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, digits.");
const EDGE_ID: Param =
    Param::path("service_edge_id").doc("Id of the service edge, digits; not of its group.");

/// The certificate that the service makes for service edges of its own accord.
const USUAL: &[Step] =
    &[Step::get(CERTIFICATES).query(&[Member::new("search", Value::Text("name+EQ+Service Edge"))])];
const SIGNED: &[Member] = &[
    Member::new("enrollmentCertId", Value::Found(certificate(&Value::Text("Service Edge"))))
        .needed(
            "no enrollment certificate is called Service Edge, so nothing was changed; the \
             operator of the tenant has to look",
        ),
    MICROTENANT_MEMBER,
];

/// The arguments that say how a group works, behind its name, state and place.
const WORKING: [Param; 14] = [
    CITY_COUNTRY,
    COUNTRY_CODE,
    member("is_public", Kind::Boolean, "isPublic")
        .doc("true: serve users on any network, not just the trusted."),
    OVERRIDE_PROFILE.doc("true: follow version_profile_id, not the tenant's default."),
    member("version_profile_name", Kind::Text, "versionProfileName")
        .doc("Name of the version profile, such as New Release."),
    member("version_profile_id", Kind::Id, "versionProfileId")
        .doc("Id of the version profile, as other groups show it."),
    Param::body("service_edge_ids", Kind::Texts, "serviceEdges")
        .even_empty()
        .form(Form::Ids(false))
        .doc("Service edges it should hold; not sent when left out."),
    Param::body("trusted_network_ids", Kind::Texts, "trustedNetworks")
        .even_empty()
        .form(Form::Ids(false))
        .doc("Member id of get_zpa_trusted_network; not sent when left out."),
    member("grace_distance_enabled", Kind::Boolean, "graceDistanceEnabled")
        .doc("true: prefer it within grace_distance_value."),
    member("grace_distance_value", Kind::Integer, "graceDistanceValue")
        .doc("Distance up to which users prefer it."),
    member("grace_distance_value_unit", Kind::Text, "graceDistanceValueUnit").doc("MILES or KMS."),
    UPGRADE_DAY.doc("Day on which service edges upgrade: SUNDAY to SATURDAY."),
    UPGRADE_TIME,
    MICROTENANT_NOT_EMPTY,
];

pub(in crate::tools) const ROWS: &[Row] = &[
    delete(
        "zpa_bulk_delete_service_edges",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdge/bulkDelete",
    )
    .does(Verb::Delete, ApiMethod::Post)
    .title("Delete service edges")
    .doc(
        "Deletes several service edges for good, after the user has agreed.\nIt takes effect at \
         once and cannot be undone: each machine has to be enrolled again with a provisioning key. \
         Users nearby go through others, in the cloud if need be. See in zpa_list_service_edges \
         which they are; for one use zpa_delete_service_edge.",
    )
    .params(&[
        Param::body("service_edge_ids", Kind::Texts, "ids")
            .required()
            .filled()
            .doc("Ids of the service edges, digits; not those of groups."),
        MICROTENANT_NOT_EMPTY,
    ])
    .see(EDGES)
    .subject(EDGE, "service_edge_ids", ""),
    create("zpa_create_service_edge_group", SET, ALL_GROUPS)
        .title("Create an edge group")
        .doc(
            "Adds a group of private service edges and returns it with its id.\nIt takes effect at \
             once; the group is empty until service edges enroll with a provisioning key of it. \
             Place decides which users prefer it. What is left out is sent as null; look in the \
             answer for what the service took. The enrollment certificate called Service Edge is \
             set.",
        )
        .params(&joined::<6, 14, 20>(
            [
                Param::body("name", Kind::Text, "name")
                    .required()
                    .filled()
                    .doc("Name, not used yet."),
                LATITUDE.required().filled(),
                LONGITUDE.required().filled(),
                LOCATION.required().filled(),
                DESCRIPTION,
                Param::body("enabled", Kind::Boolean, "enabled")
                    .even_empty()
                    .preset(Preset::Bool(true))
                    .doc("false keeps its service edges out of use."),
            ],
            WORKING,
        ))
        .before(USUAL)
        .body(SIGNED)
        .subject(GROUP, "", ""),
    delete("zpa_delete_service_edge", SET, ONE_EDGE)
        .title("Delete a service edge")
        .doc(
            "Deletes one service edge for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone: the machine has to be enrolled again with a provisioning \
             key. Users nearby go through others, in the cloud if need be; to try that out, \
             disable it with zpa_update_service_edge. Ids: zpa_list_service_edges.",
        )
        .params(&[EDGE_ID, MICROTENANT_NOT_EMPTY])
        .see(EDGES)
        .subject(EDGE, "service_edge_id", GET_EDGE),
    delete("zpa_delete_service_edge_group", SET, ONE_GROUP)
        .title("Delete an edge group")
        .doc(
            "Deletes one service edge group for good, after the user has agreed.\nIt takes effect \
             at once and cannot be undone. The service refuses a group that still has service \
             edges; zpa_get_service_edge_group shows them. Ids: zpa_list_service_edge_groups.",
        )
        .params(&[GROUP_ID, MICROTENANT_NOT_EMPTY])
        .see(GROUPS)
        .subject(GROUP, "group_id", GET_GROUP),
    update("zpa_update_service_edge", SET, ONE_EDGE)
        .title("Update a service edge")
        .doc(
            "Changes name, description or state of one service edge.\nIt takes effect at once; \
             enabled false sends its users elsewhere. Only what is given is sent, in place of the \
             stored record: read it with zpa_get_service_edge and give all three, so that nothing \
             depends on how the service treats what is left out.",
        )
        .params(&[
            EDGE_ID,
            Param::body("name", Kind::Text, "name")
                .even_empty()
                .doc("Name; not sent when left out."),
            Param::body("description", Kind::Text, "description")
                .even_empty()
                .doc("Remark for administrators; not sent when left out."),
            Param::body("enabled", Kind::Boolean, "enabled")
                .even_empty()
                .doc("false takes it out of use; not sent when left out."),
            MICROTENANT_NOT_EMPTY,
        ])
        .body(&[MICROTENANT_MEMBER])
        .see(EDGES)
        .subject(EDGE, "service_edge_id", GET_EDGE),
    update("zpa_update_service_edge_group", SET, ONE_GROUP)
        .title("Update an edge group")
        .doc(
            "Replaces one service edge group, apart from its lists of service edges and trusted \
             networks.\nIt takes effect at once; enabled false sends its users elsewhere. What is \
             left out is sent as null, which empties it: read the group with \
             zpa_get_service_edge_group and give every member that should stay. The enrollment \
             certificate called Service Edge is set.",
        )
        .params(&joined::<7, 14, 21>(
            [
                GROUP_ID,
                member("name", Kind::Text, "name").doc("Name; give the present one to keep it."),
                DESCRIPTION,
                member("enabled", Kind::Boolean, "enabled")
                    .doc("false takes its service edges out of use."),
                LATITUDE,
                LONGITUDE,
                LOCATION,
            ],
            WORKING,
        ))
        .before(USUAL)
        .body(SIGNED)
        .see(GROUPS)
        .subject(GROUP, "group_id", GET_GROUP),
];
