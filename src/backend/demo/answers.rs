//! Zone: post-admission. How the demo words its answers: pages, records and errors.

use super::Style;
use super::changes::{NAME_BYTES_MAX, RECORD_BYTES_MAX, Refusal};
use crate::backend::{ApiBody, ApiRequest, ApiResponse};
use crate::json::{Json, object, write};

const ZIA_PAGE_DEFAULT: usize = 100;
const ZIA_PAGE_MAX: usize = 1_000;
const ZPA_PAGE_DEFAULT: usize = 20;
const ZPA_PAGE_MAX: usize = 500;

pub(super) const fn ok(body: Json) -> ApiResponse {
    ApiResponse { status: 200, body: ApiBody::Json(body) }
}

pub(super) fn not_found(style: Style) -> ApiResponse {
    error(style, 404, "RESOURCE_NOT_FOUND", "resource.not.found", "No such resource in the demo.")
}

pub(super) fn read_only(style: Style) -> ApiResponse {
    let text = "The demo tenant answers no request of this kind.";
    error(style, 405, "METHOD_NOT_ALLOWED", "method.not.allowed", text)
}

pub(super) fn bad_input(style: Style, text: &'static str) -> ApiResponse {
    error(style, 400, "INVALID_INPUT_ARGUMENT", "bad.request", text)
}

/// Answers with a record that was made or replaced, and with nothing for one that is gone.
pub(super) fn done(status: u16, record: Option<Json>) -> ApiResponse {
    ApiResponse { status, body: record.map_or(ApiBody::Empty, ApiBody::Json) }
}

/// Answers with the reason why nothing was changed.
pub(super) fn refused(style: Style, refusal: Refusal) -> ApiResponse {
    let text = match refusal {
        Refusal::Unknown => return not_found(style),
        Refusal::Duplicate(member) => {
            let text = format!("Another record has the same {member} already.");
            return error(style, 400, "DUPLICATE_ITEM", "bad.request", &text);
        }
        Refusal::InUse(path) => {
            let text = format!("A record of {path} uses this one; change that record first.");
            return error(style, 400, "RESOURCE_IN_USE", "bad.request", &text);
        }
        Refusal::Protected => {
            "This record belongs to the service and cannot be deleted.".to_owned()
        }
        Refusal::NoObject => "Send the record as a JSON object.".to_owned(),
        Refusal::NoList => {
            "Send a list, each entry once: of ids as text, or of entries.".to_owned()
        }
        Refusal::NoName(member) => {
            format!("Send the member {member}; an update needs it too, for it replaces the record.")
        }
        Refusal::LongName => format!("A name is text of at most {NAME_BYTES_MAX} bytes."),
        Refusal::Dangling(member) => {
            format!("The member {member} names a record that does not exist.")
        }
        Refusal::Action => "An action is ADD_TO_LIST or REMOVE_FROM_LIST.".to_owned(),
        Refusal::Kind => "A setting takes values of another kind.".to_owned(),
        Refusal::TooLarge => format!("A record of the demo has at most {RECORD_BYTES_MAX} bytes."),
        Refusal::Full => "The demo takes no more new records; delete some first.".to_owned(),
    };
    error(style, 400, "INVALID_INPUT_ARGUMENT", "bad.request", &text)
}

fn error(style: Style, status: u16, zia: &str, zpa: &str, text: &str) -> ApiResponse {
    let body = match style {
        Style::Zia | Style::Zdx | Style::Zid | Style::Graph | Style::Zeasm | Style::Ztw => {
            object([("code", zia.into()), ("message", text.into())])
        }
        Style::Zcell => object([("msgId", zia.into()), ("detail", text.into())]),
        Style::Zcc => object([("errorCode", zia.into()), ("errorMessage", text.into())]),
        Style::Zpa => object([("id", zpa.into()), ("reason", text.into())]),
    };
    ApiResponse { status, body: ApiBody::Json(body) }
}

/// Returns the id of `record` as text, whether the service sends it as number or text.
pub(super) fn id_of(record: &Json) -> String {
    record.get("id").map_or_else(String::new, text_of)
}

/// Returns a text as it is and any other value as JSON.
pub(super) fn text_of(value: &Json) -> String {
    value.as_str().map_or_else(|| write::to_text(value), str::to_owned)
}

/// Returns a count as the number it is.
pub(super) fn count(count: usize) -> Json {
    u64::try_from(count).map_or(Json::Null, Json::from)
}

pub(super) fn zia_page(kept: &[&Json], request: &ApiRequest) -> ApiResponse {
    let size = number(request, "pageSize").unwrap_or(ZIA_PAGE_DEFAULT).clamp(1, ZIA_PAGE_MAX);
    ok(Json::Array(page(kept, size, request)))
}

pub(super) fn zpa_page(kept: &[&Json], request: &ApiRequest) -> ApiResponse {
    let size = number(request, "pagesize").unwrap_or(ZPA_PAGE_DEFAULT).clamp(1, ZPA_PAGE_MAX);
    let total = |count: usize| Json::from(count.to_string());
    let pages = ("totalPages", total(kept.len().div_ceil(size)));
    let count = ("totalCount", total(kept.len()));
    let list = page(kept, size, request);
    ok(if list.is_empty() {
        object([pages, count])
    } else {
        object([pages, count, ("list", Json::Array(list))])
    })
}

pub(super) fn page(kept: &[&Json], size: usize, request: &ApiRequest) -> Vec<Json> {
    let before = number(request, "page").unwrap_or(1).saturating_sub(1).saturating_mul(size);
    kept.iter().skip(before).take(size).map(|record| (*record).clone()).collect()
}

pub(super) fn number(request: &ApiRequest, key: &str) -> Option<usize> {
    request.query_value(key)?.parse().ok()
}
