//! Zone: post-admission. Before a change that a person has to allow: who is asked, and how.
//!
//! A client that can show a form is asked by the protocol; for others the agent carries a token.
//! Whatever is not a clear yes to this very call changes nothing. The record's name is looked up
//! for the person, and a look-up that fails delays nothing.

use crate::backend::Backend;
use crate::consent::question::{self, Matter};
use crate::consent::{Act, Allowed, Consent, Question, Refused, Reply};
use crate::json::{self, Bounds, Json, object};
use crate::mcp::registry::{self, CallResult, Content, Context, Outcome};
use crate::sanitize::{CleanEncoded, CleanText, Scrubber};
use crate::tools::arguments::Arguments;
use crate::tools::change;
use crate::tools::failure::Failure;
use crate::tools::frame::Tenant;
use crate::tools::lookup::record;
use crate::tools::row::Row;
use crate::tools::trail::Trail;

/// The capability of a client that can show a form to a person.
const FORMS: &str = "elicitation.form";
const TOKEN: &str = "confirmation_token";
/// What other servers took for a yes; here it only makes the question come again.
const OLD_WORDS: [&str; 2] = ["confirmed", "confirm"];
/// Members in which services keep the name of a record.
const NAMES: [&str; 4] = ["name", "configuredName", "displayName", "display_name"];

/// What came of asking.
#[derive(Debug)]
pub(super) enum Asked {
    /// A person allowed the call.
    Yes(Allowed),
    /// The call ends here, or is put aside.
    Not(Outcome<CallResult>),
}

/// One call that has to be allowed.
pub(super) struct Confirm<'a> {
    pub(super) consent: &'a Consent,
    pub(super) row: &'static Row,
    pub(super) arguments: &'a Arguments,
    pub(super) place: (&'a dyn Backend, &'a Tenant),
    pub(super) context: &'a dyn Context,
    pub(super) trail: Option<&'a Trail>,
}

