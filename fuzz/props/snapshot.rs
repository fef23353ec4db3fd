//! A file is read only when writing what it holds gives the same bytes; a tenant out of a file turns
//! its pages without loss and finds each record by its id; a comparison says all that differs and no
//! more; no secret stays, and stand-ins follow from the key.

use std::collections::BTreeMap;

use zscaler_mcp::backend::{
    ApiBody, ApiMethod, ApiPath, ApiRequest, ApiResponse, Backend, PathSegment, Patience,
};
use zscaler_mcp::json::{Json, Object, write as to};
use zscaler_mcp::snapshot::compare::{Change, Member, Section, compare, document, text};
use zscaler_mcp::snapshot::redact::Redactor;
use zscaler_mcp::snapshot::{
    Alias, Collection, LeftOut, Manifest, Snapshot, Tenancy, form, key, read, without_secrets,
    write,
};

use super::input::Input;
use super::kit::trees;

const LISTS: [(&str, &str); 4] = [
    ("/zia/api/v1/labels", "/zia/api/v1/labels/{id}"),
    ("/zpa/v1/admin/groups", "/zpa/v1/admin/groups/{id}"),
    ("/ziam/users", "/ziam/users/{id}/about/{id}"),
    ("/zms/graphql", "/zms/one/{id}"),
];
const PLACES: [&str; 5] = ["", "/list", "/records", "/content", "/data/x/nodes"];
const IDS: [&str; 12] =
    ["1", "2", "3", "CUSTOM_01", "a b", "a/b", "\u{e9}", "%41", "a@b.test", "..", "", "{}"];
const MEMBERS: [&str; 20] = [
    "id",
    "name",
    "hostName",
    "description",
    "latitude",
    "a/b",
    "c~d",
    "order",
    "rank",
    "parts",
    "password",
    "preSharedKey",
    "provisioning_key",
    "TOKEN",
    "tokens",
    "totp_secret",
    "oldPassword2",
    "keyId",
    "_n_o_n_c_e",
    "",
];
/// What lets somebody in: anywhere in the name of a member, in small letters without underscores.
const SECRETS: [&str; 6] =
    ["presharedkey", "privatekey", "password", "passphrase", "clientsecret", "certblob"];
/// The same, but the whole name.
const NAMED: [&str; 9] = [
    "accesstoken",
    "apikey",
    "nonce",
    "otp",
    "provisioningkey",
    "secret",
    "token",
    "totp",
    "totpsecret",
];
const REMOVED: &str = "(a secret, not exported)";
const PAGES_MAX: usize = 200;

/// Panics when the property does not hold for what `data` chooses.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    match input.below(5) {
        0 => accepted(input.rest()),
        1 => sealed(&mut input),
        2 => served(&mut input),
        3 => compared(&mut input),
        _ => hidden(&mut input),
    }
}

/// Panics unless `file` is refused or is what is written for what it holds.
fn accepted(file: &[u8]) {
    if let Ok((manifest, collections)) = read(file) {
        let again = write(&manifest, &collections);
        assert_eq!(again.escape_ascii().to_string(), file.escape_ascii().to_string());
    }
}

/// A file that was edited by somebody who can make digests.
fn sealed(input: &mut Input<'_>) {
    let manifest = manifest(input);
    let collections: Vec<Collection> =
        (0..input.below(3)).map(|number| collection(input, number)).collect();
    let file = write(&manifest, &collections);
    assert_eq!(read(&file).as_ref(), Ok(&(manifest, collections.clone())));
    let (head, _) = file.split_at(file.iter().position(|byte| *byte == b'\n').expect("a line"));
    let head = std::str::from_utf8(head).expect("text");
    let (open, _) = head.rsplit_once(",\"digest\":\"").expect("a digest");
    let (mut open, mut body) = (edited(open.as_bytes(), input), Vec::new());
    for one in &collections {
        let lines = form::lines(one);
        let (digest, told) = (form::sum(&lines), form::head(one, &form::sum(&lines)));
        let own: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
        assert_eq!(form::resumed(&told, &own).as_ref(), Some(one));
        assert_eq!(form::count_of(&told), Some(one.records.len()));
        let lines = edited(&lines, input);
        let text = String::from_utf8_lossy(&open).replace(&digest, &form::sum(&lines));
        open = text.into_bytes();
        body.extend(lines);
    }
    let digest = form::sum(&open);
    open.extend(format!(",\"digest\":\"{digest}\"}}\n").bytes());
    accepted(&[open, body].concat());
}

