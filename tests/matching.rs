//! Networks, globs, host patterns and origins: tables of accept and refuse, and two properties
//! against plain arithmetic and a plain recursive matcher.

use core::fmt::{Debug, Display};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::collections::BTreeSet;

use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert_eq, proptest};
use zscaler_mcp::limits::PATTERN_BYTES_MAX;
use zscaler_mcp::matching::{
    Case, Glob, GlobError, Host, HostError, HostName, HostPattern, Network, NetworkError, Origin,
    OriginError,
};

fn host_matches(entry: &str, host: &str, default_port: u16) -> Option<bool> {
    let name = HostName::parse(host.as_bytes())?;
    Some(HostPattern::parse(entry).expect(entry).matches(&name, default_port))
}

/// Each reason is one line in words of its own, and repeats nothing of the entry it refuses.
fn assert_told<E: Debug + Display>(table: &[(&str, &str, E)]) {
    let mut pairs = BTreeSet::new();
    for (name, entry, reason) in table {
        let text = reason.to_string();
        assert!(text.contains(' ') && !text.contains(char::is_control), "{name}: {text}");
        assert!(entry.len() < 6 || !text.contains(entry), "{name}: {text}");
        pairs.insert((format!("{reason:?}"), text));
    }
    let kinds: BTreeSet<&str> = pairs.iter().map(|(kind, _)| kind.as_str()).collect();
    let texts: BTreeSet<&str> = pairs.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!((kinds.len(), texts.len()), (pairs.len(), pairs.len()), "{pairs:#?}");
}

#[test]
fn networks_that_parse_say_what_they_are() {
    let table = [
        ("an address", "203.0.113.5", "203.0.113.5"),
        ("a network", "203.0.113.0/24", "203.0.113.0/24"),
        ("host bits are dropped", "127.0.0.9/30", "127.0.0.8/30"),
        ("all of v4", "0.0.0.0/0", "0.0.0.0/0"),
        ("all of v6", "::/0", "::/0"),
        ("v6", "2001:DB8::/32", "2001:db8::/32"),
        ("v6 address", "2001:db8:0:0::5", "2001:db8::5"),
        ("mapped address", "::ffff:10.0.0.1", "10.0.0.1"),
        ("mapped network", "::ffff:10.1.2.3/104", "10.0.0.0/8"),
        ("all of mapped", "::ffff:0:0/96", "0.0.0.0/0"),
        ("everything", "*", "*"),
        ("blanks around", " 10.0.0.1\t", "10.0.0.1"),
    ];
    for (name, entry, expected) in table {
        assert_eq!(Network::parse(entry).map(|n| n.to_string()), Ok(expected.into()), "{name}");
    }
}

#[test]
fn networks_that_do_not_parse_say_why() {
    let table = [
        ("empty", "", NetworkError::Blank),
        ("blanks", "  ", NetworkError::Blank),
        ("word", "garbage", NetworkError::Address),
        ("three parts", "10.0.0/24", NetworkError::Address),
        ("leading zero", "010.0.0.1", NetworkError::Address),
        ("octet too large", "256.0.0.1", NetworkError::Address),
        ("brackets", "[::1]", NetworkError::Address),
        ("zone", "fe80::1%eth0", NetworkError::Address),
        ("port", "10.0.0.1:80", NetworkError::Address),
        ("star with prefix", "*/8", NetworkError::Address),
        ("blank inside", "10.0.0.1 /8", NetworkError::Address),
        ("mask", "10.0.0.0/255.0.0.0", NetworkError::Prefix),
        ("no prefix", "10.0.0.0/", NetworkError::Prefix),
        ("sign", "10.0.0.0/+8", NetworkError::Prefix),
        ("hexadecimal", "10.0.0.0/0x8", NetworkError::Prefix),
        ("leading zero in prefix", "10.0.0.0/08", NetworkError::Prefix),
        ("two slashes", "10.0.0.0/8/8", NetworkError::Prefix),
        ("v4 prefix too long", "10.0.0.0/33", NetworkError::PrefixRange),
        ("v6 prefix too long", "::/129", NetworkError::PrefixRange),
        ("huge prefix", "::/99999999999999999999", NetworkError::PrefixRange),
        ("mapped, too wide", "::ffff:10.0.0.0/95", NetworkError::Mapped),
    ];
    for (name, entry, expected) in table {
        assert_eq!(Network::parse(entry), Err(expected), "{name}");
    }
    assert_told(&table);
}

