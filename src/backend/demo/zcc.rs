//! Zone: post-admission. The demo's client connector.

use super::{Demo, Shelf, Style, answers};
use crate::backend::{ApiRequest, ApiResponse};

pub(super) const SHELVES: &[Shelf] = &[];

/// Answers a request below `/zcc/papi/public/v1/`.
pub(super) fn answer(demo: &Demo, rest: &str, request: &ApiRequest) -> ApiResponse {
    let _ = (demo, rest, request);
    answers::not_found(Style::Zcc)
}