/// Returns `bytes` with some pieces put in the place of others.
fn edited(bytes: &[u8], input: &mut Input<'_>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..input.below(3) {
        let at = input.below(bytes.len() + 1);
        let end = (at + input.below(8)).min(bytes.len());
        let piece: &[u8] = match input.below(6) {
            0 => b" ",
            1 => b",\"x\":1",
            2 => b"\\u0061",
            3 => b"\n",
            4 => b"0",
            _ => {
                let len = input.below(12);
                input.take(len)
            }
        };
        bytes = [&bytes[..at], piece, &bytes[end..]].concat();
    }
    bytes
}

fn manifest(input: &mut Input<'_>) -> Manifest {
    let mut text = || trees::text(input);
    let tenant = Tenancy { name: text(), customer: text(), cell_customer: text() };
    let (program, time) = (text(), text());
    let left_out = vec![LeftOut { name: text(), reason: text() }];
    Manifest { program, tenant, time, redacted: input.flag(), left_out }
}

fn collection(input: &mut Input<'_>, number: usize) -> Collection {
    let at = input.flag().then(|| input.pick(&PLACES).to_owned());
    Collection {
        name: format!("list {number} {}", trees::text(input)),
        tools: vec![trees::text(input)],
        key: trees::text(input),
        at,
        next: trees::text(input),
        first: i64::try_from(input.below(3)).expect("small") - 1,
        page: input.below(300),
        records: (0..input.below(4)).map(|_| tree(input, 3)).collect(),
    }
}

/// Returns a value whose members have names that are looked at.
fn tree(input: &mut Input<'_>, levels: usize) -> Json {
    match input.below(if levels == 0 { 2 } else { 5 }) {
        0 => input.pick(&IDS).into(),
        1 => trees::value(input, 0),
        2 => (0..input.below(3)).map(|_| tree(input, levels - 1)).collect::<Vec<_>>().into(),
        _ => {
            let mut out = Object::new();
            for _ in 0..input.below(5) {
                out.set(input.pick(&MEMBERS), tree(input, levels - 1));
            }
            out.into()
        }
    }
}

/// Returns records with an id each, no two the same.
fn identified(input: &mut Input<'_>) -> Vec<Json> {
    let count = input.below(48);
    let plain = input.flag();
    let records = (0..count).map(|number| {
        let mut record = Object::new();
        let id = if plain || number >= IDS.len() {
            i64::try_from(number).expect("small").into()
        } else {
            input.pick(&IDS[number..=number]).into()
        };
        record.set(if number & 1 == 0 { "id" } else { "name" }, id);
        if input.flag() {
            record.set("rank", ["A", "b", "7"][input.below(3)].into());
        }
        record.into()
    });
    let mut seen: Vec<String> = Vec::new();
    let records: Vec<Json> = records.collect();
    let is_new = |record: &Json| {
        let id = of(record);
        let is_new = !seen.contains(&id);
        seen.push(id);
        is_new
    };
    records.into_iter().filter(is_new).collect()
}

/// Returns what tells the records of this property apart.
fn of(record: &Json) -> String {
    let id = ["id", "udid", "iccid", "device_id", "app_id", "name"]
        .iter()
        .find_map(|member| record.get(member).filter(|id| !id.is_null()));
    match id {
        Some(Json::String(text)) => text.clone(),
        Some(number @ Json::Number(_)) => to::to_text(number),
        _ => to::to_text(record),
    }
}

struct Waits;

impl Patience for Waits {
    fn cancelled(&self) -> bool {
        false
    }
}

/// A tenant of one list, and how it is asked for.
struct Served {
    snapshot: Snapshot,
    list: Collection,
    request: ApiRequest,
    single: &'static str,
}

