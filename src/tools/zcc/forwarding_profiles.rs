//! Zone: post-admission. Rows of the toolset `zcc_forwarding_profiles`.

use crate::tools::row::{Row, list};
use crate::tools::zcc::PAGED;

const SET: &str = "zcc_forwarding_profiles";

pub(in crate::tools) const ROWS: &[Row] = &[list(
    "zcc_list_forwarding_profiles",
    SET,
    "/zcc/papi/public/v1/webForwardingProfile/listByCompany",
)
.title("List forwarding profiles")
.doc(
    "Returns the profiles that say how clients send traffic on and off trusted \
     networks.\ntrusted_network_ids: zcc_list_trusted_networks. Empty: none fits.",
)
.params(PAGED)];
