//! Zone: post-admission. Rows of the toolset `zia_advanced_settings`.

use crate::tools::row::{Row, get};

const SET: &str = "zia_advanced_settings";

pub(in crate::tools) const ROWS: &[Row] =
    &[get("zia_get_advanced_settings", SET, "/zia/api/v1/advancedSettings")
        .title("Get advanced settings")
        .doc(
            "Returns the tenant-wide settings of internet access: bypass lists for authentication, \
             DNS resolution, tunnels, session timeout.\nSites that skip sign-in: also \
             zia_list_auth_exempt_urls.",
        )];