fn served(input: &mut Input<'_>) {
    let (path, single) = input.pick(&LISTS);
    let is_graph = path.ends_with("graphql");
    let method = if is_graph { ApiMethod::Post } else { ApiMethod::Get };
    let path = ApiPath::fill(path, &[]).expect("no holes");
    let request = ApiRequest { method, path, query: Vec::new(), body: None };
    let list = Collection {
        name: "list".into(),
        tools: vec!["list".into()],
        key: key(&request),
        at: Some(input.pick(&PLACES).into()),
        next: ["", "next_page"][input.below(2)].into(),
        first: i64::try_from(input.below(2)).expect("small"),
        page: input.below(8),
        records: identified(input),
    };
    let aliases = vec![Alias { template: single, list: "list" }];
    let snapshot = Snapshot::new(Manifest::default(), vec![list.clone()], aliases);
    let served = Served { snapshot, list, request, single };
    served.pages(input);
    served.singles();
    served.anything(input);
}

impl Served {
    fn send(&self, request: &ApiRequest) -> (u16, Json) {
        let answer = self.snapshot.send(request, &Waits).expect("an answer");
        let ApiResponse { status, body: ApiBody::Json(body) } = answer else { panic!("no JSON") };
        (status, body)
    }

    /// Returns the records of an answer, and the token behind them.
    fn page(&self, query: Vec<(String, String)>) -> (Vec<Json>, Option<usize>) {
        let (status, body) = self.send(&ApiRequest { query, ..self.request.clone() });
        assert_eq!(status, 200, "{body:?}");
        let records = self.records(&body);
        (records, body.get("next_page").and_then(Json::as_str).and_then(|at| at.parse().ok()))
    }

    fn records(&self, body: &Json) -> Vec<Json> {
        let at = self.list.at.as_deref().unwrap_or_default();
        let found = at.split('/').skip(1).try_fold(body, |value, name| value.get(name));
        found.and_then(Json::as_array).expect("a list").to_vec()
    }

    /// Panics unless all pages together are the list, however they are turned.
    fn pages(&self, input: &mut Input<'_>) {
        let size = input.pick(&["pageSize", "pagesize", "size", "limit"]);
        let page = input.pick(&["page", "pageNum", "pageNumber"]);
        let asked = input.below(20);
        let sized: Vec<(String, String)> = match asked {
            19 => Vec::new(),
            size_of => vec![(size.to_owned(), size_of.to_string())],
        };
        let numbered = |turn: usize, _: usize| -> Option<(String, String)> {
            let first = usize::try_from(self.list.first).expect("small");
            Some((page.to_owned(), (first + turn).to_string()))
        };
        let skipped = |_: usize, seen: usize| Some(("offset".to_owned(), seen.to_string()));
        for turned in [&numbered as &dyn Fn(usize, usize) -> _, &skipped] {
            let mut seen: Vec<Json> = Vec::new();
            for turn in 0..PAGES_MAX {
                let mut query = sized.clone();
                query.extend(turned(turn, seen.len()));
                let (records, token) = self.page(query);
                if let Some(token) = token {
                    assert_eq!(token, seen.len() + records.len());
                }
                if records.is_empty() {
                    break;
                }
                seen.extend(records);
            }
            assert_eq!(seen, self.list.records, "{sized:?}");
        }
    }

    /// Panics unless each record that a path can ask for is found.
    fn singles(&self) {
        for record in &self.list.records {
            let Ok(id) = PathSegment::new(&of(record)) else { continue };
            let path = ApiPath::fill(self.single, &[("id", id)]).expect("its hole");
            let (method, query, body) = (ApiMethod::Get, Vec::new(), None);
            let (status, body) = self.send(&ApiRequest { method, path, query, body });
            assert_eq!((status, &body), (200, record), "{:?}", of(record));
        }
    }