impl Confirm<'_> {
    /// Asks, or takes the answer.
    ///
    /// # Errors
    /// [`Failure::Argument`] for a token in a form that is none.
    pub(super) fn settle(&self) -> Result<Asked, Failure> {
        let bound = self.arguments.bound();
        let act =
            Act { tool: self.row.name, arguments: &bound, principal: self.context.principal() };
        if self.context.client_can(FORMS) { self.by_form(&act) } else { self.by_token(&act) }
    }

    fn by_form(&self, act: &Act<'_>) -> Result<Asked, Failure> {
        let Some(state) = self.context.state() else { return self.ask(act, None) };
        let now = self.context.unix_seconds();
        let asked = match self.consent.open(act, state, now) {
            Ok(asked) => asked,
            Err(refused) => return Ok(self.refused(refused)),
        };
        let Some(answer) = self.context.answer(question::KEY) else {
            // An answer that does not fit the form is left out in the older revisions.
            let unclear = self.context.answered() && !self.context.stateless();
            return if unclear { Ok(self.unclear()) } else { self.ask(act, None) };
        };
        // Used up by any answer, so that a no stays one, and before anything else is asked: what
        // was done may have changed what would be asked now.
        let allowed = match self.consent.spend(&asked, now) {
            Ok(allowed) => allowed,
            Err(refused) => return Ok(self.refused(refused)),
        };
        match Reply::of(answer, self.row.asks) {
            Reply::Allows => {
                let question = self.question(act)?;
                if !asked.was(&question) {
                    self.note("[TOOL DENY]", "what was asked about has changed, asked again");
                    return self.ask(act, Some(question));
                }
                self.note("[TOOL YES] ", "allowed in a form");
                Ok(Asked::Yes(allowed))
            }
            Reply::Declines => Ok(self.denied("declined")),
            Reply::Cancels => Ok(self.denied("cancelled")),
            Reply::Unclear => Ok(self.unclear()),
        }
    }

    fn ask(&self, act: &Act<'_>, question: Option<Question>) -> Result<Asked, Failure> {
        let question = question.map_or_else(|| self.question(act), Ok)?;
        let state = match self.consent.seal(act, &question, self.context.unix_seconds()) {
            Ok(state) => state,
            Err(refused) => return Ok(self.refused(refused)),
        };
        self.note("[TOOL ASK] ", "asked in a form");
        let question = registry::Question {
            key: question::KEY.to_owned(),
            method: "elicitation/create",
            params: question.params().clone(),
        };
        Ok(Asked::Not(Outcome::Ask { questions: vec![question], state: Some(state) }))
    }

    fn by_token(&self, act: &Act<'_>) -> Result<Asked, Failure> {
        let now = self.context.unix_seconds();
        let Some(token) = token(self.arguments)? else { return self.prompt(act, None) };
        match self.consent.redeem(act, &token, now) {
            Ok(allowed) => {
                self.note("[TOOL YES] ", "allowed by token");
                Ok(Asked::Yes(allowed))
            }
            Err(refused) => {
                self.note("[TOOL DENY]", refused.why());
                self.prompt(act, Some(refused))
            }
        }
    }

    /// Returns the text by which the agent asks the user, with a fresh token.
    fn prompt(&self, act: &Act<'_>, refused: Option<Refused>) -> Result<Asked, Failure> {
        let question = self.question(act)?;
        let token = match self.consent.token(act, self.context.unix_seconds()) {
            Ok(token) => token,
            Err(refused) => return Ok(self.refused(refused)),
        };
        self.note("[TOOL ASK] ", "asked by way of the agent");
        let before = refused.map_or_else(String::new, |refused| {
            format!("The confirmation token was not accepted: {}.\n", refused.why())
        });
        let Row { name, asks, .. } = self.row;
        let after = format!(
            "\nNothing was done yet. Show the lines above to the user and ask whether to {asks}. \
             Only when the user says so, call {name} again with the same arguments and \
             kwargs='{{\"{TOKEN}\": \"{token}\"}}'. The token is good once, for these arguments \
             and this caller, for {} seconds. Never answer in the user's place.",
            self.consent.ttl_seconds()
        );
        let parts = [&own(&before), question.text(), &own(&after)];
        let text = CleanText::join(&parts, "");
        Ok(Asked::Not(Outcome::Done(self.said(text, refused.is_some()))))
    }

    fn question(&self, act: &Act<'_>) -> Result<Question, Failure> {
        let subject = self.row.subject;
        let key = subject.map_or("", |subject| subject.key);
        let name = self.looked_up();
        let matter = Matter {
            tool: self.row.name,
            word: self.row.asks,
            kind: subject.map_or("what the tool says", |subject| subject.kind),
            id: self.arguments.value(key).map(|value| (key, value)),
            name: name.as_deref(),
            arguments: act.arguments,
        };
        Question::new(&matter).map_err(|_deep| Failure::TooDeep)
    }

    /// Returns the name of the record as the service has it now.
    fn looked_up(&self) -> Option<String> {
        let subject = self.row.subject;
        let found = record(subject, self.arguments, self.place, self.context, self.trail)?;
        let name = NAMES.iter().find_map(|name| found.get(name).and_then(Json::as_str));
        name.filter(|name| !name.is_empty()).map(str::to_owned)
    }

    fn refused(&self, refused: Refused) -> Asked {
        self.note("[TOOL DENY]", refused.why());
        if self.context.stateless() && !matches!(refused, Refused::Full | Refused::NoRandomness) {
            return Asked::Not(Outcome::BadState);
        }
        let text = format!(
            "{} was not done: the confirmation counts for nothing, {}. Call again to ask again.",
            self.row.name,
            refused.why()
        );
        Asked::Not(Outcome::Done(self.said(own(&text), true)))
    }

    fn denied(&self, word: &'static str) -> Asked {
        self.note("[TOOL DENY]", word);
        let text = format!(
            "{} was not done: the user {word}. Do not try again unless the user asks for it.",
            self.row.name
        );
        Asked::Not(Outcome::Done(self.said(own(&text), false)))
    }

    fn unclear(&self) -> Asked {
        const WHY: &str = "the answer was none of the choices";
        self.note("[TOOL DENY]", WHY);
        let text = format!("{} was not done: {WHY}. Call again to ask again.", self.row.name);
        Asked::Not(Outcome::Done(self.said(own(&text), true)))
    }

    /// Returns the result that ends the call. A tool that announces a structure has one here too:
    /// clients refuse an answer without it.
    fn said(&self, text: CleanText, is_error: bool) -> CallResult {
        let announced = !self.row.wrap.is_empty() && !is_error;
        let members =
            announced.then(|| [("success", false.into()), ("message", text.as_str().into())]);
        let structured = members.and_then(|members| {
            Scrubber::new(true).value(object(members)).ok().map(CleanEncoded::from)
        });
        CallResult { content: vec![Content::Text(text)], structured, is_error }
    }

    fn note(&self, mark: &'static str, outcome: &str) {
        if let Some(trail) = self.trail {
            trail.change(mark, self.row.name, &self.resource(), outcome, self.context);
        }
    }

    fn resource(&self) -> String {
        change::resource(self.row.subject, |name| self.arguments.value(name))
    }
}

/// Returns the token of a call; blank texts and the words of other servers are none.
fn token(arguments: &Arguments) -> Result<Option<String>, Failure> {
    let wrong = || {
        Failure::Argument(format!(
            "kwargs has to be an object with the member {TOKEN} and no other; leave it out to be \
             asked"
        ))
    };
    let parsed;
    let value = match arguments.value("kwargs") {
        None => return Ok(None),
        Some(Json::String(text)) if text.trim().is_empty() => return Ok(None),
        Some(Json::String(text)) => {
            let bounds = Bounds { depth: 2, nodes: 16 };
            parsed = json::read(text.as_bytes(), bounds).map_err(|_error| wrong())?;
            &parsed
        }
        Some(other) => other,
    };
    let members = value.as_object().ok_or_else(wrong)?;
    let known = |name: &str| name == TOKEN || OLD_WORDS.contains(&name);
    if members.iter().any(|(name, _)| !known(name)) {
        return Err(wrong());
    }
    match members.get(TOKEN) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(token)) => Ok(Some(token.trim().to_owned())),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => Err(wrong()),
    }
}

/// Returns a sentence of this program; cleaned as well, so that nobody has to believe that.
fn own(text: &str) -> CleanText {
    Scrubber::new(true).text(text)
}
