//! Any cut of the same bytes gives the same events and the same output, and each answer belongs to
//! the one request that a second reader of the same bytes finds at its place.

use super::kit::shell::{Seen, Shell};
use super::kit::wire::{Answer, Message, answers, requests};

/// Panics when the property does not hold. The first byte says how the rest is cut.
pub fn check(data: &[u8]) {
    let Some((step, wire)) = data.split_first() else { return };
    let whole = run(wire, wire.len().max(1));
    for step in [1, usize::from(*step) + 2] {
        let cut = run(wire, step);
        assert_eq!(cut.seen, whole.seen, "cut at {step}");
        assert_eq!(cut.output, whole.output, "cut at {step}");
        let ends = |shell: &Shell| {
            (shell.conn.is_idle(), shell.conn.is_draining(), shell.conn.waiting_since())
        };
        assert_eq!(ends(&cut), ends(&whole), "cut at {step}");
    }
    one_answer_each(wire, &whole);
}

fn run(wire: &[u8], step: usize) -> Shell {
    let mut shell = Shell::new();
    for part in wire.chunks(step) {
        shell.send(part);
    }
    shell
}

fn one_answer_each(wire: &[u8], shell: &Shell) {
    let asked = requests(wire);
    let mut seen = shell.seen.iter();
    let read = answers(&shell.output);
    let finals: Vec<&Answer> = read.iter().filter(|answer| answer.status != 100).collect();
    assert!(finals.len() <= asked.len(), "an answer that nobody asked for");
    for (answer, message) in finals.iter().zip(&asked) {
        belongs_to(answer, message, &mut seen);
    }
    assert!(seen.next().is_none(), "something was not answered");
    let last = finals.iter().position(|answer| answer.close);
    assert!(last.is_none_or(|last| last + 1 == finals.len()), "an answer behind the last one");
    let ends = shell.conn.is_closed() || shell.conn.is_draining();
    assert_eq!(last.is_some(), ends, "{}", wire.escape_ascii());
    if !ends {
        let complete = asked.iter().filter(|message| message.body.is_some()).count();
        assert_eq!(finals.len(), complete, "requests and answers: {}", wire.escape_ascii());
    }
}

/// The answer is that to the message, and the server saw what the second reader sees.
fn belongs_to<'a>(answer: &Answer, message: &Message, seen: &mut impl Iterator<Item = &'a Seen>) {
    let method = match answer.status {
        200 if answer.body.starts_with(b"you said ") => "POST",
        200 if answer.body.starts_with(b"data: ") => "GET",
        202 => "DELETE",
        // Answered without asking the server.
        200 | 204 => return,
        _ => return assert!(matches!(seen.next(), Some(Seen::Refused(_))) && answer.close),
    };
    let Some(Seen::Request(by, body)) = seen.next() else { panic!("out of order") };
    assert_eq!((*by, message.method.as_str()), (method, method));
    assert_eq!(message.body.as_ref(), Some(body), "{method}");
    if method == "POST" {
        assert_eq!(answer.body.strip_prefix(b"you said "), Some(body.as_slice()));
    }
}
