//! Zone: post-admission. Rows of the toolset `zpa_service_edge_groups`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE, PAGED, SEARCH};

const SET: &str = "zpa_service_edge_groups";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_service_edge",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdge/{service_edge_id}",
    )
    .title("Get a service edge")
    .doc(
        "Returns one private service edge: group, control_channel_status, versions, \
         addresses.\nIds: zpa_list_service_edges. ZPN_STATUS_AUTHENTICATED means connected.",
    )
    .params(&[
        Param::path("service_edge_id").doc("Id of the service edge, digits; not of its group."),
        MICROTENANT_NOT_EMPTY,
    ])
    .see("zpa_list_service_edges"),
    get(
        "zpa_get_service_edge_group",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdgeGroup/{group_id}",
    )
    .title("Get an edge group")
    .doc(
        "Returns one service edge group: place, upgrade window, service edges and trusted \
         networks.\nIds: zpa_list_service_edge_groups.",
    )
    .params(&[Param::path("group_id").doc("Id of the group, digits."), MICROTENANT])
    .see("zpa_list_service_edge_groups"),
    list(
        "zpa_list_service_edge_groups",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdgeGroup",
    )
    .title("List edge groups")
    .doc(
        "Returns the groups of private service edges: place, state, upgrade window, trusted \
         networks.\nSingle machines with their state: zpa_list_service_edges. Empty: none fits.",
    )
    .params(PAGED)
    .rows_at("/list"),
    list(
        "zpa_list_service_edges",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serviceEdge",
    )
    .title("List service edges")
    .doc(
        "Returns the private service edges with group, state and version.\nTo find those that are \
         down or behind: control_channel_status, current_version, expected_version. Empty: none \
         fits.",
    )
    .params(&[SEARCH, MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE])
    .rows_at("/list"),
];
