//! Zone: post-admission. Rows of the toolset `zia_cloud_app_control`.

use crate::tools::param::{Kind, Param};
use crate::tools::plan::Value;
use crate::tools::row::{Row, get, list};
use crate::tools::zia::rules::RULE_ID;

const SET: &str = "zia_cloud_app_control";
const LIST: &str = "zia_list_cloud_app_control_rules";

pub(super) const RULE_TYPE: Param =
    Param::path("rule_type").doc("Class, such as WEBMAIL or FILE_SHARE.");

/// How applications are looked for, also those of SSL rules.
pub(super) const APPS: &[Param] = &[
    Param::query("search", Kind::Text, "search").doc("Part of the application's name, any case."),
    Param::query("app_class", Kind::Text, "appClass").doc("Class, such as WEBMAIL; see parent."),
    Param::query("page", Kind::Integer, "page").even_empty().doc("Page, from 1."),
    Param::query("page_size", Kind::Integer, "pageSize").even_empty().doc("Records on a page."),
    Param::query("group_results", Kind::Boolean, "groupResults")
        .even_empty()
        .doc("true: number of applications of each class instead."),
];

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zia_get_cloud_app_control_rule",
        SET,
        "/zia/api/v1/webApplicationRules/{rule_type}/{rule_id}",
    )
    .title("Get a cloud-app rule")
    .doc(
        "Returns one cloud application rule: actions, applications, order and who it applies \
         to.\nClass and ids: zia_list_cloud_app_control_rules.",
    )
    .params(&[RULE_TYPE, RULE_ID])
    .see(LIST),
    list(
        "zia_list_cloud_app_control_actions",
        SET,
        "/zia/api/v1/webApplicationRules/{rule_type}/availableActions",
    )
    .title("List cloud-app actions")
    .doc(
        "Returns the actions that rules of a class may take, as texts.\nAsk before \
         zia_create_cloud_app_control_rule. Empty: these applications share none.",
    )
    .params(&[
        RULE_TYPE,
        Param::body("cloud_apps", Kind::Texts, "cloudApps")
            .even_empty()
            .absent(Value::Texts(&[]))
            .doc("Ids from zia_list_cloud_app_policy; the whole class when left out."),
    ])
    .by_post(),
    list(LIST, SET, "/zia/api/v1/webApplicationRules/{rule_type}")
        .title("List cloud-app rules")
        .doc(
            "Returns the rules about one class of cloud applications.\nThe lowest order that fits \
             decides, before URL filtering rules. Empty: this class has none.",
        )
        .params(&[RULE_TYPE]),
    list("zia_list_cloud_app_policy", SET, "/zia/api/v1/cloudApplications/policy")
        .title("List policy applications")
        .doc(
            "Returns the cloud applications that DLP, cloud application and access rules can name: \
             app is the id, parent the class.\nFor SSL rules: zia_list_cloud_app_ssl_policy. \
             Empty: none fits.",
        )
        .params(APPS),
];
