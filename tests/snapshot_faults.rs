//! What a deliberate fault in a snapshot would break: files by another hand, ids that need encoding,
//! tokens, and requests that ask for the same list or for another.

use zscaler_mcp::backend::{
    ApiBody, ApiMethod, ApiPath, ApiRequest, Backend, PathSegment, Patience,
};
use zscaler_mcp::json::{Bounds, Json, object, read as json};
use zscaler_mcp::snapshot::compare::{Change, compare};
use zscaler_mcp::snapshot::{
    Alias, BadSnapshot, Collection, Manifest, Snapshot, form, key, read, without_secrets,
};

struct Waits;

impl Patience for Waits {
    fn cancelled(&self) -> bool {
        false
    }
}

fn value(text: &str) -> Json {
    json(text.as_bytes(), Bounds { depth: 9, nodes: 999 }).unwrap()
}

fn get(path: &'static str, query: &[(&str, &str)]) -> ApiRequest {
    let query = query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let path = ApiPath::fill(path, &[]).unwrap();
    ApiRequest { method: ApiMethod::Get, path, query, body: None }
}

fn post(body: &str) -> ApiRequest {
    let body = Some(value(body));
    ApiRequest { method: ApiMethod::Post, body, ..get("/zms/graphql", &[]) }
}

fn list(records: Vec<Json>) -> Collection {
    Collection {
        name: "list".to_owned(),
        tools: vec!["list".to_owned()],
        key: key(&get("/zia/x", &[])),
        at: Some("/list".to_owned()),
        next: "next".to_owned(),
        first: 1,
        page: 0,
        records,
    }
}

fn named(id: &str) -> Json {
    object([("id", id.into()), ("rank", 7_i64.into())])
}

fn sent(snapshot: &Snapshot, request: &ApiRequest) -> (u16, Json) {
    let answer = snapshot.send(request, &Waits).unwrap();
    let ApiBody::Json(body) = answer.body else { panic!("{:?}", answer.body) };
    (answer.status, body)
}

/// The file of one record, with `line` in the place of its line and `open` of its first, and digests
/// that fit.
fn forged(line: impl Fn(&str) -> String, open: impl Fn(&str) -> String) -> Vec<u8> {
    let one = list(vec![named("a")]);
    let file = String::from_utf8(form::write(&Manifest::default(), &[one])).unwrap();
    let (head, body) = file.split_once('\n').unwrap();
    let (head, _) = head.rsplit_once(",\"digest\":\"").unwrap();
    let line = line(body);
    let head = head.replace(&form::sum(body.as_bytes()), &form::sum(line.as_bytes()));
    let head = open(&head);
    format!("{head},\"digest\":\"{}\"}}\n{line}", form::sum(head.as_bytes())).into_bytes()
}

#[test]
fn only_what_would_be_written_is_read_whatever_the_digests_say() {
    let same = str::to_owned;
    let file = forged(same, same);
    assert!(read(&file).is_ok());
    let other = String::from_utf8(file).unwrap().replace("\"rank\":7", "\"rank\":8");
    assert_eq!(read(other.as_bytes()), Err(BadSnapshot::Changed("list".to_owned())));
    for (name, from, to) in [
        ("a blank", ":\"a\"", ": \"a\""),
        ("an escape", "\"a\"", "\"\\u0061\""),
        ("another collection", "\"collection\":\"list\"", "\"collection\":\"other\""),
        ("one member more", "\"record\"", "\"note\":1,\"record\""),
    ] {
        let file = forged(|line| line.replacen(from, to, 1), same);
        assert_eq!(read(&file), Err(BadSnapshot::Changed("list".to_owned())), "{name}");
    }
    for (name, from, to) in [
        ("a blank", "\"time\":", "\"time\": "),
        ("one member more", "\"time\":", "\"note\":1,\"time\":"),
        ("one member more of a list", "\"tools\":", "\"note\":1,\"tools\":"),
    ] {
        let file = forged(same, |head| head.replacen(from, to, 1));
        assert_eq!(read(&file), Err(BadSnapshot::ManifestChanged), "{name}");
    }
}

#[test]
fn an_id_that_a_path_has_to_encode_is_found() {
    let ids = ["1", "a b", "a/b", "\u{e9}", "%41", "a@b.test", "A"];
    let records = ids.iter().map(|id| named(id)).collect();
    let alias = Alias { template: "/zia/x/{id}", list: "list" };
    let snapshot = Snapshot::new(Manifest::default(), vec![list(records)], vec![alias]);
    for id in ids {
        let hole = ("id", PathSegment::new(id).unwrap());
        let path = ApiPath::fill("/zia/x/{id}", &[hole]).unwrap();
        let request = ApiRequest { path, ..get("/", &[]) };
        assert_eq!(sent(&snapshot, &request), (200, named(id)), "{id}");
    }
}

