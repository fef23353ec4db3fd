//! Zone: post-admission. Rows of the toolset `zpa_pra`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT, MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE, SEARCH};

const SET: &str = "zpa_pra";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_pra_credential",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/credential/{credential_id}",
    )
    .title("Get a PRA credential")
    .doc(
        "Returns one credential of privileged remote access: type, user name, domain, last \
         reset.\nNever passwords or keys. Ids: zpa_list_pra_credentials.",
    )
    .params(&[
        Param::path("credential_id").doc("Id of the credential, digits."),
        MICROTENANT_NOT_EMPTY,
    ])
    .see("zpa_list_pra_credentials"),
    get(
        "zpa_get_pra_portal",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/praPortal/{portal_id}",
    )
    .title("Get a PRA portal")
    .doc(
        "Returns one portal of privileged remote access: domain, certificate, notice to \
         users.\nIds: zpa_list_pra_portals.",
    )
    .params(&[Param::path("portal_id").doc("Id of the portal, digits."), MICROTENANT])
    .see("zpa_list_pra_portals"),
    list(
        "zpa_list_pra_credentials",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/credential",
    )
    .title("List PRA credentials")
    .doc(
        "Returns the credentials that privileged remote access fills in for users.\nNever \
         passwords or keys. Empty: none fits.",
    )
    .params(&[SEARCH, PAGE, PAGE_SIZE, MICROTENANT_NOT_EMPTY])
    .rows_at("/list"),
    list("zpa_list_pra_portals", SET, "/zpa/mgmtconfig/v1/admin/customers/{customerId}/praPortal")
        .title("List PRA portals")
        .doc(
            "Returns the portals where users open privileged sessions, with domain and \
             certificate.\nMachines behind them: get_zpa_app_segments_by_type with \
             SECURE_REMOTE_ACCESS. Empty: none fits.",
        )
        .params(&[SEARCH, PAGE, PAGE_SIZE, MICROTENANT_NOT_EMPTY])
        .rows_at("/list"),
];
