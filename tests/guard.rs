//! The decision on a request head: order of the checks, every refusal beside a near miss that
//! passes, CORS answers, proxies, and the table of refusals.

#[path = "../fuzz/props/kit/heads.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees this file as part of a library")]
mod heads;

use core::net::IpAddr;
use zscaler_mcp::guard::refusal::{ROWS, status_of};
use zscaler_mcp::guard::{
    Admitted, Constant, Decision, FieldValue, Hosts, Origins, Policy, Proxies, Refusal, Route,
    Sources, Verb, cors_fields, decide, order,
};
use zscaler_mcp::http::fault::Fault;
use zscaler_mcp::http::head::{Head, Method, Version};
use zscaler_mcp::matching::{HostPattern, Network, Origin};

const PEER: &str = "192.0.2.7";
const LISTED: &str = "https://app.example.com";

fn hosts(entries: &[&str]) -> Hosts {
    Hosts::list(entries.iter().map(|entry| HostPattern::parse(entry).unwrap()).collect())
}

fn networks(entries: &[&str]) -> Vec<Network> {
    entries.iter().map(|entry| Network::parse(entry).unwrap()).collect()
}

fn policy() -> Policy {
    Policy {
        hosts: hosts(&["mcp.acme.com", "*.run.app:8443"]),
        sources: Sources::list(networks(&["192.0.2.0/24", "2001:db8::/32"])),
        proxies: Proxies::list(Vec::new()),
        origins: Origins::list(vec![Origin::parse(LISTED.as_bytes()).unwrap()]),
        tls: true,
        sse: false,
        body_max: 1024,
        documents: Vec::new(),
    }
}

/// Reads `METHOD target`, then one field a line; a repeated name stays repeated.
fn head(text: &str) -> Head<'_> {
    let known = |(name, _): &(&str, Method)| text.starts_with(&format!("{name} "));
    assert!(heads::METHODS.iter().any(known), "no method: {text}");
    let head = heads::head(text.as_bytes());
    let lines = text.lines().filter(|line| !line.is_empty()).count();
    assert_eq!(head.fields.len() + 1, lines, "a line is no field: {text}");
    head
}

fn from(policy: &Policy, peer: &str, text: &str) -> Decision {
    decide(policy, peer.parse().unwrap(), &head(text))
}

/// Returns the outcome in a word: the refusal, the constant, or the route.
fn word(decision: &Decision) -> String {
    match decision {
        Decision::Refused(refusal, _) => format!("{refusal:?}"),
        Decision::Answer(Constant::Health { head_only }, _) => format!("health {head_only}"),
        Decision::Answer(Constant::Document { head_only, .. }, _) => {
            format!("document {head_only}")
        }
        Decision::Answer(Constant::Preflight(_), _) => "preflight".into(),
        Decision::Answer(Constant::Options(allow), _) => format!("options {allow}"),
        Decision::Admitted(admitted) => format!("{:?} {:?}", admitted.route(), admitted.verb()),
    }
}

fn admitted(decision: Decision) -> Admitted {
    match decision {
        Decision::Admitted(admitted) => admitted,
        other @ (Decision::Answer(..) | Decision::Refused(..)) => panic!("{other:?}"),
    }
}

fn check(policy: &Policy, table: &[(&str, &str, &str)]) {
    for (name, text, expected) in table {
        assert_eq!(word(&from(policy, PEER, text)), *expected, "{name}");
    }
}

const HOST: &str = "Host: mcp.acme.com";
const JSON: &str = "Content-Type: application/json";
const ACCEPT: &str = "Accept: application/json, text/event-stream";

fn post(fields: &str) -> String {
    format!("POST /mcp\n{HOST}\n{JSON}\n{ACCEPT}\n{fields}")
}

#[test]
fn the_order_is_the_one_the_documents_name() {
    let names: Vec<&str> = order().collect();
    let expected = [
        "health route",
        "source address",
        "host",
        "origin and preflight",
        "route and method",
        "media types",
        "protocol version",
        "length",
        "one credential",
    ];
    assert_eq!(names, expected);
}

#[test]
fn each_check_decides_before_every_later_one() {
    // One thing wrong for each check; repairing them front to back shows the next one.
    let stranger = "198.51.100.1";
    let rest = "Expect: other\nMCP-Protocol-Version: 2026-07-28\nX-Api-Key: a\nX-Api-Key: a";
    let all = format!("Host: evil.com\nOrigin: null\n{rest}");
    let good_host = format!("{HOST}\nOrigin: null\n{rest}");
    let good_origin = format!("{HOST}\nOrigin: {LISTED}\n{rest}");
    let streamed = format!("{good_origin}\nAccept: text/event-stream");
    let no_version = streamed.replace("2026-07-28", "2025-11-25");
    let no_expect = no_version.replace("other", "100-continue");
    let one_key = no_expect.replacen("X-Api-Key: a\n", "", 1);
    let table = [
        ("health", stranger, format!("GET /health\n{all}"), "health false"),
        ("source", stranger, format!("PUT /nope\n{all}"), "Source"),
        ("host", PEER, format!("PUT /nope\n{all}"), "HostNotAllowed"),
        ("origin", PEER, format!("PUT /nope\n{good_host}"), "Origin"),
        ("path", PEER, format!("PUT /nope\n{good_origin}"), "Path"),
        ("method", PEER, format!("PUT /mcp\n{good_origin}"), "McpMethod"),
        ("media types", PEER, format!("GET /mcp\n{good_origin}"), "GetWithoutStream"),
        ("version", PEER, format!("GET /mcp\n{streamed}"), "RevisionPostsOnly"),
        ("length", PEER, format!("GET /mcp\n{no_version}"), "Expectation"),
        ("credential", PEER, format!("GET /mcp\n{no_expect}"), "CredentialRepeated"),
        ("none", PEER, format!("GET /mcp\n{one_key}"), "Mcp Get"),
    ];
    for (name, peer, text, expected) in table {
        assert_eq!(word(&from(&policy(), peer, &text)), expected, "{name}");
    }
}