#[test]
fn networks_cover_their_family_only() {
    let table = [
        ("v4 end", "10.0.0.0/8", "10.255.255.255", true),
        ("v4 behind the end", "10.0.0.0/8", "11.0.0.0", false),
        ("v4 before the start", "10.0.0.0/8", "9.255.255.255", false),
        ("host bits", "127.0.0.9/30", "127.0.0.8", true),
        ("host bits, next", "127.0.0.9/30", "127.0.0.12", false),
        ("one address", "10.1.1.1", "10.1.1.1", true),
        ("one address, next", "10.1.1.1", "10.1.1.2", false),
        ("mapped peer", "10.0.0.0/8", "::ffff:10.1.1.1", true),
        ("mapped entry", "::ffff:10.0.0.0/104", "10.1.1.1", true),
        ("compatible address is v6", "10.0.0.0/8", "::10.1.1.1", false),
        ("all v4, v4", "0.0.0.0/0", "255.255.255.255", true),
        ("all v4, v6", "0.0.0.0/0", "2001:db8::1", false),
        ("all v6, v6", "::/0", "2001:db8::1", true),
        ("all v6, v4", "::/0", "10.0.0.1", false),
        ("all v6, mapped", "::/0", "::ffff:10.0.0.1", false),
        ("star, v4", "*", "10.0.0.1", true),
        ("star, v6", "*", "::1", true),
        ("v6", "2001:db8::/32", "2001:db8:ffff::1", true),
        ("v6, next", "2001:db8::/32", "2001:db9::", false),
    ];
    for (name, entry, address, expected) in table {
        let network = Network::parse(entry).expect(name);
        assert_eq!(network.contains(address.parse().expect(name)), expected, "{name}");
    }
}

#[test]
fn globs_match_as_the_shell_does() {
    let table = [
        ("star is empty", "a*b", "ab", true),
        ("star crosses dots", "*.run.app", "a.b.run.app", true),
        ("stars collapse", "a**b", "axxb", true),
        ("question mark takes one", "a?b", "axb", true),
        ("question mark takes no less", "a?b", "ab", false),
        ("class", "[abc]x", "bx", true),
        ("class, other", "[abc]x", "dx", false),
        ("range", "[a-c]x", "bx", true),
        ("two ranges", "[a-c0-9]x", "7x", true),
        ("negated", "[!a-c]x", "dx", true),
        ("negated, inside", "[!a-c]x", "bx", false),
        ("negated by caret", "[^a-c]x", "bx", false),
        ("dash at the end", "[a-]x", "-x", true),
        ("dash in front", "[-a]x", "-x", true),
        ("bracket in front", "[]a]x", "]x", true),
        ("negated bracket", "[!]a]x", "]x", false),
        ("case of a class", "[A-C]x", "bX", true),
        ("case of a negated class", "[!A-C]x", "bx", false),
        ("whole text", "abc", "abcd", false),
        ("whole pattern", "abcd", "abc", false),
        ("backtracking", "*a*b", "xaxaxb", true),
        ("backtracking, no end", "*a*b", "xaxaxc", false),
    ];
    for (name, pattern, text, expected) in table {
        let glob = Glob::parse(pattern.as_bytes(), Case::Ignore).expect(name);
        assert_eq!(glob.matches(text.as_bytes()), expected, "{name}");
    }
    let exact = Glob::parse(b"zia_[a-c]*", Case::Exact).expect("exact");
    assert!(exact.matches(b"zia_create") && !exact.matches(b"ZIA_create"));
    assert!(!exact.matches(b"zia_Create"));
}

#[test]
fn globs_that_do_not_parse_say_why() {
    let table = [
        ("open", "a[", GlobError::Unclosed),
        ("empty", "a[]", GlobError::Unclosed),
        ("negated and empty", "a[!]", GlobError::Unclosed),
        ("open range", "a[b-", GlobError::Unclosed),
        ("backward range", "[z-a]", GlobError::Range),
    ];
    for (name, pattern, expected) in table {
        assert_eq!(Glob::parse(pattern.as_bytes(), Case::Ignore), Err(expected), "{name}");
    }
    assert_told(&table);
}

