//! Zone: post-admission. The functions of tools that a row cannot describe.
//!
//! Four: a look-up sent in slices, filters after the answer, a second way to find a category, and
//! a search with three forms. They see wire records and return finished ones; the engine cleans.

use crate::json::{Json, Object, object, write};
use crate::limits::LOOKUP_URLS_MAX;
use crate::tools::engine::Call;
use crate::tools::failure::Failure;
use crate::tools::names::rename;
use crate::tools::request;

const LOOKUP_SLICE: usize = 100;
const LISTED_MEMBERS: [(&str, &str); 2] =
    [("urls", "urls"), ("dbCategorizedUrls", "db_categorized_urls")];

/// Asks once for each hundred URLs, the most the service takes, and joins the answers.
pub(super) fn url_lookup(call: &Call<'_>) -> Result<Json, Failure> {
    let urls = call.arguments().value("urls").and_then(Json::as_array).unwrap_or(&[]);
    if urls.len() > LOOKUP_URLS_MAX {
        return Err(Failure::Argument(format!("urls must not have more than {LOOKUP_URLS_MAX}")));
    }
    let mut rows = Vec::new();
    for slice in urls.chunks(LOOKUP_SLICE) {
        let mut request = call.request()?;
        request.body = Some(Json::Array(slice.to_vec()));
        rows.extend(call.rows_of(call.send(&request)?)?);
    }
    Ok(Json::Array(rows))
}

/// Keeps the categories whose name contains `search` and that list the host of `contains_url`.
pub(super) fn url_categories(call: &Call<'_>) -> Result<Json, Failure> {
    let search = call.arguments().text("search").map(str::to_lowercase);
    let url = call.arguments().text("contains_url");
    if url.is_some_and(|url| host(url).is_empty()) {
        let sentence = "contains_url must hold a host name, such as files.example.org";
        return Err(Failure::Argument(sentence.to_owned()));
    }
    let mut kept = Vec::new();
    for row in call.rows_of(call.send(&call.request()?)?)? {
        let name = row.get("configuredName").and_then(Json::as_str).unwrap_or("");
        if search.as_ref().is_some_and(|search| !name.to_lowercase().contains(search)) {
            continue;
        }
        match url.map(|url| (url, matches(&row, url))) {
            None => kept.push(rename(row)),
            Some((_, hits)) if hits.is_empty() => {}
            Some((url, hits)) => kept.push(annotated(rename(row), url, hits)),
        }
    }
    Ok(Json::Array(kept))
}

fn annotated(row: Json, url: &str, hits: Vec<Json>) -> Json {
    let mut members = if let Json::Object(members) = row { members } else { Object::new() };
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

/// Asks for the category as an id first, then looks through the whole list.
pub(super) fn predefined_category(call: &Call<'_>) -> Result<Json, Failure> {
    let name = call.arguments().text("name").unwrap_or("").trim();
    let hole = Some(("name", name));
    let direct = request::get("/zia/api/v1/urlCategories/{name}", hole, Vec::new());
    match direct.and_then(|request| call.send(&request)) {
        Ok(found) if is_custom(&found) => Err(not_predefined()),
        Ok(found) => Ok(rename(found)),
        Err(Failure::Answered(complaint)) if matches!(complaint.status, 401 | 403 | 429) => {
            Err(Failure::Answered(complaint))
        }
        Err(Failure::Answered(_) | Failure::Argument(_)) => from_list(call, name),
        Err(other) => Err(other),
    }
}

fn from_list(call: &Call<'_>, name: &str) -> Result<Json, Failure> {
    let request = request::get("/zia/api/v1/urlCategories", None, Vec::new())?;
    let Json::Array(rows) = call.send(&request)? else { return Err(Failure::Unexpected) };
    let wanted = name.to_lowercase();
    let named = |row: &Json| {
        ["id", "configuredName"].iter().any(|member| {
            row.get(member).and_then(Json::as_str).is_some_and(|own| own.to_lowercase() == wanted)
        })
    };
    let found = rows.into_iter().find(|row| !is_custom(row) && named(row));
    found.map(rename).ok_or_else(not_predefined)
}

fn is_custom(row: &Json) -> bool {
    row.get("customCategory").and_then(Json::as_bool) == Some(true)
}

fn not_predefined() -> Failure {
    Failure::Argument(
        "no predefined category has this id or name. zia_list_url_categories returns the ids; for \
         a custom category use zia_get_url_category."
            .to_owned(),
    )
}

/// Sends the one of three requests that the action names.
pub(super) fn geo_search(call: &Call<'_>) -> Result<Json, Failure> {
    let request = match call.arguments().text("action") {
        Some("geo_by_coordinates") => {
            let path = "/zia/api/v1/region/byGeoCoordinates";
            let query = vec![given(call, "latitude")?, given(call, "longitude")?];
            request::get(path, None, query)?
        }
        Some("geo_by_ip") => {
            let (_, ip) = given(call, "ip")?;
            let path = "/zia/api/v1/region/byIPAddress/{ip}";
            request::get(path, Some(("ip", &ip)), Vec::new())?
        }
        _ => request::get("/zia/api/v1/region/search", None, vec![given(call, "prefix")?])?,
    };
    let rows = call.rows_of(call.send(&request)?)?;
    Ok(Json::Array(rows.into_iter().map(rename).collect()))
}

fn given(call: &Call<'_>, name: &'static str) -> Result<(String, String), Failure> {
    let value = call.arguments().value(name).filter(|value| value.as_str() != Some(""));
    let text =
        value.map(|value| value.as_str().map_or_else(|| write::to_text(value), str::to_owned));
    let missing = || Failure::Argument(format!("this action needs {name}; add it and try again"));
    Ok((name.to_owned(), text.ok_or_else(missing)?))
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
