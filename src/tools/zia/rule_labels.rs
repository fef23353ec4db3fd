//! Zone: post-admission. Rows of the toolset `zia_rule_labels`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zia::SEARCH;

const SET: &str = "zia_rule_labels";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_rule_label", SET, "/zia/api/v1/ruleLabels/{label_id}")
        .title("Get a rule label")
        .doc(
            "Returns one rule label: name, description, who changed it last and how many rules \
             carry it.\nIds: zia_list_rule_labels.",
        )
        .params(&[Param::path("label_id").doc("Id of the label, digits.")])
        .see("zia_list_rule_labels"),
    list("zia_list_rule_labels", SET, "/zia/api/v1/ruleLabels")
        .title("List rule labels")
        .doc(
            "Returns the labels that policy rules are grouped by, with id, name, description and \
             referenced_rule_count.\nA count of 0: no rule carries it. Only the first page comes: \
             narrow with search. Empty: none fits.",
        )
        .params(&[SEARCH]),
];
