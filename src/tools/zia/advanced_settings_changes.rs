//! Zone: post-admission. The row of the toolset `zia_advanced_settings` that changes them.

use crate::tools::row::{Row, update};
use crate::tools::zia::settings::{MEMBERS, NOTHING, SETTINGS};

const SET: &str = "zia_advanced_settings";

pub(in crate::tools) const ROWS: &[Row] =
    &[update("zia_update_advanced_settings", SET, "/zia/api/v1/advancedSettings")
        .spread(MEMBERS)
        .title("Replace advanced settings")
        .doc(
            "Replaces the tenant-wide settings of internet access and returns them.\nThe service \
             may switch off or empty what is left out: read zia_get_advanced_settings, change \
             what is wanted and give all of it. An entry in a bypass list takes sites out of the \
             check for everybody. Staged until zia_activate_configuration.",
        )
        .params(&[SETTINGS])
        .refuse(NOTHING)
        .subject("advanced settings", "", "zia_get_advanced_settings")];
