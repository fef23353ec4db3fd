//! Requests to a demo tenant, by the address as the service has it.

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::{
    ApiMethod, ApiPath, ApiRequest, ApiResponse, Backend, PathSegment, Patience,
};
use zscaler_mcp::json::Json;

struct Waits;

impl Patience for Waits {
    fn cancelled(&self) -> bool {
        false
    }
}

/// As many holes as the longest path has pieces.
const HOLES: [&str; 11] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
const TEMPLATE: &str = "/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}";

/// Sends a request for `path`, whose pieces are not encoded yet.
pub(crate) fn send(
    demo: &Demo,
    method: ApiMethod,
    path: &str,
    query: &[(&str, &str)],
    body: Option<Json>,
) -> ApiResponse {
    let pieces: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let holes = HOLES.into_iter().zip(&pieces);
    let filled: Vec<(&'static str, PathSegment)> =
        holes.map(|(hole, piece)| (hole, PathSegment::new(piece).unwrap())).collect();
    let template = &TEMPLATE[..pieces.len() * "/{a}".len()];
    let query = query.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let path = ApiPath::fill(template, &filled).unwrap();
    demo.send(&ApiRequest { method, path, query, body }, &Waits).unwrap()
}
