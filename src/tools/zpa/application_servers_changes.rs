//! Zone: post-admission. Rows of the toolset `zpa_application_servers` that change something.

use crate::tools::param::{Kind, Param, Preset};
use crate::tools::row::{Row, create, delete, update};
use crate::tools::zpa::groups::{DESCRIPTION, member};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_application_servers";
const SUBJECT: &str = "application server";
const READ: &str = "zpa_get_application_server";
const LISTED: &str = "zpa_list_application_servers";
const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/server/{server_id}";

const SERVER_ID: Param = Param::path("server_id").doc("Id of the server, digits.");
const GROUP_IDS: Param = member("app_server_group_ids", Kind::Texts, "appServerGroupIds")
    .doc("Ids of its server groups, from zpa_list_server_groups.");

pub(in crate::tools) const ROWS: &[Row] = &[
    create(
        "zpa_create_application_server",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/server",
    )
    .title("Create an application server")
    .doc(
        "Adds an application server and returns it with its id.\nIt takes effect at once. Only \
         server groups without dynamic_discovery need servers: name them in app_server_group_ids, \
         or give the new id to zpa_update_server_group as one of server_ids. See \
         zpa_list_application_servers first: the address may be there already.",
    )
    .params(&[
        Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
        Param::body("address", Kind::Text, "address")
            .required()
            .filled()
            .doc("Host name or IP address that connectors reach."),
        DESCRIPTION,
        Param::body("enabled", Kind::Boolean, "enabled")
            .even_empty()
            .preset(Preset::Bool(true))
            .doc("false keeps it out of use."),
        GROUP_IDS,
        MICROTENANT_NOT_EMPTY,
    ])
    .body(&[MICROTENANT_MEMBER])
    .subject(SUBJECT, "", ""),
    delete("zpa_delete_application_server", SET, ONE)
        .title("Delete an application server")
        .doc(
            "Deletes one application server for good, after the user has agreed.\nIt takes effect \
             at once and cannot be undone. The service refuses a server that a server group still \
             has: take it out with zpa_update_server_group first. Ids: \
             zpa_list_application_servers.",
        )
        .params(&[SERVER_ID, MICROTENANT_NOT_EMPTY])
        .see(LISTED)
        .subject(SUBJECT, "server_id", READ),
    update("zpa_update_application_server", SET, ONE)
        .title("Update an application server")
        .doc(
            "Replaces one application server.\nIt takes effect at once for every server group that \
             has it. What is left out is sent as null, which may empty it: read the server with \
             zpa_get_application_server and give every member that should stay, the ids of its \
             groups too. enabled false keeps it out of use.",
        )
        .params(&[
            SERVER_ID,
            member("name", Kind::Text, "name").doc("Name; give the present one to keep it."),
            member("address", Kind::Text, "address")
                .doc("Host name or IP address; give the present one to keep it."),
            DESCRIPTION,
            member("enabled", Kind::Boolean, "enabled")
                .doc("false keeps it out of use; give the present state to keep it."),
            GROUP_IDS,
            MICROTENANT_NOT_EMPTY,
        ])
        .body(&[MICROTENANT_MEMBER])
        .see(LISTED)
        .subject(SUBJECT, "server_id", READ),
];
