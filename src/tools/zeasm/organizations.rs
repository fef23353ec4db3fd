//! Zone: post-admission. Rows of the toolset `zeasm`.

use crate::tools::row::{Row, list};
use crate::tools::zeasm::ORGANIZATIONS;

const SET: &str = "zeasm";

pub(in crate::tools) const ROWS: &[Row] =
    &[list(ORGANIZATIONS, SET, "/easm/easm-ui/v1/organizations")
        .title("List EASM organizations")
        .doc(
            "Returns the organizations whose attack surface is watched, with id and name.\nStart \
             here: every other zeasm tool needs the id as org_id. Empty: none set up.",
        )
        .rows_at("/results")];
