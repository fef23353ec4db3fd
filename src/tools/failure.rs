//! Zone: post-admission. Why a call has no records, and what the model is told about it.
//!
//! Says which tool failed, what the service answered and what can be done next. Texts of the
//! service are cut to a bound here and cleaned by the engine before they leave.

use crate::backend::{ApiBody, ApiResponse, Upstream};
use crate::json::{Json, write};
use crate::limits::UPSTREAM_TEXT_CHARS_MAX;
use crate::tools::row::{Row, Verb};

/// What is said of a change that nobody can answer for.
const DOUBT: &str = " The change may have been made all the same: read the record before trying \
                     again.";

const CODE_MEMBERS: [&str; 5] = ["code", "id", "errorCode", "title", "msgId"];
const MESSAGE_MEMBERS: [&str; 5] = ["message", "reason", "errorDetails", "errorMessage", "detail"];

/// Why a call has no records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The arguments do not fit; a sentence of ours that says how to mend them.
    Argument(String),
    /// There is no answer.
    Upstream(Upstream),
    /// The service answered with an error.
    Answered(Complaint),
    /// The answer is not of the shape that this request has.
    Unexpected,
    /// The records are nested deeper than can be cleaned.
    TooDeep,
    /// The row asks for what the engine cannot do.
    Bug,
}

/// What the service said about an error. Not cleaned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// HTTP status.
    pub status: u16,
    code: String,
    pub(super) message: String,
}

impl Complaint {
    /// Returns what `response` says.
    pub(super) fn of(response: &ApiResponse) -> Self {
        let (code, message) = match &response.body {
            ApiBody::Json(body @ Json::Object(_)) => {
                (first(body, CODE_MEMBERS), first(body, MESSAGE_MEMBERS))
            }
            ApiBody::Json(other) => (String::new(), text_of(other)),
            ApiBody::Encoded(bytes) => (String::new(), String::from_utf8_lossy(bytes).into_owned()),
            ApiBody::Text(text) => (String::new(), text.clone()),
            ApiBody::Empty => (String::new(), String::new()),
        };
        Self { status: response.status, code: cut(&code), message: cut(&message) }
    }

    /// Returns what the first of the `errors` of a GraphQL answer says; one alone is the first.
    pub(super) fn graph(errors: &Json) -> Self {
        let error = errors.as_array().map_or(Some(errors), <[Json]>::first);
        let error = error.unwrap_or(&Json::Null);
        let extended = error.get("extensions").and_then(|more| more.get("classification"));
        let class = extended.or_else(|| error.get("classification"));
        let message = error.get("message").unwrap_or(error);
        let message = if message.is_null() { String::new() } else { text_of(message) };
        let code = class.map(text_of).unwrap_or_default();
        Self { status: 200, code: cut(&code), message: cut(&message) }
    }

    /// True when another request may well be answered: it was not about credentials, rights or
    /// too many requests.
    pub(super) const fn is_about_the_request(&self) -> bool {
        !matches!(self.status, 401 | 403 | 429)
    }
}

impl From<Upstream> for Failure {
    fn from(upstream: Upstream) -> Self {
        Self::Upstream(upstream)
    }
}

impl Failure {
    /// Returns the status of the service when it answered.
    pub(super) const fn status(&self) -> Option<u16> {
        if let Self::Answered(complaint) = self { Some(complaint.status) } else { None }
    }

    /// Returns what became of a change that failed, in a few words for the log.
    pub(super) const fn outcome(&self) -> &'static str {
        match self {
            Self::Argument(_) => "not sent, an argument does not fit",
            Self::Upstream(upstream) if is_doubtful(*upstream) => {
                "nobody knows whether it was made"
            }
            Self::Upstream(_) => "not made",
            Self::Answered(Complaint { status: 500.., .. }) => "nobody knows whether it was made",
            Self::Answered(_) => "the service refused it",
            Self::Unexpected => "sent, the answer is unexpected",
            Self::TooDeep | Self::Bug => "a fault of this server",
        }
    }

    /// True when the caller could have known.
    pub(super) const fn is_argument(&self) -> bool {
        matches!(self, Self::Argument(_))
    }

    /// Returns the text for the model, not yet clean.
    pub(super) fn text(&self, row: &Row) -> String {
        let name = row.name;
        match self {
            Self::Argument(sentence) => format!("{name}: {sentence}"),
            Self::Upstream(upstream) => {
                let doubt =
                    if row.verb != Verb::Read && is_doubtful(*upstream) { DOUBT } else { "" };
                format!("{name} failed: {upstream}.{doubt}")
            }
            Self::Answered(complaint) => {
                let mut text = answered(row, complaint);
                if row.verb != Verb::Read && complaint.status >= 500 {
                    text.push_str(DOUBT);
                }
                text
            }
            Self::Unexpected => format!(
                "{name} failed: the service sent an answer of an unexpected form. Trying again \
                 with the same arguments is unlikely to help."
            ),
            Self::TooDeep => format!(
                "{name} failed: the records are nested too deep to be checked, so nothing of them \
                 is shown."
            ),
            Self::Bug => format!("{name} failed: a fault of this server, not of the call."),
        }
    }
}

