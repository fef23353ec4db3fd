//! Zone: post-admission. Rows of the toolset `zpa_ba_certificates` that change something.

use crate::tools::param::{Kind, Param};
use crate::tools::row::{Row, create, delete};
use crate::tools::zpa::{MICROTENANT_MEMBER, MICROTENANT_NOT_EMPTY};

const SET: &str = "zpa_ba_certificates";
const SUBJECT: &str = "web certificate";

pub(in crate::tools) const ROWS: &[Row] = &[
    create(
        "zpa_create_ba_certificate",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/certificate",
    )
    .title("Upload a web certificate")
    .doc(
        "Uploads a certificate with its private key and returns it with its id.\nIt takes effect \
         at once; browser access segments and PRA portals use it once they name its id. It cannot \
         be changed later: to renew one, upload the new one, let the others name it, then delete \
         the old. cert_blob is a secret that passes through this conversation: say so before the \
         user pastes it, and never repeat it.",
    )
    .params(&[
        Param::body("name", Kind::Text, "name").required().filled().doc("Name, not used yet."),
        Param::body("cert_blob", Kind::Text, "certBlob")
            .required()
            .filled()
            .doc("PEM text: certificate, chain and unencrypted private key."),
        MICROTENANT_NOT_EMPTY,
    ])
    .body(&[MICROTENANT_MEMBER])
    .subject(SUBJECT, "", ""),
    delete(
        "zpa_delete_ba_certificate",
        SET,
        "/zpa/mgmtconfig/v1/admin/customers/{customerId}/certificate/{certificate_id}",
    )
    .title("Delete a web certificate")
    .doc(
        "Deletes one web certificate and its private key for good, after the user has agreed.\nIt \
         takes effect at once and cannot be undone. The service refuses a certificate that a \
         browser access segment or PRA portal still names: let them name another first. Ids: \
         zpa_list_ba_certificates.",
    )
    .params(&[
        Param::path("certificate_id").doc("Id of the certificate, digits."),
        MICROTENANT_NOT_EMPTY,
    ])
    .see("zpa_list_ba_certificates")
    .subject(SUBJECT, "certificate_id", "zpa_get_ba_certificate"),
];
