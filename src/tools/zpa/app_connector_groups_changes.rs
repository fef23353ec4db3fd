//! Zone: post-admission. Rows of the toolset `zpa_app_connector_groups` that change something.

use crate::backend::ApiMethod;
use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Plan, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zpa::groups::{
    CERTIFICATES, CITY_COUNTRY, COUNTRY_CODE, DESCRIPTION, LATITUDE, LOCATION, LONGITUDE,
    OVERRIDE_PROFILE, UPGRADE_DAY, UPGRADE_TIME, certificate, joined, member,
};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_app_connector_groups";
const SUBJECT: &str = "app connector group";
const READ: &str = "zpa_get_app_connector_group";
const LISTED: &str = "zpa_list_app_connector_groups";
const ALL: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/appConnectorGroup";
const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/appConnectorGroup/{group_id}";
/// The certificate that the service makes for connectors of its own accord.
const USUAL: &str = "Connector";

const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, digits.");

const DNS_QUERY_TYPE: Param = member("dns_query_type", Kind::Text, "dnsQueryType")
    .doc("Which addresses connectors ask for: IPV4_IPV6, IPV4 or IPV6.");
const SERVER_GROUP_IDS: Param = Param::body("server_group_ids", Kind::Texts, "serverGroups")
    .even_empty()
    .form(Form::Ids(false))
    .doc(
        "All server groups it should serve, from zpa_list_server_groups; see in the answer what \
         was taken.",
    );
const CONNECTOR_IDS: Param = Param::body("connector_ids", Kind::Texts, "connectors")
    .even_empty()
    .form(Form::Ids(false))
    .doc(
        "All connectors it should hold, from zpa_list_app_connectors; see in the answer what was \
         taken.",
    );
const LSS: Param = member("lss_app_connector_group", Kind::Boolean, "lssAppConnectorGroup")
    .doc("true: the group serves log receivers.");
const VERSION_PROFILE: Param = member("version_profile", Kind::Id, "versionProfile")
    .doc("Version profile that connectors follow, as the service names it.");
const CERTIFICATE_ID: Param = Param::local("enrollment_cert_id", Kind::Id)
    .doc("Id of the enrollment certificate; wins over enrollment_cert_name.");
const CERTIFICATE_NAME: Param = Param::local("enrollment_cert_name", Kind::Text)
    .doc("Any case; without it and an id the one called Connector is taken.");

const GIVEN_ID: &[Member] = &[
    Member::new("enrollmentCertId", Value::Argument("enrollment_cert_id", Form::Plain)),
    MICROTENANT_MEMBER,
];
const FOUND_BY_NAME: &[Member] = &[
    Member::new(
        "enrollmentCertId",
        Value::Found(certificate(&Value::Argument("enrollment_cert_name", Form::Plain))),
    )
    .needed(
        "no enrollment certificate has the name in enrollment_cert_name, so nothing was changed; \
         give its id as enrollment_cert_id",
    ),
    MICROTENANT_MEMBER,
];
const FOUND_USUAL: &[Member] = &[
    Member::new("enrollmentCertId", Value::Found(certificate(&Value::Text(USUAL)))).needed(
        "no enrollment certificate is called Connector, so nothing was changed; name one in \
         enrollment_cert_name or enrollment_cert_id",
    ),
    MICROTENANT_MEMBER,
];

const BY_ID: &[Cond] = &[Cond::Truthy("enrollment_cert_id")];
const BY_NAME: &[Cond] = &[Cond::Truthy("enrollment_cert_name")];
const NAMED: Step = Step::get(CERTIFICATES)
    .query(&[Member::new("search", Value::Argument("enrollment_cert_name", Form::Expression))]);
const UNNAMED: Step =
    Step::get(CERTIFICATES).query(&[Member::new("search", Value::Text("name+EQ+Connector"))]);

const fn post(members: &'static [Member]) -> Step {
    Step::new(ApiMethod::Post, ALL).takes(Takes::All).body(members)
}

const fn put(members: &'static [Member]) -> Step {
    Step::new(ApiMethod::Put, ONE).takes(Takes::All).body(members)
}

/// Returns the arguments that say what a group is.
const fn described(name: Param, enabled: Param) -> [Param; 19] {
    [
        name,
        DESCRIPTION,
        enabled,
        LATITUDE,
        LONGITUDE,
        LOCATION,
        CITY_COUNTRY,
        COUNTRY_CODE,
        DNS_QUERY_TYPE,
        OVERRIDE_PROFILE,
        SERVER_GROUP_IDS,
        CONNECTOR_IDS,
        LSS,
        UPGRADE_DAY,
        UPGRADE_TIME,
        VERSION_PROFILE,
        CERTIFICATE_ID,
        CERTIFICATE_NAME,
        MICROTENANT_NOT_EMPTY,
    ]
}

pub(in crate::tools) const ROWS: &[Row] = &[
    create("zpa_create_app_connector_group", SET, "")
        .title("Create a connector group")
        .doc(
            "Adds an app connector group and returns it with its id.\nIt takes effect at once; the \
             group is empty until connectors enroll with a provisioning key of it, the usual way \
             for them to join. Give place (latitude, longitude, location, country_code) and \
             upgrade window: what is left out is sent as null, ids of server groups and connectors \
             apart. Server groups reach their servers through it once they name it.",
        )
        .params(&described(
            Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
            Param::body("enabled", Kind::Boolean, "enabled")
                .even_empty()
                .preset(Preset::Bool(true))
                .doc("false keeps its connectors out of use."),
        ))
        .plans(&[
            Plan::when(BY_ID, &[post(GIVEN_ID)]),
            Plan::when(BY_NAME, &[NAMED, post(FOUND_BY_NAME)]),
            Plan::otherwise(&[UNNAMED, post(FOUND_USUAL)]),
        ])
        .subject(SUBJECT, "", ""),
    delete("zpa_delete_app_connector_group", SET, ONE)
        .title("Delete a connector group")
        .doc(
            "Deletes one app connector group for good, after the user has agreed.\nIt takes effect \
             at once and cannot be undone. The service refuses a group that still has connectors \
             or that server groups name; zpa_get_app_connector_group shows both. Ids: \
             zpa_list_app_connector_groups.",
        )
        .params(&[GROUP_ID, MICROTENANT_NOT_EMPTY])
        .see(LISTED)
        .subject(SUBJECT, "group_id", READ),
    update("zpa_update_app_connector_group", SET, "")
        .title("Update a connector group")
        .doc(
            "Replaces one app connector group, apart from its lists of connectors and server \
             groups.\nIt takes effect at once; enabled false takes all its connectors out of use. \
             What is left out is sent as null, which empties it: read the group with \
             zpa_get_app_connector_group and give every member that should stay. Without an \
             enrollment certificate the one called Connector is set.",
        )
        .params(&joined::<1, 19, 20>(
            [GROUP_ID],
            described(
                member("name", Kind::Text, "name").doc("Name; give the present one to keep it."),
                member("enabled", Kind::Boolean, "enabled").doc(
                    "false takes its connectors out of use; give the present state to keep it.",
                ),
            ),
        ))
        .plans(&[
            Plan::when(BY_ID, &[put(GIVEN_ID)]),
            Plan::when(BY_NAME, &[NAMED, put(FOUND_BY_NAME)]),
            Plan::otherwise(&[UNNAMED, put(FOUND_USUAL)]),
        ])
        .see(LISTED)
        .subject(SUBJECT, "group_id", READ),
];
