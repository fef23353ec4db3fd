//! Zone: post-admission. Rows of the toolset `zia_ssl_inspection`.

use crate::tools::row::{Row, get, list};
use crate::tools::zia::cloud_app_control::APPS;
use crate::tools::zia::rules::RULE_ID;

const SET: &str = "zia_ssl_inspection";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_ssl_inspection_rule", SET, "/zia/api/v1/sslInspectionRules/{rule_id}")
        .title("Get an SSL rule")
        .doc(
            "Returns one SSL inspection rule: whether it decrypts, its TLS settings and what it \
             applies to.\nIds: zia_list_ssl_inspection_rules.",
        )
        .params(&[RULE_ID])
        .see("zia_list_ssl_inspection_rules"),
    list("zia_list_cloud_app_ssl_policy", SET, "/zia/api/v1/cloudApplications/sslPolicy")
        .title("List SSL applications")
        .doc(
            "Returns the cloud applications that SSL inspection rules can name: app is the id, \
             parent the class.\nFor all other rules: zia_list_cloud_app_policy. Empty: none fits.",
        )
        .params(APPS),
    list("zia_list_ssl_inspection_rules", SET, "/zia/api/v1/sslInspectionRules")
        .title("List SSL rules")
        .doc(
            "Returns the rules that decrypt, bypass or block encrypted traffic.\nThe lowest order \
             that fits decides; the default rule comes last. What is not decrypted passes DLP, \
             malware and sandbox unseen. Empty: none fits.",
        ),
];
