//! Lists that come in pages: reading on, the bounds of it, and results that end early.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::sync::{Arc, Mutex};

use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::json::{Json, object};
use zscaler_mcp::limits::{PAGED_BYTES_MAX, PAGED_RECORDS_MAX, PAGES_READ_MAX, RESULT_BYTES_MAX};
use zscaler_mcp::mcp::registry::CallResult;
use zscaler_mcp::tools::catalogue;

use kit::quiet::Quiet;
use kit::{call_with, product, record_of, rows_of, texts, working_for};

/// How a service turns its pages.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// `page` from this number, and this key of the size.
    Numbered(u64, &'static str),
    /// `offset` as a number of records, and `limit`.
    Skipping,
    /// `offset` as a token.
    Token,
    /// The same page whatever is asked.
    Stuck,
}

/// A service with `count` records, each with a text of `width` bytes.
struct Paged {
    style: Style,
    count: u64,
    width: usize,
    asked: Mutex<Vec<(String, String)>>,
}

impl Paged {
    fn new(style: Style, count: u64, width: usize) -> Arc<Self> {
        Arc::new(Self { style, count, width, asked: Mutex::default() })
    }

    fn pages(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(page, size)| format!("{page}/{size}")).collect()
    }
}

impl Backend for Paged {
    fn send(&self, request: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let value = |key: &str| request.query_value(key).unwrap_or_default().to_owned();
        let number = |key: &str, other: u64| value(key).parse().unwrap_or(other);
        let (turned, start, size) = match self.style {
            Style::Numbered(first, key) => {
                let size = number(key, 20);
                (value("page"), (number("page", first) - first) * size, size)
            }
            Style::Skipping => (value("offset"), number("offset", 0), number("limit", 100)),
            Style::Token => {
                let start = value("offset").trim_start_matches("token-").parse().unwrap_or(0);
                (value("offset"), start, 40)
            }
            Style::Stuck => (value("page"), 0, 500),
        };
        let asked_size = match self.style {
            Style::Numbered(_, key) => value(key),
            Style::Skipping => value("limit"),
            Style::Token | Style::Stuck => String::new(),
        };
        self.asked.lock().unwrap().push((turned, asked_size));
        let end = self.count.min(start.saturating_add(size));
        let name = "n".repeat(self.width);
        let record =
            |id: u64| object([("id", id.to_string().into()), ("name", name.clone().into())]);
        let list: Vec<Json> = (start..end).map(record).collect();
        let body = match self.style {
            Style::Numbered(_, "pagesize") | Style::Stuck => object([("list", list.into())]),
            Style::Numbered(_, "size") => object([("content", list.into())]),
            Style::Numbered(..) => list.into(),
            Style::Skipping => object([("records", list.into())]),
            Style::Token if end < self.count => {
                object([("devices", list.into()), ("next_offset", format!("token-{end}").into())])
            }
            Style::Token => object([("devices", list.into()), ("next_offset", Json::Null)]),
        };
        Ok(ApiResponse { status: 200, body: ApiBody::Json(body) })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

fn called(service: &Arc<Paged>, tool: &str, arguments: &str, caller: &Quiet) -> CallResult {
    let service: Arc<dyn Backend> = Arc::<Paged>::clone(service);
    call_with(&product(service, working_for(Some("7"))), tool, arguments, caller)
}

fn ids(tool: &str, result: &CallResult) -> Vec<u64> {
    let id = |row: &Json| row.get("id").unwrap().as_str().unwrap().parse().unwrap();
    rows_of(tool, result).iter().map(id).collect()
}

const ZPA: &str = "zpa_list_segment_groups";
const BY_PAGESIZE: Style = Style::Numbered(1, "pagesize");
const ALL: &str = r#"{"all_pages":true}"#;

#[test]
fn every_record_comes_once_and_in_order_however_pages_are_turned() {
    for (tool, style, count, pages) in [
        (ZPA, BY_PAGESIZE, 1_200, vec!["1/500", "2/500", "3/500"]),
        (ZPA, BY_PAGESIZE, 499, vec!["1/500"]),
        (ZPA, BY_PAGESIZE, 500, vec!["1/500", "2/500"]),
        (ZPA, BY_PAGESIZE, 0, vec!["1/500"]),
        ("get_zia_user_departments", Style::Numbered(1, "pageSize"), 501, vec!["1/500", "2/500"]),
        ("zid_list_users", Style::Skipping, 1_001, vec!["0/500", "500/500", "1000/500"]),
        ("zdx_list_devices", Style::Token, 90, vec!["/", "token-40/", "token-80/"]),
    ] {
        let service = Paged::new(style, count, 1);
        let caller = Quiet::new(false);
        let result = called(&service, tool, ALL, &caller);
        assert_eq!(ids(tool, &result), (0..count).collect::<Vec<_>>(), "{tool} {count}");
        assert_eq!(service.pages(), pages, "{tool} {count}");
        let told: Vec<u64> = (1..=u64::try_from(pages.len()).unwrap()).collect();
        assert_eq!(*caller.progress.lock().unwrap(), told, "{tool} {count}");
        assert_eq!(result.content.len(), 1, "{tool} {count}: nothing more follows");
    }
}

#[test]
fn reading_on_begins_where_the_caller_says() {
    let service = Paged::new(BY_PAGESIZE, 95, 1);
    let arguments = r#"{"all_pages":true,"page":2,"page_size":30}"#;
    let result = called(&service, ZPA, arguments, &Quiet::new(false));
    assert_eq!(ids(ZPA, &result), (30..95).collect::<Vec<_>>());
    assert_eq!(service.pages(), ["2/30", "3/30", "4/30"]);
}

#[test]
fn the_expression_of_the_caller_runs_over_all_pages() {
    let service = Paged::new(BY_PAGESIZE, 1_200, 1);
    let arguments = r#"{"all_pages":true,"query":"[-1].id"}"#;
    let result = called(&service, ZPA, arguments, &Quiet::new(false));
    assert_eq!(rows_of(ZPA, &result), ["1199".into()]);
}

#[test]
fn reading_ends_at_its_bounds_and_says_where_to_go_on() {
    let most = u64::try_from(PAGED_RECORDS_MAX).unwrap();
    for (arguments, read, next) in [
        (ALL.to_owned(), most, most / 500 + 1),
        (r#"{"all_pages":true,"page_size":7}"#.to_owned(), PAGES_READ_MAX * 7, PAGES_READ_MAX + 1),
    ] {
        let service = Paged::new(BY_PAGESIZE, 9_000, 1);
        let result = called(&service, ZPA, &arguments, &Quiet::new(false));
        assert_eq!(ids(ZPA, &result), (0..read).collect::<Vec<_>>(), "{arguments}");
        let told = record_of(ZPA, &result);
        let next = next.to_string();
        assert_eq!(told.get("next_page").and_then(Json::as_str), Some(next.as_str()));
        let last = *texts(&result).last().unwrap();
        assert!(last.starts_with("More records follow."), "{last}");
        assert!(last.ends_with(&format!("this page: {next}")), "{last}");
    }
    let text = catalogue::rows().find(|row| row.name == ZPA).unwrap();
    let text = text.param("all_pages").unwrap().doc;
    assert!(text.contains(&PAGED_RECORDS_MAX.to_string()), "{text}");
}

/// A service whose pages have one record each and this many bytes.
struct Wide(usize, Mutex<usize>);

impl Backend for Wide {
    fn send(&self, _: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        let mut sent = self.1.lock().unwrap();
        *sent += 1;
        let text = format!("{{\"list\":[{{\"id\":\"{sent}\"}}]}}");
        let body = format!("{text}{}", " ".repeat(self.0 - text.len()));
        Ok(ApiResponse { status: 200, body: ApiBody::Encoded(body.into_bytes()) })
    }
    fn is_local(&self) -> bool {
        false
    }
    fn describe(&self) -> String {
        String::new()
    }
}

#[test]
fn reading_ends_with_the_page_that_fills_its_bytes() {
    let size = PAGED_BYTES_MAX / 4;
    for (size, pages) in [(size, 4), (size - 1, 5)] {
        let service = Arc::new(Wide(size, Mutex::default()));
        let backend = Arc::<Wide>::clone(&service);
        let product = product(backend, working_for(Some("7")));
        let one = r#"{"all_pages":true,"page_size":1}"#;
        let result = call_with(&product, ZPA, one, &Quiet::new(false));
        assert_eq!(*service.1.lock().unwrap(), pages, "{size}");
        let next = (pages + 1).to_string();
        let told = record_of(ZPA, &result);
        assert_eq!(told.get("next_page").and_then(Json::as_str), Some(next.as_str()));
    }
}

#[test]
fn a_service_that_turns_no_page_is_not_read_without_end() {
    let service = Paged::new(Style::Stuck, 500, 1);
    let result = called(&service, ZPA, ALL, &Quiet::new(false));
    assert_eq!(ids(ZPA, &result), (0..500).collect::<Vec<_>>());
    assert_eq!(service.pages().len(), 2);
}

#[test]
fn a_caller_that_leaves_ends_the_reading_between_pages() {
    let service = Paged::new(BY_PAGESIZE, 5_000, 1);
    let mut caller = Quiet::new(false);
    caller.stays = 3;
    let result = called(&service, ZPA, ALL, &caller);
    assert!(result.is_error);
    assert!(texts(&result)[0].contains("cancelled"));
    assert_eq!(service.pages().len(), 3);
}

#[test]
fn a_full_page_is_told_from_the_last_one() {
    for (arguments, count, is_told) in [
        ("{}", 20, true),
        ("{}", 19, false),
        (r#"{"page_size":30}"#, 30, true),
        (r#"{"page_size":30}"#, 29, false),
        (r#"{"page_size":30,"query":"[0]"}"#, 40, true),
        (r#"{"page_size":5}"#, 9, true),
        ("{}", 0, false),
    ] {
        let service = Paged::new(BY_PAGESIZE, count, 1);
        let result = called(&service, ZPA, arguments, &Quiet::new(false));
        let said = texts(&result);
        let hinted = said.last().unwrap().starts_with("This page may be full");
        assert_eq!(
            (hinted, said.len()),
            (is_told, 1 + usize::from(is_told)),
            "{arguments} {count}"
        );
    }
}

#[test]
fn a_large_result_ends_behind_a_whole_record_and_says_what_is_missing() {
    let service = Paged::new(BY_PAGESIZE, 900, 4_000);
    for arguments in [ALL, r#"{"all_pages":true,"query":"[*]"}"#] {
        let result = called(&service, ZPA, arguments, &Quiet::new(false));
        let told = record_of(ZPA, &result);
        let kept = told.get("result").unwrap().as_array().unwrap();
        let whole =
            kept.iter().all(|row| row.get("name").unwrap().as_str().unwrap().len() == 4_000);
        assert!(whole, "a record was cut");
        let left_out = usize::try_from(told.get("left_out").unwrap().as_i64().unwrap()).unwrap();
        assert_eq!(kept.len() + left_out, 900);
        let size = result.structured.as_ref().unwrap().as_str().len();
        assert!((RESULT_BYTES_MAX..RESULT_BYTES_MAX + 9_000).contains(&size), "{size}");
        let said = texts(&result)[1];
        assert!(said.starts_with(&format!("{left_out} more record(s)")), "{said}");
    }
    let narrowed = r#"{"all_pages":true,"query":"[*].id"}"#;
    let result = called(&service, ZPA, narrowed, &Quiet::new(false));
    assert_eq!(rows_of(ZPA, &result).len(), 900);
    assert_eq!(result.content.len(), 1);
}
