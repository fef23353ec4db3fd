//! Zone: post-admission. The demo's private access: its records and what is not a plain list.

use super::{Demo, Shelf, Style, answers, special};
use crate::backend::{ApiMethod, ApiRequest, ApiResponse};

const CUSTOMERS: &str = "mgmtconfig/v1/admin/customers/";
const SEGMENTS: &str = "application";

pub(super) const SHELVES: &[Shelf] = &[
    shelf("segmentGroup", include_str!("data/segment_groups.json")),
    shelf("serverGroup", include_str!("data/server_groups.json")),
    shelf(SEGMENTS, include_str!("data/application_segments.json")),
];

const fn shelf(path: &'static str, text: &'static str) -> Shelf {
    Shelf { style: Style::Zpa, path, searched: &["name"], served: true, text }
}

/// Answers a request below `/zpa/`.
pub(super) fn answer(demo: &Demo, rest: &str, request: &ApiRequest) -> ApiResponse {
    let below = rest.strip_prefix(CUSTOMERS).and_then(|rest| rest.split_once('/'));
    let Some((_customer, rest)) = below else { return answers::not_found(Style::Zpa) };
    match (request.method, rest) {
        (ApiMethod::Get, "application/getAppsByType") => {
            let segments = demo.shelf(Style::Zpa, SEGMENTS).map_or(&[][..], |(_, rows)| rows);
            special::apps_by_type(segments, request)
        }
        (ApiMethod::Get, _) => demo.collection(Style::Zpa, rest, request),
        _ => answers::read_only(Style::Zpa),
    }
}
