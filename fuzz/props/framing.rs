//! A head has one length rule or is refused, as a rule written here a second time says, and the
//! guard passes on that rule and no other.

use zscaler_mcp::guard::{Decision, decide};
use zscaler_mcp::http::body::{Length, length};
use zscaler_mcp::http::fault::Fault;
use zscaler_mcp::http::head::{Head, Scan, Scanner, Version, parse};

use super::kit::shell::{BODY_MAX, PEER, policy};

/// Panics when the property does not hold. The first byte is the minor version, `0` or another;
/// the rest are field lines behind those of a request that is admitted.
pub fn check(data: &[u8]) {
    let Some((version, fields)) = data.split_first() else { return };
    let line: &[u8] =
        if *version == b'0' { b"POST /mcp HTTP/1.0\r\n" } else { b"POST /mcp HTTP/1.1\r\n" };
    let fixed = b"Host: h\r\nContent-Type: application/json\r\n\
        Accept: application/json, text/event-stream\r\n";
    let input = [line, fixed, fields, b"\r\n\r\n"].concat();
    let Scan::Complete(end) = Scanner::default().scan(&input) else { return };
    let Ok(head) = parse(&input[..end]) else { return };
    let found = length(&head, BODY_MAX);
    assert_eq!(found, expected(&head), "{}", input.escape_ascii());
    match decide(&policy(), PEER, &head) {
        Decision::Admitted(admitted) => assert_eq!(found, Ok(admitted.length())),
        Decision::Refused(..) => {}
        Decision::Answer(constant, _) => panic!("a POST was answered: {constant:?}"),
    }
}

fn expected(head: &Head<'_>) -> Result<Length, Fault> {
    let values = |name: &str| -> Vec<String> {
        let fields = head.fields.iter();
        let named = fields.filter(|f| f.name.to_ascii_lowercase() == name.as_bytes());
        named.map(|field| String::from_utf8_lossy(field.value).to_ascii_lowercase()).collect()
    };
    let (lengths, codings) = (values("content-length"), values("transfer-encoding"));
    // Both, or one of them twice, is what an intermediary could read in another way.
    if codings.is_empty() {
        return match lengths.as_slice() {
            [] => Ok(Length::Exact(0)),
            [length] => announced(length),
            _ => Err(Fault::Framing),
        };
    }
    if !lengths.is_empty() || head.version == Version::V10 {
        return Err(Fault::Framing);
    }
    if codings == ["chunked"] {
        return Ok(Length::Chunked);
    }
    let well_formed = codings.iter().all(|coding| is_coding_list(coding));
    Err(if well_formed { Fault::Coding } else { Fault::Framing })
}

fn announced(digits: &str) -> Result<Length, Fault> {
    let plain =
        !digits.is_empty() && digits.len() <= 20 && digits.bytes().all(|b| b.is_ascii_digit());
    match digits.parse::<u128>() {
        Ok(bytes) if plain && bytes <= BODY_MAX as u128 => {
            Ok(Length::Exact(usize::try_from(bytes).unwrap()))
        }
        Ok(bytes) if plain && bytes <= u128::from(u64::MAX) => Err(Fault::BodyTooLarge),
        _ => Err(Fault::Framing),
    }
}

/// True for `token *( OWS ";" OWS token OWS "=" OWS ( token / quoted-string ) )`, separated by
/// commas, without empty items. A small machine: each byte either fits its state or does not.
fn is_coding_list(text: &str) -> bool {
    #[derive(Clone, Copy, PartialEq)]
    enum At {
        Name,
        InName,
        AfterName,
        Key,
        InKey,
        AfterKey,
        Value,
        InValue,
        Quoted,
        Escaped,
        AfterValue,
    }
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let blank = |c: char| c == ' ' || c == '\t';
    let mut at = At::Name;
    for c in text.chars() {
        at = match (at, c) {
            (At::Name | At::InName, c) if token(c) => At::InName,
            (At::Key | At::InKey, c) if token(c) => At::InKey,
            (At::Value | At::InValue, c) if token(c) => At::InValue,
            (At::Name | At::AfterName | At::Key | At::AfterKey | At::Value | At::AfterValue, c)
                if blank(c) =>
            {
                at
            }
            (At::InName, c) if blank(c) => At::AfterName,
            (At::InKey, c) if blank(c) => At::AfterKey,
            (At::InValue, c) if blank(c) => At::AfterValue,
            (At::InName | At::AfterName | At::InValue | At::AfterValue, ';') => At::Key,
            (At::InName | At::AfterName | At::InValue | At::AfterValue, ',') => At::Name,
            (At::InKey | At::AfterKey, '=') => At::Value,
            (At::Value, '"') => At::Quoted,
            (At::Quoted, '"') => At::AfterValue,
            (At::Quoted, '\\') => At::Escaped,
            (At::Quoted | At::Escaped, _) => At::Quoted,
            _ => return false,
        };
    }
    matches!(at, At::InName | At::AfterName | At::InValue | At::AfterValue)
}
