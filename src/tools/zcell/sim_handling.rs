//! Zone: post-admission. Rows of the toolset `zcell_sim_handling`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, get};
use crate::tools::zcell::{PAGE_IN_BODY, SIMS, SIZE_IN_BODY};

const SET: &str = "zcell_sim_handling";

const fn filter(name: &'static str, kind: Kind, key: &'static str, doc: &'static str) -> Param {
    Param::body(name, kind, key).even_empty().doc(doc)
}

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zcell_get_sim_details",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/sims/details",
    )
    .title("Get a SIM")
    .doc(
        "Returns one SIM: state, device, addresses, last place, tags and usage.\nICCIDs: \
         zcell_list_sims.",
    )
    .params(&[Param::query("icc_id", Kind::Id, "iccId").required().filled().doc("ICCID, digits.")])
    .see(SIMS)
    .plain_text(),
    get(SIMS, SET, "/zcell/config/api/v1/customers/{zcellCustomerId}/sims/search")
        .title("Search SIMs")
        .doc(
            "Returns SIMs and their total usage; the SIMs stand in page_details.content.\nFilters \
             must all fit; query sees the whole object. Empty content: none fits.",
        )
        .by_post()
        .params(&[
            filter("iccid", Kind::Texts, "iccid", "ICCIDs, digits."),
            filter("status", Kind::Text, "status", "State, such as ACTIVE."),
            filter("network_status", Kind::Text, "networkStatus", "Such as ONLINE."),
            filter("ip_address", Kind::Texts, "ipAddress", "Addresses of SIMs."),
            filter("location_country", Kind::Text, "locationCountry", "Where it is, such as FR."),
            filter("tag", Kind::Texts, "tag", "Names of tags."),
            filter("device_type", Kind::Text, "deviceType", "Type of the device."),
            filter("brand_name", Kind::Text, "brandName", "Brand of the device."),
            filter("marketing_name", Kind::Text, "marketingName", "Trade name of the device."),
            filter("model_name", Kind::Text, "modelName", "Model of the device."),
            filter("form_factor", Kind::Text, "formFactor", "Form of the SIM."),
            filter("imei_status", Kind::Text, "imeiStatus", "Locked, Unlocked or InProgress."),
            PAGE_IN_BODY,
            SIZE_IN_BODY,
        ])
        .queried(true)
        .plain_text(),
];
