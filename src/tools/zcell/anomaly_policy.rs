//! Zone: post-admission. Rows of the toolset `zcell_anomaly_policy`.

use crate::tools::param::{Kind, Param};
use crate::tools::plan::{Member, Value};
use crate::tools::row::{Row, list};
use crate::tools::zcell::{CONTENT, PAGE, SIZE, any_form, days};

const SET: &str = "zcell_anomaly_policy";
const LISTED: &str = "zcell_list_anomaly_policies";

const POLICY_ID: Param = Param::path("policy_id").doc("Id from zcell_list_anomaly_policies.");
const DAYS: Param = days("startDateTime");
const UNTIL_NOW: &[Member] = &[Member::new("endDateTime", Value::Now)];

pub(in crate::tools) const ROWS: &[Row] = &[
    list(LISTED, SET, "/zcell/config/api/v1/customers/{zcellCustomerId}/anomaly-policy")
        .title("List anomaly policies")
        .doc(
            "Returns the policies that watch SIMs, with rules, state and number of violations in \
             the last days.\nEmpty: none fits.",
        )
        .params(&[
            DAYS,
            Param::query("policy_type", Kind::Text, "policyType")
                .even_empty()
                .doc("Such as GEOFENCING."),
            PAGE,
            SIZE,
        ])
        .query(UNTIL_NOW)
        .rows_at(CONTENT),
    list(
        "zcell_list_anomaly_policy_logs",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/anomaly-policy/{policy_id}/logs",
    )
    .title("List policy runs")
    .doc(
        "Returns what one anomaly policy has logged about its runs, failures too.\nWhich SIMs \
         broke it: zcell_list_anomaly_policy_violations. Empty: no run yet.",
    )
    .params(&[POLICY_ID, PAGE, SIZE])
    .rows_at(CONTENT)
    .see(LISTED),
    list(
        "zcell_list_anomaly_policy_violations",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/anomaly-policy/{policy_id}/violations",
    )
    .title("List policy violations")
    .doc(
        "Returns the SIMs that broke one anomaly policy in the last days.\nEvents of one SIM: \
         zcell_list_iccid_violations. Empty: none did.",
    )
    .params(&[DAYS, POLICY_ID, PAGE, SIZE])
    .query(UNTIL_NOW)
    .rows_at(CONTENT)
    .see(LISTED),
    any_form(
        "zcell_list_iccid_violations",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/anomaly-policy/{policy_id}/violations/\
         {iccid}",
    )
    .title("List SIM violations")
    .doc(
        "Returns each time that one SIM broke one anomaly policy, and where it was.\nAll SIMs of \
         the policy: zcell_list_anomaly_policy_violations. Empty: it kept to it.",
    )
    .params(&[DAYS, POLICY_ID, Param::path("iccid").doc("ICCID, digits.")])
    .query(UNTIL_NOW)
    .see("zcell_list_anomaly_policy_violations"),
];
