//! Zone: post-admission. Rows of the toolset `zcell_tag_handling`.

use crate::tools::row::{Row, list};
use crate::tools::zcell::{CONTENT, NAME, PAGE, SIZE};

const SET: &str = "zcell_tag_handling";

pub(in crate::tools) const ROWS: &[Row] =
    &[list("zcell_list_tags", SET, "/zcell/config/api/v1/customers/{zcellCustomerId}/tag")
        .title("List SIM tags")
        .doc(
            "Returns the tags that SIMs are grouped by, with id and name.\nTheir SIMs: \
             zcell_list_sims with tag. Empty: none fits.",
        )
        .params(&[NAME, PAGE, SIZE])
        .rows_at(CONTENT)];
