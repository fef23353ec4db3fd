//! Zone: post-admission. Rows of the toolset `zcell_customer_data_handling`.

use crate::tools::row::{Row, get};

const SET: &str = "zcell_customer_data_handling";

pub(in crate::tools) const ROWS: &[Row] = &[get(
    "zcell_get_customer_data_handling",
    SET,
    "/zcell/config/api/v1/customers/{zcellCustomerId}",
)
.title("Get the cellular customer")
.doc(
    "Returns the cellular customer: linked clouds, regions, SIM provider, numbers of SIMs and \
     usage.\nSingle SIMs: zcell_list_sims.",
)
.plain_text()];