#[test]
fn health_answers_get_and_head_on_exact_paths() {
    check(
        &policy(),
        &[
            ("get", "GET /health", "health false"),
            ("head", "HEAD /healthz", "health true"),
            ("ready", "GET /ready", "health false"),
            ("query", "GET /health?x=1", "health false"),
            ("bad host", "GET /health\nHost: evil.com", "health false"),
            ("other method without Host", "POST /health", "Host"),
            ("other method", "POST /health\nHost: mcp.acme.com", "HealthMethod"),
            ("options", "OPTIONS /ready\nHost: mcp.acme.com", "HealthMethod"),
            ("slash", "GET /health/\nHost: mcp.acme.com", "Path"),
            ("case", "GET /HEALTH\nHost: mcp.acme.com", "Path"),
            ("encoded", "GET /%68ealth\nHost: mcp.acme.com", "Path"),
        ],
    );
}

#[test]
fn sources_are_socket_addresses_without_trusted_proxies() {
    let table = [
        ("listed", PEER, "", "Mcp Post"),
        ("not listed", "198.51.100.1", "", "Source"),
        ("mapped", "::ffff:192.0.2.1", "", "Mcp Post"),
        ("mapped, not listed", "::ffff:198.51.100.1", "", "Source"),
        ("v6", "2001:db8::1", "", "Mcp Post"),
        ("the field is not believed", "198.51.100.1", "X-Forwarded-For: 192.0.2.1", "Source"),
        ("the field does no harm", PEER, "X-Forwarded-For: junk", "Mcp Post"),
        ("loopback is not special", "127.0.0.1", "X-Forwarded-For: 192.0.2.1", "Source"),
    ];
    for (name, peer, fields, expected) in table {
        assert_eq!(word(&from(&policy(), peer, &post(fields))), expected, "{name}");
    }
    let closed = Policy { sources: Sources::list(Vec::new()), ..policy() };
    assert_eq!(word(&from(&closed, PEER, &post(""))), "Source");
    let open = Policy { sources: Sources::any(), ..policy() };
    assert_eq!(word(&from(&open, "203.0.113.9", &post(""))), "Mcp Post");
}

#[test]
fn trusted_proxies_name_the_source() {
    let policy = Policy {
        proxies: Proxies::list(networks(&["10.0.0.0/8", "fd00::/8"])),
        sources: Sources::list(networks(&["192.0.2.0/24", "10.9.9.9", "2001:db8::/32"])),
        ..policy()
    };
    let table = [
        ("named", "10.0.0.1", "X-Forwarded-For: 192.0.2.1", Ok("192.0.2.1")),
        ("mapped proxy", "::ffff:10.0.0.1", "X-Forwarded-For: 192.0.2.1", Ok("192.0.2.1")),
        ("v6 proxy", "fd00::1", "X-Forwarded-For: 192.0.2.1", Ok("192.0.2.1")),
        ("other peer", "192.0.2.9", "X-Forwarded-For: 192.0.2.1", Ok("192.0.2.9")),
        ("last counts", "10.0.0.1", "X-Forwarded-For: 192.0.2.1, 8.8.8.8", Err(Refusal::Source)),
        ("first is hearsay", "10.0.0.1", "X-Forwarded-For: junk, 192.0.2.1", Ok("192.0.2.1")),
        ("chain", "10.0.0.1", "X-Forwarded-For: 8.8.8.8, 192.0.2.1, 10.0.0.2", Ok("192.0.2.1")),
        (
            "lines are joined",
            "10.0.0.1",
            "X-Forwarded-For: 192.0.2.1\nX-Forwarded-For: 10.0.0.2",
            Ok("192.0.2.1"),
        ),
        (
            "the last line counts",
            "10.0.0.1",
            "X-Forwarded-For: 192.0.2.1\nX-Forwarded-For: 8.8.8.8",
            Err(Refusal::Source),
        ),
        ("all trusted", "10.0.0.1", "X-Forwarded-For: 10.9.9.9, 10.0.0.2", Ok("10.9.9.9")),
        ("absent", "10.9.9.9", "", Ok("10.9.9.9")),
        ("absent, not listed", "10.0.0.1", "", Err(Refusal::Source)),
        ("with port", "10.0.0.1", "X-Forwarded-For: 192.0.2.1:5000", Ok("192.0.2.1")),
        ("v6", "10.0.0.1", "X-Forwarded-For: 2001:db8::5", Ok("2001:db8::5")),
        ("v6 in brackets", "10.0.0.1", "X-Forwarded-For: [2001:db8::5]", Ok("2001:db8::5")),
        ("v6 with port", "10.0.0.1", "X-Forwarded-For: [2001:db8::5]:80", Ok("2001:db8::5")),
        ("mapped hop", "10.0.0.1", "X-Forwarded-For: ::ffff:192.0.2.1", Ok("192.0.2.1")),
        ("junk", "10.0.0.1", "X-Forwarded-For: junk", Err(Refusal::Forwarding)),
        ("unknown", "10.0.0.1", "X-Forwarded-For: unknown", Err(Refusal::Forwarding)),
        ("v4 in brackets", "10.0.0.1", "X-Forwarded-For: [192.0.2.1]", Err(Refusal::Forwarding)),
        ("bad port", "10.0.0.1", "X-Forwarded-For: 192.0.2.1:x", Err(Refusal::Forwarding)),
        ("empty", "10.0.0.1", "X-Forwarded-For:", Err(Refusal::Forwarding)),
        ("empty hop", "10.0.0.1", "X-Forwarded-For: 192.0.2.1,", Err(Refusal::Forwarding)),
        (
            "junk behind a proxy",
            "10.0.0.1",
            "X-Forwarded-For: 192.0.2.1, junk, 10.0.0.2",
            Err(Refusal::Forwarding),
        ),
    ];
    for (name, peer, fields, expected) in table {
        let found = match from(&policy, peer, &post(fields)) {
            Decision::Admitted(admitted) => Ok(admitted.source()),
            Decision::Refused(refusal, _) => Err(refusal),
            Decision::Answer(..) => panic!("{name}"),
        };
        assert_eq!(found, expected.map(|text| text.parse::<IpAddr>().unwrap()), "{name}");
    }
}

