//! Zone: post-admission. Rows of the toolset `zia_file_type_control`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, get, list};
use crate::tools::zia::SEARCH;
use crate::tools::zia::rules::RULE_ID;

const SET: &str = "zia_file_type_control";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_file_type_control_rule", SET, "/zia/api/v1/fileTypeRules/{rule_id}")
        .title("Get a file-type rule")
        .doc(
            "Returns one file type rule: filtering_action, operation, file types, sizes and who it \
             applies to.\nIds: zia_list_file_type_control_rules.",
        )
        .params(&[RULE_ID])
        .see("zia_list_file_type_control_rules"),
    list("zia_list_file_type_categories", SET, "/zia/api/v1/fileTypeCategories")
        .title("List file types")
        .doc(
            "Returns the file types that file type, sandbox and DLP rules can name, with those of \
             the tenant.\nThe rules: zia_list_file_type_control_rules.",
        )
        .params(&[
            Param::query("enums", Kind::Boolean, "enums")
                .even_empty()
                .doc("true: the enumeration values only."),
            Param::query("exclude_custom_file_types", Kind::Boolean, "excludeCustomFileTypes")
                .even_empty()
                .doc("true: without the types of the tenant."),
        ]),
    list("zia_list_file_type_control_rules", SET, "/zia/api/v1/fileTypeRules")
        .title("List file-type rules")
        .doc(
            "Returns the rules that allow, caution or block uploads and downloads by file \
             type.\nThe lowest order that fits decides. What a file contains: \
             zia_list_web_dlp_rules and zia_list_sandbox_rules. Empty: none fits.",
        )
        .params(&[SEARCH]),
];
