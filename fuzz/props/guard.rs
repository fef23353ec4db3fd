//! The first check that stops decides: a second opinion names its place, nothing that only later
//! checks read changes the decision, and a refusal is a row of the table without a peer's byte.

use super::input::Input;
use super::kit::heads;
use core::net::IpAddr;
use zscaler_mcp::guard::{
    Decision, Hosts, Origins, Policy, Proxies, Refusal, Sources, decide, order,
};
use zscaler_mcp::http::body::length;
use zscaler_mcp::http::head::{Field, Head, Method, One, Target};
use zscaler_mcp::matching::{HostName, HostPattern, Network, Origin};

const LISTED: &str = "https://app.example.com";
const BODY_MAX: usize = 1_024;

/// The fields that each check reads, in the order of the checks. The last row is read by nobody.
const READS: [&[&str]; 9] = [
    &[],
    &["x-forwarded-for"],
    &["host"],
    &[
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
        "access-control-request-private-network",
    ],
    &[],
    &["content-type", "accept"],
    &["mcp-protocol-version"],
    &["content-length", "transfer-encoding", "expect"],
    &CREDENTIALS,
];

const CREDENTIALS: [&str; 4] =
    ["authorization", "x-api-key", "x-zscaler-client-id", "x-zscaler-client-secret"];

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let shape = input.byte();
    let policy = policy(shape);
    let peer = PEERS[usize::from(shape >> 4) % PEERS.len()].parse().unwrap();
    let head = heads::head(input.rest());
    let decision = decide(&policy, peer, &head);
    let place = place(&decision);
    assert_eq!(place, expected_place(&policy, peer, &head), "{decision:?} for {head:?}");
    nothing_of_the_peer(&decision, &policy);
    let shown = told(&decision);
    let last = place.unwrap_or(READS.len() - 1);
    for changed in perturbed(&head, last) {
        let again = told(&decide(&policy, peer, &changed));
        assert_eq!(again, shown, "{head:?} and {changed:?}");
    }
}

const PEERS: [&str; 6] =
    ["192.0.2.7", "198.51.100.1", "::ffff:192.0.2.9", "2001:db8::1", "10.0.0.1", "127.0.0.1"];

fn policy(shape: u8) -> Policy {
    let networks = |entries: &[&str]| -> Vec<Network> {
        entries.iter().map(|entry| Network::parse(entry).unwrap()).collect()
    };
    let proxies: &[&str] = if shape & 1 == 0 { &[] } else { &["10.0.0.0/8"] };
    let host = |entry| HostPattern::parse(entry).unwrap();
    Policy {
        hosts: Hosts::list(vec![host("mcp.acme.com"), host("*.run.app:8443")]),
        sources: Sources::list(networks(&["192.0.2.0/24", "2001:db8::/32"])),
        proxies: Proxies::list(networks(proxies)),
        origins: Origins::list(vec![Origin::parse(LISTED.as_bytes()).unwrap()]),
        tls: shape & 2 == 0,
        sse: shape & 4 != 0,
        body_max: BODY_MAX,
        documents: Vec::new(),
    }
}

/// Which check refuses with what.
const REFUSALS: [(&str, &[Refusal]); 8] = [
    ("source address", &[Refusal::Source, Refusal::Forwarding]),
    ("host", &[Refusal::Host, Refusal::TargetElsewhere, Refusal::HostNotAllowed]),
    ("origin and preflight", &[Refusal::Origin, Refusal::OriginRepeated, Refusal::Preflight]),
    (
        "route and method",
        &[
            Refusal::Path,
            Refusal::HealthMethod,
            Refusal::McpMethod,
            Refusal::StreamMethod,
            Refusal::MessagesMethod,
        ],
    ),
    ("media types", &[Refusal::ContentType, Refusal::Accept, Refusal::GetWithoutStream]),
    ("protocol version", &[Refusal::RevisionPostsOnly]),
    (
        "length",
        &[
            Refusal::Framing,
            Refusal::Coding,
            Refusal::BodyTooLarge,
            Refusal::BodyUnexpected,
            Refusal::Expectation,
        ],
    ),
    ("one credential", &[Refusal::CredentialRepeated]),
];

/// Returns the place of the check that decided, `None` when all passed.
fn place(decision: &Decision) -> Option<usize> {
    let name = match decision {
        Decision::Admitted(_) => return None,
        Decision::Answer(constant, _) => match format!("{constant:?}") {
            text if text.starts_with("Health") => "health route",
            text if text.starts_with("Preflight") => "origin and preflight",
            _ => "route and method",
        },
        Decision::Refused(refusal, _) => {
            let row = REFUSALS.iter().find(|(_, refusals)| refusals.contains(refusal));
            row.unwrap_or_else(|| panic!("no check refuses with {refusal:?}")).0
        }
    };
    Some(order().position(|known| known == name).unwrap())
}