#[test]
fn one_well_formed_host_from_the_list_is_needed() {
    let request = |fields: &str| format!("POST /mcp\n{JSON}\n{ACCEPT}\n{fields}");
    let table = [
        ("listed", "Host: mcp.acme.com", "Mcp Post"),
        ("with port", "Host: MCP.acme.com:9", "Mcp Post"),
        ("glob", "Host: a.b.run.app:8443", "Mcp Post"),
        ("glob, other port", "Host: a.run.app", "HostNotAllowed"),
        ("other", "Host: evil.com", "HostNotAllowed"),
        ("address", "Host: 127.0.0.1", "HostNotAllowed"),
        ("longer", "Host: mcp.acme.com.evil.com", "HostNotAllowed"),
        ("missing", "", "Host"),
        ("empty", "Host:", "Host"),
        ("repeated, equal", "Host: mcp.acme.com\nHost: mcp.acme.com", "Host"),
        ("repeated, bad second", "Host: mcp.acme.com\nHost: evil.com", "Host"),
        ("list", "Host: mcp.acme.com, evil.com", "Host"),
        ("user information", "Host: mcp.acme.com@evil.com", "Host"),
        ("empty port", "Host: mcp.acme.com:", "Host"),
        ("two ports", "Host: mcp.acme.com:80:80", "Host"),
        ("forwarded host is ignored", "Host: mcp.acme.com\nX-Forwarded-Host: evil", "Mcp Post"),
    ];
    for (name, fields, expected) in table {
        assert_eq!(word(&from(&policy(), PEER, &request(fields))), expected, "{name}");
    }
    let old = format!("POST /mcp 1.0\n{JSON}\n{ACCEPT}");
    assert_eq!(word(&from(&policy(), PEER, &old)), "Host");
    assert_eq!(word(&from(&policy(), PEER, &format!("{old}\n{HOST}"))), "Mcp Post");
    let off = Policy { hosts: Hosts::disabled(), ..policy() };
    assert_eq!(word(&from(&off, PEER, &request("Host: evil.com"))), "Mcp Post");
    assert_eq!(word(&from(&off, PEER, &request("Host: evil.com:"))), "Host");
}

#[test]
fn default_hosts_follow_the_bind_address() {
    let table = [
        ("loopback", "127.0.0.1", "127.0.0.1:8000", true),
        ("loopback name", "127.0.0.1", "LOCALHOST:8000", true),
        ("loopback v6", "127.0.0.1", "[0::1]:8000", true),
        ("loopback, other port", "127.0.0.1", "127.0.0.1:9999", false),
        ("loopback, no port", "127.0.0.1", "127.0.0.1", false),
        ("other loopback address", "127.0.0.1", "127.0.0.2:8000", false),
        ("bound to another loopback address", "127.0.0.2", "127.0.0.2:8000", true),
        ("its spellings too", "127.0.0.2", "localhost:8000", true),
        ("bound by name", "LocalHost", "127.0.0.1:8000", true),
        ("bound to v6 loopback", "::1", "localhost:8000", true),
        ("brackets", "[::1]", "[::1]:8000", true),
        ("stranger", "127.0.0.1", "evil.com:8000", false),
        ("rebinding name", "127.0.0.1", "127.0.0.1.nip.io:8000", false),
        ("all v4, literal", "0.0.0.0", "0.0.0.0:8000", true),
        ("all v4, other", "0.0.0.0", "localhost:8000", false),
        ("all v6, literal", "::", "[::]:8000", true),
        ("all v6, other", "::", "[::1]:8000", false),
        ("public", "203.0.113.5", "203.0.113.5:8000", true),
        ("public, loopback", "203.0.113.5", "localhost:8000", false),
        ("name", "mcp.internal", "mcp.internal:8000", true),
    ];
    for (name, bind, host, expected) in table {
        let policy = Policy { hosts: Hosts::default_for(bind, 8000).unwrap(), ..policy() };
        let text = format!("POST /mcp\nHost: {host}\n{JSON}\n{ACCEPT}");
        let found = word(&from(&policy, PEER, &text));
        assert_eq!(found, if expected { "Mcp Post" } else { "HostNotAllowed" }, "{name}");
    }
    let https = Policy { hosts: Hosts::default_for("::1", 443).unwrap(), ..policy() };
    let bare = format!("POST /mcp\nHost: localhost\n{JSON}\n{ACCEPT}");
    assert_eq!(word(&from(&https, PEER, &bare)), "Mcp Post");
    let http = Policy { tls: false, ..https };
    assert_eq!(word(&from(&http, PEER, &bare)), "HostNotAllowed");
    assert!(Hosts::default_for("a b", 80).is_err());
}

