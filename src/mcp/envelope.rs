//! Zone: post-admission. JSON-RPC messages in: request, notification or response, id kept exact.
//!
//! Trusts nothing. A number never passes through a float; an id is the text it was sent as.

use crate::json::{Bounds, Json, Object, ReadError, read, write};
use crate::limits::{ID_BYTES_MAX, JSON_DEPTH_MAX, JSON_NODES_MAX};

/// A request id or progress token, as compact JSON text (ENV-3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id(Box<str>);

/// A request.
#[derive(Debug)]
pub(super) struct Request {
    /// Id to be echoed.
    pub(super) id: Id,
    /// Method.
    pub(super) method: String,
    /// Parameters, empty when left out; `None` when they are no object (ENV-7).
    pub(super) params: Option<Object>,
}

/// A notification.
#[derive(Debug)]
pub(super) struct Notice {
    /// Method.
    pub(super) method: String,
    /// Parameters, as in [`Request`].
    pub(super) params: Option<Object>,
}

/// The client's answer to a question of ours.
#[derive(Debug)]
pub(super) struct Returned {
    /// Id of the question; `None` when the client could not read it.
    pub(super) id: Option<Id>,
    /// Result; `None` for an error.
    pub(super) result: Option<Json>,
}

/// One message.
#[derive(Debug)]
pub(super) enum Message {
    /// Wants an answer.
    Request(Request),
    /// Wants none.
    Notice(Notice),
    /// Is one.
    Returned(Returned),
}

/// JSON, but not a message; the id when it was readable.
#[derive(Debug)]
pub(super) struct Misshapen {
    /// Id to be named in the error.
    pub(super) id: Option<Id>,
}

impl Id {
    /// Returns the id when `value` is a string or an integer (ENV-2), and not oversized.
    pub(super) fn of(value: &Json) -> Option<Self> {
        let text = match value {
            Json::String(_) => write::to_text(value),
            Json::Number(number) if number.is_integer() => number.text().to_owned(),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                return None;
            }
        };
        (text.len() <= ID_BYTES_MAX).then(|| Self(text.into()))
    }

    /// Returns the JSON text.
    pub(super) const fn text(&self) -> &str {
        &self.0
    }
}

/// Returns the value of `body` within the bounds of a message.
///
/// # Errors
/// [`ReadError`] when it is not JSON or over a bound.
pub(super) fn parse(body: &[u8]) -> Result<Json, ReadError> {
    read(body, Bounds { depth: JSON_DEPTH_MAX, nodes: JSON_NODES_MAX })
}

impl Message {
    /// Returns the message that `value` is (section 2).
    ///
    /// # Errors
    /// [`Misshapen`] when it is none.
    pub(super) fn of(value: Json) -> Result<Self, Misshapen> {
        let Json::Object(mut members) = value else { return Err(Misshapen { id: None }) };
        let sent_id = members.remove("id");
        let id = sent_id.as_ref().and_then(Id::of);
        if members.get("jsonrpc").and_then(Json::as_str) != Some("2.0") {
            return Err(Misshapen { id });
        }
        match members.remove("method") {
            Some(Json::String(method)) => Self::call(method, sent_id.is_some(), id, members),
            Some(_) => Err(Misshapen { id }),
            None => Self::returned(sent_id, id, members),
        }
    }

    fn call(
        method: String,
        has_id: bool,
        id: Option<Id>,
        mut members: Object,
    ) -> Result<Self, Misshapen> {
        if members.get("result").is_some() || members.get("error").is_some() {
            return Err(Misshapen { id });
        }
        let params = match members.remove("params") {
            None => Some(Object::new()),
            Some(Json::Object(params)) => Some(params),
            Some(_) => None,
        };
        match id {
            Some(id) => Ok(Self::Request(Request { id, method, params })),
            // The key decides, not the value: a null id is a bad request (ENV-2).
            None if has_id => Err(Misshapen { id: None }),
            None => Ok(Self::Notice(Notice { method, params })),
        }
    }

    fn returned(
        sent_id: Option<Json>,
        id: Option<Id>,
        mut members: Object,
    ) -> Result<Self, Misshapen> {
        if sent_id.is_none_or(|sent| id.is_none() && !sent.is_null()) {
            return Err(Misshapen { id: None });
        }
        let result = match (members.remove("result"), members.remove("error")) {
            (Some(result @ Json::Object(_)), None) => Some(result),
            (None, Some(error)) if is_error(&error) => None,
            _ => return Err(Misshapen { id }),
        };
        Ok(Self::Returned(Returned { id, result }))
    }
}