/// Says which check stops first. Each question stands alone and is asked in the order written in
/// the documents.
fn expected_place(policy: &Policy, peer: IpAddr, head: &Head<'_>) -> Option<usize> {
    let sse = policy.sse;
    let (method, path) = (head.method, head.path());
    let is_health = [&b"/health"[..], b"/healthz", b"/ready"].contains(&path);
    let route = match path.strip_suffix(b"/").unwrap_or(path) {
        b"/mcp" if sse => &[Method::Get][..],
        b"/mcp" => &[Method::Get, Method::Post, Method::Delete],
        b"/sse" if sse => &[Method::Get],
        b"/messages" if sse => &[Method::Post],
        _ => &[],
    };
    let is_post = method == Method::Post;
    let stops = [
        is_health && matches!(method, Method::Get | Method::Head),
        !source_passes(policy, peer, head),
        !host_passes(policy, head),
        !origin_passes(policy, head),
        !route.contains(&method) || head.target == Target::Asterisk,
        if is_post {
            !types_pass(head, sse)
        } else {
            !sse && !streams(head) && method == Method::Get
        },
        !is_post && head.all(b"mcp-protocol-version").any(|value| value == b"2026-07-28"),
        !length_passes(head, is_post),
        CREDENTIALS.iter().any(|name| head.all(name.as_bytes()).nth(1).is_some()),
    ];
    stops.iter().position(|stops| *stops)
}

/// Only the hops that a listed proxy wrote count, from the right.
fn source_passes(policy: &Policy, peer: IpAddr, head: &Head<'_>) -> bool {
    let written: Vec<&[u8]> = head.all(b"x-forwarded-for").collect();
    let joined = written.join(&b","[..]);
    let mut source = peer.to_canonical();
    let trusted = |address: IpAddr| {
        policy.proxies.trusts("10.0.0.1".parse().unwrap())
            && matches!(address, IpAddr::V4(v4) if v4.octets()[0] == 10)
    };
    let mut hops = joined.rsplit(|byte| *byte == b',');
    while trusted(source) {
        let Some(hop) = hops.next().filter(|_| !written.is_empty()) else { break };
        let text = String::from_utf8_lossy(hop);
        let text = text.trim_matches([' ', '\t']);
        let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
        let inside = inside.filter(|inside| inside.contains(':'));
        let socket = || text.parse::<core::net::SocketAddr>().map(|socket| socket.ip());
        let Ok(found) = inside.unwrap_or(text).parse::<IpAddr>().or_else(|_| socket()) else {
            return false;
        };
        source = found.to_canonical();
    }
    match source {
        IpAddr::V4(address) => address.octets()[..3] == [192, 0, 2],
        IpAddr::V6(address) => address.segments()[..2] == [0x2001, 0xdb8],
    }
}

fn host_passes(policy: &Policy, head: &Head<'_>) -> bool {
    let One::Value(value) = head.one(b"host") else { return false };
    let Some(name) = HostName::parse(value) else { return false };
    let port = name.port().unwrap_or(if policy.tls { 443 } else { 80 });
    if let Target::Absolute { https, authority, .. } = head.target {
        let Some(other) = HostName::parse(authority) else { return false };
        let other_port = other.port().unwrap_or(if policy.tls { 443 } else { 80 });
        if https != policy.tls || other_port != port || other.host() != name.host() {
            return false;
        }
    }
    let host = name.host().to_string();
    host == "mcp.acme.com" || (port == 8443 && host.ends_with(".run.app"))
}

/// A listed origin passes unless it asks for a preflight; so does the page of the host itself.
fn origin_passes(policy: &Policy, head: &Head<'_>) -> bool {
    let value = match head.one(b"origin") {
        One::Absent => return true,
        One::Repeated => return false,
        One::Value(value) => value,
    };
    let Ok(origin) = Origin::parse(value) else { return false };
    if origin.as_str() == LISTED {
        let asks = head.all(b"access-control-request-method").next().is_some();
        return !(asks && head.method == Method::Options);
    }
    let One::Value(host) = head.one(b"host") else { return false };
    HostName::parse(host).is_some_and(|name| origin == Origin::of(policy.tls, &name))
}

fn types_pass(head: &Head<'_>, sse: bool) -> bool {
    let pieces = |value: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(value).to_ascii_lowercase();
        text.split(';').map(|piece| piece.trim_matches([' ', '\t']).to_owned()).collect()
    };
    let One::Value(value) = head.one(b"content-type") else { return false };
    let content = pieces(value);
    let is_json = ["application/json", "application/json-rpc"].contains(&content[0].as_str());
    let parameter = |text: &String| {
        let token =
            |text: &str| !text.is_empty() && text.bytes().all(zscaler_mcp::base::bytes::is_token);
        let quoted = |text: &str| {
            let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            inside.filter(|inside| !inside.contains('"')).map(str::to_owned)
        };
        text.is_empty()
            || text.split_once('=').is_some_and(|(name, value)| {
                let value = quoted(value).or_else(|| token(value).then(|| value.to_owned()));
                let charset = name != "charset"
                    || value.as_deref().is_some_and(|v| ["utf-8", "utf8"].contains(&v));
                token(name) && value.is_some() && charset
            })
    };
    is_json && content[1..].iter().all(parameter) && (sse || accepts(head))
}