#[test]
fn policies_describe_themselves() {
    assert_eq!(Hosts::disabled().describe(), "any (validation is off)");
    assert_eq!(
        Hosts::default_for("127.0.0.1", 8000).unwrap().describe(),
        "127.0.0.1:8000, localhost:8000, [::1]:8000"
    );
    assert_eq!(policy().sources.describe(), "192.0.2.0/24, 2001:db8::/32");
    assert_eq!(Sources::any().describe(), "any (no list is set)");
    assert_eq!(policy().proxies.describe(), "none");
    assert_eq!(policy().origins.describe(), LISTED);
}

#[test]
fn an_absolute_target_names_this_listener_and_host() {
    let table = [
        ("same", "https://mcp.acme.com/mcp", "mcp.acme.com", "Mcp Post"),
        ("case", "https://MCP.acme.com/mcp", "mcp.acme.com", "Mcp Post"),
        ("default port", "https://mcp.acme.com:443/mcp", "mcp.acme.com", "Mcp Post"),
        ("other port", "https://mcp.acme.com:80/mcp", "mcp.acme.com", "TargetElsewhere"),
        ("other host", "https://evil.com/mcp", "mcp.acme.com", "TargetElsewhere"),
        ("other Host", "https://mcp.acme.com/mcp", "evil.com", "TargetElsewhere"),
        ("other scheme", "http://mcp.acme.com/mcp", "mcp.acme.com", "TargetElsewhere"),
        ("user information", "https://x@mcp.acme.com/mcp", "mcp.acme.com", "TargetElsewhere"),
        ("not listed", "https://evil.com/mcp", "evil.com", "HostNotAllowed"),
    ];
    for (name, target, host, expected) in table {
        let text = format!("POST {target}\nHost: {host}\n{JSON}\n{ACCEPT}");
        assert_eq!(word(&from(&policy(), PEER, &text)), expected, "{name}");
    }
}

#[test]
fn origins_are_listed_or_our_own() {
    let table = [
        ("absent", "", "Mcp Post", None),
        ("listed", "Origin: https://app.example.com", "Mcp Post", Some(LISTED)),
        ("other spelling", "Origin: HTTPS://APP.example.com:443", "Mcp Post", Some(LISTED)),
        ("own", "Origin: https://mcp.acme.com", "Mcp Post", None),
        ("own scheme differs", "Origin: http://mcp.acme.com", "Origin", None),
        ("own port differs", "Origin: https://mcp.acme.com:8443", "Origin", None),
        ("other", "Origin: https://evil.com", "Origin", None),
        ("listed, other scheme", "Origin: http://app.example.com", "Origin", None),
        ("listed, other port", "Origin: https://app.example.com:8443", "Origin", None),
        ("listed as prefix", "Origin: https://app.example.com.evil.com", "Origin", None),
        ("null", "Origin: null", "Origin", None),
        ("empty", "Origin:", "Origin", None),
        ("user information", "Origin: https://app.example.com:@evil.com", "Origin", None),
        (
            "repeated",
            "Origin: https://app.example.com\nOrigin: https://app.example.com",
            "OriginRepeated",
            None,
        ),
    ];
    for (name, fields, expected, origin) in table {
        let decision = from(&policy(), PEER, &post(fields));
        assert_eq!(word(&decision), expected, "{name}");
        if let Decision::Admitted(admitted) = decision {
            assert_eq!(admitted.origin(), origin.map(str::as_bytes), "{name}");
        }
    }
}

#[test]
fn a_page_is_not_our_own_because_it_says_so_twice() {
    let text = post("Origin: https://evil.com").replace("mcp.acme.com", "evil.com");
    for hosts in
        [Hosts::disabled(), hosts(&["*"]), hosts(&["*.*"]), hosts(&["mcp.acme.com", "*:*"])]
    {
        let policy = Policy { hosts, ..policy() };
        assert_eq!(word(&from(&policy, PEER, &text)), "Origin", "{}", policy.hosts.describe());
    }
    let listed = Policy { hosts: hosts(&["evil.com"]), ..policy() };
    assert_eq!(word(&from(&listed, PEER, &text)), "Mcp Post");
}

#[test]
fn a_refusal_names_the_listed_origin_only_behind_the_origin_check() {
    let named = |text: &str| match from(&policy(), PEER, text) {
        Decision::Refused(refusal, origin) => (refusal, origin.map(|o| o.to_vec())),
        Decision::Admitted(_) | Decision::Answer(..) => panic!("{text}"),
    };
    let listed = Some(LISTED.as_bytes().to_vec());
    let origin = format!("Origin: {LISTED}");
    assert_eq!(named(&format!("GET /nope\n{HOST}\n{origin}")), (Refusal::Path, listed));
    assert_eq!(
        named(&format!("GET /nope\nHost: evil.com\n{origin}")),
        (Refusal::HostNotAllowed, None)
    );
    assert_eq!(named(&format!("GET /nope\n{HOST}\nOrigin: null")), (Refusal::Origin, None));
}

fn preflight(fields: &str) -> Decision {
    let text = format!("OPTIONS /mcp\n{HOST}\nOrigin: {LISTED}\n{fields}");
    from(&policy(), PEER, &text)
}

fn granted(decision: Decision) -> Vec<(String, String)> {
    match decision {
        Decision::Answer(Constant::Preflight(fields), true) => fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), String::from_utf8(value).unwrap()))
            .collect(),
        other @ (Decision::Answer(..) | Decision::Refused(..) | Decision::Admitted(_)) => {
            panic!("{other:?}")
        }
    }
}

const VARY: &str = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, \
    Access-Control-Request-Private-Network";
const GRANTED_FIELDS: &str = "authorization, content-type, accept, mcp-protocol-version, \
    mcp-session-id, mcp-method, mcp-name, last-event-id, x-api-key, x-zscaler-client-id, \
    x-zscaler-client-secret";

