//! Zone: post-admission. Rows of the toolset `zins_saas`.

use crate::tools::row::Row;
use crate::tools::zins::{WEEK, ask};

const REPORT: (&str, &str) = (
    "CasbAppReport",
    "query CasbAppReport($startTime: Long!, $endTime: Long!, $limit: Int, $filter_by: \
     CasbEntriesFilterBy, $order_by: [CasbEntryOrderBy]) { \
       SAAS_SECURITY { \
         casb_app(start_time: $startTime, end_time: $endTime) { \
           obfuscated \
           entries(limit: $limit, filter_by: $filter_by, order_by: $order_by) { \
             name total } } } }",
);

pub(in crate::tools) const ROWS: &[Row] = &[ask(
    "zins_get_casb_app_report",
    "zins_saas",
    REPORT,
    "/data/SAAS_SECURITY/casb_app/entries",
)
.title("Count SaaS findings")
.doc(
    "Returns how much SaaS security has found in each connected application.\nUnsanctioned ones: \
     zins_get_shadow_it_apps. Days are taken as 7 or 14. Empty: nothing found or no data.",
)
.params(WEEK)];
