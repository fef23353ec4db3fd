//! Zone: post-admission. Rows of the toolset `zia_cloud_app_control` that change rules.

use crate::tools::param::Param;
use crate::tools::row::{Row, delete};
use crate::tools::zia::cloud_app_control::RULE_TYPE;
use crate::tools::zia::rules::{
    ADVANCED, RULE_ID, changed_rule, changed_rule_params, free_rule_params, new_rule,
};

const SET: &str = "zia_cloud_app_control";
const KIND: &str = "cloud application rule";
const READ: &str = "zia_get_cloud_app_control_rule";
const LIST: &str = "zia_list_cloud_app_control_rules";
const RULES: &str = "/zia/api/v1/webApplicationRules/{rule_type}";
const RULE: &str = "/zia/api/v1/webApplicationRules/{rule_type}/{rule_id}";
const ACTION: &str = "Leave out: the service reads the list actions in advanced.";
const MORE: &str = "Such as {\"actions\": [..], \"applications\": [..], \"groups\": [\"8301\"]}.";

const NEW: [Param; 8] = {
    let [name, action, description, enabled, order, rank, more] = free_rule_params(ACTION, MORE);
    [RULE_TYPE, name, action, description, enabled, order, rank, more]
};
const CHANGED: [Param; 9] = {
    let [id, name, action, description, enabled, order, rank, more] =
        changed_rule_params(ACTION, MORE);
    [RULE_TYPE, id, name, action, description, enabled, order, rank, more]
};

pub(in crate::tools) const ROWS: &[Row] = &[
    new_rule("zia_create_cloud_app_control_rule", SET, RULES, ADVANCED)
        .title("Create a cloud-app rule")
        .doc(
            "Adds a rule about one class of cloud applications and returns it.\nadvanced holds \
             actions (zia_list_cloud_app_control_actions), applications \
             (zia_list_cloud_app_policy) and who it applies to; a missing criterion fits \
             everybody. Groups, departments, locations and labels are lists of ids. Without order \
             it comes first in its class. Staged until zia_activate_configuration.",
        )
        .params(&NEW)
        .subject(KIND, "", ""),
    delete("zia_delete_cloud_app_control_rule", SET, RULE)
        .title("Delete a cloud-app rule")
        .doc(
            "Deletes one cloud application rule, after the user has agreed.\nThe rules after it \
             in its class, then URL filtering rules decide about its applications. To rest it, \
             update it with enabled false. Staged until zia_activate_configuration.",
        )
        .params(&[RULE_TYPE, RULE_ID])
        .see(LIST)
        .subject(KIND, "rule_id", READ),
    changed_rule("zia_update_cloud_app_control_rule", SET, RULE, ADVANCED)
        .title("Replace a cloud-app rule")
        .doc(
            "Replaces one cloud application rule by what is given and returns it.\nWhat is left \
             out is not kept, actions and applications in advanced too, and a missing criterion \
             fits everybody. Read it with zia_get_cloud_app_control_rule and give all that should \
             stay. Staged until zia_activate_configuration.",
        )
        .params(&CHANGED)
        .see(LIST)
        .subject(KIND, "rule_id", READ),
];
