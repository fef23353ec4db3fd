//! Zone: post-admission. Rows of the toolset `zpa_connectors` that change something.

use crate::backend::ApiMethod;
use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, Verb, delete, update};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_connectors";
const SUBJECT: &str = "app connector";
const READ: &str = "zpa_get_app_connector";
const LISTED: &str = "zpa_list_app_connectors";
const ONE: &str = "/zpa/mgmtconfig/v1/admin/customers/{customerId}/connector/{connector_id}";

const CONNECTOR_ID: Param =
    Param::path("connector_id").doc("Id of the connector, digits; not of its group.");

pub(in crate::tools) const ROWS: &[Row] = &[
    delete(
        "zpa_bulk_delete_app_connectors",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/connector/bulkDelete",
    )
    .does(Verb::Delete, ApiMethod::Post)
    .title("Delete app connectors")
    .doc(
        "Deletes several app connectors for good, after the user has agreed.\nIt takes effect at \
         once and cannot be undone: each machine has to be enrolled again with a provisioning key. \
         What only these connectors reach is cut off. See in zpa_list_app_connectors which they \
         are and whether their groups keep others; for one connector use zpa_delete_app_connector.",
    )
    .params(&[
        Param::body("connector_ids", Kind::Texts, "ids")
            .required()
            .filled()
            .doc("Ids of the connectors, digits; not those of groups."),
        MICROTENANT_NOT_EMPTY,
    ])
    .see(LISTED)
    .subject(SUBJECT, "connector_ids", ""),
    delete("zpa_delete_app_connector", SET, ONE)
        .title("Delete an app connector")
        .doc(
            "Deletes one app connector for good, after the user has agreed.\nIt takes effect at \
             once and cannot be undone: the machine has to be enrolled again with a provisioning \
             key. What only this connector reaches is cut off; to try that out, disable it with \
             zpa_update_app_connector. Ids: zpa_list_app_connectors.",
        )
        .params(&[CONNECTOR_ID, MICROTENANT_NOT_EMPTY])
        .see(LISTED)
        .subject(SUBJECT, "connector_id", READ),
    update("zpa_update_app_connector", SET, ONE)
        .title("Update an app connector")
        .doc(
            "Changes name, description or state of one app connector.\nIt takes effect at once; \
             enabled false cuts off what only this connector reaches. Only what is given is sent, \
             in place of the stored record: read it with zpa_get_app_connector and give all three, \
             so that nothing depends on how the service treats what is left out.",
        )
        .params(&[
            CONNECTOR_ID,
            Param::body("name", Kind::Text, "name")
                .even_empty()
                .doc("Name; not sent when left out."),
            Param::body("description", Kind::Text, "description")
                .even_empty()
                .doc("Remark for administrators; not sent when left out."),
            Param::body("enabled", Kind::Boolean, "enabled")
                .even_empty()
                .doc("false takes the connector out of use; not sent when left out."),
            MICROTENANT_NOT_EMPTY,
        ])
        .body(&[MICROTENANT_MEMBER])
        .see(LISTED)
        .subject(SUBJECT, "connector_id", READ),
];
