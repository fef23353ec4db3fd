//! Zone: post-admission. Rows of the toolset `zpa_server_groups`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, PAGED};

const SET: &str = "zpa_server_groups";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_server_group",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serverGroup/{group_id}",
    )
    .title("Get a server group")
    .doc(
        "Returns one server group with its connector groups, servers and segments.\nIds: \
         zpa_list_server_groups.",
    )
    .params(&[Param::path("group_id").doc("Id of the group, digits."), MICROTENANT])
    .see("zpa_list_server_groups"),
    list(
        "zpa_list_server_groups",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/serverGroup",
    )
    .title("List server groups")
    .doc("Returns the groups that tie application segments to connector groups.\nEmpty: none fits.")
    .params(PAGED)
    .rows_at("/list"),
];
