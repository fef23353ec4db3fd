//! The one pass from the bytes of an answer to a result, against slower ways to the same end.

mod recursive;
mod tree;

#[path = "../data/tools/quiet.rs"]
mod quiet;

use std::sync::Arc;

use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest,
};
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::json::{Bounds, Json, Object, feed, read, scan, write};
use zscaler_mcp::mcp::registry::{CallResult, Content, Outcome, Registry};
use zscaler_mcp::sanitize::{CleanEncoded, Naming, Scrubber};
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

/// A service whose every answer is this body.
struct Fixed(ApiBody);

impl Backend for Fixed {
    fn send(&self, _: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        Ok(ApiResponse { status: 200, body: self.0.clone() })
    }
    fn is_local(&self) -> bool {
        true
    }
    fn describe(&self) -> String {
        String::new()
    }
}

fn call(tool: &str, body: ApiBody) -> CallResult {
    let identity =
        ServerIdentity { version: String::new(), demo: true, ..ServerIdentity::default() };
    let scrubber = Arc::new(Scrubber::new(true));
    let product = Product::new(Arc::new(Fixed(body)), scrubber, Selection::everything(), identity);
    let outcome = product.call(tool, &Object::new(), &quiet::Quiet::new(false));
    let Outcome::Done(result) = outcome else { panic!("{tool}") };
    result
}

fn text(result: &CallResult) -> &str {
    let [Content::Text(text)] = result.content.as_slice() else { panic!("{result:?}") };
    text.as_str()
}

// ---- random values -------------------------------------------------------------------------

/// Names of records, none of which becomes another by any naming that is tried here.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec!["id", "configuredName", "ipAddress", "tags", "on", "z1"]),
        1 => prop::sample::select(
            vec!["q\"q", "b\\b", "n\nn", "\u{fc}mlaut", "tick```", "x y", ""],
        ),
    ]
    .prop_map(str::to_owned)
}

fn plain() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "Main office",
        ", ",
        "\"",
        "\\",
        "\n",
        "R&D",
        " < 3",
        "\u{4eac}",
        "<b>",
        "</b>",
        "```",
        "~~~",
        "[x](y)",
        "\u{200b}",
        "\u{7f}",
        "\r",
        "&lt;",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..5).prop_map(|p| p.concat())
}

fn scalar() -> impl Strategy<Value = Json> {
    let number = |text: &'static str| read(text.as_bytes(), bounds()).unwrap();
    prop_oneof![
        2 => Just(Json::Null),
        2 => any::<bool>().prop_map(Json::from),
        3 => any::<i64>().prop_map(Json::from),
        1 => prop::sample::select(vec!["1.50", "-0.0e+1", "12345678901234567890"]).prop_map(number),
        5 => plain().prop_map(Json::from),
        1 => Just(Json::Array(Vec::new())),
        1 => Just(Json::Object(Object::new())),
    ]
}

/// Objects in an order of their own, as services send them.
fn object(member: impl Strategy<Value = Json> + 'static) -> impl Strategy<Value = Json> {
    let members = prop::collection::btree_map(name(), member, 0..7);
    let pairs = members.prop_map(|members| members.into_iter().collect::<Vec<_>>());
    pairs.prop_shuffle().prop_map(|pairs| pairs.into_iter().collect::<Object>().into())
}

fn value() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(4, 40, 6, |inner| {
        prop_oneof![prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from), object(inner),]
    })
}

/// Objects in objects whose names become the same in many ways.
fn value_of_meeting_names() -> impl Strategy<Value = Json> {
    let names = ["a", "A", "<b>a", "<B>A", "a_2", "A_2", "a_3", "a\u{200b}", "B", "b", "c"];
    Just(Json::Bool(true)).prop_recursive(4, 60, 8, move |inner| {
        let name = prop::sample::select(names.to_vec()).prop_map(str::to_owned);
        let pairs = prop::collection::btree_map(name, inner, 1..8)
            .prop_map(|members| members.into_iter().collect::<Vec<_>>());
        let object =
            pairs.prop_shuffle().prop_map(|p| Json::from(p.into_iter().collect::<Object>()));
        prop_oneof![object.clone(), prop::collection::vec(object, 1..4).prop_map(Json::from)]
    })
}

