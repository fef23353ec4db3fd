//! Zone: post-admission. Rows of the toolset `zia_url_filtering` that change rules.

use crate::tools::param::Param;
use crate::tools::row::{Row, delete};
use crate::tools::zia::rules::{
    URL_ADVANCED, changed_rule, changed_rule_params, new_rule, new_rule_params,
};

const SET: &str = "zia_url_filtering";
const KIND: &str = "url filtering rule";
const READ: &str = "zia_get_url_filtering_rule";
const LIST: &str = "zia_list_url_filtering_rules";
const RULE: &str = "/zia/api/v1/urlFilteringRules/{rule_id}";

const ACTION: &str = "ALLOW, CAUTION, BLOCK or ISOLATE.";
const MORE: &str = "More, as zia_get_url_filtering_rule shows: {\"url_categories\": \
                    [\"CUSTOM_01\"], \"protocols\": [\"ANY_RULE\"]}.";

pub(in crate::tools) const ROWS: &[Row] = &[
    new_rule("zia_create_url_filtering_rule", SET, "/zia/api/v1/urlFilteringRules", URL_ADVANCED)
        .title("Create a URL rule")
        .doc(
            "Adds a rule that allows, cautions, blocks or isolates web pages, and returns it with \
             its id.\nWithout order it comes before all others, and a criterion that advanced does \
             not hold fits everything: name categories and people, or it is about every page of \
             everybody. The service asks for protocols. In advanced, groups, users, departments, \
             locations, labels and devices are lists of ids, url_categories ids as texts \
             (zia_list_url_categories); null counts as left out. Staged until \
             zia_activate_configuration.",
        )
        .params(&new_rule_params(ACTION, MORE))
        .subject(KIND, "", ""),
    delete("zia_delete_url_filtering_rule", SET, RULE)
        .title("Delete a URL rule")
        .doc(
            "Deletes one URL filtering rule, after the user has agreed.\nThe rules after it then \
             decide about its pages. To rest a rule, update it with enabled false instead. Staged \
             until zia_activate_configuration.",
        )
        .params(&[Param::path("rule_id").doc("Id of the rule, digits.")])
        .see(LIST)
        .subject(KIND, "rule_id", READ),
    changed_rule("zia_update_url_filtering_rule", SET, RULE, URL_ADVANCED)
        .title("Replace a URL rule")
        .doc(
            "Replaces one URL filtering rule by what is given and returns it.\nWhat is left out is \
             not kept, and a missing criterion fits everything. Read it with \
             zia_get_url_filtering_rule and give all that should stay; in advanced, groups, users, \
             departments, locations, labels and devices are lists of ids, url_categories ids as \
             texts, and null counts as left out. Staged until zia_activate_configuration.",
        )
        .params(&changed_rule_params(ACTION, MORE))
        .see(LIST)
        .subject(KIND, "rule_id", READ),
];
