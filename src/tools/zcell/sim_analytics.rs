//! Zone: post-admission. Rows of the toolset `zcell_sim_analytics`.

use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Member, Value};
use crate::tools::row::Row;
use crate::tools::zcell::{any_form, days};

const SET: &str = "zcell_sim_analytics";

const DAYS: Param = days("startDate");
const UNTIL_NOW: &[Member] = &[Member::new("endDate", Value::Now)];
const LIMIT: Param =
    Param::query("limit", Kind::Integer, "limit").even_empty().min(1).doc("How many at most.");

pub(in crate::tools) const ROWS: &[Row] = &[
    any_form(
        "zcell_list_sim_analytics_map",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/sim/analytics/map",
    )
    .title("Locate SIMs")
    .doc(
        "Returns the places where SIMs were last seen: coordinates with the SIMs at each.\nA SIM \
         that never connected has no place.",
    )
    .by_post()
    .params(&[Param::body("icc_ids", Kind::Texts, "iccIds").doc("Only SIMs with these ICCIDs.")])
    .plain_text(),
    any_form(
        "zcell_list_sim_analytics_summary",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/sim/analytics/summary",
    )
    .title("Count SIMs")
    .doc(
        "Returns how many SIMs there are, and how many are used, active and inactive.\nThe SIMs: \
         zcell_list_sims.",
    ),
    any_form(
        "zcell_list_sim_usage_by_country",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/sim/analytics/usage/countries",
    )
    .title("List country usage")
    .doc("Returns the countries where SIMs used most data in the last days.\nEmpty: no data used.")
    .params(&[DAYS, LIMIT.max(20)])
    .query(UNTIL_NOW),
    any_form(
        "zcell_list_sim_usage_by_day",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/sim/analytics/usage/day",
    )
    .title("List daily usage")
    .doc(
        "Returns how much data SIMs used on each of the last days.\nFor all SIMs, or one with \
         icc_id. Empty: no data used.",
    )
    .params(&[
        DAYS,
        Param::query("icc_id", Kind::Text, "iccId").even_empty().doc("ICCID of one SIM, digits."),
    ])
    .query(UNTIL_NOW),
    any_form(
        "zcell_list_sim_usage_by_sim",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/sim/analytics/usage/sims",
    )
    .title("List SIM usage")
    .doc(
        "Returns the SIMs that used most data in the last days, the greatest first.\nOne SIM: \
         zcell_get_sim_details. Empty: no data used.",
    )
    .params(&[DAYS, LIMIT.max(100)])
    .query(UNTIL_NOW),
];
