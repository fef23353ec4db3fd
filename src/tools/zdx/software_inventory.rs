//! Zone: post-admission. Rows of the toolset `zdx_software_inventory`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, list};
use crate::tools::zdx::{DEPARTMENT_ID, GEO_ID, LOCATION_ID};

const SET: &str = "zdx_software_inventory";
const LISTED: &str = "zdx_list_software";

const USER_IDS: Param = Param::query("user_ids", Kind::Texts, "userids")
    .doc("Ids of users, as userid of zdx_list_devices shows them.");
const DEVICE_IDS: Param =
    Param::query("device_ids", Kind::Texts, "deviceids").doc("Ids from zdx_list_devices.");

pub(in crate::tools) const ROWS: &[Row] = &[
    list("zdx_get_software_details", SET, "/zdx/v1/inventory/software/{software_key}")
        .title("List installations")
        .doc(
            "Returns where one software is installed, by device and user.\nEmpty: nobody in the \
             scope has it.",
        )
        .params(&[
            LOCATION_ID,
            DEPARTMENT_ID,
            GEO_ID,
            USER_IDS,
            DEVICE_IDS,
            Param::path("software_key").doc("software_key of zdx_list_software."),
        ])
        .rows_at("/software")
        .outside()
        .see(LISTED),
    list(LISTED, SET, "/zdx/v1/inventory/software")
        .title("List software")
        .doc(
            "Returns the software on monitored devices, with numbers of users and devices.\nWhere \
             one is installed: zdx_get_software_details. Empty: no device in the scope reported.",
        )
        .params(&[LOCATION_ID, DEPARTMENT_ID, GEO_ID, USER_IDS, DEVICE_IDS])
        .rows_at("/software")
        .outside(),
];
