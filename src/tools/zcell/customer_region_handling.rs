//! Zone: post-admission. Rows of the toolset `zcell_customer_region_handling`.

use crate::tools::param::{Kind, Param};
use crate::tools::row::Row;
use crate::tools::zcell::any_form;

const SET: &str = "zcell_customer_region_handling";

pub(in crate::tools) const ROWS: &[Row] = &[
    any_form(
        "zcell_list_region_operational_status",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/regions/operational-status",
    )
    .title("List region states")
    .doc(
        "Returns whether the connectors of each configured region work: bc branch, ac app \
         connectors.\nRegions that exist: zcell_list_regions.",
    )
    .params(&[Param::query("bc_size", Kind::Text, "bcSize")
        .even_empty()
        .doc("Only branch connectors of this size.")])
    .plain_text(),
    any_form(
        "zcell_list_regions",
        SET,
        "/zcell/config/api/v1/customers/{zcellCustomerId}/regions",
    )
    .title("List regions")
    .doc(
        "Returns the regions that SIM traffic can leave from and whether each is configured.\nHow \
         they work: zcell_list_region_operational_status.",
    )
    .params(&[Param::query("skip_sku_check", Kind::Boolean, "skipSkuCheck")
        .even_empty()
        .doc("true: also regions that the subscription lacks.")]),
];
