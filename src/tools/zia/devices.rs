//! Zone: post-admission. Rows of the toolset `zia_devices`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, list};
use crate::tools::zia::{PAGE, PAGE_SIZE};

const SET: &str = "zia_devices";

/// Returns an argument that adds something to a list.
const fn flag(name: &'static str, key: &'static str) -> Param {
    Param::query(name, Kind::Boolean, key).even_empty()
}

pub(in crate::tools) const ROWS: &[Row] = &[
    list("zia_list_device_groups", SET, "/zia/api/v1/deviceGroups")
        .title("List device groups")
        .doc(
            "Returns the groups of devices that rules can name, by type and system.\nThe ids are \
             for device_groups of a rule. Empty: none.",
        )
        .params(&[
            flag("include_device_info", "includeDeviceInfo")
                .doc("true: number and names of the devices as well."),
            flag("include_pseudo_groups", "includePseudoGroups")
                .doc("true: groups for isolated browsers and for no client too."),
        ]),
    list("zia_list_devices", SET, "/zia/api/v1/deviceGroups/devices")
        .title("List devices")
        .doc(
            "Returns devices with model, system and owner.\nThe ids are for devices of a rule. \
             Client state: zcc_list_devices; names alone: zia_list_devices_lite. Empty: none fits.",
        )
        .params(&[
            Param::query("name", Kind::Text, "name").doc("Name of the device, whole."),
            Param::query("user_ids", Kind::Texts, "userIds")
                .doc("Ids of owners from get_zia_users; any fits."),
            flag("include_all", "includeAll").doc("true: isolated browsers as well."),
            PAGE,
            PAGE_SIZE,
        ]),
    list("zia_list_devices_lite", SET, "/zia/api/v1/deviceGroups/devices/lite")
        .title("List device names")
        .doc(
            "Returns id and name of the devices.\nOwner, model and filters: zia_list_devices. \
             Empty: none enrolled.",
        ),
];
