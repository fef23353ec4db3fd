//! Zone: post-admission. Rows of the toolset `zpa_misc`.

use crate::tools::exceptions_zpa::{CLIENT_TYPES, LOG_TYPES, STATUS_CODES};
use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Keep, Member, Plan, Step, Takes, Value};
use crate::tools::row::{Row, Shape, get, list};
use crate::tools::zpa::{PAGE, PAGE_SIZE, SEARCH};

const SET: &str = "zpa_misc";
/// Each lists the ids it takes, when it is called without one.
const POSTURE_PROFILE: &str = "get_zpa_posture_profile";
const TRUSTED_NETWORK: &str = "get_zpa_trusted_network";

const NAMED: &[Cond] = &[Cond::Truthy("name")];
const PAGED_BY_NAME: Takes = Takes::Only(&["name", "page", "page_size"]);

const NAME: Param = Param::query("name", Kind::Text, "search")
    .form(Form::Expression)
    .doc("Exact name, capitals included; all when left out.");

const INSPECTION: &[Step] =
    &[Step::get("/zpa/mgmtconfig/v1/admin/customers/{customerId}/inspectionProfile")
        .takes(PAGED_BY_NAME)];
const ISOLATION: &[Step] = &[Step::get("/zpa/cbiconfig/cbi/api/customers/{customerId}/profiles")];
const POSTURES: &[Step] =
    &[Step::get("/zpa/mgmtconfig/v2/admin/customers/{customerId}/posture").takes(PAGED_BY_NAME)];
const NETWORKS: &[Step] =
    &[Step::get("/zpa/mgmtconfig/v2/admin/customers/{customerId}/network").takes(PAGED_BY_NAME)];