fn members(value: &Json) -> usize {
    let items = value.as_array().unwrap_or(&[]).iter().map(members).sum::<usize>();
    let own = value.as_object().into_iter().flat_map(Object::iter);
    items + own.map(|(_, value)| 1 + members(value)).sum::<usize>()
}

/// Lists of flat records, of any records, and of anything.
fn list() -> impl Strategy<Value = Json> {
    prop_oneof![
        prop::collection::vec(object(scalar()), 0..6),
        prop::collection::vec(object(value()), 0..4),
        prop::collection::vec(value(), 0..4),
    ]
    .prop_map(Json::from)
}

fn bounds() -> Bounds {
    Bounds { depth: 64, nodes: 10_000 }
}

/// The rule of the naming without its table: enough for the names above.
fn snake(name: &str) -> String {
    match name {
        "configuredName" => "configured_name".to_owned(),
        "ipAddress" => "ip_address".to_owned(),
        other => other.to_owned(),
    }
}

fn encoded(source: Result<&[u8], &Json>, naming: Naming) -> (CleanEncoded, u64) {
    let scrubber = Scrubber::new(true);
    let mut encoder = scrubber.encoder(naming);
    match source {
        Ok(bytes) => scan(bytes, bounds(), &mut encoder).unwrap(),
        Err(tree) => feed(tree, &mut encoder),
    }
    (encoder.finish().unwrap(), scrubber.changed())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512,
        ..ProptestConfig::default() })]

    #[test]
    fn the_scanner_reads_what_the_recursive_reader_reads(value in value()) {
        for text in [write::to_text(&value), write::pretty(&value)] {
            let bytes = text.as_bytes();
            prop_assert_eq!(read(bytes, bounds()), recursive::read(bytes, bounds()));
            for few in [Bounds { depth: 2, nodes: 99 }, Bounds { depth: 64, nodes: 7 }] {
                prop_assert_eq!(read(bytes, few), recursive::read(bytes, few));
            }
        }
    }

    #[test]
    fn the_scanner_finds_the_fault_where_the_recursive_reader_finds_it(
        value in value(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 1..4),
    ) {
        let mut text = write::to_text(&value).into_bytes();
        for (at, (cut, put)) in edits {
            let at = at.index(text.len() + 1);
            let end = text.len().min(at + cut);
            text.splice(at..end, put);
        }
        prop_assert_eq!(read(&text, bounds()), recursive::read(&text, bounds()), "{:?}",
            String::from_utf8_lossy(&text));
    }

    #[test]
    fn any_bytes_are_answered_alike(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        prop_assert_eq!(read(&bytes, bounds()), recursive::read(&bytes, bounds()));
    }

    #[test]
    fn the_stream_makes_what_the_tree_makes(list in list()) {
        let bytes = write::pretty(&list).into_bytes();
        for (naming, rename) in
            [(Naming::Kept, None), (Naming::Renamed(snake), Some(snake as fn(&str) -> String))]
        {
            let (structure, text) = tree::finished(&list, rename);
            let streamed = encoded(Ok(&bytes), naming);
            prop_assert_eq!(&streamed, &encoded(Err(&list), naming));
            let (clean, _) = streamed;
            let shown = clean.csv().unwrap_or_else(|| clean.pretty());
            prop_assert_eq!(shown.as_str(), &text);
            prop_assert_eq!(clean.len(), list.as_array().unwrap().len());
            let wrapped = clean.wrapped("result");
            prop_assert_eq!(wrapped.as_str(), &structure);
            prop_assert_eq!(write::to_text(&wrapped.to_json()), structure);
        }
    }

    #[test]
    fn a_tool_answers_alike_for_bytes_and_trees(list in list()) {
        let bytes = ApiBody::Encoded(write::pretty(&list).into_bytes());
        for tool in ["zia_list_rule_labels", "zia_list_gre_ranges"] {
            let streamed = call(tool, bytes.clone());
            let fed = call(tool, ApiBody::Json(list.clone()));
            prop_assert_eq!(text(&streamed), text(&fed));
            prop_assert_eq!(streamed.structured, fed.structured);
            prop_assert_eq!(streamed.is_error, fed.is_error);
        }
    }

    #[test]
    fn no_two_members_become_one(value in value_of_meeting_names()) {
        for naming in [Naming::Kept, Naming::Renamed(str::to_ascii_lowercase)] {
            let (clean, _) = encoded(Err(&value), naming);
            // The reader refuses an object that has a name twice.
            let again = read(clean.as_str().as_bytes(), bounds());
            prop_assert_eq!(again.map(|again| members(&again)), Ok(members(&value)), "{:?}", clean);
        }
    }

    #[test]
    fn encoded_text_is_a_fixed_point(value in value()) {
        let (once, _) = encoded(Err(&value), Naming::Kept);
        let (twice, changed) = encoded(Ok(once.as_str().as_bytes()), Naming::Kept);
        prop_assert_eq!((once, 0), (twice, changed));
    }
}

