//! Zone: post-admission. The demo's identity.

use super::{Demo, Shelf, Style, answers};
use crate::backend::{ApiRequest, ApiResponse};

pub(super) const SHELVES: &[Shelf] = &[];

/// Answers a request below `/ziam/admin/api/v1/`.
pub(super) fn answer(demo: &Demo, rest: &str, request: &ApiRequest) -> ApiResponse {
    let _ = (demo, rest, request);
    answers::not_found(Style::Zid)
}