#[test]
fn a_hostile_text_costs_no_more_than_pattern_times_text() {
    let glob = Glob::parse("*a".repeat(100).as_bytes(), Case::Ignore).expect("pattern");
    assert!(!glob.matches(format!("{}b", "a".repeat(250)).as_bytes()));
}

#[test]
fn host_entries_cover_what_they_say() {
    let table = [
        ("bare host", "mcp.acme.com", "mcp.acme.com", Some(true)),
        ("bare host, any port", "mcp.acme.com", "mcp.acme.com:1", Some(true)),
        ("any case", "mcp.acme.com", "MCP.ACME.COM", Some(true)),
        ("any case of the entry", "UPPER.example", "upper.example", Some(true)),
        ("trailing dot", "mcp.acme.com", "mcp.acme.com.", Some(true)),
        ("trailing dot of the entry", "mcp.acme.com.", "mcp.acme.com", Some(true)),
        ("longer name", "mcp.acme.com", "mcp.acme.com.evil.com", Some(false)),
        ("suffix", "acme.com", "evilacme.com", Some(false)),
        ("glob", "*.cloud.run.app", "a.cloud.run.app", Some(true)),
        ("glob crosses dots", "*.cloud.run.app", "a.b.cloud.run.app", Some(true)),
        ("glob needs its dot", "*.cloud.run.app", "cloud.run.app", Some(false)),
        ("glob takes no empty label", "*.cloud.run.app", ".cloud.run.app", None),
        ("glob with port", "*.run.app:8443", "a.run.app:8443", Some(true)),
        ("glob with other port", "*.run.app:8443", "a.run.app:443", Some(false)),
        ("class", "mcp[0-9].acme.com", "mcp7.acme.com", Some(true)),
        ("exact port", "exact.example:8443", "exact.example:8443", Some(true)),
        ("port missing", "exact.example:8443", "exact.example", Some(false)),
        ("other port", "exact.example:8443", "exact.example:443", Some(false)),
        ("default port left out", "exact.example:80", "exact.example", Some(true)),
        ("default port written", "exact.example:80", "exact.example:80", Some(true)),
        ("any port", "wild.example:*", "wild.example:5", Some(true)),
        ("any port, none", "wild.example:*", "wild.example", Some(true)),
        ("port of letters", "wild.example:*", "wild.example:abc", None),
        ("v6", "[2001:db8::1]", "[2001:DB8::1]", Some(true)),
        ("v6 with port", "[2001:db8::1]", "[2001:db8::1]:9000", Some(true)),
        ("v6, long spelling", "[2001:db8::1]", "[2001:db8:0:0:0:0:0:1]", Some(true)),
        ("v6, other", "[2001:db8::1]", "[2001:db8::2]", Some(false)),
        ("v6 entry with port", "[2001:db8::2]:9000", "[2001:db8::2]:9000", Some(true)),
        ("v6 entry with port, none", "[2001:db8::2]:9000", "[2001:db8::2]", Some(false)),
        ("v6 entry without brackets", "2001:db8::3", "[2001:db8::3]:80", Some(true)),
        ("v6 host without brackets", "2001:db8::3", "2001:db8::3", None),
        ("v4", "10.0.0.1", "10.0.0.1:9", Some(true)),
        ("v4, other", "10.0.0.1", "10.0.0.2", Some(false)),
        ("v4 with a dot", "127.0.0.1", "127.0.0.1.", Some(false)),
        ("v4 in a name", "127.0.0.1", "127.0.0.1.nip.io", Some(false)),
        ("short v4", "127.0.0.1", "127.1", Some(false)),
        ("v4 as a number", "127.0.0.1", "2130706433", Some(false)),
        ("v4 in hexadecimal", "127.0.0.1", "0x7f.1", Some(false)),
        ("mapped v6 is not v4", "127.0.0.1", "[::ffff:127.0.0.1]", Some(false)),
        ("glob and v4", "1*", "10.0.0.1", Some(false)),
        ("glob and v4 with a dot", "1*", "10.0.0.1.", Some(false)),
        ("glob and a number", "2*", "2130706433", Some(false)),
        ("glob and hexadecimal", "0x*", "0x7f000001", Some(false)),
        ("glob and v6", "*1*", "[::1]", Some(false)),
        ("glob and a name", "1*", "1password.example", Some(true)),
        ("star and v4", "*", "10.0.0.1", Some(true)),
        ("star and v6", "*", "[::1]:1", Some(true)),
        ("star and a number", "*", "127.1", Some(true)),
        ("star with port", "*:80", "a.example:81", Some(false)),
    ];
    for (name, entry, host, expected) in table {
        assert_eq!(host_matches(entry, host, 80), expected, "{name}");
    }
}

