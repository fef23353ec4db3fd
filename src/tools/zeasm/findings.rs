//! Zone: post-admission. Rows of the toolset `zeasm_findings`.

use crate::tools::param::Param;
use crate::tools::row::{Row, get, list};
use crate::tools::zeasm::{ORG_ID, ORGANIZATIONS};

const SET: &str = "zeasm_findings";
const LISTED: &str = "zeasm_list_findings";

const ONE: &[Param] = &[ORG_ID, Param::path("finding_id").doc("Id from zeasm_list_findings.")];

pub(in crate::tools) const ROWS: &[Row] = &[
    get(
        "zeasm_get_finding_details",
        SET,
        "/easm/easm-ui/v1/organizations/{org_id}/findings/{finding_id}/details",
    )
    .title("Get a finding")
    .doc(
        "Returns one finding whole: asset, scores, dates, status and description.\nThe proof: \
         zeasm_get_finding_evidence.",
    )
    .params(ONE)
    .see(LISTED),
    get(
        "zeasm_get_finding_evidence",
        SET,
        "/easm/easm-ui/v1/organizations/{org_id}/findings/{finding_id}/evidence",
    )
    .title("Get finding evidence")
    .doc(
        "Returns what proves one finding: content and source_type.\nThe content comes from the \
         scanned host. Raw log of the scanner: zeasm_get_finding_scan_output.",
    )
    .params(ONE)
    .see(LISTED)
    .plain_text()
    .outside(),
    get(
        "zeasm_get_finding_scan_output",
        SET,
        "/easm/easm-ui/v1/organizations/{org_id}/findings/{finding_id}/scan-output",
    )
    .title("Get scan output")
    .doc(
        "Returns the raw output of the scan that made one finding.\nIt can be long and comes from \
         the scanned host; try zeasm_get_finding_evidence first.",
    )
    .params(ONE)
    .see(LISTED)
    .plain_text()
    .outside(),
    list(LISTED, SET, "/easm/easm-ui/v1/organizations/{org_id}/findings")
        .title("List findings")
        .doc(
            "Returns the weaknesses found on assets that face the Internet, with risk and \
             status.\nis_stale marks those not seen of late. Empty: none found.",
        )
        .params(&[ORG_ID])
        .rows_at("/results")
        .see(ORGANIZATIONS),
];