impl Request {
    /// Returns `params._meta` when it is an object.
    pub(super) fn meta(&self) -> Option<&Object> {
        meta(self.params.as_ref())
    }
}

impl Notice {
    /// Returns `params._meta` when it is an object.
    pub(super) fn meta(&self) -> Option<&Object> {
        meta(self.params.as_ref())
    }
}

fn meta(params: Option<&Object>) -> Option<&Object> {
    params?.get("_meta")?.as_object()
}

fn is_error(value: &Json) -> bool {
    value.get("code").and_then(Json::as_i64).is_some()
        && value.get("message").and_then(Json::as_str).is_some()
}

/// Appends the beginning of the response to `id`, up to its result; the caller closes the brace.
pub(super) fn open(out: &mut Vec<u8>, id: &Id) {
    out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"id\":");
    out.extend_from_slice(id.text().as_bytes());
    out.extend_from_slice(b",\"result\":");
}

/// Appends the beginning of a notification, up to its parameters; the caller closes the brace.
pub(super) fn notify(out: &mut Vec<u8>, method: &str) {
    out.extend_from_slice(b"{\"jsonrpc\":\"2.0\",\"method\":");
    write::string(method, out);
    out.extend_from_slice(b",\"params\":");
}

#[cfg(test)]
mod tests {
    use super::{Message, parse};

    fn shape(text: &str) -> String {
        match Message::of(parse(text.as_bytes()).unwrap()) {
            Ok(Message::Request(request)) => {
                let params = if request.params.is_some() { "" } else { " bad params" };
                format!("request {} {}{params}", request.id.text(), request.method)
            }
            Ok(Message::Notice(notice)) => format!("notice {}", notice.method),
            Ok(Message::Returned(returned)) => {
                let id = returned.id.as_ref().map_or("none", |id| id.text());
                format!("returned {id} {}", returned.result.is_some())
            }
            Err(bad) => format!("bad {}", bad.id.as_ref().map_or("none", |id| id.text())),
        }
    }

    #[test]
    fn messages_are_told_apart_by_their_members() {
        for (body, expected) in [
            (r#"{"jsonrpc":"2.0","id":1,"method":"m"}"#, "request 1 m"),
            (r#"{"jsonrpc":"2.0","id":"1","method":"m","params":{}}"#, "request \"1\" m"),
            (
                r#"{"jsonrpc":"2.0","id":1152921504606846975,"method":"m"}"#,
                "request 1152921504606846975 m",
            ),
            (r#"{"jsonrpc":"2.0","id":1,"method":"m","params":[]}"#, "request 1 m bad params"),
            (r#"{"jsonrpc":"2.0","method":"m"}"#, "notice m"),
            (r#"{"jsonrpc":"2.0","id":null,"method":"m"}"#, "bad none"),
            (r#"{"jsonrpc":"2.0","id":1.0,"method":"m"}"#, "bad none"),
            (r#"{"jsonrpc":"2.0","id":1e3,"method":"m"}"#, "bad none"),
            (r#"{"jsonrpc":"2.0","id":7,"method":5}"#, "bad 7"),
            (r#"{"jsonrpc":"1.0","id":7,"method":"m"}"#, "bad 7"),
            (r#"{"id":7,"method":"m"}"#, "bad 7"),
            (r#"{"jsonrpc":"2.0","id":7,"method":"m","result":{}}"#, "bad 7"),
            (r#"{"jsonrpc":"2.0","id":7,"result":{}}"#, "returned 7 true"),
            (r#"{"jsonrpc":"2.0","id":7,"result":[]}"#, "bad 7"),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":""}}"#, "returned 7 false"),
            (
                r#"{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":""}}"#,
                "returned none false",
            ),
            (r#"{"jsonrpc":"2.0","id":7,"error":{"code":"x","message":""}}"#, "bad 7"),
            (r#"{"jsonrpc":"2.0","id":7,"result":{},"error":{"code":-1,"message":""}}"#, "bad 7"),
            (r#"{"jsonrpc":"2.0","result":{}}"#, "bad none"),
            (r#"{"jsonrpc":"2.0"}"#, "bad none"),
            ("1", "bad none"),
            ("[]", "bad none"),
        ] {
            assert_eq!(shape(body), expected, "{body}");
        }
    }

    #[test]
    fn an_oversized_id_is_no_id() {
        let body = format!(r#"{{"jsonrpc":"2.0","id":"{}","method":"m"}}"#, "x".repeat(2000));
        assert_eq!(shape(&body), "bad none");
    }
}
