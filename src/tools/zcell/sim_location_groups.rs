//! Zone: post-admission. Rows of the toolset `zcell_sim_location_groups`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zcell::{CONTENT, NAME, PAGE, SIZE};

const SET: &str = "zcell_sim_location_groups";
const LISTED: &str = "zcell_list_sim_location_groups";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zcell_get_sim_location_group",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/sim-location-groups/{group_id}",
    )
    .title("Get a location group")
    .doc(
        "Returns one SIM location group: its circle, linked policies and SIMs inside and \
         outside.\nIds: zcell_list_sim_location_groups.",
    )
    .params(&[Param::path("group_id").doc("Id from zcell_list_sim_location_groups.")])
    .see(LISTED)
    .plain_text(),
    list(LISTED, SET, "/zcell/config/api/v1/customers/{zcellCustomerId}/sim-location-groups")
        .title("List location groups")
        .doc(
            "Returns the circles on the map that SIMs are tracked in, with id and tracked \
             SIMs.\nAnomaly policies use them. Empty: none fits.",
        )
        .params(&[NAME, PAGE, SIZE])
        .rows_at(CONTENT),
];
