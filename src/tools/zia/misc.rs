//! Zone: post-admission. Rows of the toolset `zia_misc`.

use crate::tools::row::{Row, get};

pub(in crate::tools) const ROWS: &[Row] = &[get(
    "zia_get_mobile_advanced_settings",
    "zia_misc",
    "/zia/api/v1/mobileAdvanceThreatSettings",
)
.title("Get mobile threat settings")
.doc(
    "Returns which behaviour of mobile apps is blocked, one flag each: true blocks.\nRead it \
     before zia_update_mobile_advanced_settings.",
)];
