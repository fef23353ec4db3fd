//! Zone: post-admission. The demo's services that speak GraphQL.

use super::{Demo, Shelf, Style, answers};
use crate::backend::{ApiRequest, ApiResponse};

pub(super) const SHELVES: &[Shelf] = &[];

/// Answers a request below `/zms/graphql or /zins/graphql`.
pub(super) fn answer(demo: &Demo, rest: &str, request: &ApiRequest) -> ApiResponse {
    let _ = (demo, rest, request);
    answers::not_found(Style::Graph)
}