#[test]
fn host_entries_that_do_not_parse_say_why() {
    let long = "a".repeat(257);
    let table = [
        ("empty", "", HostError::Blank),
        ("blanks", " \t", HostError::Blank),
        ("too long", long.as_str(), HostError::TooLong),
        ("scheme", "https://mcp.acme.com", HostError::Scheme),
        ("path", "mcp.acme.com/mcp", HostError::Path),
        ("network", "10.0.0.0/8", HostError::Path),
        ("user information", "user@mcp.acme.com", HostError::UserInfo),
        ("blank inside", "mcp.acme.com evil", HostError::Blanks),
        ("control character", "mcp\u{1}", HostError::Blanks),
        ("empty label", "mcp..acme.com", HostError::EmptyLabel),
        ("dot in front", ".acme.com", HostError::EmptyLabel),
        ("only a dot", ".", HostError::EmptyLabel),
        ("only a port", ":80", HostError::EmptyLabel),
        ("empty port", "mcp.acme.com:", HostError::Port),
        ("port too large", "mcp.acme.com:65536", HostError::Port),
        ("port of six digits", "mcp.acme.com:000080", HostError::Port),
        ("port of letters", "mcp.acme.com:http", HostError::Port),
        ("port glob", "mcp.acme.com:80*", HostError::Port),
        ("two ports", "mcp.acme.com:80:80", HostError::Port),
        ("behind brackets", "[::1]x", HostError::Port),
        ("list", "a.com,b.com", HostError::Byte),
        ("percent", "a%2eb", HostError::Byte),
        ("backslash", "a\\b", HostError::Byte),
        ("not ASCII", "z\u{fc}rich.example", HostError::Byte),
        ("bad v6", "[::g]", HostError::Address),
        ("v6 zone", "[fe80::1%25eth0]", HostError::Address),
        ("short v4", "127.1", HostError::Address),
        ("v4 with leading zero", "127.0.0.01", HostError::Address),
        ("v4 with a dot", "127.0.0.1.", HostError::Address),
        ("open class", "mcp[0-9.acme.com", HostError::Glob(GlobError::Unclosed)),
        ("backward range", "mcp[9-0].acme.com", HostError::Glob(GlobError::Range)),
    ];
    for (name, entry, expected) in table {
        assert_eq!(HostPattern::parse(entry), Err(expected), "{name}");
    }
    assert_told(&table);
    assert!(HostError::TooLong.to_string().contains(&PATTERN_BYTES_MAX.to_string()));
}

#[test]
fn entries_that_cover_strangers_are_reported() {
    for entry in ["*", "**", "*:*", "*:443", "?*", "*.*", "[a-z]*"] {
        assert!(HostPattern::parse(entry).expect(entry).matches_everything(), "{entry}");
    }
    for entry in ["*.acme.com", "mcp*", "mcp.acme.com", "10.0.0.1", "[::1]"] {
        assert!(!HostPattern::parse(entry).expect(entry).matches_everything(), "{entry}");
    }
}

#[test]
fn a_literal_is_never_a_glob() {
    let star = HostPattern::literal("*", 80).expect("a name byte");
    let other = HostName::parse(b"evil.example:80").expect("host");
    assert!(!star.matches(&other, 80) && !star.matches_everything());
    for bad in ["", "a:80", "a b", "127.1"] {
        assert!(HostPattern::literal(bad, 80).is_err(), "{bad}");
    }
    assert_eq!(HostPattern::literal("::1", 80).expect("address").to_string(), "[::1]:80");
}

