//! A tenant in a file: exported, served in the place of the cloud, changed, compared.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use zscaler_mcp::backend::demo::Demo;
use zscaler_mcp::backend::oneapi::request::reads;
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::json::{Json, object, write};
use zscaler_mcp::snapshot::compare::{self, Change};
use zscaler_mcp::snapshot::redact::Redactor;
use zscaler_mcp::snapshot::{
    BadSnapshot, Collection, Manifest, Snapshot, Tenancy, form, identity, merged, read,
};
use zscaler_mcp::tools::export::{self, Export, Took};
use zscaler_mcp::tools::row::Shape;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity, Tenant, catalogue};

use kit::quiet::Quiet;
use kit::{call_allowed, call_on, demo, invented, product, texts};

fn tenant() -> Tenant {
    Tenant { customer_id: Some("demo".to_owned()), cell_customer_id: Some("demo".to_owned()) }
}

fn manifest() -> Manifest {
    let id = "demo".to_owned();
    Manifest {
        program: "1.2.3".to_owned(),
        tenant: Tenancy { name: "demo".to_owned(), customer: id.clone(), cell_customer: id },
        time: "2026-03-01T09:00:00Z".to_owned(),
        ..Manifest::default()
    }
}

/// Everything that an export takes from `backend`, and why the rest is not in it.
fn exported(backend: &dyn Backend) -> (Vec<Collection>, BTreeMap<String, String>) {
    let (tenant, caller) = (tenant(), Quiet::new(false));
    let export = Export::new(backend, &tenant, &caller);
    let selection = Selection::everything();
    let mut waiting = export::targets(&selection);
    let mut collections: Vec<Collection> = Vec::new();
    let mut reasons = BTreeMap::new();
    while let Some(target) = waiting.pop() {
        match export.take(&target) {
            Took::Read(read) => {
                let own = read.first().map(|one| one.records.clone()).unwrap_or_default();
                if !target.is_on_the_way {
                    let few = &own[..own.len().min(4)];
                    waiting.extend(export::following(&selection, target.row, few));
                }
                collections.extend(read.into_iter().skip(usize::from(target.is_on_the_way)));
            }
            Took::Nothing(reason) => {
                let _ = reasons.insert(target.name(), reason);
            }
            Took::Later(reason) | Took::Stop(reason) => panic!("{}: {reason}", target.name()),
        }
    }
    (merged(collections), reasons)
}

fn served(collections: Vec<Collection>) -> Product {
    let snapshot = Snapshot::new(manifest(), collections, export::aliases());
    let identity = ServerIdentity { tenant: tenant(), ..ServerIdentity::default() };
    product(Arc::new(snapshot), identity)
}

fn small() -> Vec<Collection> {
    let record = |id: i64, name: &str| object([("id", id.into()), ("name", name.into())]);
    let one = |name: &str, records| Collection {
        name: name.to_owned(),
        tools: vec![name.to_owned()],
        key: format!("GET /{name}"),
        at: Some(String::new()),
        first: 1,
        records,
        ..Collection::default()
    };
    vec![one("labels", vec![record(1, "a"), record(2, "b")]), one("empty", Vec::new())]
}

#[test]
fn what_was_written_is_read() {
    let (collections, _) = exported(&*demo());
    let file = form::write(&manifest(), &collections);
    let (told, again) = read(&file).unwrap();
    assert_eq!((told, again), (manifest(), collections));
}

