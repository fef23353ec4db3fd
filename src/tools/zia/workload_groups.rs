//! Zone: post-admission. Rows of the toolset `zia_workload_groups`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, get, list};
use crate::tools::zia::{PAGE, PAGE_SIZE};

const SET: &str = "zia_workload_groups";
const LISTED: &str = "zia_list_workload_groups";

/// The service does not take 0 here.
const fn unless_zero(param: Param, key: &'static str) -> Param {
    Param::query(param.name, Kind::Integer, key).doc(param.doc)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_workload_group", SET, "/zia/api/v1/workloadGroups/{group_id}")
        .title("Get a workload group")
        .doc(
            "Returns one group of cloud workloads: the tags that decide who is in it, as text and \
             as expression_json.\nIds: zia_list_workload_groups.",
        )
        .params(&[Param::path("group_id").doc("Id of the group, digits.")])
        .see(LISTED),
    list(LISTED, SET, "/zia/api/v1/workloadGroups")
        .title("List workload groups")
        .doc(
            "Returns the groups of cloud workloads that rules can name, with their tag \
             expressions.\nThe ids are for workload_groups of a rule. Empty: none.",
        )
        .params(&[unless_zero(PAGE, "page"), unless_zero(PAGE_SIZE, "pageSize")]),
];