#[test]
fn a_preflight_answer_is_exact() {
    let expected = [
        ("Access-Control-Allow-Origin", LISTED),
        ("Access-Control-Allow-Methods", "POST, GET, DELETE, OPTIONS"),
        ("Access-Control-Allow-Headers", GRANTED_FIELDS),
        ("Access-Control-Max-Age", "600"),
        ("Vary", VARY),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let plain = granted(preflight("Access-Control-Request-Method: POST"));
    assert_eq!(plain, expected);
    let private =
        "Access-Control-Request-Method: POST\nAccess-Control-Request-Private-Network: true";
    let mut with_private = expected.to_vec();
    with_private.push(("Access-Control-Allow-Private-Network".into(), "true".into()));
    assert_eq!(granted(preflight(private)), with_private);
}

#[test]
fn a_preflight_grants_tool_parameters_that_are_tokens() {
    let many = (0..40).map(|n| format!("mcp-param-{n}")).collect::<Vec<_>>().join(",");
    let long = format!("mcp-param-{}", "x".repeat(200));
    let table = [
        ("one", "Mcp-Param-Region", ", mcp-param-region".to_owned()),
        ("others are not granted", "x-evil, cookie, mcp-param-a", ", mcp-param-a".into()),
        ("no name", "mcp-param-", String::new()),
        ("not a token", "mcp-param-a b, mcp-param-\"", String::new()),
        ("too long", &long, String::new()),
        ("too many", &many, (0..32).map(|n| format!(", mcp-param-{n}")).collect()),
    ];
    for (name, asked, expected) in table {
        let fields =
            format!("Access-Control-Request-Method: POST\nAccess-Control-Request-Headers: {asked}");
        assert_eq!(
            granted(preflight(&fields))[2].1,
            format!("{GRANTED_FIELDS}{expected}"),
            "{name}"
        );
    }
}

#[test]
fn other_preflights_are_refused_without_cors_fields() {
    let request = |method: &str| format!("Access-Control-Request-Method: {method}");
    for (name, fields, expected) in [
        ("offered", request("DELETE"), "preflight"),
        ("not offered", request("PUT"), "Preflight"),
        ("other case", request("post"), "Preflight"),
        ("list", request("POST, GET"), "Preflight"),
        ("repeated", format!("{}\n{}", request("POST"), request("POST")), "Preflight"),
        ("empty", request(""), "Preflight"),
    ] {
        let decision = preflight(&fields);
        assert_eq!(word(&decision), expected, "{name}");
        if let Decision::Refused(_, origin) = decision {
            assert_eq!(origin, None, "{name}");
        }
    }
    let ask = "Access-Control-Request-Method: POST";
    check(
        &policy(),
        &[
            (
                "not listed",
                &format!("OPTIONS /mcp\n{HOST}\nOrigin: https://evil.com\n{ask}"),
                "Origin",
            ),
            ("null", &format!("OPTIONS /mcp\n{HOST}\nOrigin: null\n{ask}"), "Origin"),
            (
                "bad host",
                &format!("OPTIONS /mcp\nHost: evil\nOrigin: {LISTED}\n{ask}"),
                "HostNotAllowed",
            ),
            (
                "no origin",
                &format!("OPTIONS /mcp\n{HOST}\n{ask}"),
                "options POST, GET, DELETE, OPTIONS",
            ),
            (
                "no method",
                &format!("OPTIONS /mcp\n{HOST}\nOrigin: {LISTED}"),
                "options POST, GET, DELETE, OPTIONS",
            ),
            ("asterisk", &format!("OPTIONS *\n{HOST}"), "options POST, GET, DELETE, OPTIONS"),
            ("asterisk, bad host", "OPTIONS *\nHost: evil", "HostNotAllowed"),
            ("unknown path", &format!("OPTIONS /nope\n{HOST}"), "Path"),
        ],
    );
}

#[test]
fn cors_fields_name_listed_origins_only() {
    const EXPOSED: &[u8] = b"Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After";
    assert_eq!(cors_fields(None, false), []);
    assert_eq!(cors_fields(None, true), [("Vary", &b"Origin"[..])]);
    let expected = [
        ("Access-Control-Allow-Origin", LISTED.as_bytes()),
        ("Access-Control-Expose-Headers", EXPOSED),
        ("Vary", b"Origin"),
    ];
    assert_eq!(cors_fields(Some(LISTED.as_bytes()), true), expected);
}

#[test]
fn paths_are_compared_byte_by_byte() {
    for (path, expected) in [
        ("/mcp", "Mcp Post"),
        ("/mcp/", "Mcp Post"),
        ("/mcp?x=1", "Mcp Post"),
        ("/mcp/?x=1", "Mcp Post"),
        ("/mcp//", "Path"),
        ("//mcp", "Path"),
        ("/MCP", "Path"),
        ("/mcp%2f", "Path"),
        ("/./mcp", "Path"),
        ("/x/../mcp", "Path"),
        ("/mcp;x", "Path"),
        ("/", "Path"),
        ("/register", "Path"),
        ("/sse", "Path"),
        ("/messages", "Path"),
    ] {
        let text = post("").replace("/mcp\n", &format!("{path}\n"));
        assert_eq!(word(&from(&policy(), PEER, &text)), expected, "{path}");
    }
}

#[test]
fn streamable_http_offers_post_get_and_delete() {
    for (method, expected) in [
        ("POST", "Mcp Post"),
        ("GET", "Mcp Get"),
        ("DELETE", "Mcp Delete"),
        ("OPTIONS", "options POST, GET, DELETE, OPTIONS"),
        ("HEAD", "McpMethod"),
        ("PUT", "McpMethod"),
        ("PATCH", "McpMethod"),
        ("TRACE", "McpMethod"),
        ("CONNECT", "McpMethod"),
    ] {
        let text =
            post("X-HTTP-Method-Override: POST").replace("POST /mcp", &format!("{method} /mcp"));
        assert_eq!(word(&from(&policy(), PEER, &text)), expected, "{method}");
    }
}

#[test]
fn the_sse_transport_keeps_streams_and_messages_apart() {
    let policy = Policy { sse: true, ..policy() };
    for (request, expected) in [
        ("GET /sse", "Sse Get"),
        ("GET /sse/", "Sse Get"),
        ("GET /mcp", "Mcp Get"),
        ("POST /messages", "Messages Post"),
        ("POST /messages/", "Messages Post"),
        ("POST /messages/?session_id=1", "Messages Post"),
        ("POST /messages//", "Path"),
        ("GET /messages", "MessagesMethod"),
        ("DELETE /messages", "MessagesMethod"),
        ("POST /mcp", "StreamMethod"),
        ("DELETE /mcp", "StreamMethod"),
        ("POST /sse", "StreamMethod"),
        ("OPTIONS /sse", "options GET"),
        ("OPTIONS /messages", "options POST"),
    ] {
        let text = format!("{request}\n{HOST}\n{JSON}");
        assert_eq!(word(&from(&policy, PEER, &text)), expected, "{request}");
    }
    for (query, expected) in [
        ("session_id=3f-9", Some(&b"3f-9"[..])),
        ("a=b&session_id=", Some(b"")),
        ("session_id=1&session_id=2", None),
        ("SESSION_ID=1", None),
        ("x", None),
    ] {
        let text = format!("POST /messages/?{query}\n{HOST}\n{JSON}");
        assert_eq!(admitted(from(&policy, PEER, &text)).session_query(), expected, "{query}");
    }
}

#[test]
fn a_post_announces_json() {
    for (value, expected) in [
        ("application/json", true),
        ("application/json-rpc", true),
        ("APPLICATION/JSON-RPC; charset=UTF-8", true),
        ("application/json;charset=\"utf-8\"", true),
        ("application/json; x=\"a b\"; charset=utf8", true),
        ("application/json;", true),
        ("application/json; charset=latin1", false),
        ("application/json; charset=utf-16", false),
        ("application/json; charset=utf-8; charset=latin1", false),
        ("application/json; charset", false),
        ("application/json; charset=\"utf-8", false),
        ("application/json, text/plain", false),
        ("application/json;, text/plain", false),
        ("application/json-rpcx", false),
        ("application/jsonx", false),
        ("application/vnd.x+json", false),
        ("text/plain", false),
        ("text/plain;application/json", false),
        ("", false),
    ] {
        let text = post("").replace("application/json\n", &format!("{value}\n"));
        let found = word(&from(&policy(), PEER, &text));
        assert_eq!(found, if expected { "Mcp Post" } else { "ContentType" }, "{value}");
    }
    let none = format!("POST /mcp\n{HOST}\n{ACCEPT}");
    assert_eq!(word(&from(&policy(), PEER, &none)), "ContentType");
    assert_eq!(word(&from(&policy(), PEER, &post(JSON))), "ContentType");
}

#[test]
fn a_post_takes_both_forms_of_an_answer() {
    for (fields, expected) in [
        (ACCEPT, true),
        ("Accept: text/event-stream;q=0.1, application/json;v=1", true),
        ("Accept: TEXT/Event-Stream, APPLICATION/JSON", true),
        ("Accept: application/json\nAccept: text/event-stream", true),
        ("Accept: */*", true),
        ("Accept: application/*, text/*", true),
        ("Accept: application/json", false),
        ("Accept: text/event-stream", false),
        ("Accept: application/*", false),
        ("Accept: text/plain", false),
        ("Accept: application/json;q=0, text/event-stream", false),
        ("Accept: application/json; Q=0.000, text/event-stream", false),
        ("Accept: application/json;q=x, text/event-stream", false),
        ("Accept: application/jsonx, text/event-stream", false),
        ("Accept:", false),
        ("", false),
    ] {
        let text = format!("POST /mcp\n{HOST}\n{JSON}\n{fields}");
        let found = word(&from(&policy(), PEER, &text));
        assert_eq!(found, if expected { "Mcp Post" } else { "Accept" }, "{fields}");
    }
}

#[test]
fn a_stream_is_asked_for_by_name() {
    for (fields, expected) in [
        ("Accept: text/event-stream", "Mcp Get"),
        ("Accept: TEXT/EVENT-STREAM", "Mcp Get"),
        ("Accept: application/json, text/event-stream", "Mcp Get"),
        ("Accept: text/event-stream;q=0", "GetWithoutStream"),
        ("Accept: */*", "GetWithoutStream"),
        ("Accept: text/*", "GetWithoutStream"),
        ("Accept: application/json", "GetWithoutStream"),
        ("", "GetWithoutStream"),
    ] {
        let text = format!("GET /mcp\n{HOST}\n{fields}");
        assert_eq!(word(&from(&policy(), PEER, &text)), expected, "{fields}");
    }
}

#[test]
fn the_newest_revision_only_posts() {
    for (request, version, expected) in [
        ("GET", "2026-07-28", "RevisionPostsOnly"),
        ("DELETE", "2026-07-28", "RevisionPostsOnly"),
        ("DELETE", "2025-11-25\nMCP-Protocol-Version: 2026-07-28", "RevisionPostsOnly"),
        ("GET", "2025-11-25", "Mcp Get"),
        ("DELETE", "2025-11-25", "Mcp Delete"),
        ("POST", "2026-07-28", "Mcp Post"),
        ("POST", "nonsense", "Mcp Post"),
    ] {
        let text = post(&format!("MCP-Protocol-Version: {version}"))
            .replace("POST /mcp", &format!("{request} /mcp"));
        assert_eq!(word(&from(&policy(), PEER, &text)), expected, "{request} {version}");
    }
}

#[test]
fn one_expectation_is_known() {
    for (fields, expected) in [
        ("Expect: 100-continue", "Mcp Post"),
        ("Expect: 100-Continue", "Mcp Post"),
        ("Expect: 200-ok", "Expectation"),
        ("Expect: 100-continue, x", "Expectation"),
        ("Expect: 100-continue\nExpect: 100-continue", "Expectation"),
        ("Expect:", "Expectation"),
    ] {
        assert_eq!(word(&from(&policy(), PEER, &post(fields))), expected, "{fields}");
    }
    // Nobody waits with a body that is not announced, nor on 1.0.
    let plain = admitted(from(&policy(), PEER, &post("Expect: 100-continue")));
    assert!(!plain.expects_continue());
    let old = post("Expect: 100-continue").replace("/mcp\n", "/mcp 1.0\n");
    assert!(!admitted(from(&policy(), PEER, &old)).expects_continue());
}

#[test]
fn a_connection_lives_on_under_1_1_only() {
    for (version, fields, expected) in [
        ("", "", true),
        ("", "Connection: keep-alive", true),
        ("", "Connection: keep-alive, Close", false),
        ("", "Connection: x\nConnection: close", false),
        (" 1.0", "", false),
        (" 1.0", "Connection: keep-alive", false),
    ] {
        let text = post(fields).replace("/mcp\n", &format!("/mcp{version}\n"));
        assert_eq!(admitted(from(&policy(), PEER, &text)).keep_alive(), expected, "{fields}");
        let health = format!("GET /health{version}\n{fields}");
        match from(&policy(), PEER, &health) {
            Decision::Answer(_, keep) => assert_eq!(keep, expected, "{fields}"),
            Decision::Admitted(_) | Decision::Refused(..) => panic!("{fields}"),
        }
    }
}

#[test]
fn a_body_that_nobody_reads_ends_the_connection() {
    for (fields, expected) in [
        ("", true),
        ("Content-Length: 0", true),
        ("Content-Length: 5", false),
        ("Transfer-Encoding: chunked", false),
        ("Content-Length: 5\nContent-Length: 5", false),
    ] {
        for line in ["GET /health", "OPTIONS /mcp", "OPTIONS *"] {
            match from(&policy(), PEER, &format!("{line}\n{HOST}\n{fields}")) {
                Decision::Answer(_, keep) => assert_eq!(keep, expected, "{line} {fields}"),
                Decision::Admitted(_) | Decision::Refused(..) => panic!("{line} {fields}"),
            }
        }
    }
}

#[test]
fn the_fields_of_mcp_are_handed_on_as_sent() {
    let fields = "MCP-PROTOCOL-VERSION: 2025-11-25\nmcp-session-id: s1\n\
        Mcp-Method: a\nMcp-Method: a\n\
        Mcp-Param-Region: eu\nMCP-PARAM-REGION: us\nMcp-Parameter: no";
    let found = admitted(from(&policy(), PEER, &post(fields)));
    let mcp = found.mcp();
    assert_eq!(mcp.protocol_version.one(), Some(&b"2025-11-25"[..]));
    assert_eq!(mcp.session_id.one(), Some(&b"s1"[..]));
    assert_eq!(mcp.method, FieldValue::Repeated);
    assert_eq!((&mcp.name, &mcp.last_event_id), (&FieldValue::Absent, &FieldValue::Absent));
    let region = |value: &[u8]| ("region".to_owned(), Box::from(value));
    assert_eq!(mcp.params, [region(b"eu"), region(b"us")]);
    assert_eq!((found.route(), found.verb()), (Route::Mcp, Verb::Post));
    assert_eq!((found.version(), found.session_query()), (Version::V11, None));
}

#[test]
fn a_credential_field_is_sent_at_most_once() {
    let names = ["Authorization", "X-Api-Key", "X-Zscaler-Client-ID", "X-Zscaler-Client-Secret"];
    for name in names {
        for (what, first, second, expected) in [
            ("once", format!("{name}: a"), "X-Other: a".to_owned(), "Mcp Post"),
            ("the same", format!("{name}: a"), format!("{name}: a"), "CredentialRepeated"),
            ("another", format!("{name}: a"), format!("{name}: b"), "CredentialRepeated"),
            ("an empty one", format!("{name}:"), format!("{name}: a"), "CredentialRepeated"),
            (
                "other letters",
                name.to_lowercase() + ": a",
                name.to_uppercase() + ": a",
                "CredentialRepeated",
            ),
            ("a longer name", format!("{name}: a"), format!("{name}s: a"), "Mcp Post"),
        ] {
            for text in [format!("{first}\n{second}"), format!("{second}\nX-A: 1\n{first}")] {
                check(&policy(), &[(&format!("{name}, {what}"), &post(&text), expected)]);
            }
        }
    }
    let each: Vec<String> = names.iter().map(|name| format!("{name}: {name}")).collect();
    let found = admitted(from(&policy(), PEER, &post(&each.join("\n"))));
    let sent = found.credentials();
    let values = [&sent.authorization, &sent.api_key, &sent.client_id, &sent.client_secret];
    let values = values.map(|value| value.as_ref().unwrap().expose());
    assert_eq!(values, names.map(str::as_bytes));
    let mut found = admitted(from(&policy(), PEER, &post("Authorization: hunter2")));
    assert!(!format!("{found:?}").contains("hunter2"));
    assert!(found.credentials().authorization.is_some());
    found.forget_credentials();
    assert!(found.credentials().authorization.is_none());
    let other = admitted(from(&policy(), PEER, &post("X-Other: 1")));
    let other = other.credentials();
    let fields = [&other.authorization, &other.api_key, &other.client_id, &other.client_secret];
    assert!(fields.iter().all(|field| field.is_none()));
}

/// Returns the names of the variants, read from the source so that none can be forgotten.
fn variants() -> Vec<&'static str> {
    let source = include_str!("../src/guard/refusal.rs");
    let (_, behind) = source.split_once("pub enum Refusal {").unwrap();
    let (inside, _) = behind.split_once("\n}").unwrap();
    inside.lines().map(str::trim).filter_map(|line| line.strip_suffix(',')).collect()
}

