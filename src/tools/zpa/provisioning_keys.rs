//! Zone: post-admission. Rows of the toolset `zpa_provisioning_keys`.

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Bind, Cond, Keep, Member, Plan, Step, Takes, Value};
use crate::tools::row::{Row, Shape, get, list};
use crate::tools::zpa::groups::CERTIFICATES;
use crate::tools::zpa::{MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE, SEARCH};

pub(super) const SET: &str = "zpa_provisioning_keys";
pub(super) const GET_KEY: &str = "zpa_get_provisioning_key";
pub(super) const KEYS: &str = "zpa_list_provisioning_keys";
/// Lists the ids it takes, when it is called without one.
const CERTIFICATE: &str = "get_zpa_enrollment_certificate";

const ONE_CERTIFICATE: &str =
    "/zpa/mgmtconfig/v1/admin/customers/{customerId}/enrollmentCert/{certificate_id}";
pub(super) const ALL: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/associationType\
                              /{=association}/provisioningKey";
pub(in crate::tools) const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}\
                                        /associationType/{=association}/provisioningKey/{key_id}";

pub(super) const KEY_ID: Param = Param::path("key_id").doc("Id of the key, digits; not the key.");
pub(super) const KEY_TYPE: Param = Param::local("key_type", Kind::Text)
    .required()
    .choices(&["connector", "service_edge"])
    .doc("What the key enrolls.");

/// The word of the service for the type of a key.
pub(in crate::tools) const ASSOCIATION: &[Bind] = &[Bind {
    name: "association",
    value: Value::Argument(
        "key_type",
        Form::Mapped(&[("connector", "CONNECTOR_GRP"), ("service_edge", "SERVICE_EDGE_GRP")]),
    ),
    missing: "key_type must be connector or service_edge",
}];

pub(in crate::tools) const ROWS: &[Row] = &[
    list(CERTIFICATE, SET, "")
        .title("Find enrollment certificates")
        .doc(
            "Returns the certificates that sign connectors, service edges and clients.\nA name \
             that none has is an error. Keys refer to the ids as enrollment_cert_id. Empty: none \
             fits.",
        )
        .params(&[
            Param::maybe_path("certificate_id").doc("Id of one certificate, digits."),
            Param::local("name", Kind::Text)
                .doc("Name in any case, such as Connector; wins over all others."),
            SEARCH,
            PAGE,
            PAGE_SIZE,
        ])
        .plans(&[
            Plan::when(
                &[Cond::Truthy("name")],
                &[Step::get(CERTIFICATES)
                    .query(&[Member::new("search", Value::Argument("name", Form::Expression))])],
            )
            .keep(&[Keep::named(
                "name",
                "name",
                "no enrollment certificate has this name; call it without a name for all",
            )
            .first_in_any_case()]),
            Plan::when(&[Cond::Truthy("certificate_id")], &[Step::get(ONE_CERTIFICATE)])
                .shape(Shape::Records("")),
            Plan::otherwise(&[Step::get(CERTIFICATES).takes(Takes::Only(&[
                "search",
                "page",
                "page_size",
            ]))]),
        ])
        .rows_at("/list")
        .see(CERTIFICATE),
    get(GET_KEY, SET, ONE)
        .title("Get a provisioning key")
        .doc(
            "Returns one provisioning key: its group, limit and use.\nprovisioning_key is a \
             secret: whoever has it enrolls machines into the group. Repeat it only where the user \
             asks for it. Ids: zpa_list_provisioning_keys.",
        )
        .params(&[KEY_ID, KEY_TYPE])
        .binds(ASSOCIATION)
        .see(KEYS),
    list(KEYS, SET, ALL)
        .title("List provisioning keys")
        .doc(
            "Returns the provisioning keys of one type: group, limit and use.\nprovisioning_key is \
             a secret that enrolls machines: leave it out with query unless the user asks for it. \
             Empty: none fits.",
        )
        .params(&[KEY_TYPE, SEARCH, PAGE, PAGE_SIZE, MICROTENANT_NOT_EMPTY])
        .binds(ASSOCIATION)
        .rows_at("/list"),
];
