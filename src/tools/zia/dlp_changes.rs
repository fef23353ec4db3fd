//! Zone: post-admission. Rows of the toolset `zia_dlp` that change rules.

use crate::tools::row::{Row, delete};
use crate::tools::zia::rules::{
    ADVANCED, RULE_ID, changed_rule, changed_rule_params, free_rule_params, new_rule,
};

const SET: &str = "zia_dlp";
const KIND: &str = "web dlp rule";
const READ: &str = "zia_get_web_dlp_rule";
const LIST: &str = "zia_list_web_dlp_rules";
const RULES: &str = "/zia/api/v1/webDlpRules";
const RULE: &str = "/zia/api/v1/webDlpRules/{rule_id}";
const ACTION: &str = "ALLOW (report only), BLOCK or ICAP_RESPONSE.";
const MORE: &str = "Such as {\"dlp_engines\": [\"61\"], \"file_types\": [\"ALL_OUTBOUND\"]}.";

pub(in crate::tools) const ROWS: &[Row] = &[
    new_rule("zia_create_web_dlp_rule", SET, RULES, ADVANCED)
        .title("Create a DLP rule")
        .doc(
            "Adds a rule that reports or blocks content leaving by web and returns it.\nadvanced \
             holds what zia_get_web_dlp_rule shows: dlp_engines (ids of get_zia_dlp_engines), \
             protocols, file_types, severity; a missing criterion fits everything. Groups, \
             departments, locations, labels and url_categories are lists of ids. Without order it \
             comes first. Staged until zia_activate_configuration.",
        )
        .params(&free_rule_params(ACTION, MORE))
        .subject(KIND, "", ""),
    delete("zia_delete_web_dlp_rule", SET, RULE)
        .title("Delete a DLP rule")
        .doc(
            "Deletes one web DLP rule, after the user has agreed.\nWhat only it caught leaves \
             unseen afterwards. To rest it, update it with enabled false. Staged until \
             zia_activate_configuration.",
        )
        .params(&[RULE_ID])
        .see(LIST)
        .subject(KIND, "rule_id", READ),
    changed_rule("zia_update_web_dlp_rule", SET, RULE, ADVANCED)
        .title("Replace a DLP rule")
        .doc(
            "Replaces one web DLP rule by what is given and returns it.\nWhat is left out is not \
             kept: without dlp_engines it no longer looks into content, and a missing criterion \
             fits everything. Read it with zia_get_web_dlp_rule and give all that should stay. \
             Staged until zia_activate_configuration.",
        )
        .params(&changed_rule_params(ACTION, MORE))
        .see(LIST)
        .subject(KIND, "rule_id", READ),
];
