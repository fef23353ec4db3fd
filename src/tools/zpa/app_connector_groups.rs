//! Zone: post-admission. Rows of the toolset `zpa_app_connector_groups`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, PAGED};

const SET: &str = "zpa_app_connector_groups";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_app_connector_group",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/appConnectorGroup/{group_id}",
    )
    .title("Get a connector group")
    .doc(
        "Returns one app connector group: place, upgrade window, its connectors and the server \
         groups it serves.\nIds: zpa_list_app_connector_groups. State of a connector: \
         zpa_get_app_connector.",
    )
    .params(&[Param::path("group_id").doc("Id of the group, digits."), MICROTENANT])
    .see("zpa_list_app_connector_groups"),
    list(
        "zpa_list_app_connector_groups",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/appConnectorGroup",
    )
    .title("List connector groups")
    .doc(
        "Returns the app connector groups: place, state, upgrade window, connectors and server \
         groups.\nServer groups reach their servers through them. Empty: none fits.",
    )
    .params(PAGED)
    .rows_at("/list"),
];
