//! Zone: post-admission. Rows of the toolset `zia_shadow_it`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, list};

const SET: &str = "zia_shadow_it";

pub(in crate::tools) const ROWS: &[Row] = &[
    list("zia_list_shadow_it_apps", SET, "/zia/api/v1/cloudApplications/lite")
        .title("List cloud applications")
        .doc(
            "Returns id and name of the cloud applications that can be sanctioned.\nTheir risk and \
             state: zins_get_shadow_it_apps. Empty: the page is behind the last.",
        )
        .params(&[
            Param::query("page_number", Kind::Integer, "pageNumber")
                .even_empty()
                .doc("Page, from 1."),
            Param::query("limit", Kind::Integer, "limit").even_empty().doc("Records on a page."),
        ]),
    list("zia_list_shadow_it_custom_tags", SET, "/zia/api/v1/customTags")
        .title("List application tags")
        .doc(
            "Returns the tenant's own tags for cloud applications.\nThe ids are for \
             zia_bulk_update_shadow_it_apps. Empty: none.",
        ),
];
