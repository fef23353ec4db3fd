//! Zone: post-admission. Rows of the toolset `zpa_server_groups` that change something.

use crate::backend::ApiMethod;
use crate::tools::exceptions_zpa_servers::SERVER_GROUP;
use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Plan, Refusal, Step, Takes, Value};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_server_groups";
const SUBJECT: &str = "server group";
const READ: &str = "zpa_get_server_group";
const LISTED: &str = "zpa_list_server_groups";
const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serverGroup/{group_id}";

const GROUP_ID: Param = Param::path("group_id").doc("Id of the group, digits.");

const UNDISCOVERED: &[Cond] = &[Cond::IsFalse("dynamic_discovery"), Cond::Falsy("server_ids")];
const NO_SERVERS: &str = "dynamic_discovery false needs server_ids: without discovery the group \
                          reaches only the servers that it names";

const WRITE: Step = Step::new(ApiMethod::Put, ONE)
    .takes(Takes::Only(&["microtenant_id"]))
    .whole(Value::Made(SERVER_GROUP));

pub(in crate::tools) const ROWS: &[Row] = &[
    create(
        "zpa_create_server_group",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serverGroup",
    )
    .title("Create a server group")
    .doc(
        "Adds a server group, which ties application segments to connector groups, and returns \
         it.\nIt takes effect at once, for the segments that name it later. Ids of connector \
         groups: zpa_list_app_connector_groups. With dynamic_discovery the connectors find the \
         servers by the domains of the segment; without it server_ids says which.",
    )
    .params(&[
        Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
        Param::body("app_connector_group_ids", Kind::Texts, "appConnectorGroups")
            .required()
            .filled()
            .form(Form::Ids(false))
            .doc("Ids of the connector groups that reach the servers."),
        Param::body("description", Kind::Text, "description")
            .even_empty()
            .doc("Remark for administrators; none when left out."),
        Param::body("enabled", Kind::Boolean, "enabled")
            .even_empty()
            .preset(Preset::Bool(true))
            .doc("false keeps the group out of use."),
        Param::body("server_ids", Kind::Texts, "servers")
            .form(Form::Ids(false))
            .doc("Ids of application servers; needed when dynamic_discovery is false."),
        Param::body("ip_anchored", Kind::Boolean, "ipAnchored")
            .even_empty()
            .doc("true: traffic that internet access sends here with a fixed source address."),
        Param::body("dynamic_discovery", Kind::Boolean, "dynamicDiscovery")
            .even_empty()
            .preset(Preset::Bool(true))
            .doc("false limits the group to the servers in server_ids."),
        MICROTENANT_NOT_EMPTY,
    ])
    .refuse(&[Refusal::new(UNDISCOVERED, NO_SERVERS)])
    .body(&[MICROTENANT_MEMBER])
    .subject(SUBJECT, "", ""),
    delete("zpa_delete_server_group", SET, ONE)
        .title("Delete a server group")
        .doc(
            "Deletes one server group for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone. The service refuses a group that a segment or rule still \
             names: zpa_get_server_group shows its segments. Ids: zpa_list_server_groups.",
        )
        .params(&[GROUP_ID, MICROTENANT_NOT_EMPTY])
        .see(LISTED)
        .subject(SUBJECT, "group_id", READ),
    update("zpa_update_server_group", SET, "")
        .title("Update a server group")
        .doc(
            "Changes the given members of one server group and keeps all others.\nIt takes effect \
             at once for every segment that names the group. The group is read first and written \
             back whole, so what is left out stays; a list that is given replaces the stored one. \
             Turning dynamic_discovery on drops the stored servers unless server_ids names some. \
             Ids: zpa_list_server_groups, zpa_list_app_connector_groups.",
        )
        .params(&[
            GROUP_ID,
            Param::local("name", Kind::Text).doc("New name; left out, it stays."),
            Param::local("description", Kind::Text).doc("New remark; left out, it stays."),
            Param::local("enabled", Kind::Boolean)
                .doc("false keeps the group out of use; left out, the state stays."),
            Param::local("app_connector_group_ids", Kind::Texts)
                .doc("Ids of all connector groups it should have; left out, they stay."),
            Param::local("server_ids", Kind::Texts)
                .doc("Ids of all application servers it should have; left out, they stay."),
            Param::local("ip_anchored", Kind::Boolean)
                .doc("Whether internet access sends traffic here; left out, it stays."),
            Param::local("dynamic_discovery", Kind::Boolean).doc(
                "false limits the group to its servers, true lets connectors find them; left out, \
                 it stays.",
            ),
            MICROTENANT_NOT_EMPTY,
        ])
        .refuse(&[Refusal::new(
            &[Cond::EmptyList("app_connector_group_ids")],
            "app_connector_group_ids must not be empty: a server group needs a connector group; \
             leave it out to keep the present ones",
        )])
        .plans(&[
            Plan::when(
                UNDISCOVERED,
                &[
                    Step::get(ONE).query(&[Member::new(
                        "microtenantId",
                        Value::Argument("microtenant_id", Form::Plain),
                    )]),
                    WRITE,
                ],
            ),
            Plan::otherwise(&[Step::get(ONE), WRITE]),
        ])
        .see(LISTED)
        .subject(SUBJECT, "group_id", READ),
];
