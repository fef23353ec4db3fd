//! Zone: post-admission. Rows of the toolset `zia_file_type_control` that change rules.

use crate::tools::row::{Row, delete};
use crate::tools::zia::rules::{
    RULE_ID, URL_ADVANCED, changed_rule, changed_rule_params, new_rule, new_rule_params,
};

const SET: &str = "zia_file_type_control";
const KIND: &str = "file type rule";
const READ: &str = "zia_get_file_type_control_rule";
const LIST: &str = "zia_list_file_type_control_rules";
const RULES: &str = "/zia/api/v1/fileTypeRules";
const RULE: &str = "/zia/api/v1/fileTypeRules/{rule_id}";
const ACTION: &str = "ALLOW, CAUTION or BLOCK; the same as filtering_action.";
const MORE: &str = "Such as {\"filtering_action\": \"BLOCK\", \"operation\": \"UPLOAD\"}.";

pub(in crate::tools) const ROWS: &[Row] = &[
    new_rule("zia_create_file_type_control_rule", SET, RULES, URL_ADVANCED)
        .title("Create a file-type rule")
        .doc(
            "Adds a rule that allows, cautions or blocks files by type and returns it.\nThe \
             service reads filtering_action in advanced: give it beside action, with operation \
             and file_types (ids of zia_list_file_type_categories). A missing criterion fits \
             everything. Groups, departments, locations and labels are lists of ids, \
             url_categories texts. Without order it comes first. Staged until \
             zia_activate_configuration.",
        )
        .params(&new_rule_params(ACTION, MORE))
        .subject(KIND, "", ""),
    delete("zia_delete_file_type_control_rule", SET, RULE)
        .title("Delete a file-type rule")
        .doc(
            "Deletes one file type rule, after the user has agreed.\nThe rules after it decide \
             about its files then. To rest it, update it with enabled false. Staged until \
             zia_activate_configuration.",
        )
        .params(&[RULE_ID])
        .see(LIST)
        .subject(KIND, "rule_id", READ),
    changed_rule("zia_update_file_type_control_rule", SET, RULE, URL_ADVANCED)
        .title("Replace a file-type rule")
        .doc(
            "Replaces one file type rule by what is given and returns it.\nWhat is left out is \
             not kept, filtering_action in advanced too, and a missing criterion fits everything. \
             Read it with zia_get_file_type_control_rule and give all that should stay. Staged \
             until zia_activate_configuration.",
        )
        .params(&changed_rule_params(ACTION, MORE))
        .see(LIST)
        .subject(KIND, "rule_id", READ),
];
