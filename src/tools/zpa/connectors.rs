//! Zone: post-admission. Rows of the toolset `zpa_connectors`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE, SEARCH};

const SET: &str = "zpa_connectors";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_app_connector",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/connector/{connector_id}",
    )
    .title("Get an app connector")
    .doc(
        "Returns one app connector: its group, control_channel_status, versions, addresses and \
         upgrade state.\nIds: zpa_list_app_connectors. ZPN_STATUS_AUTHENTICATED means connected.",
    )
    .params(&[
        Param::path("connector_id").doc("Id of the connector, digits; not of its group."),
        MICROTENANT_NOT_EMPTY,
    ])
    .see("zpa_list_app_connectors"),
    list(
        "zpa_list_app_connectors",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/connector",
    )
    .title("List app connectors")
    .doc(
        "Returns the app connectors with group, state, version and addresses.\nTo find those that \
         are down or behind: compare control_channel_status, current_version and expected_version. \
         Groups: zpa_list_app_connector_groups. Empty: none fits.",
    )
    .params(&[SEARCH, MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE])
    .rows_at("/list"),
];