#[test]
fn every_refusal_has_exactly_one_row() {
    let rows: Vec<String> = ROWS.iter().map(|row| format!("{:?}", row.refusal)).collect();
    assert_eq!(rows.len(), variants().len());
    for variant in variants() {
        assert_eq!(rows.iter().filter(|row| *row == variant).count(), 1, "{variant}");
    }
    for row in ROWS {
        assert_eq!(row.refusal.row().log, row.log);
        assert_eq!(ROWS.iter().filter(|other| other.log == row.log).count(), 1, "{}", row.log);
    }
}

#[test]
fn rows_are_fit_to_be_sent() {
    // The statuses that have a reason phrase in the response writer.
    let known = [
        400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 417, 421, 429, 431, 500, 501, 503,
        505,
    ];
    for row in ROWS {
        let status = row.status.0;
        assert!(known.contains(&status), "{}", row.log);
        assert_eq!(row.allow.is_some(), status == 405, "{}", row.log);
        assert_eq!(row.retry_after.is_some(), matches!(status, 429 | 503), "{}", row.log);
        assert!([-32_700, -32_600, -32_603, -32_001].contains(&row.code), "{}", row.log);
        assert_eq!(row.code == -32_603, status == 500 || status == 503, "{}", row.log);
        let plain =
            |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\' || byte == b' ';
        assert!(row.text.ends_with('.') && row.text.bytes().all(plain), "{}", row.log);
        let expected = format!(
            r#"{{"jsonrpc":"2.0","error":{{"code":{},"message":"{}"}}}}"#,
            row.code, row.text
        );
        assert_eq!(row.refusal.body(), expected.into_bytes(), "{}", row.log);
    }
}

