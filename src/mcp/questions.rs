//! Zone: post-admission. Questions to the client that wait for an answer (handshake revisions).
//!
//! Nothing blocks: the call that asked is put aside and run again when every answer is there or
//! the time is up. Questions are bounded in number; ids are ours, so no peer chooses a key.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::base::Millis;
use crate::json::{Json, object};
use crate::limits::{QUESTIONS_MAX, RESUME_MS, SESSION_QUESTIONS_MAX};
use crate::mcp::call::Call;
use crate::mcp::envelope::notify;
use crate::mcp::registry::Question;
use crate::mcp::round::Round;
use crate::mcp::{params, schema};

/// The open questions of one session.
#[derive(Debug, Default)]
pub(super) struct Questions {
    last: u64,
    open: BTreeMap<u64, Open>,
    waits: BTreeMap<u64, Wait>,
}

#[derive(Debug)]
struct Open {
    wait: u64,
    question: Question,
    deadline: Millis,
}

/// A call that is put aside until its questions are answered.
#[derive(Debug)]
pub(super) struct Wait {
    /// The call.
    pub(super) call: Arc<Call>,
    /// What it is run again with.
    pub(super) round: Round,
    left: usize,
    unread_since: Option<Millis>,
    _seat: Seat,
}

/// A question that was not answered in time.
#[derive(Debug)]
pub(super) struct Late {
    call: Arc<Call>,
    id: u64,
}

impl Late {
    /// Tells the client that no answer is wanted any more (CAN-1).
    pub(super) fn withdraw(&self) {
        let mut out = Vec::with_capacity(128);
        notify(&mut out, "notifications/cancelled");
        out.extend_from_slice(b"{\"requestId\":");
        out.extend_from_slice(self.id.to_string().as_bytes());
        out.extend_from_slice(b",\"reason\":\"the time for an answer is over\"}}");
        self.call.port.note(out);
    }
}

/// The place of one call among all that wait for their clients; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Seat(Arc<AtomicUsize>);

impl Seat {
    /// Returns a place that `taken` counts; `None` when there is none.
    pub(super) fn take(taken: &Arc<AtomicUsize>) -> Option<Self> {
        let seat = Self(Arc::clone(taken));
        (taken.fetch_add(1, Ordering::Relaxed) < QUESTIONS_MAX).then_some(seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Questions {
    /// Puts `call` aside for `questions`; returns their ids in order, `None` when too many are
    /// open already.
    pub(super) fn ask(
        &mut self,
        call: &Arc<Call>,
        questions: &[Question],
        state: Option<String>,
        (deadline, seat): (Millis, Seat),
    ) -> Option<Vec<u64>> {
        if self.open.len().saturating_add(questions.len()) > SESSION_QUESTIONS_MAX {
            return None;
        }
        let wait = self.number();
        let round = Round { answered: true, state, ..Round::default() };
        let left = questions.len();
        let call = Arc::clone(call);
        self.waits.insert(wait, Wait { call, round, left, unread_since: None, _seat: seat });
        let ask = |question: &Question| {
            let id = self.number();
            self.open.insert(id, Open { wait, question: question.clone(), deadline });
            id
        };
        Some(questions.iter().map(ask).collect())
    }

    /// Takes the answer to question `id`, `None` for an error; returns the call when it was the
    /// last one. An unknown id is dropped (SH-12).
    pub(super) fn answer(&mut self, id: u64, result: Option<Json>) -> Option<Wait> {
        let Open { wait: number, question, .. } = self.open.remove(&id)?;
        let wait = self.waits.get_mut(&number)?;
        match usable(&question, result) {
            Usable::Answer(answer) => wait.round.answers.set(&question.key, answer),
            Usable::Nothing => {}
            Usable::Silence => wait.round.silent = true,
        }
        wait.left = wait.left.saturating_sub(1);
        if wait.left > 0 {
            return None;
        }
        self.waits.remove(&number)
    }

    /// Ends questions whose time is up; returns the calls that wait for nothing more, and the
    /// questions that the client may close.
    pub(super) fn expire(&mut self, now: Millis) -> (Vec<Wait>, Vec<Late>) {
        let is_late = |(_, open): &(&u64, &Open)| open.deadline <= now;
        let late: Vec<Late> = self
            .open
            .iter()
            .filter(is_late)
            .filter_map(|(id, open)| {
                Some(Late { call: Arc::clone(&self.waits.get(&open.wait)?.call), id: *id })
            })
            .collect();
        let waits = late.iter().filter_map(|late| self.answer(late.id, None)).collect();
        (waits, late)
    }

    /// Returns the calls whose stream nobody has read for so long that nobody will: their answer
    /// would reach nobody.
    pub(super) fn unread(&mut self, now: Millis) -> Vec<Arc<Call>> {
        let mut gone = Vec::new();
        for wait in self.waits.values_mut() {
            if !wait.call.port.is_unread() {
                wait.unread_since = None;
            } else if wait.unread_since.get_or_insert(now).plus(RESUME_MS) <= now {
                gone.push(Arc::clone(&wait.call));
            }
        }
        for call in &gone {
            self.forget(call);
        }
        gone
    }

    /// Forgets what `call` asked.
    pub(super) fn forget(&mut self, call: &Arc<Call>) {
        self.waits.retain(|_, wait| !Arc::ptr_eq(&wait.call, call));
        let waits = &self.waits;
        self.open.retain(|_, open| waits.contains_key(&open.wait));
    }

    const fn number(&mut self) -> u64 {
        self.last = self.last.saturating_add(1);
        self.last
    }
}

enum Usable {
    Answer(Json),
    /// Left out, so that the tool sees it missing and can ask again.
    Nothing,
    /// There is no neutral answer to give.
    Silence,
}

/// Returns what of an answer the call may see: an elicitation without a proper answer counts as
/// cancelled, a form that does not fit its schema as not answered (MRTR-6).
fn usable(question: &Question, result: Option<Json>) -> Usable {
    if question.method != "elicitation/create" {
        return result.map_or(Usable::Silence, Usable::Answer);
    }
    let result = result.filter(|result| result.get("action").is_some());
    let Some(answer) = result.filter(params::is_answer) else {
        return Usable::Answer(object([("action", "cancel".into())]));
    };
    if form_fits(question.params.as_json(), &answer) {
        Usable::Answer(answer)
    } else {
        Usable::Nothing
    }
}

/// True when an accepted form fits the schema it was asked with.
pub(super) fn form_fits(params: &Json, answer: &Json) -> bool {
    let Some(form) = params.get("requestedSchema") else { return true };
    if answer.get("action").and_then(Json::as_str) != Some("accept") {
        return true;
    }
    let content = answer.get("content").and_then(Json::as_object);
    content.is_none_or(|content| schema::answers(form, content))
}
