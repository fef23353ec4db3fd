//! Who may read an answer is told by a plain decision table: no field of CORS for an origin that is
//! not listed, and for a listed one its own spelling and fixed text only.

use super::input::Input;
use super::kit::heads;
use zscaler_mcp::guard::{
    Constant, Decision, Hosts, Origins, Policy, Proxies, Refusal, Sources, cors_fields, decide,
};
use zscaler_mcp::http::head::{Field, Head, Method};
use zscaler_mcp::matching::{HostPattern, Origin};

/// Names only: what a browser writes in another way is still compared without an address parser.
const ORIGINS: [&str; 3] =
    ["https://app.example.com", "http://localhost:3000", "https://mcp.acme.com:8443"];
const METHODS: [&[u8]; 4] = [b"POST", b"GET", b"DELETE", b"OPTIONS"];
const FIXED_NAMES: usize = 11;
const PARAMS_MAX: usize = 32;

/// What the table says.
#[derive(Debug, PartialEq, Eq)]
enum Row {
    /// The checks go on; the origin is named in the answer when it is listed.
    Passes(Option<&'static str>),
    Granted(&'static str),
    Refused(Refusal),
}

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let shape = input.byte();
    let listed: Vec<&str> =
        (0..3).filter(|bit| shape >> bit & 1 == 1).map(|i| ORIGINS[i]).collect();
    let tls = shape & 8 == 0;
    let policy = Policy {
        hosts: Hosts::list(vec![HostPattern::parse("mcp.acme.com").unwrap()]),
        sources: Sources::any(),
        proxies: Proxies::list(Vec::new()),
        origins: Origins::list(
            listed.iter().map(|o| Origin::parse(o.as_bytes()).unwrap()).collect(),
        ),
        tls,
        sse: false,
        body_max: 64,
        documents: Vec::new(),
    };
    let mut head = heads::head(input.rest());
    // What comes before this check is right, so that it decides.
    head.target = zscaler_mcp::http::head::Target::Origin { path: b"/mcp", query: None };
    head.fields.retain(|field| !field.name.eq_ignore_ascii_case(b"host"));
    let host: &[u8] = if shape & 16 == 0 { b"mcp.acme.com" } else { b"MCP.acme.com.:8443" };
    head.fields.push(Field { name: b"Host", value: host });
    let own = match (tls, shape & 16 == 0) {
        (true, true) => "https://mcp.acme.com",
        (true, false) => "https://mcp.acme.com:8443",
        (false, true) => "http://mcp.acme.com",
        (false, false) => "http://mcp.acme.com:8443",
    };
    let decision = decide(&policy, "192.0.2.7".parse().unwrap(), &head);
    compare(&decision, &expected(&listed, own, &head), &head);
}

/// The table, from the top; the first line that fits holds.
fn expected(listed: &[&str], own: &str, head: &Head<'_>) -> Row {
    let sent: Vec<&[u8]> = head.all(b"origin").collect();
    let asked: Vec<&[u8]> = head.all(b"access-control-request-method").collect();
    let [origin] = sent.as_slice() else {
        return if sent.is_empty() {
            Row::Passes(None)
        } else {
            Row::Refused(Refusal::OriginRepeated)
        };
    };
    let origin = plain_spelling(origin);
    let listed = ORIGINS.into_iter().find(|o| listed.contains(o) && origin.as_deref() == Some(*o));
    match (listed, head.method, asked.as_slice()) {
        (None, _, _) if origin.as_deref() == Some(own) => Row::Passes(None),
        (None, _, _) => Row::Refused(Refusal::Origin),
        (Some(origin), Method::Options, [method]) if METHODS.contains(method) => {
            Row::Granted(origin)
        }
        (Some(_), Method::Options, [_, ..]) => Row::Refused(Refusal::Preflight),
        (Some(origin), _, _) => Row::Passes(Some(origin)),
    }
}

/// Returns an origin in small letters, without the port that its scheme has anyway.
fn plain_spelling(sent: &[u8]) -> Option<String> {
    let text = String::from_utf8(sent.to_vec()).ok()?.to_ascii_lowercase();
    let (scheme, rest) = text.split_once("://")?;
    let Some((host, port)) = rest.split_once(':') else { return Some(text) };
    if port.is_empty() || port.len() > 5 || !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let port: u16 = port.parse().ok()?;
    let usual = (scheme == "https" && port == 443) || (scheme == "http" && port == 80);
    Some(if usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") })
}

fn compare(decision: &Decision, row: &Row, head: &Head<'_>) {
    let name = |origin: &Option<Box<[u8]>>| {
        origin.as_ref().map(|origin| String::from_utf8(origin.to_vec()).unwrap())
    };
    match (decision, row) {
        (Decision::Answer(Constant::Preflight(fields), _), Row::Granted(origin)) => {
            granted(fields, origin, head);
        }
        (Decision::Refused(found, origin), Row::Refused(refusal)) => {
            assert_eq!((found, origin), (refusal, &None), "{head:?}");
        }
        (Decision::Admitted(admitted), Row::Passes(origin)) => {
            assert_eq!(admitted.origin(), origin.map(str::as_bytes), "{head:?}");
            answered(admitted.origin(), *origin);
        }
        (Decision::Refused(refusal, origin), Row::Passes(expected)) => {
            let own = [Refusal::Origin, Refusal::OriginRepeated, Refusal::Preflight];
            assert!(!own.contains(refusal), "{refusal:?} {head:?}");
            assert_eq!(name(origin).as_deref(), *expected, "{head:?}");
        }
        (Decision::Answer(Constant::Options(_), _), Row::Passes(_)) => {}
        other => panic!("{other:?} for {head:?}"),
    }
}

fn answered(origin: Option<&[u8]>, listed: Option<&str>) {
    for consulted in [false, true] {
        let fields = cors_fields(origin, consulted);
        let allowed = fields.iter().find(|(name, _)| *name == "Access-Control-Allow-Origin");
        assert_eq!(allowed.map(|(_, value)| *value), listed.map(str::as_bytes));
        let varies = fields.iter().any(|(name, value)| *name == "Vary" && *value == b"Origin");
        assert_eq!(varies, consulted || listed.is_some());
        assert!(fields.iter().all(|(name, _)| !name.contains("Credentials")));
    }
}

fn granted(fields: &[(&'static str, Vec<u8>)], origin: &str, head: &Head<'_>) {
    let value = |wanted: &str| {
        let found = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| String::from_utf8(value.clone()).unwrap())
    };
    assert_eq!(value("Access-Control-Allow-Origin").as_deref(), Some(origin));
    assert_eq!(value("Access-Control-Allow-Credentials"), None);
    let private = head.all(b"access-control-request-private-network").collect::<Vec<_>>();
    let granted = value("Access-Control-Allow-Private-Network").is_some();
    assert_eq!(granted, private == [b"true"], "{head:?}");
    assert!(value("Vary").is_some_and(|value| value.starts_with("Origin")));
    let names = value("Access-Control-Allow-Headers").unwrap();
    let (fixed, params): (Vec<&str>, Vec<&str>) =
        names.split(", ").partition(|name| !name.starts_with("mcp-param-"));
    assert_eq!(fixed.len(), FIXED_NAMES, "{names:?}");
    assert!(params.len() <= PARAMS_MAX);
    let asked: Vec<u8> = head
        .all(b"access-control-request-headers")
        .collect::<Vec<_>>()
        .join(&b","[..])
        .to_ascii_lowercase();
    let asked = String::from_utf8_lossy(&asked).into_owned();
    for name in params {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        assert!(name.bytes().all(token) && !name.bytes().any(|byte| byte.is_ascii_uppercase()));
        assert!(asked.split(',').any(|item| item.trim_matches([' ', '\t']) == name), "{name}");
    }
}