#[test]
fn hosts_outside_the_grammar_are_refused() {
    let longest = "a".repeat(255);
    for good in ["a", "a_b", "a:0", "a:00080", "a:65535", "[::]:1", longest.as_str(), "a'(b)"] {
        assert!(HostName::parse(good.as_bytes()).is_some(), "{good}");
    }
    let long = "a".repeat(256);
    for bad in [
        "",
        ".",
        "a..b",
        ".a",
        "a..",
        ":80",
        "a:",
        "a:65536",
        "a:000001",
        "a:abc",
        "a:80:80",
        "a:1@evil.com",
        "mcp.acme.com@evil.com",
        "evil.com#mcp.acme.com",
        "mcp.acme.com, evil.com",
        "a,b",
        "a/b",
        "a%2eb",
        "a b",
        "::1",
        "[::1",
        "[::1]x",
        "[::1]:",
        "[::g]",
        "[fe80::1%25eth0]",
        "[v1.a]",
        "[]",
        long.as_str(),
    ] {
        assert!(HostName::parse(bad.as_bytes()).is_none(), "{bad}");
    }
    for bad in [&b"z\xc3\xbcrich"[..], b"[\xff]", b"[::1\xff]"] {
        assert!(HostName::parse(bad).is_none(), "{}", bad.escape_ascii());
    }
}

#[test]
fn two_hosts_are_the_same_when_kind_value_and_port_are() {
    let table = [
        ("name", "a.example", "a.example", true),
        ("case", "a.example", "A.Example", true),
        ("trailing dot", "a.example.", "a.example", true),
        ("other name", "a.example", "b.example", false),
        ("default port", "a.example", "a.example:80", true),
        ("other port", "a.example", "a.example:81", false),
        ("v4", "10.0.0.1:80", "10.0.0.1", true),
        ("other v4", "10.0.0.1", "10.0.0.2", false),
        ("v6", "[::1]", "[0:0::1]:80", true),
        ("other v6", "[::1]", "[::2]", false),
        ("v4 and mapped v6", "10.0.0.1", "[::ffff:10.0.0.1]", false),
        ("v4 and a number that means it", "127.0.0.1", "2130706433", false),
        ("number", "127.1", "127.1", true),
        ("name and v6", "a", "[::a]", false),
    ];
    for (name, one, two, expected) in table {
        let (one, two) = (HostName::parse(one.as_bytes()), HostName::parse(two.as_bytes()));
        let (one, two) = (one.expect(name), two.expect(name));
        assert_eq!((one.is_same(&two, 80), two.is_same(&one, 80)), (expected, expected), "{name}");
    }
}

#[test]
fn origins_have_one_spelling() {
    let table = [
        ("plain", "https://app.example.com", "https://app.example.com"),
        ("case", "HTTPS://App.Example.Com", "https://app.example.com"),
        ("default port of https", "https://a:443", "https://a"),
        ("default port of http", "http://a:80", "http://a"),
        ("other port", "https://a:80", "https://a:80"),
        ("v6", "http://[0:0:0:0:0:0:0:1]:5", "http://[::1]:5"),
        ("v4", "http://127.0.0.1:1", "http://127.0.0.1:1"),
    ];
    for (name, text, expected) in table {
        let origin = Origin::parse(text.as_bytes()).expect(name);
        assert_eq!(origin.as_str(), expected, "{name}");
        assert_eq!(Origin::parse(expected.as_bytes()), Ok(origin), "{name}");
    }
}