#[test]
fn refusals_have_the_status_the_specification_names() {
    for (refusal, status) in [
        (Refusal::Source, 403),
        (Refusal::Forwarding, 403),
        (Refusal::HostNotAllowed, 421),
        (Refusal::Host, 400),
        (Refusal::TargetElsewhere, 400),
        (Refusal::Origin, 403),
        (Refusal::OriginRepeated, 400),
        (Refusal::Preflight, 403),
        (Refusal::Path, 404),
        (Refusal::ContentType, 415),
        (Refusal::Accept, 406),
        (Refusal::BodyUnexpected, 400),
        (Refusal::CredentialRepeated, 400),
        (Refusal::Unauthorized, 401),
        (Refusal::Scope, 403),
        (Refusal::Certificate, 403),
        (Refusal::Attempts, 429),
        (Refusal::Undecided, 503),
        (Refusal::Rate, 429),
        (Refusal::SessionMissing, 400),
        (Refusal::SessionUnknown, 404),
        (Refusal::SecondStream, 409),
        (Refusal::SessionsFull, 503),
        (Refusal::RequestTimeout, 408),
        (Refusal::Internal, 500),
    ] {
        assert_eq!(refusal.row().status.0, status, "{refusal:?}");
    }
    for (fault, status) in [
        (Fault::Malformed, 400),
        (Fault::TargetTooLong, 414),
        (Fault::HeadTooLarge, 431),
        (Fault::UnknownMethod, 501),
        (Fault::Version, 505),
        (Fault::Framing, 400),
        (Fault::Coding, 501),
        (Fault::BodyTooLarge, 413),
        (Fault::Chunk, 400),
        (Fault::Expectation, 417),
        (Fault::Host, 400),
    ] {
        assert_eq!(Refusal::from(fault).row().status.0, status, "{fault:?}");
    }
}

