//! Zone: post-admission. The demo's attack surface: organizations, findings and lookalike domains.

use super::{Shelf, Style, Tenant, answers};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};
use crate::base::encode;
use crate::json::{Json, object};

const ORGANIZATIONS: &str = "organizations";
const FINDINGS: &str = "findings";
const LOOKALIKES: &str = "lookalike-domains";

pub(super) const SHELVES: &[Shelf] = &[
    table(ORGANIZATIONS, include_str!("data/zeasm_organizations.json")),
    table(FINDINGS, include_str!("data/zeasm_findings.json")),
    table(LOOKALIKES, include_str!("data/zeasm_lookalikes.json")),
];

const fn table(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zeasm, path, searched: &[], served: false, text }
}

/// Answers a request below `/easm/easm-ui/v1/`.
pub(super) fn answer(tenant: &Tenant, rest: &str, request: &ApiRequest) -> ApiResponse {
    if request.method != ApiMethod::Get {
        return answers::read_only(Style::Zeasm);
    }
    let parts: Vec<&str> = rest.split('/').collect();
    let found = match *parts.as_slice() {
        [ORGANIZATIONS] => Some(results(tenant.table(Style::Zeasm, ORGANIZATIONS).to_vec())),
        [ORGANIZATIONS, org, ref below @ ..] if has(tenant, org) => below_one(tenant, org, below),
        _ => None,
    };
    found.map_or_else(|| answers::not_found(Style::Zeasm), answers::ok)
}

fn has(tenant: &Tenant, org: &str) -> bool {
    tenant.table(Style::Zeasm, ORGANIZATIONS).iter().any(|own| is(own, "id", org))
}

fn below_one(tenant: &Tenant, org: &str, below: &[&str]) -> Option<Json> {
    let own = |table| {
        let rows = tenant.table(Style::Zeasm, table).iter();
        rows.filter(|row| row.get("org").and_then(Json::as_str) == Some(org))
    };
    let one = |table, member, id: &str, part| {
        let mut rows = own(table);
        rows.find(|row| row.get("record").is_some_and(|own| is(own, member, id)))?
            .get(part)
            .cloned()
    };
    match *below {
        [table @ (FINDINGS | LOOKALIKES)] => {
            Some(results(own(table).filter_map(|row| row.get("record").cloned()).collect()))
        }
        [FINDINGS, id, "details"] => one(FINDINGS, "id", id, "record"),
        [FINDINGS, id, "evidence"] => one(FINDINGS, "id", id, "evidence"),
        [FINDINGS, id, "scan-output"] => one(FINDINGS, "id", id, "scan_output"),
        [LOOKALIKES, domain, "details"] => one(LOOKALIKES, "lookalike_raw", domain, "record"),
        _ => None,
    }
}

/// True when `member` is what the path segment `segment` says.
fn is(record: &Json, member: &str, segment: &str) -> bool {
    let own = record.get(member).and_then(Json::as_str);
    own.map(str::as_bytes) == encode::percent_decode(segment.as_bytes()).as_deref()
}

fn results(rows: Vec<Json>) -> Json {
    object([("total_results", answers::count(rows.len())), ("results", rows.into())])
}
