//! Zone: post-admission. Rows of the toolset `zpa_ba_certificates`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zpa::{MICROTENANT_NOT_EMPTY, PAGE, PAGE_SIZE, SEARCH};

const SET: &str = "zpa_ba_certificates";

/// Where the certificates are that web applications and portals may use.
pub(super) const ISSUED: &str =
    "/zpa/mgmtconfig/v2/admin/customers/{customerId}/clientlessCertificate/issued";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zpa_get_ba_certificate",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/certificate/{certificate_id}",
    )
    .title("Get a web certificate")
    .doc(
        "Returns one certificate of browser access or PRA portals: names, issuer, validity in \
         epoch seconds.\nNever the private key. Ids: zpa_list_ba_certificates.",
    )
    .params(&[
        Param::path("certificate_id").doc("Id of the certificate, digits."),
        MICROTENANT_NOT_EMPTY,
    ])
    .see("zpa_list_ba_certificates"),
    list("zpa_list_ba_certificates", SET, ISSUED)
        .title("List web certificates")
        .doc(
            "Returns the certificates for browser access and PRA portals.\nThose that expire: \
             valid_to_in_epoch_sec. Those that enroll machines: get_zpa_enrollment_certificate. \
             Empty: none fits.",
        )
        .params(&[SEARCH, PAGE, PAGE_SIZE, MICROTENANT_NOT_EMPTY])
        .rows_at("/list"),
];