#[test]
fn network_refusals_name_their_setting() {
    for (refusal, setting) in [
        (Refusal::Source, "ZSCALER_MCP_ALLOWED_SOURCE_IPS"),
        (Refusal::HostNotAllowed, "ZSCALER_MCP_ALLOWED_HOSTS"),
        (Refusal::Origin, "ZSCALER_MCP_ALLOWED_ORIGINS"),
    ] {
        assert!(refusal.row().text.contains(setting), "{refusal:?}");
    }
}

#[test]
fn refusals_by_method_say_what_is_offered() {
    for (refusal, allow) in [
        (Refusal::McpMethod, "POST, GET, DELETE, OPTIONS"),
        (Refusal::StreamMethod, "GET"),
        (Refusal::MessagesMethod, "POST"),
        (Refusal::HealthMethod, "GET, HEAD"),
        (Refusal::GetWithoutStream, "POST"),
        (Refusal::RevisionPostsOnly, "POST"),
    ] {
        assert_eq!(refusal.row().allow, Some(allow), "{refusal:?}");
    }
}

#[test]
fn json_rpc_errors_have_the_status_of_the_newest_revision() {
    for (code, status) in [
        (-32_700, 400),
        (-32_600, 400),
        (-32_601, 404),
        (-32_602, 400),
        (-32_603, 200),
        (-32_020, 400),
        (-32_021, 400),
        (-32_022, 400),
        (-32_023, 200),
        (-31_000, 200),
    ] {
        assert_eq!(status_of(code).0, status, "{code}");
    }
}