/// True when JSON and a stream are both taken.
fn accepts(head: &Head<'_>) -> bool {
    let offers = offers(head);
    let any = |names: &[&str]| names.iter().any(|name| offers.iter().any(|offer| offer == name));
    any(&["application/json", "application/*", "*/*"])
        && any(&["text/event-stream", "text/*", "*/*"])
}

fn streams(head: &Head<'_>) -> bool {
    offers(head).iter().any(|offer| offer == "text/event-stream")
}

/// Returns the ranges of Accept whose weight is more than nothing.
fn offers(head: &Head<'_>) -> Vec<String> {
    let values = head.all(b"accept").flat_map(|value| value.split(|byte| *byte == b','));
    let texts = values.map(|item| String::from_utf8_lossy(item).to_ascii_lowercase());
    let offered = texts.filter_map(|item| {
        let mut pieces = item.split(';').map(|piece| piece.trim_matches([' ', '\t']));
        let range = pieces.next()?.to_owned();
        let weight = |piece: &str| {
            piece.strip_prefix("q=").is_none_or(|digits| {
                let grammar =
                    digits.len() <= 5 && digits.chars().all(|c| "0123456789.".contains(c));
                let dotted = digits.len() == 1 || digits.chars().nth(1) == Some('.');
                let one_dot = digits.matches('.').count() <= 1;
                let value: f64 = digits.parse().unwrap_or(0.0);
                let starts = digits.starts_with(['0', '1']);
                grammar && dotted && one_dot && starts && value > 0.0 && value <= 1.0
            })
        };
        pieces.all(weight).then_some(range)
    });
    offered.collect()
}

fn length_passes(head: &Head<'_>, is_post: bool) -> bool {
    let expectation = match head.one(b"expect") {
        One::Absent => true,
        One::Value(value) => value.eq_ignore_ascii_case(b"100-continue"),
        One::Repeated => false,
    };
    // The length rule has a property of its own.
    let found = length(head, BODY_MAX);
    let none = zscaler_mcp::http::body::Length::Exact(0);
    expectation && found.is_ok_and(|length| is_post || length == none)
}

/// The text of a refusal is that of its row; an origin beside it is the listed one, not the sent.
fn nothing_of_the_peer(decision: &Decision, policy: &Policy) {
    let origin = match decision {
        Decision::Refused(refusal, origin) => {
            let row = refusal.row();
            assert_eq!(row.refusal, *refusal);
            assert!(matches!(row.status.0, 400..=599), "{refusal:?}");
            let body: serde_json::Value = serde_json::from_slice(&refusal.body()).unwrap();
            assert_eq!(body["error"]["message"], row.text);
            assert!(body.get("id").is_none());
            origin.as_deref()
        }
        Decision::Admitted(admitted) => admitted.origin(),
        Decision::Answer(..) => None,
    };
    assert!(!policy.origins.is_empty());
    assert!(origin.is_none_or(|origin| origin == LISTED.as_bytes()), "{origin:?}");
}

/// Returns what a decision says that earlier checks alone have to fix.
fn told(decision: &Decision) -> String {
    match decision {
        Decision::Admitted(admitted) => format!("{:?} {:?}", admitted.route(), admitted.verb()),
        Decision::Answer(constant, _) => format!("{constant:?}"),
        Decision::Refused(refusal, origin) => format!("{refusal:?} {origin:?}"),
    }
}

/// Returns heads that differ from `head` in what no check up to the one at `last` reads: without
/// those fields, with them broken, and with the fields in another order.
fn perturbed<'a>(head: &Head<'a>, last: usize) -> Vec<Head<'a>> {
    let is_read = |field: &Field<'_>| {
        READS[..=last]
            .iter()
            .flat_map(|names| names.iter())
            .any(|name| field.name.eq_ignore_ascii_case(name.as_bytes()))
    };
    let read: Vec<Field<'a>> = head.fields.iter().copied().filter(is_read).collect();
    let mut broken = read.clone();
    for name in READS.iter().skip(last + 1).flat_map(|names| names.iter()) {
        broken.extend([Field { name: name.as_bytes(), value: b"\xff;" }; 2]);
    }
    broken.push(Field { name: b"x-other", value: b"1" });
    // Fields of one name keep their order, those of other names change places.
    let mut turned = read.clone();
    turned.sort_by_key(|field| core::cmp::Reverse(field.name.to_ascii_lowercase()));
    let with = |fields| Head { fields, ..head.clone() };
    let mut heads = vec![with(read), with(broken), with(turned)];
    // A stranger's source address or Host is refused whatever the target is, health left aside.
    if (1..=2).contains(&last) && !matches!(head.target, Target::Absolute { .. }) {
        let elsewhere = Target::Origin { path: b"/none", query: Some(b"x") };
        heads.push(Head { target: elsewhere, method: Method::Put, ..head.clone() });
    }
    heads
}
