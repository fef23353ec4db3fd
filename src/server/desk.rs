//! Zone: operator. Who asks the identity provider, and who waits for what it says.
//!
//! Has threads of its own: a provider that is slow takes none from calls and delays no connection.
//! Questions and waiting requests are bounded; whoever finds no room is told to come back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use crate::audit::{Level, Log, Record};
use crate::auth::{At, Gate, Heard, PairTold, Question, Told};
use crate::limits::{PROVIDER_QUESTIONS_MAX, VERDICTS_WAITING_MAX};
use crate::mcp::Wake;
use crate::server::clock::{Clock, unix_seconds};
use crate::server::mailbox::Bell;

const TARGET: &str = "zscaler_mcp.auth";

/// Threads that ask. One that waits for a provider keeps no other question from being asked.
const THREADS: usize = 4;

/// Asks the identity provider; blocks until it has answered or the time is over.
pub trait Provider: Send + Sync {
    /// Returns what the provider says. Never longer than some seconds.
    fn ask(&self, question: Question) -> Told;
}

/// The gate with those who wait in front of it.
pub(super) struct Desk {
    gate: Gate,
    clock: Clock,
    log: Arc<dyn Log>,
    questions: Option<SyncSender<Question>>,
    waiting: Mutex<Vec<Arc<Bell>>>,
}

impl Desk {
    /// Returns the desk of `gate`; without a `provider` nothing is ever asked.
    ///
    /// # Errors
    /// The error of the system when a thread cannot be started.
    pub(super) fn start(
        gate: Gate,
        provider: Option<Arc<dyn Provider>>,
        clock: Clock,
        log: Arc<dyn Log>,
    ) -> std::io::Result<Arc<Self>> {
        let (sender, receiver) = sync_channel(PROVIDER_QUESTIONS_MAX);
        let questions = provider.is_some().then_some(sender);
        let desk = Arc::new(Self { gate, clock, log, questions, waiting: Mutex::default() });
        let receiver = Arc::new(Mutex::new(receiver));
        for provider in provider.iter().cycle().take(THREADS) {
            let (desk, provider) = (Arc::downgrade(&desk), Arc::clone(provider));
            let receiver = Arc::clone(&receiver);
            let thread = std::thread::Builder::new().name("provider".to_owned());
            thread.spawn(move || {
                while let Some(question) = next(&receiver) {
                    let told = catch_unwind(AssertUnwindSafe(|| provider.ask(question)));
                    let Some(desk) = desk.upgrade() else { return };
                    match told {
                        Ok(told) => desk.told(told),
                        // The crate does not panic on purpose; a defect must not end the asking.
                        // Whoever waits is answered when its time is over.
                        Err(_panic) => desk.log.write(&Record::new(
                            Level::Error,
                            TARGET,
                            "a question ended in a defect of the server",
                        )),
                    }
                }
            })?;
        }
        Ok(desk)
    }

    /// Returns the gate.
    pub(super) const fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Asks `question` as soon as a thread is free; whoever waits is woken by the answer.
    pub(super) fn ask(&self, question: Question) {
        let Some(questions) = &self.questions else { return self.told(nobody(question)) };
        match questions.try_send(question) {
            Ok(()) => {}
            Err(TrySendError::Full(question) | TrySendError::Disconnected(question)) => {
                self.told(nobody(question));
            }
        }
    }

    /// Asks what nobody waits for.
    pub(super) fn tick(&self, at: At) {
        if let Some(question) = self.gate.due(at) {
            self.ask(question);
        }
    }

    /// Rings `bell` at the next answer; false when too many wait already.
    pub(super) fn wait(&self, bell: &Arc<Bell>) -> bool {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= VERDICTS_WAITING_MAX {
            // Connections that are gone no longer hold their bell.
            waiting.retain(|bell| Arc::strong_count(bell) > 1);
        }
        let room = waiting.len() < VERDICTS_WAITING_MAX;
        if room {
            waiting.push(Arc::clone(bell));
        }
        room
    }

    fn told(&self, told: Told) {
        let at = At { now: self.clock.now(), unix_seconds: unix_seconds() };
        self.note(self.gate.told(told, at));
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let bells = core::mem::take(&mut *waiting);
        drop(waiting);
        for bell in bells {
            bell.wake();
        }
    }
}

impl Desk {
    /// Logs what the operator should know of an answer.
    fn note(&self, heard: Heard) {
        let record = match heard {
            Heard::Keys { kept, skipped, secrets } => {
                let level = if secrets > 0 { Level::Warning } else { Level::Info };
                Record::new(level, TARGET, "keys of the identity provider")
                    .with("kept", kept.to_string())
                    .with("skipped", skipped.to_string())
                    .with("private", secrets.to_string())
            }
            Heard::NoKeys(why) => {
                Record::new(Level::Warning, TARGET, "no keys of the identity provider")
                    .with("why", why)
            }
            Heard::Pair | Heard::Unasked => return,
        };
        self.log.write(&record);
    }
}

fn next(receiver: &Mutex<Receiver<Question>>) -> Option<Question> {
    receiver.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

/// Returns the answer to a question that nobody can ask now.
fn nobody(question: Question) -> Told {
    const WHY: &str = "too many questions to the identity provider";
    match question {
        Question::Keys => Told::Keys(Err(WHY)),
        Question::Pair(pair) => Told::Pair(pair, PairTold::Unavailable(WHY)),
    }
}
