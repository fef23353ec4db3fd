//! Zone: post-admission. Rows of the toolset `zpa_segment_groups`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, PAGED};

const SET: &str = "zpa_segment_groups";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_segment_group",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/segmentGroup/{group_id}",
    )
    .title("Get a segment group")
    .doc(
        "Returns one segment group with the application segments in it.\nIds: \
         zpa_list_segment_groups.",
    )
    .params(&[Param::path("group_id").doc("Id of the group, digits."), MICROTENANT])
    .see("zpa_list_segment_groups"),
    list(
        "zpa_list_segment_groups",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/segmentGroup",
    )
    .title("List segment groups")
    .doc(
        "Returns the groups that access rules refer to, each with its segments.\nEmpty: none fits.",
    )
    .params(PAGED)
    .rows_at("/list"),
];