#[test]
fn one_changed_byte_is_refused_wherever_it_stands() {
    let file = form::write(&manifest(), &small());
    assert!(read(&file).is_ok());
    for at in 0..file.len() {
        for change in [1, 0x20, 0x80] {
            let mut file = file.clone();
            file[at] ^= change;
            assert!(read(&file).is_err(), "byte {at}");
        }
        let mut shorter = file.clone();
        let _ = shorter.remove(at);
        assert!(read(&shorter).is_err(), "without byte {at}");
        assert!(read(&file[..at]).is_err(), "only {at} bytes");
    }
    let mut longer = file.clone();
    longer.extend_from_slice(b"{}\n");
    assert_eq!(read(&longer), Err(BadSnapshot::Trailing));
    for (bytes, expected) in [
        (&b""[..], BadSnapshot::NoManifest),
        (b"{}\n", BadSnapshot::NoManifest),
        (b"{\"format\":\"zscaler-mcp-snapshot\",\"version\":2,\n", BadSnapshot::Version),
    ] {
        assert_eq!(read(bytes), Err(expected));
    }
}

#[test]
fn a_snapshot_of_the_demo_answers_as_the_demo_does() {
    let demo = demo();
    let (collections, reasons) = exported(&*demo);
    let snapshot = served(collections.clone());
    let live = product(demo, invented());
    let mut same = 0;
    for collection in collections.iter().filter(|one| !one.tools.is_empty()) {
        let row = catalogue::rows().find(|row| row.name == collection.tools[0]).unwrap();
        let arguments = collection.name.strip_prefix(row.name).unwrap().trim();
        let arguments = if arguments.is_empty() { "{}" } else { arguments };
        for more in ["", "\"all_pages\":true"] {
            if !more.is_empty() && row.param("all_pages").is_none() {
                continue;
            }
            let inside = arguments.trim_end_matches('}');
            let comma = if inside == "{" || more.is_empty() { "" } else { "," };
            let arguments = format!("{inside}{comma}{more}}}");
            let (own, other) =
                (call_on(&live, row.name, &arguments), call_on(&snapshot, row.name, &arguments));
            let hidden = |text: &str| text.contains("a secret, not exported");
            if texts(&other).iter().any(|text| hidden(text)) {
                continue;
            }
            // Tokens are the service's own; that there is one is compared.
            let plain = |text: &&str| text.split("this offset: ").next().unwrap().to_owned();
            let plain = |texts: Vec<&str>| texts.iter().map(plain).collect::<Vec<_>>();
            let refused = own.is_error && other.is_error;
            assert!(
                refused || plain(texts(&other)) == plain(texts(&own)),
                "{} {arguments}: {:?} {:?}",
                row.name,
                texts(&other),
                texts(&own)
            );
            same += 1;
        }
    }
    assert!(same > 100, "{same}");
    for (name, reason) in &reasons {
        assert!(
            ["argument", "needs", "give"].iter().any(|word| reason.contains(word)),
            "{name}: {reason}"
        );
    }
}

#[test]
fn every_single_record_of_an_exported_list_is_found_by_its_id() {
    let demo = demo();
    let (collections, _) = exported(&*demo);
    let snapshot = served(collections.clone());
    let live = product(demo, invented());
    let (mut tools, mut records) = (0, 0);
    for row in catalogue::reads().filter(|row| matches!(row.shape, Shape::Record(""))) {
        let mut required = row.params.iter().filter(|param| param.required);
        let (Some(id), None) = (required.next(), required.next()) else { continue };
        if !export::aliases().iter().any(|alias| alias.template == row.main.path) {
            continue;
        }
        tools += 1;
        let lists = collections.iter().filter(|one| one.is_list_of(row.see));
        for record in lists.flat_map(|one| &one.records).take(30) {
            let Some(value) = identity(record) else { continue };
            let arguments = write::to_text(&object([(id.name, value.into())]));
            let (own, other) =
                (call_on(&live, row.name, &arguments), call_on(&snapshot, row.name, &arguments));
            if own.is_error || texts(&own)[0].contains("-----") {
                continue;
            }
            assert!(!other.is_error, "{} {arguments}: {:?}", row.name, texts(&other));
            records += 1;
        }
    }
    assert!(tools > 20 && records > 200, "{tools} {records}");
}

