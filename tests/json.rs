//! The JSON reader and writer at the edges of their grammar and of their bounds.

use zscaler_mcp::json::{Bounds, Fault, Json, Tokens, read, text_of, write};

const WIDE: Bounds = Bounds { depth: 16, nodes: 100_000 };

fn fault(text: &str) -> Option<Fault> {
    read(text.as_bytes(), WIDE).err().map(|error| error.fault)
}

#[test]
fn only_four_characters_are_blanks() {
    for (name, blank, expected) in [
        ("space", " ", None),
        ("tab", "\t", None),
        ("LF", "\n", None),
        ("CR", "\r", None),
        ("form feed", "\u{c}", Some(Fault::Syntax)),
        ("vertical tab", "\u{b}", Some(Fault::Syntax)),
        ("NUL", "\0", Some(Fault::Syntax)),
        ("next line", "\u{85}", Some(Fault::Syntax)),
        ("no-break space", "\u{a0}", Some(Fault::Syntax)),
        ("byte order mark", "\u{feff}", Some(Fault::Syntax)),
    ] {
        for text in ["_1", "1_", "[_1_,_2_]", "[_]", "{_}", "{_\"a\"_:_1_,_\"b\":2_}"] {
            assert_eq!(fault(&text.replace('_', blank)), expected, "{name} in {text}");
        }
    }
}

#[test]
fn a_name_that_stands_twice_is_found_in_objects_of_every_size() {
    for size in 2..40 {
        let object = |twice: Option<usize>| {
            let name = |n: usize| if twice == Some(n) { 0 } else { n };
            let members: Vec<String> = (0..size).map(|n| format!("\"m{}\":{n}", name(n))).collect();
            format!("{{{}}}", members.join(","))
        };
        assert_eq!(fault(&object(None)), None, "{size}");
        for twice in 1..size {
            let (good, bad) = (object(None), object(Some(twice)));
            assert_eq!(fault(&bad), Some(Fault::Duplicate), "{size} {twice}");
            // The reader remembers the names of the record before.
            for list in [format!("[{good},{bad}]"), format!("[{good},{good},{bad},{good}]")] {
                assert_eq!(fault(&list), Some(Fault::Duplicate), "{size} {twice}");
            }
            let nested = format!("{{\"a\":{good},\"b\":[{bad}]}}");
            assert_eq!(fault(&nested), Some(Fault::Duplicate), "{size} {twice}");
        }
        let (first, other) = (object(None), object(None).replace("\"m", "\"n"));
        assert_eq!(fault(&format!("[{first},{other},{first}]")), None, "{size}");
    }
}