#[test]
fn origins_that_do_not_parse_say_why() {
    let long = format!("https://{}", "a".repeat(300));
    let table = [
        ("empty", "", OriginError::Blank),
        ("too long", long.as_str(), OriginError::TooLong),
        ("null", "null", OriginError::Null),
        ("null in capitals", "NULL", OriginError::Null),
        ("star", "*", OriginError::Wildcard),
        ("glob", "https://*.example.com", OriginError::Wildcard),
        ("no scheme", "app.example.com", OriginError::Scheme),
        ("other scheme", "ftp://a", OriginError::Scheme),
        ("extension", "chrome-extension://abc", OriginError::Scheme),
        ("slash", "https://a/", OriginError::Path),
        ("query", "https://a?x", OriginError::Path),
        ("fragment", "https://a#x", OriginError::Path),
        ("user information", "http://localhost:@evil.com", OriginError::UserInfo),
        ("port and name", "http://localhost:1.evil.com", OriginError::Host),
        ("no host", "https://", OriginError::Host),
        ("empty port", "https://a:", OriginError::Host),
        ("port too large", "https://a:65536", OriginError::Host),
        ("trailing dot", "https://a.example.", OriginError::Host),
        ("trailing dot and port", "https://a.example.:8443", OriginError::Host),
        ("number", "http://2130706433", OriginError::Host),
        ("blank", "https://a b", OriginError::Host),
        ("two", "https://a, https://b", OriginError::Path),
    ];
    for (name, text, expected) in table {
        assert_eq!(Origin::parse(text.as_bytes()), Err(expected), "{name}");
    }
    assert_told(&table);
}

#[test]
fn an_origin_is_shown_as_it_is_compared() {
    let origin = Origin::parse(b"HTTPS://App.example.com:443").expect("origin");
    assert_eq!(origin.to_string(), "https://app.example.com");
}

/// The definition of a glob over `*`, `?` and plain bytes, as slow as it is plain.
fn plainly(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, None) => true,
        (Some((b'*', tail)), _) => {
            plainly(tail, text)
                || text.split_first().is_some_and(|(_, more)| plainly(pattern, more))
        }
        (Some((b'?', tail)), Some((_, more))) => plainly(tail, more),
        (Some((own, tail)), Some((byte, more))) => own == byte && plainly(tail, more),
        _ => false,
    }
}

fn quiet() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(quiet())]

    #[test]
    fn globs_agree_with_their_definition(pattern in "[ab*?]{0,10}", text in "[ab]{0,12}") {
        let glob = Glob::parse(pattern.as_bytes(), Case::Exact).expect("no brackets");
        let expected = plainly(pattern.as_bytes(), text.as_bytes());
        prop_assert_eq!(glob.matches(text.as_bytes()), expected);
    }

    #[test]
    fn v4_networks_agree_with_arithmetic(
        base in any::<u32>(),
        bits in 0_u32..=32,
        near in 0_u32..33,
        noise in any::<u32>(),
    ) {
        let peer = base ^ noise.checked_shr(near).unwrap_or(0);
        let size = 1_u64 << (32 - bits);
        let expected = u64::from(base) / size == u64::from(peer) / size;
        let network = Network::parse(&format!("{}/{bits}", Ipv4Addr::from(base))).expect("network");
        prop_assert_eq!(network.contains(IpAddr::V4(Ipv4Addr::from(peer))), expected);
        let mapped = IpAddr::V6(Ipv4Addr::from(peer).to_ipv6_mapped());
        prop_assert_eq!(network.contains(mapped), expected);
        prop_assert_eq!(Network::parse(&network.to_string()), Ok(network));
    }

    #[test]
    fn v6_networks_agree_with_octets(
        base in v6(),
        bits in 0_u32..=128,
        near in 0_u32..129,
        noise in any::<u128>(),
    ) {
        let peer = Ipv6Addr::from(u128::from(base) ^ noise.checked_shr(near).unwrap_or(0));
        let bit = |address: Ipv6Addr, at: u32| {
            address.octets()[usize::try_from(at / 8).expect("small")] >> (7 - at % 8) & 1
        };
        let expected =
            peer.to_ipv4_mapped().is_none() && (0..bits).all(|at| bit(base, at) == bit(peer, at));
        let network = Network::parse(&format!("{base}/{bits}")).expect("network");
        prop_assert_eq!(network.contains(IpAddr::V6(peer)), expected);
    }

    #[test]
    fn a_host_reads_back_from_its_canonical_form(text in "[A-Za-z0-9.:\\[\\]-]{1,24}") {
        if let Some(name) = HostName::parse(text.as_bytes()) {
            let canonical = name.host().to_string();
            let again = HostName::parse(canonical.as_bytes()).expect("canonical");
            prop_assert_eq!(again.host(), name.host());
        }
    }

    #[test]
    fn parsers_take_any_text(text in ".{0,40}") {
        let parsed = (Network::parse(&text).is_ok(), Origin::parse(text.as_bytes()).is_ok());
        prop_assert_eq!(parsed.0 && parsed.1, false);
        if let Ok(pattern) = HostPattern::parse(&text) {
            prop_assert_eq!(HostPattern::parse(&pattern.to_string()), Ok(pattern));
        }
    }
}

