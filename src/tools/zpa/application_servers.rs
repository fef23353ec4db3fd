//! Zone: post-admission. Rows of the toolset `zpa_application_servers`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, PAGED};

const SET: &str = "zpa_application_servers";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_application_server",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/server/{server_id}",
    )
    .title("Get an application server")
    .doc(
        "Returns one application server: its address, state and server groups.\nIds: \
         zpa_list_application_servers.",
    )
    .params(&[Param::path("server_id").doc("Id of the server, digits."), MICROTENANT])
    .see("zpa_list_application_servers"),
    list(
        "zpa_list_application_servers",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/server",
    )
    .title("List application servers")
    .doc(
        "Returns the application servers with address, state and ids of their server \
         groups.\nThose that connectors discover by themselves are not among them. Empty: none \
         fits.",
    )
    .params(PAGED)
    .rows_at("/list"),
];
