//! Zone: post-admission. Rows of the toolset `zia_sandbox` that change rules.

use crate::tools::row::{Row, delete};
use crate::tools::zia::rules::{
    RULE_ID, URL_ADVANCED, changed_rule, changed_rule_params, new_rule, new_rule_params,
};

const SET: &str = "zia_sandbox";
const KIND: &str = "sandbox rule";
const READ: &str = "zia_get_sandbox_rule";
const LIST: &str = "zia_list_sandbox_rules";
const RULES: &str = "/zia/api/v1/sandboxRules";
const RULE: &str = "/zia/api/v1/sandboxRules/{rule_id}";
const ACTION: &str = "ALLOW or BLOCK; the same as ba_rule_action.";
const MORE: &str = "Such as {\"ba_rule_action\": \"BLOCK\", \"first_time_enable\": true}.";

pub(in crate::tools) const ROWS: &[Row] = &[
    new_rule("zia_create_sandbox_rule", SET, RULES, URL_ADVANCED)
        .title("Create a sandbox rule")
        .doc(
            "Adds a rule about files that the sandbox analyses and returns it.\nThe service reads \
             ba_rule_action in advanced: give it beside action, with first_time_operation, \
             file_types and ba_policy_categories. A missing criterion fits everything. Groups, \
             departments, locations and labels are lists of ids, url_categories texts. Without \
             order it comes first. Staged until zia_activate_configuration.",
        )
        .params(&new_rule_params(ACTION, MORE))
        .subject(KIND, "", ""),
    delete("zia_delete_sandbox_rule", SET, RULE)
        .title("Delete a sandbox rule")
        .doc(
            "Deletes one sandbox rule, after the user has agreed.\nThe rules after it decide \
             about its files then; the default rule cannot be deleted. To rest it, update it with \
             enabled false. Staged until zia_activate_configuration.",
        )
        .params(&[RULE_ID])
        .see(LIST)
        .subject(KIND, "rule_id", READ),
    changed_rule("zia_update_sandbox_rule", SET, RULE, URL_ADVANCED)
        .title("Replace a sandbox rule")
        .doc(
            "Replaces one sandbox rule by what is given and returns it.\nWhat is left out is not \
             kept, ba_rule_action in advanced too, and a missing criterion fits everything. Read \
             it with zia_get_sandbox_rule and give all that should stay. Staged until \
             zia_activate_configuration.",
        )
        .params(&changed_rule_params(ACTION, MORE))
        .see(LIST)
        .subject(KIND, "rule_id", READ),
];
