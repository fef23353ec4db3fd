//! Zone: post-admission. The functions of tools that a row cannot describe.
//!
//! They see wire records and return them; the engine renames and cleans.

use crate::json::{Json, Object, object};
use crate::limits::LOOKUP_URLS_MAX;
use crate::tools::call::Call;
use crate::tools::failure::Failure;
use crate::tools::frame::Frame;
use crate::tools::param::Form;
use crate::tools::plan::{Bind, Maker, Step, Value};
use crate::tools::row::Custom;

const LOOKUP_SLICE: usize = 100;
const LISTED_MEMBERS: [(&str, &str); 2] =
    [("urls", "urls"), ("dbCategorizedUrls", "db_categorized_urls")];

/// Asks once for each hundred URLs, the most the service takes, and joins the answers.
pub(super) const URL_LOOKUP: Custom = Custom { name: "url_lookup", answer: url_lookup };

/// Keeps the categories that list the host of `contains_url` and shows where.
pub(super) const URL_MATCH: Maker = Maker { name: "url_match", make: url_match };

/// Asks for the category as an id first, then looks through the whole list.
pub(super) const PREDEFINED_CATEGORY: Custom =
    Custom { name: "predefined_category", answer: predefined_category };

fn url_lookup(call: &Call<'_>) -> Result<Json, Failure> {
    let urls = call.arguments().value("urls").and_then(Json::as_array).unwrap_or(&[]);
    if urls.len() > LOOKUP_URLS_MAX {
        return Err(Failure::Argument(format!("urls must not have more than {LOOKUP_URLS_MAX}")));
    }
    let mut rows = Vec::new();
    for slice in urls.chunks(LOOKUP_SLICE) {
        rows.extend(call.main_with(Json::Array(slice.to_vec()))?);
    }
    Ok(Json::Array(rows))
}

/// True when `contains_url` is given and names no host.
pub(super) const NO_HOST: Maker = Maker { name: "url_match", make: no_host };

fn no_host(frame: &Frame<'_>, _: &Json) -> Result<Json, Failure> {
    let url = frame.arguments().text("contains_url");
    Ok(url.is_some_and(|url| host(url).is_empty()).into())
}

fn url_match(frame: &Frame<'_>, rows: &Json) -> Result<Json, Failure> {
    let Some(url) = frame.arguments().text("contains_url") else { return Ok(rows.clone()) };
    let found = rows.as_array().unwrap_or(&[]).iter().filter_map(|row| {
        let hits = matches(row, url);
        (!hits.is_empty()).then(|| annotated(row, url, hits))
    });
    Ok(found.collect::<Vec<_>>().into())
}

fn annotated(row: &Json, url: &str, hits: Vec<Json>) -> Json {
    let mut members = row.as_object().cloned().unwrap_or_else(Object::new);
    members.set("_url_match", object([("url", url.into()), ("matched", hits.into())]));
    members.into()
}

fn matches(row: &Json, url: &str) -> Vec<Json> {
    let wanted = host(url);
    let mut hits = Vec::new();
    for (member, shown) in LISTED_MEMBERS {
        let entries = row.get(member).and_then(Json::as_array).unwrap_or(&[]);
        for entry in entries.iter().filter_map(Json::as_str) {
            if is_at_or_under(&wanted, &host(entry)) {
                hits.push(object([("field", shown.into()), ("entry", entry.into())]));
            }
        }
    }
    hits
}

fn is_at_or_under(wanted: &str, listed: &str) -> bool {
    let before = wanted.strip_suffix(listed).filter(|_| !listed.is_empty());
    before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// Returns the host inside a URL as people write them, in lower case.
fn host(url: &str) -> String {
    let url = url.trim().to_lowercase();
    let rest = match url.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => rest,
        _ => url.as_str(),
    };
    let end = rest.find(['/', '?', ':']).unwrap_or(rest.len());
    let host = rest.split_at_checked(end).map_or(rest, |(host, _)| host);
    host.trim_matches('.').to_owned()
}

fn predefined_category(call: &Call<'_>) -> Result<Json, Failure> {
    const NAME: Bind =
        Bind { name: "name", value: Value::Argument("name", Form::Trimmed), missing: "name it" };
    const DIRECT: Step = Step::get("/zia/api/v1/urlCategories/{=name}").binds(&[NAME]);
    let name = call.arguments().text("name").unwrap_or("").trim();
    match call.ask(&DIRECT) {
        Ok(found) if is_custom(&found) => Err(not_predefined()),
        Ok(found) => Ok(found),
        Err(Failure::Answered(complaint)) if !complaint.is_about_the_request() => {
            Err(Failure::Answered(complaint))
        }
        Err(Failure::Answered(_) | Failure::Argument(_)) => from_list(call, name),
        Err(other) => Err(other),
    }
}

fn from_list(call: &Call<'_>, name: &str) -> Result<Json, Failure> {
    const ALL: Step = Step::get("/zia/api/v1/urlCategories");
    let Json::Array(rows) = call.ask(&ALL)? else { return Err(Failure::Unexpected) };
    predefined_among(rows, name)
}

/// Returns the predefined category among `rows` whose id or name is `name` in any case.
///
/// # Errors
/// [`Failure::Argument`] when there is none.
pub(super) fn predefined_among(rows: Vec<Json>, name: &str) -> Result<Json, Failure> {
    let wanted = name.to_lowercase();
    let named = |row: &Json| {
        ["id", "configuredName"].iter().any(|member| {
            row.get(member).and_then(Json::as_str).is_some_and(|own| own.to_lowercase() == wanted)
        })
    };
    let found = rows.into_iter().find(|row| !is_custom(row) && named(row));
    found.ok_or_else(not_predefined)
}

/// True for a category of the tenant, false for one of the service.
pub(super) fn is_custom(row: &Json) -> bool {
    row.get("customCategory").and_then(Json::as_bool) == Some(true)
}

/// Says that there is no such predefined category.
pub(super) fn not_predefined() -> Failure {
    Failure::Argument(
        "no predefined category has this id or name. zia_list_url_categories returns the ids; for \
         a custom category use zia_get_url_category."
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::{host, is_at_or_under};

    #[test]
    fn hosts_are_found_in_what_people_write() {
        for (url, expected) in [
            (" HTTPS://Files.Example.org:8443/a?b ", "files.example.org"),
            (".partner.example.org", "partner.example.org"),
            ("example.net/go?to=https://b.test", "example.net"),
            ("example.net?x", "example.net"),
            ("https://", ""),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }

    #[test]
    fn only_whole_labels_count() {
        for (wanted, listed, expected) in [
            ("a.example.org", "example.org", true),
            ("example.org", "example.org", true),
            ("badexample.org", "example.org", false),
            ("example.org", "a.example.org", false),
            ("example.org", "", false),
        ] {
            assert_eq!(is_at_or_under(wanted, listed), expected, "{wanted} {listed}");
        }
    }
}
