//! Zone: post-admission. Rows of the toolset `zia_url_filtering`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zia::SEARCH;

const SET: &str = "zia_url_filtering";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_url_filtering_rule", SET, "/zia/api/v1/urlFilteringRules/{rule_id}")
        .title("Get a URL filtering rule")
        .doc(
            "Returns one URL filtering rule: action, order, state, categories, methods, quotas \
             and who it applies to.\nUse it when the id is known, else \
             zia_list_url_filtering_rules. What is inside a category is in zia_get_url_category.",
        )
        .params(&[Param::path("rule_id").doc("Id of the rule, digits.")])
        .see("zia_list_url_filtering_rules"),
    list("zia_list_url_filtering_rules", SET, "/zia/api/v1/urlFilteringRules")
        .title("List URL filtering rules")
        .doc(
            "Returns the rules that allow, caution, block or isolate web pages by category.\nThe \
             rule with the lowest order that fits decides; one whose state is DISABLED never does. \
             Only the service's first page comes: a full or round count may not be all, so narrow \
             with search. An empty list means that no rule fits the search. Which category a URL \
             is in says zia_url_lookup; connections that are not web have rules in \
             zia_list_cloud_firewall_rules.",
        )
        .params(&[SEARCH]),
];
