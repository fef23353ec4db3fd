//! Zone: post-admission. Rows of the toolset `zins_shadow_it`.

use crate::tools::row::{Row, Shape};
use crate::tools::zins::{END_DAYS_AGO, END_TIME, FORTNIGHT_AGO, START_TIME, WEEK, ask};

const SET: &str = "zins_shadow_it";

const APPS: (&str, &str) = (
    "ShadowITApps",
    "query ShadowITApps($startTime: Long!, $endTime: Long!, $limit: Int, $filterBy: \
     shadowITAppsSearchFilterBy, $orderBy: [ShadowITAppsOrderBy]) { \
       SHADOW_IT { \
         apps(start_time: $startTime, end_time: $endTime) { \
           entries(limit: $limit, filter_by: $filterBy, order_by: $orderBy) { \
             application application_category risk_index computed_risk_index sanctioned_state \
             integration data_consumed data_uploaded data_downloaded authenticated_users \
             unAuthenticated_location_count last_access_time vulnerability undiscovered \
             custom_risk_index } } } }",
);

const SUMMARY: (&str, &str) = (
    "ShadowITSummary",
    "query ShadowITSummary($startTime: Long!, $endTime: Long!) { \
       SHADOW_IT { \
         shadow_it_summary(start_time: $startTime, end_time: $endTime) { \
           total_upload_bytes total_download_bytes total_apps total_bytes \
           group_by_app_cat_for_app { \
             obfuscated entries { name total entries { name total } } } \
           group_by_app_cat_for_user_count { \
             obfuscated entries { name total entries { name total } } } \
           group_by_app_cat_for_upload_bytes { \
             obfuscated entries { name total entries { name total } } } \
           group_by_app_cat_for_download_bytes { \
             obfuscated entries { name total entries { name total } } } \
           group_by_app_cat_for_total_bytes { \
             obfuscated entries { name total entries { name total } } } \
           group_by_risk_index_for_app { obfuscated entries { name total } } \
           group_by_provisioning_status_for_app { obfuscated entries { name total } } \
           group_by_access_for_app { obfuscated entries { name total } } } } }",
);

pub(in crate::tools) const ROWS: &[Row] = &[
    ask("zins_get_shadow_it_apps", SET, APPS, "/data/SHADOW_IT/apps/entries")
        .title("List discovered applications")
        .doc(
            "Returns the cloud applications in use: risk, sanctioned state, users and \
             bytes.\nSums: zins_get_shadow_it_summary. Days are taken as 7 or 14. Empty: nothing \
             discovered or no data.",
        )
        .params(WEEK),
    Row {
        shape: Shape::Record("/data/SHADOW_IT/shadow_it_summary"),
        queried: false,
        ..ask("zins_get_shadow_it_summary", SET, SUMMARY, "")
    }
    .title("Sum up discovered applications")
    .doc(
        "Returns numbers of cloud applications in use, users and bytes, grouped by category, risk \
         and state.\nOne by one: zins_get_shadow_it_apps. Days are taken as 7 or 14.",
    )
    .params(&[FORTNIGHT_AGO, END_DAYS_AGO, START_TIME, END_TIME])
    .plain_text(),
];