/// True when a request may have arrived although nobody knows what became of it.
const fn is_doubtful(upstream: Upstream) -> bool {
    match upstream {
        Upstream::Unreachable
        | Upstream::Timeout
        | Upstream::TooLarge
        | Upstream::Unreadable
        | Upstream::Cancelled => true,
        Upstream::NotConfigured(_) | Upstream::CredentialsRefused | Upstream::Throttled => false,
    }
}

fn answered(row: &Row, complaint: &Complaint) -> String {
    let mut text = if complaint.status == 200 {
        format!("{} failed: the service answered with an error", row.name)
    } else {
        format!("{} failed: HTTP {}", row.name, complaint.status)
    };
    if !complaint.code.is_empty() {
        text.push_str(", ");
        text.push_str(&complaint.code);
    }
    if !complaint.message.is_empty() {
        text.push_str(": ");
        text.push_str(complaint.message.trim_end_matches('.'));
    }
    text.push_str(". ");
    text.push_str(&advice(row, complaint));
    text
}

fn advice(row: &Row, complaint: &Complaint) -> String {
    let fixed = match complaint.status {
        200 if complaint.code == "NOT_FOUND" && !row.see.is_empty() => {
            return format!("Check the id: {} returns the ids that exist.", row.see);
        }
        200 if complaint.code == "INTERNAL_ERROR" => {
            "The tenant may lack the product or have no data for this; another time span or filter \
             may help, else its operator has to look."
        }
        200 => "Check the argument values; if they are right, its operator has to look.",
        400 | 422 => "Check the argument values; the service did not accept one of them.",
        401 => {
            "The service did not accept the credentials of this server; its operator has to \
             check them, trying again does not help."
        }
        403 => {
            "The credentials of this server may not do this; its operator has to grant the role, \
             or the tenant lacks the product."
        }
        404 if row.see == row.name => {
            return format!("Check the id: {} without it returns the records that exist.", row.see);
        }
        404 if row.see.is_empty() => "Nothing is there under this name or id; check it.",
        404 => return format!("Check the id: {} returns the ids that exist.", row.see),
        409 => "Another change is under way; wait a minute and try again.",
        429 => "Too many requests: wait a minute before trying again and ask for less at once.",
        500..=599 => "The service has a problem of its own; try again later.",
        _ => "Trying again with the same arguments is unlikely to help.",
    };
    fixed.to_owned()
}

fn first(body: &Json, members: [&str; 5]) -> String {
    let found = members.iter().filter_map(|name| body.get(name)).find(|value| !value.is_null());
    found.map(text_of).unwrap_or_default()
}

fn text_of(value: &Json) -> String {
    value.as_str().map_or_else(|| write::to_text(value), str::to_owned)
}

fn cut(text: &str) -> String {
    let mut kept: String = text.chars().take(UPSTREAM_TEXT_CHARS_MAX).collect();
    if kept.len() < text.len() {
        kept.push_str(" (cut)");
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Complaint, Failure};
    use crate::backend::{ApiBody, ApiResponse, Upstream};
    use crate::json::object;
    use crate::tools::row::{get, update};

    fn text(status: u16, body: ApiBody) -> String {
        let row = get("zia_get_x", "zia_x", "/x").see("zia_list_x");
        Failure::Answered(Complaint::of(&ApiResponse { status, body })).text(&row)
    }

    #[test]
    fn a_change_without_an_answer_is_in_doubt() {
        let (read, change) = (get("zia_get_x", "zia_x", "/x"), update("zia_put_x", "zia_x", "/x"));
        let answered = |status| {
            Failure::Answered(Complaint::of(&ApiResponse { status, body: ApiBody::Empty }))
        };
        for (failure, is_doubtful) in [
            (Failure::Upstream(Upstream::Timeout), true),
            (Failure::Upstream(Upstream::Unreachable), true),
            (Failure::Upstream(Upstream::Unreadable), true),
            (Failure::Upstream(Upstream::TooLarge), true),
            (Failure::Upstream(Upstream::Cancelled), true),
            (answered(500), true),
            (answered(503), true),
            (Failure::Upstream(Upstream::Throttled), false),
            (Failure::Upstream(Upstream::CredentialsRefused), false),
            (Failure::Upstream(Upstream::NotConfigured("X")), false),
            (answered(409), false),
            (answered(429), false),
            (Failure::Argument("x".to_owned()), false),
        ] {
            let says = |row| failure.text(row).contains("may have been made all the same");
            assert_eq!(says(&change), is_doubtful, "{failure:?}");
            assert!(!says(&read), "{failure:?}");
            assert_eq!(failure.outcome().contains("nobody knows"), is_doubtful, "{failure:?}");
        }
    }

    #[test]
    fn each_service_is_understood() {
        let zia = object([("code", "NOT_FOUND".into()), ("message", "No such label.".into())]);
        assert_eq!(
            text(404, ApiBody::Json(zia)),
            "zia_get_x failed: HTTP 404, NOT_FOUND: No such label. Check the id: zia_list_x \
             returns the ids that exist."
        );
        let zpa = object([("id", "bad.request".into()), ("reason", "page".into())]);
        assert!(text(400, ApiBody::Json(zpa)).contains("HTTP 400, bad.request: page. Check"));
        assert!(text(502, ApiBody::Text("<html>".repeat(400))).contains("(cut). The service"));
        assert!(text(418, ApiBody::Empty).starts_with("zia_get_x failed: HTTP 418. Trying"));
    }
}
