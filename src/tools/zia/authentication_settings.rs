//! Zone: post-admission. Rows of the toolset `zia_authentication_settings`.

use crate::tools::row::{Row, list};

const SET: &str = "zia_authentication_settings";

pub(in crate::tools) const ROWS: &[Row] =
    &[list("zia_list_auth_exempt_urls", SET, "/zia/api/v1/authSettings/exemptedUrls")
        .rows_at("/urls")
        .title("List sign-in exemptions")
        .doc(
            "Returns the URLs that users reach without signing in, as texts.\nRules about users \
             and groups do not fit such traffic. Empty: none.",
        )];
