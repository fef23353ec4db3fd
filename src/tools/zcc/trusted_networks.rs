//! Zone: post-admission. Rows of the toolset `zcc_trusted_networks`.

use crate::tools::row::{Row, list};
use crate::tools::zcc::PAGED;

const SET: &str = "zcc_trusted_networks";

pub(in crate::tools) const ROWS: &[Row] = &[list(
    "zcc_list_trusted_networks",
    SET,
    "/zcc/papi/public/v1/webTrustedNetwork/listByCompany",
)
.title("List trusted networks")
.doc(
    "Returns the networks that clients take for trusted, and the signs they know them \
     by.\nForwarding profiles use them. Those of private access: get_zpa_trusted_network. Empty: \
     none fits.",
)
.params(PAGED)
.rows_at("/trustedNetworkContracts")];
