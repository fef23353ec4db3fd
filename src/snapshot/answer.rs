//! Zone: post-admission. Serves a snapshot in place of the cloud: lists with search, filters and
//! pages, single records, and the answers that tools need on their way.
//!
//! What the file does not hold is an error that says so; a filter that cannot be applied is
//! refused, never ignored. Never leaves the process, never changes anything.

use std::collections::HashMap;

use crate::backend::search::{contains, expression};
use crate::backend::{
    ApiBody, ApiMethod, ApiRequest, ApiResponse, Backend, PathSegment, Patience, Upstream,
};
use crate::json::{Json, Object, object, write};
use crate::snapshot::form::{Collection, Manifest};
use crate::snapshot::identity;
use crate::snapshot::key::{is_page, key};

/// The page sizes of services when nobody asks for one.
const SIZES: [(&str, usize); 2] = [("/zpa/", 20), ("/zia/", 100)];
const SIZE_NAMES: [&str; 4] = ["pageSize", "pagesize", "size", "limit"];
const PAGE_NAMES: [&str; 3] = ["page", "pageNum", "pageNumber"];
const SEARCH: &str = "search";
/// Stands behind the name of a member whose parts are searched.
const LIKE: &str = "[like]";
const PRIVATE_ACCESS: &str = "/zpa/";

/// Where single records of a list are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// Path of the request; the last hole is the id.
    pub template: &'static str,
    /// The tool that lists the records.
    pub list: &'static str,
}

/// A tenant out of a file.
#[derive(Debug)]
pub struct Snapshot {
    manifest: Manifest,
    collections: Vec<Collection>,
    by_key: HashMap<String, usize>,
    aliases: Vec<Alias>,
}

impl Snapshot {
    /// Returns the tenant that is in `collections`, whose single records are found by `aliases`.
    #[must_use]
    pub fn new(manifest: Manifest, collections: Vec<Collection>, aliases: Vec<Alias>) -> Self {
        let keys = collections.iter().enumerate();
        let by_key = keys.map(|(index, one)| (one.key.clone(), index)).collect();
        Self { manifest, collections, by_key, aliases }
    }

    /// Returns what the file says of itself.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.collections.iter().map(|collection| collection.records.len()).sum()
    }

    /// True without records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// True when it holds what the tool `name` reads.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.collections.iter().flat_map(|one| &one.tools).any(|tool| tool == name)
    }

    fn answer(&self, request: &ApiRequest) -> ApiResponse {
        if !matches!(request.method, ApiMethod::Get | ApiMethod::Post) {
            return refused(405, "A snapshot cannot be changed.");
        }
        if let Some(collection) = self.collection(&key(request)) {
            return listed(collection, request, &[]);
        }
        let bare = ApiRequest { query: Vec::new(), ..request.clone() };
        if let Some(collection) = self.collection(&key(&bare)) {
            let mut filters = request.query.clone();
            filters.retain(|(name, _)| !is_page(name));
            return listed(collection, request, &filters);
        }
        match self.single(request.path.as_str()) {
            Some(record) => ok(record.clone()),
            None => refused(
                404,
                &format!(
                    "Not in this snapshot of {}. It holds lists and their records as they were \
                     exported; call without filters that choose another list, and narrow by query.",
                    self.manifest.time
                ),
            ),
        }
    }

    fn collection(&self, key: &str) -> Option<&Collection> {
        self.by_key.get(key).and_then(|index| self.collections.get(*index))
    }

    /// Returns the record that a path asks for by its id.
    fn single(&self, path: &str) -> Option<&Json> {
        let mut lists = self
            .aliases
            .iter()
            .filter_map(|alias| Some((alias.list, last_hole(alias.template, path)?)));
        lists.find_map(|(list, id)| {
            let own = self.collections.iter().filter(|one| one.is_list_of(list));
            let mut records = own.flat_map(|one| &one.records);
            records.find(|record| identity(record).is_some_and(|own| stands_for(id, &own)))
        })
    }
}

/// True when `segment` of a path is `id`, encoded.
fn stands_for(segment: &str, id: &str) -> bool {
    PathSegment::new(id).is_ok_and(|own| own.as_str() == segment)
}

/// Returns the text in the last hole of `template` when `path` fits it.
fn last_hole<'a>(template: &str, path: &'a str) -> Option<&'a str> {
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    let mut hole = None;
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return hole,
            (Some(want), Some(have)) if want.starts_with('{') && !have.is_empty() => {
                hole = Some(have);
            }
            (Some(want), Some(have)) if want == have => {}
            _ => return None,
        }
    }
}