/// Addresses that are not v4-mapped.
fn v6() -> impl Strategy<Value = Ipv6Addr> {
    any::<u128>().prop_map(Ipv6Addr::from).prop_filter("mapped", |a| a.to_ipv4_mapped().is_none())
}

#[test]
fn patterns_of_tool_names_fit_as_the_shell_says() {
    for (pattern, name, expected) in [
        ("zia_list_locations", "zia_list_locations", true),
        ("zia_list", "zia_list_locations", false),
        ("zia_*", "zia_list_locations", true),
        ("*_locations", "zia_list_locations", true),
        ("*list*loc*", "zia_list_locations", true),
        ("ZIA_*", "zia_list_locations", false),
        ("z?a_*", "zpa_get_x", true),
        ("z[ip]a_*", "zpa_get_x", true),
        ("z[!i]a_*", "zia_get_x", false),
        ("z[a-o]a_*", "zpa_get_x", false),
        ("[]]", "]", true),
        ("*", "", true),
        ("", "", true),
        ("", "a", false),
        ("?", "", false),
        ("a*b*c", "a_b_b_c", true),
        ("a*b*c", "a_b_b_d", false),
    ] {
        let glob = Glob::parse(pattern.as_bytes(), Case::Exact).expect(pattern);
        assert_eq!(glob.matches(name.as_bytes()), expected, "{pattern} {name}");
    }
    assert_eq!(Glob::parse(b"z[", Case::Exact), Err(GlobError::Unclosed));
}

#[test]
fn hosts_are_read_by_one_grammar() {
    let rows = [
        ("localhost", Some(("localhost", "name", None))),
        ("LOCALHOST:8000", Some(("localhost", "name", Some(8000)))),
        ("a.b.", Some(("a.b", "name", None))),
        ("a_b~!$&'()*+;=", Some(("a_b~!$&'()*+;=", "name", None))),
        ("127.0.0.1:1", Some(("127.0.0.1", "v4", Some(1)))),
        ("127.1", Some(("127.1", "numeric", None))),
        ("127.0.0.01", Some(("127.0.0.01", "numeric", None))),
        ("2130706433", Some(("2130706433", "numeric", None))),
        ("[::1]", Some(("[::1]", "v6", None))),
        ("[::FFFF:1.2.3.4]:443", Some(("[::ffff:1.2.3.4]", "v6", Some(443)))),
        ("a:0", Some(("a", "name", Some(0)))),
        ("a:65535", Some(("a", "name", Some(65535)))),
        ("a:00080", Some(("a", "name", Some(80)))),
        ("a:65536", None),
        ("a:000080", None),
        ("a:", None),
        ("a:abc", None),
        ("a:+1", None),
        ("a:-1", None),
        ("a: 1", None),
        ("a:80:80", None),
        ("", None),
        (":80", None),
        ("::1", None),
        ("[::1", None),
        ("[::1]x", None),
        ("[::1]:", None),
        ("[]", None),
        ("[1.2.3.4]", None),
        ("[fe80::1%25eth0]", None),
        ("[v1.a]", None),
        ("localhost:1@evil.example", None),
        ("user@a", None),
        ("a,b", None),
        ("a b", None),
        ("a/b", None),
        ("a%41", None),
        ("a\u{e9}", None),
        ("http://a", None),
    ];
    for (value, expected) in rows {
        let found = HostName::parse(value.as_bytes()).map(|name| {
            let kind = match name.host() {
                Host::Name(_) => "name",
                Host::Numeric(_) => "numeric",
                Host::V4(_) => "v4",
                Host::V6(_) => "v6",
            };
            (name.host().to_string(), kind, name.port())
        });
        let expected =
            expected.map(|(host, kind, port): (&str, _, _)| (host.to_owned(), kind, port));
        assert_eq!(found, expected, "{value}");
    }
}