    /// Panics unless any request has an answer, whose records are some of the list, and a filter
    /// is applied or refused.
    fn anything(&self, input: &mut Input<'_>) {
        let methods = [ApiMethod::Get, ApiMethod::Post, ApiMethod::Put, ApiMethod::Delete];
        let method = if input.flag() { input.pick(&methods) } else { self.request.method };
        let names =
            ["page", "limit", "offset", "search", "name[like]", "rank", "id", "other", "[like]"];
        let values = ["0", "1", "-1", "99999999999999999999", "a", "A", "id+EQ+1", "", "\u{e9}"];
        let mut query = Vec::new();
        for _ in 0..input.below(4) {
            let value = if input.flag() { trees::text(input) } else { input.pick(&values).into() };
            query.push((input.pick(&names).to_owned(), value));
        }
        let body = input.flag().then(|| tree(input, 2));
        let is_list = method == self.request.method && body.is_none();
        let request = ApiRequest { method, query, body, ..self.request.clone() };
        let (status, body) = self.send(&request);
        let changes = matches!(method, ApiMethod::Put | ApiMethod::Delete);
        assert!([200, 400, 404, 405].contains(&status) && (status == 405) == changes);
        if status != 200 || !is_list {
            return;
        }
        let records = self.records(&body);
        let mut rest = self.list.records.iter();
        assert!(records.iter().all(|record| rest.any(|own| own == record)), "{request:?}");
        for (name, value) in
            request.query.iter().filter(|(name, _)| ["rank", "other"].contains(&name.as_str()))
        {
            let fits = |record: &Json| {
                record
                    .get(name)
                    .and_then(Json::as_str)
                    .is_some_and(|own| own.eq_ignore_ascii_case(value))
            };
            assert!(records.iter().all(fits), "{request:?} {records:?}");
        }
    }
}

fn compared(input: &mut Input<'_>) {
    let before = records(input);
    let mut after = before.clone();
    for _ in 0..input.below(6) {
        let at = input.below(after.len() + 1);
        match input.below(4) {
            0 => after.insert(at, record(input)),
            1 if at < after.len() => drop(after.remove(at)),
            2 if at < after.len() => after[at] = record(input),
            _ => after.reverse(),
        }
    }
    let list = |records: &[Json]| {
        let records = records.to_vec();
        vec![Collection { name: "list".into(), records, ..Collection::default() }]
    };
    let (old, new) = (list(&before), list(&after));
    for same in [&old, &new] {
        assert_eq!(compare(same, same), Vec::<Section>::new());
    }
    let sections = compare(&old, &new);
    let (one, other) = (Manifest::default(), manifest(input));
    let _shown = (text(&one, &other, &sections), document(&one, &other, &sections));
    let (Some(mut told), Some(wanted)) = (by_id(&before), by_id(&after)) else { return };
    let changes = sections.into_iter().flat_map(|section| section.changes);
    let mut more = 0_i64;
    for change in changes {
        match change {
            Change::Added(record) => {
                more += 1;
                assert!(told.insert(of(&record), record).is_none(), "added twice");
            }
            Change::Removed(record) => {
                more -= 1;
                assert_eq!(told.remove(&of(&record)), Some(record));
            }
            Change::Changed(record, members) => {
                assert!(!members.is_empty());
                let mut own = told.remove(&of(&record)).expect("a record that was there");
                members.iter().for_each(|member| apply(&mut own, member));
                assert!(told.insert(of(&record), own).is_none());
            }
        }
    }
    let sorted = |side: &BTreeMap<String, Json>| -> BTreeMap<String, Json> {
        side.iter().map(|(id, record)| (id.clone(), plain(record))).collect()
    };
    assert_eq!(sorted(&told), sorted(&wanted));
    let counts = [&after, &before].map(|side| i64::try_from(side.len()).expect("small"));
    assert_eq!(more, counts[0] - counts[1]);
}

fn records(input: &mut Input<'_>) -> Vec<Json> {
    (0..input.below(8)).map(|_| record(input)).collect()
}

fn record(input: &mut Input<'_>) -> Json {
    let mut record = Object::new();
    if input.below(8) < 7 {
        record.set("id", input.pick(&IDS).into());
    }
    for _ in 0..input.below(4) {
        record.set(input.pick(&MEMBERS[1..]), tree(input, 2));
    }
    record.into()
}

/// Returns the records by what tells them apart, `None` when nothing does.
fn by_id(records: &[Json]) -> Option<BTreeMap<String, Json>> {
    let map: BTreeMap<String, Json> =
        records.iter().map(|record| (of(record), record.clone())).collect();
    (map.len() == records.len()).then_some(map)
}