#[test]
fn escapes_mean_what_they_say() {
    for (text, expected) in [
        (r#""\"\\\/\b\f\n\r\t""#, Some("\"\\/\u{8}\u{c}\n\r\t")),
        (r#""\u0041\u00e9\uFFFF\uffff""#, Some("A\u{e9}\u{ffff}\u{ffff}")),
        (r#""\ud800\udc00\udbff\udfff""#, Some("\u{10000}\u{10ffff}")),
        (r#""\ud800\ue000""#, Some("\u{fffd}\u{e000}")),
        (r#""\ud800\udbff""#, Some("\u{fffd}\u{fffd}")),
        (r#""\ud800\ud800\udc00""#, Some("\u{fffd}\u{10000}")),
        (r#""\udc00\ud800""#, Some("\u{fffd}\u{fffd}")),
        (r#""\ud800\n""#, Some("\u{fffd}\n")),
        (r#""\ud800x""#, Some("\u{fffd}x")),
        (r#""\udfff\ue000""#, Some("\u{fffd}\u{e000}")),
        (r#""\u12""#, None),
        (r#""\u+041""#, None),
        (r#""\u 041""#, None),
        (r#""\U0041""#, None),
        (r#""\v""#, None),
        (r#""\'""#, None),
        (r#""\ud800\u""#, None),
        (r#""\ud800\u12x4""#, None),
    ] {
        let found = read(text.as_bytes(), WIDE).ok();
        assert_eq!(found.as_ref().and_then(Json::as_str), expected, "{text}");
    }
}

#[test]
fn a_control_character_ends_no_string_wherever_it_stands() {
    for len in 0..24 {
        for at in 0..=len {
            for control in ["\0", "\u{1}", "\t", "\n", "\u{1f}"] {
                let text = format!("\"{}{control}{}\"", "x".repeat(at), "\u{e9}".repeat(len - at));
                assert_eq!(fault(&text), Some(Fault::Syntax), "{text:?}");
            }
            let text = format!("\"{}\u{7f}{}\"", "x".repeat(at), "y".repeat(len - at));
            assert_eq!(fault(&text), None, "{text:?}");
        }
    }
}

#[test]
fn numbers_follow_the_grammar_and_keep_their_text() {
    for good in ["0", "-0", "10", "0.0", "1e1", "1E+1", "1e-01", "-1.5e3", "123456789012345678901"]
    {
        let value = read(good.as_bytes(), WIDE).unwrap();
        assert_eq!(write::to_text(&value), good);
    }
    for bad in
        ["00", "01", "-01", "0x1", "1.", ".1", "-", "+1", "1e", "1e+", "1.e1", "-.1", "1_0", "Inf"]
    {
        assert_eq!(fault(bad), Some(Fault::Syntax), "{bad}");
    }
}

#[test]
fn one_value_is_all_there_is() {
    for bad in ["1 1", "{} {}", "[]]", "null,", "\"a\"\"b\"", "1}", "truefalse"] {
        assert_eq!(fault(bad), Some(Fault::Syntax), "{bad}");
    }
}

#[test]
fn bounds_are_exact_and_given_back() {
    for levels in 1..20 {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let inner = if open == "[" { "" } else { "1" };
            let deep = format!("{}{inner}{}", open.repeat(levels), close.repeat(levels));
            let expected = (levels > 16).then_some(Fault::Depth);
            assert_eq!(fault(&deep), expected, "{levels} {open}");
            // What was closed does not count against what follows.
            assert_eq!(fault(&format!("[{}1]", "[{}],".repeat(50))), None);
        }
    }
    // A list of two records of one member: itself, two records, two names, two values.
    let text = br#"[{"a":1},{"a":2}]"#;
    assert!(read(text, Bounds { depth: 2, nodes: 7 }).is_ok());
    let error = read(text, Bounds { depth: 2, nodes: 6 }).unwrap_err();
    assert_eq!(error.fault, Fault::Nodes);
}

#[test]
fn every_character_is_written_so_that_it_reads_back() {
    for code in (0..0x250_u32).chain([0x2028, 0xfffd, 0xffff, 0x1_f600, 0x10_ffff]) {
        let text = format!("a{}b", char::from_u32(code).unwrap());
        let quoted = write::quoted(&text);
        assert_eq!(text_of(&quoted).as_deref(), Some(text.as_str()), "{code:#x}");
        assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text, "{code:#x}");
        assert!(!quoted.contains(|c: char| c.is_ascii_control()), "{code:#x}");
    }
    let quoted = write::quoted("\"\\\u{8}\t\n\u{c}\r\0\u{1f}\u{7f}/\u{e9}");
    assert_eq!(quoted, "\"\\\"\\\\\\b\\t\\n\\f\\r\\u0000\\u001f\\u007f/\u{e9}\"");
}

#[test]
fn a_string_is_one_token_whatever_it_holds() {
    for text in ["\"", "\\", "\\\"", "\\\\\"", "]", "},{", ":", ",", "", "\"\"\"", "a\\\"b"] {
        let list = write::to_text(&vec![Json::from(text), Json::Null].into());
        let tokens: Vec<&str> = Tokens::of(&list).collect();
        assert_eq!(tokens, ["[", &write::quoted(text), ",", "null", "]"], "{text:?}");
    }
}
