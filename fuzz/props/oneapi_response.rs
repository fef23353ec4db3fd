//! An answer of the cloud split anywhere is the same answer or the same fault as in one piece; it
//! never grows over its bound, and a second parser reads the same status and fields from its head.

use super::input::Input;
use zscaler_mcp::backend::ApiBody;
use zscaler_mcp::backend::oneapi::response::{Answer, Reader};
use zscaler_mcp::http::fault::Fault;

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let shape = input.byte();
    let max = [0, 5, 64, 1_024][usize::from(shape & 3)];
    let tunnel = shape & 4 != 0;
    let cuts: Vec<usize> = (0..shape >> 5).map(|_| input.below(400)).collect();
    let bytes = input.rest();
    let whole = run(reader(tunnel, max), [bytes]);
    let mut pieces = Vec::new();
    let mut rest = bytes;
    for cut in cuts {
        let (piece, tail) = rest.split_at(cut.min(rest.len()));
        pieces.push(piece);
        rest = tail;
    }
    pieces.push(rest);
    assert_eq!(run(reader(tunnel, max), pieces.clone()), whole, "{pieces:?}");
    assert_eq!(run(reader(tunnel, max), bytes.chunks(1)), whole);
    if let Ok(Some(answer)) = whole {
        bounded(&answer, if tunnel { 0 } else { max });
        if shape & 8 != 0 {
            second_opinion(bytes, &answer);
        }
        used(answer);
    }
}

fn reader(tunnel: bool, max: usize) -> Reader {
    if tunnel { Reader::tunnel() } else { Reader::new(max) }
}

fn run<'a>(
    mut reader: Reader,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Option<Answer>, Fault> {
    let mut fault = None;
    for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
        let fed = reader.feed(piece);
        match fault {
            Some(fault) => assert_eq!(fed, Err(fault), "a fault is final"),
            None => fault = fed.err(),
        }
    }
    fault.map_or_else(|| Ok(reader.finish()), Err)
}

fn bounded(answer: &Answer, max: usize) {
    assert!(answer.body.len() <= max, "{}", answer.body.len());
    assert!((200..=599).contains(&answer.status), "{}", answer.status);
}

/// Reads the last head once more; what this reader takes, the other takes as well.
fn second_opinion(bytes: &[u8], answer: &Answer) {
    let mut rest = bytes;
    loop {
        let mut fields = [httparse::EMPTY_HEADER; 128];
        let mut head = httparse::Response::new(&mut fields);
        let Ok(httparse::Status::Complete(used)) = head.parse(rest) else {
            panic!("{:?}", rest.escape_ascii().to_string());
        };
        let status = head.code.unwrap();
        if status < 200 {
            rest = &rest[used..];
            continue;
        }
        assert_eq!(status, answer.status);
        let values = |name: &str| -> Vec<&[u8]> {
            let found = head.headers.iter().filter(|f| f.name.eq_ignore_ascii_case(name));
            found.map(|field| field.value.trim_ascii()).collect()
        };
        let lengths = values("content-length");
        let chunked = !values("transfer-encoding").is_empty();
        let bodyless = matches!(status, 204 | 304);
        assert!(bodyless || answer.body.is_empty() || lengths.len() <= 1);
        // Where there is no body, and behind CONNECT, nobody reads what the length says.
        if let ([length], false, false) = (lengths.as_slice(), chunked, answer.body.is_empty()) {
            assert_eq!(core::str::from_utf8(length).unwrap().parse(), Ok(answer.body.len()));
        }
        if bodyless {
            assert!(answer.body.is_empty());
        }
        return;
    }
}

/// What is made of an answer is JSON only when it says so, and text is never taken for it.
fn used(answer: Answer) {
    assert!(answer.status == 409 || !answer.is_edit_lock());
    assert!(answer.status == 429 || answer.when() == answer.hint);
    let (is_json, status) = (answer.is_json, answer.status);
    let response = answer.read();
    assert_eq!(response.status, status);
    match response.body {
        ApiBody::Json(_) => assert!(is_json && !(200..300).contains(&status)),
        ApiBody::Encoded(_) => assert!(is_json && (200..300).contains(&status)),
        ApiBody::Text(_) => assert!(!is_json || !(200..300).contains(&status)),
        ApiBody::Empty => {}
    }
}
