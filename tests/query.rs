//! The query language: the public compliance cases, its bounds, and that nothing breaks it.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use zscaler_mcp::json::{Bounds, Json, read, write};
use zscaler_mcp::limits::{QUERY_DEPTH_MAX, QUERY_TEXT_BYTES_MAX};
use zscaler_mcp::query::{QueryError, QueryFault, compile};
use zscaler_mcp::sanitize::Scrubber;

const CASES: [(&str, &str); 15] = [
    ("basic", include_str!("data/jmespath/basic.json")),
    ("boolean", include_str!("data/jmespath/boolean.json")),
    ("current", include_str!("data/jmespath/current.json")),
    ("escape", include_str!("data/jmespath/escape.json")),
    ("filters", include_str!("data/jmespath/filters.json")),
    ("functions", include_str!("data/jmespath/functions.json")),
    ("identifiers", include_str!("data/jmespath/identifiers.json")),
    ("indices", include_str!("data/jmespath/indices.json")),
    ("literal", include_str!("data/jmespath/literal.json")),
    ("multiselect", include_str!("data/jmespath/multiselect.json")),
    ("pipe", include_str!("data/jmespath/pipe.json")),
    ("slice", include_str!("data/jmespath/slice.json")),
    ("syntax", include_str!("data/jmespath/syntax.json")),
    ("unicode", include_str!("data/jmespath/unicode.json")),
    ("wildcard", include_str!("data/jmespath/wildcard.json")),
];

fn value(text: &str) -> Json {
    read(text.as_bytes(), Bounds { depth: 64, nodes: 1_000_000 }).unwrap()
}

fn search(expression: &str, value: &Json) -> Result<Json, QueryError> {
    compile(expression)?.search(value, &Scrubber::new(true))
}

fn found(expression: &str, given: &str) -> String {
    write::to_text(&search(expression, &value(given)).unwrap())
}

fn fault(expression: &str, given: &str) -> (usize, QueryFault) {
    let error = search(expression, &value(given)).unwrap_err();
    (error.at, error.fault)
}

/// Equal as JSON: numbers by value, objects in any order.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64().unwrap() == b.as_f64().unwrap(),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            let member = |(name, a)| b.get(name).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(member)
        }
        _ => a == b,
    }
}

