//! Zone: post-admission. Rows of the toolset `zia_url_filtering`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zia::SEARCH;

const SET: &str = "zia_url_filtering";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_url_filtering_rule", SET, "/zia/api/v1/urlFilteringRules/{rule_id}")
        .title("Get a URL rule")
        .doc(
            "Returns one URL filtering rule: action, order, state, categories, methods, quotas and \
             who it applies to.\nIds: zia_list_url_filtering_rules. Inside a category: \
             zia_get_url_category.",
        )
        .params(&[Param::path("rule_id").doc("Id of the rule, digits.")])
        .see("zia_list_url_filtering_rules"),
    list("zia_list_url_filtering_rules", SET, "/zia/api/v1/urlFilteringRules")
        .title("List URL rules")
        .doc(
            "Returns the rules that allow, caution, block or isolate web pages by category.\nThe \
             lowest order that fits decides; a DISABLED one never does. Only the first page comes: \
             narrow with search. Category of a URL: zia_url_lookup; connections that are not web: \
             zia_list_cloud_firewall_rules. Empty: none fits.",
        )
        .params(&[SEARCH]),
];
