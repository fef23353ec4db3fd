//! Zone: post-admission. Rows of the toolset `zia_ssl_inspection` that change rules.

use crate::tools::row::{Row, delete};
use crate::tools::zia::rules::{
    RULE_ID, SSL_ADVANCED, changed_rule, changed_rule_params, free_rule_params, new_rule,
};

const SET: &str = "zia_ssl_inspection";
const KIND: &str = "ssl inspection rule";
const READ: &str = "zia_get_ssl_inspection_rule";
const LIST: &str = "zia_list_ssl_inspection_rules";
const RULES: &str = "/zia/api/v1/sslInspectionRules";
const RULE: &str = "/zia/api/v1/sslInspectionRules/{rule_id}";
const ACTION: &str = "Leave out: the action is an object, in advanced.";
const MORE: &str = "Such as {\"action\": {\"type\": \"DECRYPT\"}, \"groups\": [\"8301\"]}.";

pub(in crate::tools) const ROWS: &[Row] = &[
    new_rule("zia_create_ssl_inspection_rule", SET, RULES, SSL_ADVANCED)
        .title("Create an SSL rule")
        .doc(
            "Adds a rule that decrypts, bypasses or blocks encrypted traffic and returns it.\n\
             advanced holds the action (type DECRYPT, DO_NOT_DECRYPT or BLOCK) and the criteria, \
             named as zia_get_ssl_inspection_rule shows them; one that is missing fits \
             everything. Groups, departments, locations and labels are lists of ids, \
             url_categories texts. Without order it comes first. Staged until \
             zia_activate_configuration.",
        )
        .params(&free_rule_params(ACTION, MORE))
        .subject(KIND, "", ""),
    delete("zia_delete_ssl_inspection_rule", SET, RULE)
        .title("Delete an SSL rule")
        .doc(
            "Deletes one SSL inspection rule, after the user has agreed.\nThe rules after it \
             decide then: what it bypassed may be decrypted and the other way round. To rest it, \
             update it with enabled false. Staged until zia_activate_configuration.",
        )
        .params(&[RULE_ID])
        .see(LIST)
        .subject(KIND, "rule_id", READ),
    changed_rule("zia_update_ssl_inspection_rule", SET, RULE, SSL_ADVANCED)
        .title("Replace an SSL rule")
        .doc(
            "Replaces one SSL inspection rule by what is given and returns it.\nWhat is left out \
             is not kept, the action in advanced too, and a missing criterion fits everything. \
             Read it with zia_get_ssl_inspection_rule and give all that should stay. Staged until \
             zia_activate_configuration.",
        )
        .params(&changed_rule_params(ACTION, MORE))
        .see(LIST)
        .subject(KIND, "rule_id", READ),
];