pub(in crate::tools) const ROWS: &[Row] = &[
    list("get_zpa_app_protection_profile", SET, "")
        .title("Find inspection profiles")
        .doc(
            "Returns AppProtection profiles: their controls, actions and paranoia level.\nA name \
             that no profile has is an error. Rules refer to the ids as zpn_inspection_profile_id. \
             Empty: none, or the page is behind the last.",
        )
        .params(&[NAME, PAGE, PAGE_SIZE])
        .plans(&[
            Plan::when(NAMED, INSPECTION).keep(&[Keep::named(
                "name",
                "name",
                "no AppProtection profile has exactly this name; call it without a name for all",
            )]),
            Plan::otherwise(INSPECTION),
        ])
        .rows_at("/list"),
    list("get_zpa_isolation_profile", SET, "")
        .title("Find isolation profiles")
        .doc(
            "Returns browser isolation profiles: regions, clipboard and file controls, \
             watermark.\nA name that no profile has is an error. Rules refer to the ids as \
             zpn_isolation_profile_id. Empty: none.",
        )
        .params(&[Param::local("name", Kind::Text)
            .doc("Exact name, capitals included; all when left out.")])
        .plans(&[
            Plan::when(NAMED, ISOLATION).keep(&[Keep::named(
                "name",
                "name",
                "no isolation profile has exactly this name; call it without a name for all",
            )]),
            Plan::otherwise(ISOLATION),
        ])
        .rows_at("/list"),
    list(POSTURE_PROFILE, SET, "")
        .title("Find posture profiles")
        .doc(
            "Returns device posture profiles: type, platforms and posture_udid.\nConditions of \
             rules refer to the posture_udid, not to the id. Names often end in the cloud: 'Disk \
             encrypted (cloud.net)'; one that no profile has is an error. Empty: none, or the page \
             is behind the last.",
        )
        .params(&[
            Param::maybe_path("profile_id")
                .doc("Id of one, digits; call without it to see the ids. Wins over name."),
            NAME,
            PAGE,
            PAGE_SIZE,
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("profile_id")],
                &[Step::get(
                    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/posture/{profile_id}",
                )],
            )
            .shape(Shape::Records("")),
            Plan::when(NAMED, POSTURES).keep(&[Keep::named(
                "name",
                "name",
                "no posture profile has exactly this name; call it without a name for all",
            )]),
            Plan::otherwise(POSTURES),
        ])
        .rows_at("/list")
        .see(POSTURE_PROFILE),
    list(TRUSTED_NETWORK, SET, "")
        .title("Find trusted networks")
        .doc(
            "Returns trusted networks, which tell clients that they are on a known \
             site.\nConditions of rules refer to the member network_id, a UUID; the argument \
             network_id is the member id. A name that no network has is an error. Empty: none, or \
             the page is behind the last.",
        )
        .params(&[
            Param::maybe_path("network_id")
                .doc("Id of one, digits; call without it to see the ids. Wins over name."),
            NAME,
            PAGE,
            PAGE_SIZE,
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("network_id")],
                &[Step::get(
                    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/network/{network_id}",
                )],
            )
            .shape(Shape::Records("")),
            Plan::when(NAMED, NETWORKS).keep(&[Keep::named(
                "name",
                "name",
                "no trusted network has exactly this name; call it without a name for all",
            )]),
            Plan::otherwise(NETWORKS),
        ])
        .rows_at("/list")
        .see(TRUSTED_NETWORK),
    get(
        "zpa_get_lss_config",
        SET,
        "/zpa/mgmtconfig/v2/admin/customers/{customerId}/lssConfig/{lss_config_id}",
    )
    .title("Get a log receiver")
    .doc(
        "Returns one log receiver: in config its log type, target, format and filter, then its \
         connector groups and policy rule.\nThe logs themselves are not available here. Ids: \
         zpa_list_lss_configs.",
    )
    .params(&[Param::path("lss_config_id").doc("Id of the receiver, digits.")])
    .see("zpa_list_lss_configs"),
    get(
        "zpa_get_lss_log_format",
        SET,
        "/zpa/mgmtconfig/v2/admin/customers/{customerId}/lssConfig/logType/formats",
    )
    .title("Get log templates")
    .doc(
        "Returns the service's templates for one log type, in items as csv, tsv and json.\nShows \
         which fields a log has. What a receiver really sends: format in zpa_get_lss_config.",
    )
    .params(&[Param::query("log_type", Kind::Text, "logType")
        .required()
        .filled()
        .form(Form::Mapped(LOG_TYPES))
        .doc(
            "From zpa_list_lss_log_types, such as user_activity or audit_logs.",
        )])
    .see("zpa_list_lss_log_types")
    .wire_names()
    .wrap(&[
        Member::new("kind", Value::Text("log_format")),
        Member::new("items", Value::Result),
    ]),
    get(
        "zpa_list_lss_client_types",
        SET,
        "/zpa/mgmtconfig/v2/admin/lssConfig/customers/{customerId}/clientTypes",
    )
    .title("List client types")
    .doc(
        "Returns the client types of the service: in items the name in lower case and the id that \
         filters and conditions use.\nTo read a CLIENT_TYPE condition such as \
         zpn_client_type_exporter.",
    )
    .wire_names()
    .after(CLIENT_TYPES)
    .wrap(&[
        Member::new("kind", Value::Text("client_types")),
        Member::new("items", Value::Result),
    ]),
    list(
        "zpa_list_lss_configs",
        SET,
        "/zpa/mgmtconfig/v2/admin/customers/{customerId}/lssConfig",
    )
    .title("List log receivers")
    .doc(
        "Returns the log receivers: which log type is streamed to which host, through which \
         connector groups.\nShows what reaches a SIEM; name and settings are in config. Empty: \
         none fits or nothing is streamed.",
    )
    .params(&[SEARCH, PAGE, PAGE_SIZE])
    .rows_at("/list"),
    get(
        "zpa_list_lss_log_types",
        SET,
        "",
    )
    .title("List log types")
    .doc(
        "Returns the names of the log types that can be streamed, for zpa_get_lss_log_format and \
         zpa_list_lss_status_codes.\nThe list is part of this server: no request is made.",
    )
    .wrap(&[
        Member::new("kind", Value::Text("log_types")),
        Member::new(
            "items",
            Value::Texts(&[
                "app_connector_metrics",
                "app_connector_status",
                "audit_logs",
                "browser_access",
                "private_svc_edge_status",
                "user_activity",
                "user_status",
                "web_inspection",
            ]),
        ),
    ]),
    get(
        "zpa_list_lss_status_codes",
        SET,
        "/zpa/mgmtconfig/v2/admin/lssConfig/statusCodes",
    )
    .title("List status codes")
    .doc(
        "Returns the session status codes that filters of log receivers use, in items by log type, \
         each with name, status and advice.\nTo read the filter of zpa_get_lss_config or a code in \
         a log. Empty items: this log type has no codes.",
    )
    .params(&[Param::local("log_type", Kind::Text)
        .doc("From zpa_list_lss_log_types; every type when left out.")])
    .wire_names()
    .after(STATUS_CODES)
    .wrap(&[
        Member::new("kind", Value::Text("status_codes")),
        Member::new("items", Value::Result),
    ]),
];
