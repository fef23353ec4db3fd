//! A chunked body decodes the same however it is cut, as a decoder written here a second time
//! decodes it, never to more than the bound; and what we write in chunks is read back.

use zscaler_mcp::http::body::{Decoder, Length, Step};
use zscaler_mcp::http::fault::Fault;
use zscaler_mcp::http::response::{LAST_CHUNK, chunk};
use zscaler_mcp::limits::{
    CHUNK_EXT_BODY_MAX, CHUNK_EXT_LINE_MAX, CHUNK_SIZE_DIGITS_MAX, TRAILER_BYTES_MAX,
};

/// The bound on decoded bytes, small enough to be passed.
const MAX: usize = 600;

/// Panics when the property does not hold. The first byte says how the rest is cut.
pub fn check(data: &[u8]) {
    let Some((step, wire)) = data.split_first() else { return };
    let whole = decoded(wire, wire.len().max(1));
    assert!(whole.0.len() <= MAX);
    assert_eq!(decoded(wire, 1), whole, "in single bytes");
    assert_eq!(decoded(wire, usize::from(*step % 23) + 2), whole, "in pieces");
    match (&whole.1, model(wire)) {
        (Ok(Some(end)), Model::Done(body, size)) => assert_eq!((&whole.0, *end), (&body, size)),
        (Ok(None), Model::More(body)) => assert_eq!(whole.0, body),
        (Err(fault), Model::Bad(expected)) => assert_eq!(*fault, expected),
        (found, model) => panic!("{found:?}, but {model:?}: {}", wire.escape_ascii()),
    }
    round_trip(usize::from(*step) + 1, &wire[..wire.len().min(MAX)]);
}

type Decoded = (Vec<u8>, Result<Option<usize>, Fault>);

fn decoded(wire: &[u8], step: usize) -> Decoded {
    let (mut decoder, mut body, mut from) = (Decoder::new(Length::Chunked, MAX), Vec::new(), 0);
    for part in wire.chunks(step) {
        match decoder.feed(part, &mut body) {
            Ok(Step::More(used)) => {
                assert_eq!(used, part.len(), "bytes were left while the body goes on");
                from += used;
            }
            Ok(Step::Done(used)) => {
                assert_eq!(decoder.feed(b"more", &mut body), Ok(Step::Done(0)), "it is over");
                return (body, Ok(Some(from + used)));
            }
            Err(fault) => {
                assert_eq!(decoder.feed(b"0\r\n\r\n", &mut body), Err(fault), "a fault is final");
                return (body, Err(fault));
            }
        }
    }
    (body, Ok(None))
}

#[derive(Debug)]
enum Model {
    Done(Vec<u8>, usize),
    More(Vec<u8>),
    Bad(Fault),
}

/// A line, no line yet, or a fault.
enum Line<'a> {
    Whole(&'a [u8], &'a [u8]),
    More,
    Bad,
}

/// Takes a line of at most `max` bytes off `wire`, which holds no control byte but TAB.
fn line(wire: &[u8], max: usize) -> Line<'_> {
    let control = |byte: &u8| (*byte < 0x20 && *byte != b'\t') || *byte == 0x7f;
    let end = wire.iter().position(control).unwrap_or(wire.len());
    let (text, rest) = wire.split_at(end);
    match rest {
        _ if text.len() > max => Line::Bad,
        [] | [b'\r'] => Line::More,
        [b'\r', b'\n', rest @ ..] => Line::Whole(text, rest),
        _ => Line::Bad,
    }
}

fn model(wire: &[u8]) -> Model {
    let (mut body, mut rest, mut extensions) = (Vec::new(), wire, 0);
    loop {
        let text = match line(rest, CHUNK_SIZE_DIGITS_MAX + CHUNK_EXT_LINE_MAX) {
            Line::Whole(text, tail) => {
                rest = tail;
                text
            }
            Line::More => return Model::More(body),
            Line::Bad => return Model::Bad(Fault::Chunk),
        };
        let digits = text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (digits, extension) = text.split_at(digits);
        extensions += extension.len();
        let size = std::str::from_utf8(digits).ok().and_then(|d| u64::from_str_radix(d, 16).ok());
        let fits = extension.len() <= CHUNK_EXT_LINE_MAX && extensions <= CHUNK_EXT_BODY_MAX;
        let (Some(size), true, true) =
            (size, fits && are_extensions(extension), digits.len() <= CHUNK_SIZE_DIGITS_MAX)
        else {
            return Model::Bad(Fault::Chunk);
        };
        if size == 0 {
            return trailer(rest, body, wire.len());
        }
        let left = u64::try_from(MAX - body.len()).unwrap();
        let Some(size) = (size <= left).then(|| usize::try_from(size).unwrap()) else {
            return Model::Bad(Fault::BodyTooLarge);
        };
        let data = &rest[..size.min(rest.len())];
        body.extend_from_slice(data);
        rest = &rest[data.len()..];
        match line(rest, 0) {
            Line::Whole(_, tail) if data.len() == size => rest = tail,
            Line::Bad if data.len() == size => return Model::Bad(Fault::Chunk),
            Line::Whole(..) | Line::More | Line::Bad => return Model::More(body),
        }
    }
}

fn trailer(mut rest: &[u8], body: Vec<u8>, len: usize) -> Model {
    let mut left = TRAILER_BYTES_MAX;
    loop {
        match line(rest, left) {
            Line::More => return Model::More(body),
            Line::Bad => return Model::Bad(Fault::Chunk),
            Line::Whole([], tail) => return Model::Done(body, len - tail.len()),
            Line::Whole(text, tail) => {
                let name = text.split(|byte| *byte == b':').next().unwrap_or_default();
                let good = name.len() < text.len() && !name.is_empty() && name.iter().all(is_token);
                if !good || text.len() + 2 > left {
                    return Model::Bad(Fault::Chunk);
                }
                left -= text.len() + 2;
                rest = tail;
            }
        }
    }
}

const fn is_token(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

/// True for `*( BWS ";" BWS token [ BWS "=" BWS ( token / quoted-string ) ] )`.
fn are_extensions(mut text: &[u8]) -> bool {
    let blank = |text: &[u8]| text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let token = |text: &[u8]| text.iter().take_while(|byte| is_token(byte)).count();
    while !text.is_empty() {
        text = &text[blank(text)..];
        let Some(rest) = text.strip_prefix(b";") else { return false };
        let rest = &rest[blank(rest)..];
        let name = token(rest);
        if name == 0 {
            return false;
        }
        text = &rest[name..];
        let Some(value) = text[blank(text)..].strip_prefix(b"=") else { continue };
        let value = &value[blank(value)..];
        let end = if value.starts_with(b"\"") { quoted(value) } else { token(value) };
        if end == 0 {
            return false;
        }
        text = &value[end..];
    }
    true
}

/// Returns the length of the quoted string at the front of `text`, 0 when it does not end.
fn quoted(text: &[u8]) -> usize {
    let mut escaped = false;
    for (place, byte) in text.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return place + 1,
            _ => {}
        }
    }
    0
}

fn round_trip(size: usize, body: &[u8]) {
    let mut wire = Vec::new();
    body.chunks(size).for_each(|part| chunk(&mut wire, part));
    chunk(&mut wire, b"");
    wire.extend_from_slice(LAST_CHUNK);
    let end = wire.len();
    wire.extend_from_slice(b"GET /");
    assert_eq!(decoded(&wire, size), (body.to_vec(), Ok(Some(end))));
}