/// Changes one member of `record`, which has to be what it was before.
fn apply(record: &mut Json, member: &Member) {
    let steps: Vec<String> =
        member.at.split('/').skip(1).map(|s| s.replace("~1", "/").replace("~0", "~")).collect();
    let Some((last, way)) = steps.split_last() else { panic!("a whole record: {member:?}") };
    let inner = way.iter().fold(record, |value, name| {
        let Json::Object(members) = value else { panic!("{member:?}") };
        members.get_mut(name).expect("a member on the way")
    });
    let Json::Object(members) = inner else { panic!("{member:?}") };
    assert_eq!(members.get(last), member.before.as_ref());
    assert_ne!(member.before, member.after);
    match &member.after {
        Some(value) => members.set(last, value.clone()),
        None => drop(members.remove(last)),
    }
}

/// Returns `value` with the members of objects, outside of lists, in the order of their names.
fn plain(value: &Json) -> Json {
    let Json::Object(members) = value else { return value.clone() };
    let mut members: Vec<(String, Json)> =
        members.iter().map(|(name, value)| (name.to_owned(), plain(value))).collect();
    members.sort_by(|one, other| one.0.cmp(&other.0));
    members.into_iter().collect::<Object>().into()
}

fn hidden(input: &mut Input<'_>) {
    let keys = [input.byte(), input.byte()].map(|byte| vec![byte; 32]);
    let value = tree(input, 4);
    let clean = without_secrets(value.clone());
    without(&value, &clean, "");
    assert_eq!(without_secrets(clean.clone()), clean);
    let standing = |key: &[u8]| Redactor::new(key).value("", value.clone());
    let shown = standing(&keys[0]);
    assert_eq!(shown, standing(&keys[0]));
    stands_in(&value, &shown, "");
    if keys[0] != keys[1] && shown != value {
        assert_ne!(shown, standing(&keys[1]));
    }
}

/// Panics unless `clean` is `value` with a fixed text in place of every secret.
fn without(value: &Json, clean: &Json, name: &str) {
    let name = name.replace('_', "").to_ascii_lowercase();
    let is_secret = SECRETS.iter().any(|word| name.contains(word)) || NAMED.contains(&&*name);
    if is_secret && !matches!(value, Json::Null | Json::Bool(_)) {
        assert_eq!(clean, &Json::from(REMOVED), "{name}");
        return;
    }
    each(value, clean, "", &mut |own, clean, name| without(own, clean, name));
    if value.as_array().is_none() && value.as_object().is_none() {
        assert_eq!(value, clean);
    }
}

/// Calls `visit` with the parts of two values of the same form.
fn each(one: &Json, other: &Json, name: &str, visit: &mut dyn FnMut(&Json, &Json, &str)) {
    match (one, other) {
        (Json::Array(own), Json::Array(others)) => {
            assert_eq!(own.len(), others.len());
            own.iter().zip(others).for_each(|(one, other)| visit(one, other, name));
        }
        (Json::Object(own), Json::Object(others)) => {
            assert_eq!(own.len(), others.len());
            for ((name, one), (other_name, other)) in own.iter().zip(others.iter()) {
                assert_eq!(name, other_name);
                visit(one, other, name);
            }
        }
        (Json::Array(_) | Json::Object(_), _) | (_, Json::Array(_) | Json::Object(_)) => {
            panic!("{one:?} became {other:?}")
        }
        _ => {}
    }
}

/// Panics unless `shown` is `value` with stand-ins for names and addresses, and only for texts and
/// for places.
fn stands_in(value: &Json, shown: &Json, name: &str) {
    each(value, shown, name, &mut |own, shown, name| stands_in(own, shown, name));
    let stands = |kind: &str| {
        let rest = shown.as_str().and_then(|text| text.strip_prefix(kind));
        rest.is_some_and(|rest| rest.len() == 10 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    match value {
        Json::String(text) if text.is_empty() => assert_eq!(value, shown),
        Json::String(text) => {
            let is_word = text.contains('_')
                && !text.contains(|c: char| c.is_ascii_lowercase() || !c.is_ascii());
            let names = ["name", "hostName", "description", "latitude"].contains(&name);
            assert!(stands("text-") || !names || is_word, "{name}: {text}");
            assert!(stands("text-") || stands("address-") || !text.contains('@'), "{text}");
            assert!(stands("text-") || stands("address-") || value == shown, "{text}");
        }
        Json::Number(_) if name == "latitude" => assert!(stands("number-"), "{shown:?}"),
        Json::Null | Json::Bool(_) | Json::Number(_) => assert_eq!(value, shown),
        Json::Array(_) | Json::Object(_) => {}
    }
}