#[test]
fn filters_are_applied_or_refused_and_never_ignored() {
    let (collections, _) = exported(&*demo());
    let product = served(collections);
    for (tool, arguments, expected) in [
        ("zpa_list_segment_groups", r#"{"search":"Finance apps"}"#, "Finance apps"),
        ("zia_list_rule_labels", r#"{"search":"branch"}"#, "Branch rollout"),
        ("zia_get_rule_label", r#"{"label_id":"999"}"#, "Not in this snapshot"),
        ("zid_list_users", r#"{"login_name":"nobody"}"#, "[]"),
        ("zid_list_users", r#"{"idp_name":"x"}"#, "A snapshot cannot filter by"),
    ] {
        let result = call_on(&product, tool, arguments);
        let said = texts(&result).join("\n");
        assert!(said.contains(expected), "{tool} {arguments}: {said}");
    }
    let one =
        kit::rows_of("", &call_on(&product, "zia_list_rule_labels", r#"{"search":"branch"}"#));
    assert_eq!(one.len(), 1);
}

#[test]
fn no_secret_is_in_the_file() {
    let (collections, _) = exported(&*demo());
    let file = String::from_utf8(form::write(&manifest(), &collections)).unwrap();
    for member in ["preSharedKey", "provisioningKey", "password", "clientSecret"] {
        for (at, _) in file.match_indices(&format!("\"{member}\":")) {
            let value = file[at..].split_once(':').unwrap().1;
            let hidden = ["\"(a secret", "null"].iter().any(|text| value.starts_with(text));
            assert!(hidden, "{}", &value[..60]);
        }
    }
    assert!(file.contains("(a secret, not exported)"));
}

#[test]
fn stand_ins_hide_names_and_addresses_and_keep_relations() {
    let redactor = Redactor::new(b"one export");
    let value = |text: &str| kit::json(text);
    for (text, expected) in [
        (r#"{"id":7,"enabled":true,"count":3,"state":"ENABLED"}"#, None),
        (r#"{"action":"BLOCK","type":"URL_CATEGORY","rank":7}"#, None),
        (r#"{"time":"2026-01-01T00:00:00Z","at":"17:00","modifiedBy":"7","idpId":"ab-c"}"#, None),
        (r#"{"name":"SSL_BYPASS"}"#, Some("SSL_BYPASS")),
        (r#"{"issuedBy":"CN=Root"}"#, Some("Root")),
        (r#"{"loginId":"a@b.test"}"#, Some("a@b")),
        (r#"{"x":"192.0.2.1:443"}"#, Some("192.0.2")),
        (r#"{"name":"Finance"}"#, Some("Finance")),
        (r#"{"description":"x y"}"#, Some("x y")),
        (r#"{"ips":["192.0.2.1","198.51.100.0/24"]}"#, Some("192.0.2")),
        (r#"{"range":"192.0.2.1-192.0.2.9"}"#, Some("192.0.2")),
        (r#"{"x":"2001:db8::1"}"#, Some("2001")),
        (r#"{"owner":{"login":"a@b.test"}}"#, Some("a@b")),
        (r#"{"x":"ask a@b.test"}"#, Some("a@b")),
        (r#"{"latitude":45.75}"#, Some("45")),
    ] {
        let shown = write::to_text(&redactor.value("", value(text)));
        match expected {
            None => assert_eq!(shown, text),
            Some(gone) => assert!(!shown.contains(gone), "{text} {shown}"),
        }
    }
    let twice = redactor.value("", value(r#"[{"name":"A b"},{"ownerName":"A b"}]"#));
    let [first, second] = twice.as_array().unwrap() else { panic!() };
    assert_eq!(first.get("name"), second.get("ownerName"));
    let other = Redactor::new(b"another").value("", value(r#"{"name":"A b"}"#));
    assert_ne!(first.get("name"), other.get("name"));
}

#[test]
fn a_change_is_seen_record_by_record_and_member_by_member() {
    let demo = Arc::new(Demo::new().unwrap());
    let (before, _) = exported(&*demo);
    let live = product(Arc::<Demo>::clone(&demo), invented());
    for (tool, arguments) in [
        ("zia_create_rule_label", r#"{"name":"Fresh","description":"d"}"#),
        ("zia_update_rule_label", r#"{"label_id":"41001","name":"Branch roll-out"}"#),
        ("zia_delete_rule_label", r#"{"label_id":"41064"}"#),
    ] {
        let done = call_allowed(&live, tool, arguments);
        assert!(!done.is_error, "{tool}: {:?}", texts(&done));
    }
    let (after, _) = exported(&*demo);
    assert_eq!(compare::compare(&before, &before), []);
    let sections = compare::compare(&before, &after);
    let labels = sections.iter().find(|one| one.name == "zia_list_rule_labels").unwrap();
    let said: Vec<String> = labels
        .changes
        .iter()
        .map(|change| match change {
            Change::Added(record) => format!("+ {}", record.get("name").unwrap().as_str().unwrap()),
            Change::Removed(record) => format!("- {}", identity(record).unwrap()),
            Change::Changed(record, members) => {
                let at: Vec<&str> = members.iter().map(|member| member.at.as_str()).collect();
                format!("~ {} {}", identity(record).unwrap(), at.join(" "))
            }
        })
        .collect();
    assert!(said.contains(&"+ Fresh".to_owned()), "{said:?}");
    assert!(said.contains(&"- 41064".to_owned()), "{said:?}");
    assert!(
        said.iter().any(|one| one.starts_with("~ 41001 ") && one.contains("/name")),
        "{said:?}"
    );
    let text = compare::text(&manifest(), &manifest(), &sections);
    assert!(text.contains("\nzia_list_rule_labels: 1 added, 1 removed, 1 changed\n"), "{text}");
    assert!(text.contains("/name: \"Branch rollout\" -> \"Branch roll-out\"\n"), "{text}");
    let document = compare::document(&manifest(), &manifest(), &sections);
    let told = document.get("collections").and_then(Json::as_array).unwrap();
    assert_eq!(told.len(), sections.len());
}

/// The demo, and every request that it was asked.
struct Watched(Arc<Demo>, Mutex<Vec<ApiRequest>>);

impl Backend for Watched {
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream> {
        self.1.lock().unwrap().push(request.clone());
        self.0.send(request, patience)
    }
    fn is_local(&self) -> bool {
        true
    }
    fn describe(&self) -> String {
        String::new()
    }
}

#[test]
fn an_export_asks_for_nothing_but_reads() {
    let watched = Watched(demo(), Mutex::default());
    let _ = exported(&watched);
    let asked = watched.1.into_inner().unwrap();
    assert!(asked.len() > 200, "{}", asked.len());
    for request in asked {
        assert!(reads(&request), "{request:?}");
    }
}

#[test]
fn what_fails_for_now_is_told_from_what_fails_for_good() {
    let (tenant, caller) = (tenant(), Quiet::new(false));
    let selection = Selection::everything();
    let target = export::targets(&selection)
        .into_iter()
        .find(|target| target.row.name == "zia_list_rule_labels")
        .unwrap();
    let answer =
        |status| Ok(ApiResponse { status, body: ApiBody::Json(object([("message", "m".into())])) });
    for (answer, expected) in [
        (answer(403), "nothing"),
        (answer(404), "nothing"),
        (answer(429), "later"),
        (answer(503), "later"),
        (Err(Upstream::Timeout), "later"),
        (Err(Upstream::Throttled), "later"),
        (Err(Upstream::Unreachable), "stop"),
        (Err(Upstream::CredentialsRefused), "stop"),
    ] {
        let service = kit::Service::new(answer.clone());
        let took = match Export::new(&*service, &tenant, &caller).take(&target) {
            Took::Read(_) => "read",
            Took::Nothing(_) => "nothing",
            Took::Later(_) => "later",
            Took::Stop(_) => "stop",
        };
        assert_eq!(took, expected, "{answer:?}");
    }
}