/// Answers with the page of `collection` that `request` wants, of the records that fit `filters`.
fn listed(
    collection: &Collection,
    request: &ApiRequest,
    filters: &[(String, String)],
) -> ApiResponse {
    let Some(at) = &collection.at else {
        return match (collection.records.first(), filters.is_empty()) {
            (Some(whole), true) => ok(whole.clone()),
            _ => refused(400, "This snapshot has one answer here and cannot filter it."),
        };
    };
    let mut kept: Vec<&Json> = collection.records.iter().collect();
    for (name, value) in filters {
        if let Some(fits) = filter(request, name, value) {
            kept.retain(|record| fits(record));
        } else if kept.iter().any(|record| record.get(name).is_some()) {
            kept.retain(|record| equals(record.get(name), value));
        } else if !kept.is_empty() {
            return refused(
                400,
                &format!("A snapshot cannot filter by {name}; leave it out and narrow by query."),
            );
        }
    }
    let (start, size) = window(collection, request);
    let page: Vec<Json> =
        kept.iter().skip(start).take(size).map(|record| (*record).clone()).collect();
    let rest = Rest { total: kept.len(), start, size, end: start.saturating_add(page.len()) };
    ok(enveloped(collection, at, page, &rest))
}

type Fits<'a> = Box<dyn Fn(&Json) -> bool + 'a>;

/// Returns the search of a service, when `name` is one.
fn filter<'a>(request: &ApiRequest, name: &'a str, value: &'a str) -> Option<Fits<'a>> {
    if let Some(member) = name.strip_suffix(LIKE) {
        return Some(Box::new(move |record| contains(record, &[member], value)));
    }
    if name != SEARCH {
        return None;
    }
    if request.path.as_str().starts_with(PRIVATE_ACCESS) {
        return Some(Box::new(move |record| expression(record, value)));
    }
    Some(Box::new(move |record| {
        let names: Vec<&str> =
            record.as_object().into_iter().flat_map(Object::iter).map(|(name, _)| name).collect();
        contains(record, &names, value)
    }))
}

fn equals(own: Option<&Json>, value: &str) -> bool {
    match own {
        Some(Json::Array(items)) => items.iter().any(|item| equals(Some(item), value)),
        Some(Json::String(own)) => own.eq_ignore_ascii_case(value),
        Some(other) => write::to_text(other) == value,
        None => false,
    }
}

/// What surrounds a page.
struct Rest {
    total: usize,
    start: usize,
    size: usize,
    end: usize,
}

/// Returns the first record of the page that is asked for, and how many the page has.
fn window(collection: &Collection, request: &ApiRequest) -> (usize, usize) {
    let asked = |names: &[&str]| names.iter().find_map(|name| number(request, name));
    let usual = SIZES.iter().find(|(service, _)| request.path.as_str().starts_with(service));
    let usual = match collection.page {
        0 => usual.map_or(usize::MAX, |(_, size)| *size),
        seen => seen,
    };
    let size = asked(&SIZE_NAMES).unwrap_or(usual).max(1);
    let first = usize::try_from(collection.first).unwrap_or(0);
    let start = match (asked(&["offset"]), asked(&PAGE_NAMES)) {
        (Some(offset), _) => offset,
        (None, Some(page)) => page.saturating_sub(first).saturating_mul(size),
        (None, None) => 0,
    };
    (start, size)
}

/// Returns a member of the query, or a variable, that is a number.
fn number(request: &ApiRequest, name: &str) -> Option<usize> {
    if let Some(text) = request.query_value(name) {
        return text.parse().ok();
    }
    let body = request.body.as_ref()?;
    let own = body.get("variables").and_then(|variables| variables.get(name));
    usize::try_from(own.or_else(|| body.get(name))?.as_i64()?).ok()
}

/// Returns `page` where the service puts it, with what the service says about the rest.
fn enveloped(collection: &Collection, at: &str, page: Vec<Json>, rest: &Rest) -> Json {
    let count = |count: usize| u64::try_from(count).map_or(Json::Null, Json::from);
    let list: Json = page.into();
    let names = at.rsplit('/').filter(|name| !name.is_empty());
    let mut whole = names.fold(list, |inner, name| object([(name, inner)]));
    let pages = rest.total.div_ceil(rest.size);
    if let Json::Object(members) = &mut whole {
        match at {
            "/list" => {
                members.set("totalPages", pages.to_string().into());
                members.set("totalCount", rest.total.to_string().into());
            }
            "/records" => {
                members.set("results_total", count(rest.total));
                members.set("pageOffset", count(rest.start));
            }
            "/content" => {
                members.set("totalElements", count(rest.total));
                members.set("totalPages", count(pages));
            }
            _ => {}
        }
        if !collection.next.is_empty() {
            let token = if rest.end < rest.total { rest.end.to_string() } else { String::new() };
            members.set(&collection.next, token.into());
        }
    }
    whole
}

const fn ok(body: Json) -> ApiResponse {
    ApiResponse { status: 200, body: ApiBody::Json(body) }
}

fn refused(status: u16, text: &str) -> ApiResponse {
    let body = object([("code", "SNAPSHOT".into()), ("message", text.into())]);
    ApiResponse { status, body: ApiBody::Json(body) }
}

impl Backend for Snapshot {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        if patience.cancelled() {
            return Err(Upstream::Cancelled);
        }
        Ok(self.answer(request))
    }

    /// A large file takes its time: calls run on workers.
    fn is_local(&self) -> bool {
        false
    }

    fn describe(&self) -> String {
        format!(
            "snapshot of {:?} taken at {}, {} records",
            self.manifest.tenant.name,
            self.manifest.time,
            self.len()
        )
    }
}
