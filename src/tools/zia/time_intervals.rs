//! Zone: post-admission. Rows of the toolset `zia_time_intervals`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zia::{PAGE, PAGE_SIZE, SEARCH};

const SET: &str = "zia_time_intervals";
const LISTED: &str = "zia_list_time_intervals";

pub(in crate::tools) const ROWS: &[Row] = &[
    get("zia_get_time_interval", SET, "/zia/api/v1/timeIntervals/{interval_id}")
        .title("Get a time interval")
        .doc(
            "Returns one time interval: days, start and end in minutes after midnight.\nIds: \
             zia_list_time_intervals.",
        )
        .params(&[Param::path("interval_id").doc("Id of the interval, digits.")])
        .see(LISTED),
    list(LISTED, SET, "/zia/api/v1/timeIntervals")
        .title("List time intervals")
        .doc(
            "Returns the times of the week that rules can be limited to, in minutes after \
             midnight.\nThe ids are for time_windows of a rule. Empty: none fits.",
        )
        .params(&[SEARCH, PAGE, PAGE_SIZE]),
];