#[test]
fn pages_by_token_and_by_number_end_with_the_last_record() {
    let records: Vec<Json> = ["1", "2", "3", "4"].map(named).into();
    let snapshot = Snapshot::new(Manifest::default(), vec![list(records)], Vec::new());
    for (query, first, count, next) in [
        (&[("limit", "2")][..], "1", 2, "2"),
        (&[("limit", "2"), ("offset", "2")], "3", 2, ""),
        (&[("limit", "3"), ("page", "1")], "1", 3, "3"),
        (&[("limit", "3"), ("page", "2")], "4", 1, ""),
        (&[("limit", "0"), ("page", "3")], "3", 1, "3"),
    ] {
        let (status, body) = sent(&snapshot, &get("/zia/x", query));
        let page = body.get("list").and_then(Json::as_array).unwrap();
        assert_eq!((status, page.len()), (200, count), "{query:?}");
        assert_eq!(page[0], named(first), "{query:?}");
        assert_eq!(body.get("next").and_then(Json::as_str), Some(next), "{query:?}");
    }
    let put = ApiRequest { method: ApiMethod::Put, ..get("/zia/x", &[]) };
    assert_eq!(sent(&snapshot, &put).0, 405);
}

#[test]
fn a_filter_that_no_record_knows_is_refused() {
    let snapshot = Snapshot::new(Manifest::default(), vec![list(vec![named("1")])], Vec::new());
    for (query, expected) in [(("rank", "7"), 200), (("rank", "8"), 200), (("owner", "7"), 400)] {
        assert_eq!(sent(&snapshot, &get("/zia/x", &[query])).0, expected, "{query:?}");
    }
}

#[test]
fn requests_for_one_list_have_one_key() {
    let plain = get("/zia/x", &[("type", "A")]);
    for (name, other, same) in [
        ("a page", get("/zia/x", &[("page", "2"), ("type", "A"), ("pageSize", "9")]), true),
        ("a time", get("/zia/x", &[("type", "A"), ("from", "1"), ("to", "2")]), false),
        ("another filter", get("/zia/x", &[("type", "B")]), false),
        ("no filter", get("/zia/x", &[]), false),
        ("another list", get("/zia/y", &[("type", "A")]), false),
    ] {
        assert_eq!(key(&plain) == key(&other), same, "{name}");
    }
    let between = |from, to| get("/zia/x", &[("from", from), ("to", to)]);
    for (name, other, same) in [
        ("the same hour later", between("101", "111"), true),
        ("two hours", between("1", "21"), false),
        ("no end", get("/zia/x", &[("from", "1")]), false),
        ("no number", between("1", "now"), false),
    ] {
        assert_eq!(key(&between("1", "11")) == key(&other), same, "{name}");
    }
    let week = |start: i64, end: i64| {
        post(&format!(
            r#"{{"operationName":"w","variables":{{"startTime":{start},"endTime":{end}}}}}"#
        ))
    };
    assert_eq!(key(&week(0, 7)), key(&week(5, 12)));
    assert_ne!(key(&week(0, 7)), key(&week(0, 14)));
    let one = post(r#"{"query":"q","operationName":"one","variables":{"a":1,"page":1}}"#);
    for (name, body, same) in [
        ("a page", r#"{"operationName":"one","variables":{"page":2,"a":1}}"#, true),
        ("another text", r#"{"query":"r","operationName":"one","variables":{"a":1}}"#, true),
        ("another operation", r#"{"operationName":"two","variables":{"a":1}}"#, false),
        ("another variable", r#"{"operationName":"one","variables":{"a":2}}"#, false),
    ] {
        assert_eq!(key(&one) == key(&post(body)), same, "{name}");
    }
}

#[test]
fn secrets_are_gone_in_lists_of_lists_and_however_they_are_spelled() {
    let shown = without_secrets(value(r#"[[{"api_key":"x"}],{"Totp_Secret":["y"]}]"#));
    let removed = "(a secret, not exported)";
    let expected = format!(r#"[[{{"api_key":"{removed}"}}],{{"Totp_Secret":"{removed}"}}]"#);
    assert_eq!(shown, value(&expected));
}

#[test]
fn each_kind_of_difference_is_told_where_it_stands() {
    let before = vec![value(r#"{"id":1,"a/b":{"c~d":1}}"#), named("gone")];
    let after = vec![value(r#"{"id":1,"a/b":{"c~d":2}}"#), named("new")];
    let sections = compare(&[list(before)], &[list(after)]);
    let told: Vec<String> = sections[0]
        .changes
        .iter()
        .map(|change| match change {
            Change::Added(record) => format!("+{:?}", record.get("id")),
            Change::Removed(record) => format!("-{:?}", record.get("id")),
            Change::Changed(_, members) => members[0].at.clone(),
        })
        .collect();
    let id = |id: &str| format!("{:?}", Some(Json::from(id)));
    assert_eq!(
        told,
        ["/a~1b/c~0d".to_owned(), format!("-{}", id("gone")), "+".to_owned() + &id("new")]
    );
}

#[test]
fn a_second_record_of_one_id_is_told_by_what_it_holds() {
    let twins = || vec![value(r#"{"id":1,"a":1}"#), value(r#"{"id":1,"a":2}"#)];
    let sections = compare(&[list(twins())], &[list(twins().into_iter().take(1).collect())]);
    assert_eq!(sections[0].changes, [Change::Removed(value(r#"{"id":1,"a":2}"#))]);
}
