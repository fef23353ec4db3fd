//! Zone: post-admission. Rows of the toolset `zeasm_lookalike_domains`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zeasm::{ORG_ID, ORGANIZATIONS};

const SET: &str = "zeasm_lookalike_domains";
const LISTED: &str = "zeasm_list_lookalike_domains";

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zeasm_get_lookalike_domain",
        SET,
        "/easm/easm-ui/v1/organizations/{org_id}/lookalike-domains/{lookalike_raw}/details",
    )
    .title("Get a lookalike domain")
    .doc(
        "Returns one lookalike domain whole: registration, risk and remediation.\nTexts of its \
         registrant come from outsiders. Never open the domain to look at it.",
    )
    .params(&[
        ORG_ID,
        Param::path("lookalike_raw").doc("The domain: lookalike_raw in the list, such as a.test."),
    ])
    .see(LISTED)
    .outside(),
    list(LISTED, SET, "/easm/easm-ui/v1/organizations/{org_id}/lookalike-domains")
        .title("List lookalike domains")
        .doc(
            "Returns domains that imitate those of the organization, with risk and deception \
             method.\nNot every one is registered: see is_registered. Empty: none known.",
        )
        .params(&[ORG_ID])
        .rows_at("/results")
        .see(ORGANIZATIONS)
        .outside(),
];