#[test]
fn every_compliance_case_holds() {
    let (mut run, mut wrong) = (0, Vec::new());
    for (file, text) in CASES {
        let suites = value(text);
        for suite in suites.as_array().unwrap() {
            for case in suite.get("cases").unwrap().as_array().unwrap() {
                let expression = case.get("expression").unwrap().as_str().unwrap();
                let got = search(expression, suite.get("given").unwrap());
                let holds = match (&got, case.get("result")) {
                    (Ok(got), Some(expected)) => same(got, expected),
                    (Err(_), None) => case.get("error").is_some(),
                    _ => false,
                };
                run += 1;
                if !holds {
                    wrong.push(format!("{file}: {expression}: {got:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(run, 892);
}

#[test]
fn unusual_expressions_mean_what_they_should() {
    for (expression, given, expected) in [
        ("a < b", r#"{"a":"x","b":"y"}"#, "true"),
        ("a < b", r#"{"a":"x","b":1}"#, "null"),
        ("[?n == `abc`].n", r#"[{"n":"abc"},{"n":"b"}]"#, r#"["abc"]"#),
        ("contains(@, `1`)", r#""a1""#, "false"),
        ("{a: x, b: y, a: y}", r#"{"x":1,"y":2}"#, r#"{"a":2,"b":2}"#),
        ("[*].{a: a}[0]", r#"[{"a":1},{"a":2}]"#, r#"{"a":1}"#),
        ("!a.b", r#"{"a":{"b":false}}"#, "null"),
        ("!(a.b)", r#"{"a":{"b":false}}"#, "true"),
        ("[0][1:].a", r#"[[{"a":1},{"a":2}]]"#, "[2]"),
        ("to_number(' 4 ')", "null", "4"),
        ("to_number('0x4')", "null", "null"),
    ] {
        assert_eq!(found(expression, given), expected, "{expression}");
    }
}

#[test]
fn numbers_keep_every_digit() {
    let ids = r#"[{"id":216196257331200002},{"id":216196257331200001},{"id":1.50}]"#;
    for (expression, expected) in [
        ("[?id == `216196257331200001`]", r#"[{"id":216196257331200001}]"#),
        ("sort_by(@, &id)[].id", "[1.50,216196257331200001,216196257331200002]"),
        ("max([].id)", "216196257331200002"),
        ("[?id == `1.5`].to_string(id)", r#"["1.50"]"#),
        ("sum([:2].id)", "432392514662400003"),
        ("[0] == `{\"id\":2.16196257331200002e17}`", "true"),
        ("contains([].id, `216196257331200003`)", "false"),
    ] {
        assert_eq!(found(expression, ids), expected, "{expression}");
    }
}

#[test]
fn slices_go_both_ways_and_never_out() {
    for (expression, expected) in [
        ("[-3:]", "[2,3,4]"),
        ("[:-9]", "[]"),
        ("[9:]", "[]"),
        ("[9::-2]", "[4,2,0]"),
        ("[:-9:-1]", "[4,3,2,1,0]"),
        ("[-9::-1]", "[]"),
        ("[1:4:9223372036854775807]", "[1]"),
        ("[::-9223372036854775808]", "[4]"),
        ("[-9223372036854775808:9223372036854775807]", "[0,1,2,3,4]"),
        ("[-9223372036854775808]", "null"),
    ] {
        assert_eq!(found(expression, "[0,1,2,3,4]"), expected, "{expression}");
    }
    assert_eq!(found("[:]", "[]"), "[]");
    assert_eq!(found("[::-1]", "[]"), "[]");
}

#[test]
fn a_bad_expression_points_at_the_place() {
    const KIND: &str = "a list of numbers";
    for (expression, at, expected) in [
        ("", 0, QueryFault::Expected("a name, a function, a literal, @, *, [, {, ( or !")),
        ("[?name == 'x'", 13, QueryFault::Expected("an operator or ]")),
        ("a.b.", 4, QueryFault::Expected("a name, a function, *, [ or { after the dot")),
        ("a b", 2, QueryFault::Expected("an operator or the end")),
        ("[?name = 'x']", 7, QueryFault::OneEquals),
        ("[].{id id}", 7, QueryFault::Expected("a colon and an expression")),
        ("[].lower(name)", 3, QueryFault::UnknownFunction),
        ("\"sum\"(@)", 0, QueryFault::QuotedFunction),
        ("[].sum(@, @)", 3, QueryFault::Count { function: "sum", wanted: "one argument" }),
        ("sum(@,)", 6, QueryFault::Expected("a name, a function, a literal, @, *, [, {, ( or !")),
        ("sum(,@)", 4, QueryFault::Expected("a name, a function, a literal, @, *, [, {, ( or !")),
        ("sum(@ @)", 6, QueryFault::Expected("an operator, a comma or )")),
        ("&a", 0, QueryFault::Expected("a name, a function, a literal, @, *, [, {, ( or !")),
        ("[0] | sum(@)", 6, QueryFault::Kind { function: "sum", argument: 1, wanted: KIND }),
        ("[::0]", 0, QueryFault::StepZero),
        ("abs(`1e999`) | sum([@, `1e999`])", 15, QueryFault::Number),
    ] {
        assert_eq!(fault(expression, "[1]"), (at, expected), "{expression}");
    }
    let told = compile("[].lower(name)").unwrap_err().to_string();
    assert!(told.starts_with("at byte 3 stands an unknown function; the functions are abs, avg, "));
    for error in ["[", "a =", "'", "sum()", "map(a, b)", "#"].map(|text| compile(text).unwrap_err())
    {
        let line = error.to_string();
        assert!(line.starts_with("at byte ") && !line.contains('\n'), "{line}");
    }
}

#[test]
fn depth_and_length_have_bounds() {
    let levels = usize::try_from(QUERY_DEPTH_MAX).unwrap();
    for (before, middle, after) in [
        ("(", "a", ")"),
        ("[", "a", "]"),
        ("!", "a", ""),
        ("{a:", "a", "}"),
        ("not_null(", "a", ")"),
    ] {
        let nested = |n: usize| format!("{}{middle}{}", before.repeat(n), after.repeat(n));
        assert!(search(&nested(levels - 1), &value("{\"a\":1}")).is_ok(), "{before}");
        for n in [levels, 1_500] {
            let fault = compile(&nested(n)).unwrap_err().fault;
            assert_eq!(fault, QueryFault::Depth, "{before} {n}");
        }
    }
    for repeated in ["[]", "[*]", "[?a]", "[:]", ".*", "==a"] {
        let fault = compile(&format!("a{}", repeated.repeat(2_000))).unwrap_err().fault;
        assert_eq!(fault, QueryFault::Depth, "{repeated}");
    }
    for repeated in [".a", "[0]", "|a", "||a", "&&a", ".[a]"] {
        assert!(compile(&format!("a{}", repeated.repeat(2_000))).is_ok(), "{repeated}");
    }
    let tower = (0..200).fold("a".to_owned(), |inner, _| format!("({inner}[][][])"));
    assert_eq!(compile(&tower).unwrap_err().fault, QueryFault::Depth);
    let text = |bytes: usize| "a".repeat(bytes);
    assert!(compile(&text(QUERY_TEXT_BYTES_MAX)).is_ok());
    let fault = compile(&text(QUERY_TEXT_BYTES_MAX + 1)).unwrap_err();
    assert_eq!((fault.at, fault.fault), (QUERY_TEXT_BYTES_MAX, QueryFault::Length));
}

#[test]
fn wrapping_a_value_again_and_again_ends() {
    for again in ["|[@]", ".{a:@}", "|to_array([@])"] {
        let wrapped = |n: usize| format!("@{}", again.repeat(n));
        assert!(search(&wrapped(30), &value("1")).is_ok(), "{again}");
        for n in [200, 1_000] {
            let (_, fault) = fault(&wrapped(n), "1");
            assert_eq!(fault, QueryFault::ResultDepth, "{again} {n}");
        }
    }
}

#[test]
fn a_query_that_would_never_end_or_fill_the_memory_is_stopped() {
    let long = format!("[{}0]", "0,".repeat(20_000));
    let wide = format!("[\"{}\"]", "ab".repeat(500_000));
    let members: Vec<String> = (0..20_000).map(|n| format!("\"m{n}\":{n}")).collect();
    let object = format!("[{{{}}}]", members.join(","));
    let doubled = format!("@{}", "|[@,@]".repeat(60));
    let escaped = format!("'\"'{}", "|to_string([@])".repeat(60));
    let merged = format!("[0]|merge({}@)", "@,".repeat(5_000));
    let compared = format!("[{}@==@]", "@==@,".repeat(3_000));
    let sorted = format!("[{}@]|[]", "sort(@),".repeat(2_000));
    let looked = format!("[0].[{}m19999]", "m19999,".repeat(2_300));
    let reversed = format!("[0].[{}@]", "reverse(@),".repeat(1_400));
    let counted = format!("[0].[{}@]", "length(@),".repeat(1_500));
    let mapped = format!("map(&[{}@], @)", "length(@)==@,".repeat(1_200));
    for (expression, given, expected) in [
        (&doubled, "[]", QueryFault::Bytes),
        (&escaped, "[]", QueryFault::Bytes),
        (&merged, &object, QueryFault::Steps),
        (&compared, &long, QueryFault::Steps),
        (&sorted, &long, QueryFault::Steps),
        (&looked, &object, QueryFault::Steps),
        (&reversed, &wide, QueryFault::Steps),
        (&counted, &wide, QueryFault::Steps),
        (&mapped, &wide, QueryFault::Steps),
    ] {
        let given = value(given);
        let error = search(expression, &given).unwrap_err();
        assert_eq!(error.fault, expected, "{expression:.40}");
    }
    let told = QueryError { at: 3, fault: QueryFault::Steps }.to_string();
    assert!(told.contains("too many steps"), "{told}");
}

#[test]
fn a_large_honest_query_fits() {
    let record = |n: usize| {
        let padding: Vec<String> = (0..40).map(|m| format!("\"m{m}\":\"text {m}\"")).collect();
        format!("{{\"id\":{n},\"name\":\"record {n}\",{}}}", padding.join(","))
    };
    let list = format!("[{}]", (0..5_000).map(record).collect::<Vec<_>>().join(","));
    let list = value(&list);
    let ids: Vec<String> = (0..200).map(|n| format!("id==`{}`", n * 7)).collect();
    for (expression, rows) in [
        ("@".to_owned(), 5_000),
        ("[?contains(name, '99')].{id: id, name: name}".to_owned(), 95),
        ("sort_by(@, &name)[:10].{id: id, first: m0, last: m39}".to_owned(), 10),
        (format!("[?contains(`[{}]`, id)]", "1,".repeat(50) + "2"), 2),
        (format!("[:1000]|[?{}]", ids.join("||")), 143),
    ] {
        let found = search(&expression, &list).unwrap();
        assert_eq!(found.as_array().unwrap().len(), rows, "{expression:.60}");
    }
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("@".to_owned()),
        Just("*".to_owned()),
        Just("[]".to_owned()),
        "[abn]",
        "\"[a-z\u{e9} ]{0,4}\"",
        "'[a-z]{0,3}'",
        "`-?[1-9][0-9]{0,20}(\\.[0-9]{1,3})?(e-?[0-9]{1,3})?`",
        Just("`null`".to_owned()),
        Just("`{\"a\":[1,{\"b\":\"x\"}],\"n\":[[2],[3]]}`".to_owned()),
        "\\[-?[0-9]{1,2}\\]",
        "\\[(-?[0-9])?:(-?[0-9])?(:-?[1-3])?\\]",
    ]
}

fn function(inside: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = String> {
    let one = prop::sample::select(vec![
        "abs",
        "avg",
        "ceil",
        "floor",
        "keys",
        "length",
        "max",
        "merge",
        "min",
        "not_null",
        "reverse",
        "sort",
        "sum",
        "to_array",
        "to_number",
        "to_string",
        "type",
        "values",
        "unknown",
    ]);
    let two = prop::sample::select(vec![
        ("contains(", ","),
        ("ends_with(", ","),
        ("starts_with(", ","),
        ("join(", ","),
        ("merge(", ","),
        ("not_null(", ","),
        ("map(&", ","),
        ("sort_by(", ",&"),
        ("max_by(", ",&"),
        ("min_by(", ",&"),
    ]);
    prop_oneof![
        (one, inside.clone()).prop_map(|(name, a)| format!("{name}({a})")),
        (two, inside.clone(), inside)
            .prop_map(|((name, comma), a, b)| format!("{name}{a}{comma}{b})")),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(6, 60, 4, |inside| {
        let operator = prop::sample::select(vec![
            ".", "|", "||", "&&", "==", "!=", "<", "<=", ">", ">=", "[*].", "[].", ".*.", "[]|",
        ]);
        let ending = prop::sample::select(vec!["[*]", "[]", "[0]", ".*", "[1:]", "[::-1]", ".a"]);
        prop_oneof![
            (inside.clone(), operator, inside.clone()).prop_map(|(a, op, b)| format!("{a}{op}{b}")),
            (inside.clone(), ending).prop_map(|(a, ending)| format!("{a}{ending}")),
            (inside.clone(), inside.clone()).prop_map(|(a, b)| format!("{a}[?{b}]")),
            (inside.clone(), inside.clone()).prop_map(|(a, b)| format!("{a}.[{b},@]")),
            (inside.clone(), inside.clone()).prop_map(|(a, b)| format!("{{a:{a},b:{b}}}")),
            inside.clone().prop_map(|a| format!("!{a}")),
            inside.clone().prop_map(|a| format!("({a})")),
            function(inside),
        ]
    })
}

fn depth(value: &Json) -> usize {
    let inner = match value {
        Json::Array(items) => items.iter().map(depth).max(),
        Json::Object(members) => members.iter().map(|(_, value)| depth(value)).max(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return 0,
    };
    1 + inner.unwrap_or(0)
}

proptest! {
    #[test]
    fn whatever_is_asked_there_is_an_answer(text in expression()) {
        let given = value(
            r#"{"a":[{"a":1,"b":"x","n":[1,[2,[3]]]},{"a":2.5,"b":"\u00e9","n":null}],
                "b":{"a":"1","b":{"n":true}},"n":[3,-1,12345678901234567890,0.5]}"#,
        );
        if let Ok(expression) = compile(&text) {
            let scrubber = Scrubber::new(true);
            let first = expression.search(&given, &scrubber);
            assert_eq!(first, expression.search(&given, &scrubber));
            match first {
                Ok(found) => assert!(depth(&found) < 100),
                Err(error) => assert!(error.at <= text.len()),
            }
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in any::<String>()) {
        if let Err(error) = compile(&text) {
            assert!(text.is_char_boundary(error.at));
        }
    }

    #[test]
    fn no_pile_of_tokens_breaks_the_reader(text in "[a@*.,:(){}\\[\\]?|&!<>='`\" 0-9-]{0,60}") {
        if let Err(error) = compile(&text) {
            assert!(text.is_char_boundary(error.at));
        }
    }
}