/// Bytes to take away and bytes to put there.
fn edit() -> impl Strategy<Value = (usize, Vec<u8>)> {
    let pieces = [
        "",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\\",
        "\\u",
        "\\ud83d",
        "\\ude00",
        "\\u00e9",
        "0",
        "-",
        ".",
        "e",
        "+",
        "1",
        "t",
        "true",
        "nul",
        " ",
        "\n",
        "\u{1}",
        "\u{7f}",
        "\u{e9}",
        "/",
        "\"id\":1,",
        "\"\\u0069d\":2,",
    ];
    let pieces = prop::sample::select(pieces.map(|piece| piece.as_bytes().to_vec()).to_vec());
    let any_bytes = prop::collection::vec(any::<u8>(), 1..3);
    (0_usize..3, prop_oneof![4 => pieces, 1 => any_bytes])
}

// ---- through a tool ------------------------------------------------------------------------

#[test]
fn an_answer_said_to_be_json_that_is_none_is_an_error() {
    for (name, body, expected) in [
        ("text", "<html>", "cannot be read"),
        ("cut", "[{\"id\":1}", "cannot be read"),
        ("nothing", " ", "cannot be read"),
        ("twice a member", "[{\"id\":1,\"id\":2}]", "cannot be read"),
        ("a scalar", "7", "unexpected form"),
        ("too deep", &format!("{}{}", "[".repeat(65), "]".repeat(65)), "nested too deep"),
        ("far too deep", &"[".repeat(9_000), "cannot be read"),
    ] {
        let result = call("zia_list_rule_labels", ApiBody::Encoded(body.as_bytes().to_vec()));
        assert!(result.is_error && result.structured.is_none(), "{name}");
        assert!(text(&result).contains(expected), "{name}: {}", text(&result));
    }
}

#[test]
fn names_that_meet_are_all_kept() {
    let body = br#"[{"aB":1,"a_b":2,"a__b":3,"n":null},{"a_b":4,"aB":5}]"#.to_vec();
    for body in [ApiBody::Encoded(body.clone()), ApiBody::Json(read(&body, bounds()).unwrap())] {
        let result = call("zia_list_rule_labels", body);
        assert_eq!(
            result.structured.unwrap().as_str(),
            r#"{"result":[{"a_b":1,"a_b_2":2,"a__b":3},{"a_b":4,"aB":5}]}"#
        );
    }
}

#[test]
fn a_table_of_too_many_cells_is_shown_as_json() {
    let rows: Vec<String> = (0..1_100).map(|n| format!("{{\"n{n}\":{n}}}")).collect();
    let body = format!("[{}]", rows.join(","));
    let result = call("zia_list_gre_ranges", ApiBody::Encoded(body.into_bytes()));
    assert!(text(&result).starts_with("[\n  {\n    \"n0\": 0\n  },"));
}

#[test]
fn a_hostile_answer_costs_what_its_length_costs() {
    let names = |make: fn(usize) -> String| (0..20_000).map(make).collect::<Vec<_>>().join(",");
    for body in [
        names(|n| format!("\"{}a{}\":1", "_".repeat(n % 150), "_".repeat(n / 150))),
        names(|n| format!("\"A{n}\":1")),
        names(|n| format!("\"a{n}\":{{\"A{n}\":1,\"a_{n}\":2,\"x\":{{}}}}")),
    ] {
        let result = call("zia_list_rule_labels", ApiBody::Encoded(format!("[{{{body}}}]").into()));
        assert!(!result.is_error, "{}", text(&result));
    }
}
