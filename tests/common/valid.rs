//! Whether what a server says is valid under the published schema of its revision, and an answer
//! to something that was asked.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::checker::{Schema, result_of};

const REVISIONS: [&str; 5] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", NEWEST];
/// The revision in which every request describes itself, and what has no other name is read as.
const NEWEST: &str = "2026-07-28";
/// What a server assumes where nothing was negotiated or sent.
const ASSUMED: &str = "2025-03-26";
/// The first revision with a form for an error that is about no request.
const FIRST_WITH_ERRORS_FOR_NOBODY: &str = "2025-11-25";

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// Errors of the newest revision whose data is described.
const DESCRIBED: [(i64, &str); 3] = [
    (-32020, "HeaderMismatchError"),
    (-32021, "MissingRequiredClientCapabilityError"),
    (-32022, "UnsupportedProtocolVersionError"),
];

/// Parsed once; large.
static SCHEMAS: LazyLock<[Schema; 5]> = LazyLock::new(|| REVISIONS.map(Schema::of));

/// Returns the revision called `text`, or the newest for a name that no revision has.
pub(crate) fn revision(text: &str) -> &'static str {
    REVISIONS.into_iter().find(|revision| *revision == text).unwrap_or(NEWEST)
}

/// One side of a conversation: what a client asked, and in which revision it talks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// The revision that was settled or sent.
    pub(crate) revision: Option<&'static str>,
    /// By id as JSON: the method, and the revision that the request itself names.
    methods: BTreeMap<String, (String, Option<&'static str>)>,
}

impl Asked {
    /// Returns a client of `revision` that asked nothing yet.
    pub(crate) fn of(revision: &'static str) -> Self {
        Self { revision: Some(revision), methods: BTreeMap::new() }
    }

    /// Takes note of the requests in a message of the client.
    pub(crate) fn note(&mut self, message: &Value) {
        if let Some(all) = message.as_array() {
            return all.iter().for_each(|message| self.note(message));
        }
        if let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) {
            let own = message["params"]["_meta"].get(VERSION);
            let own = own.map(|own| revision(own.as_str().unwrap_or_default()));
            self.methods.insert(id.to_string(), (method.to_owned(), own));
        }
    }

    /// Adds what was asked elsewhere in the same conversation.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.methods.extend(other.methods.clone());
    }

    /// Returns the revision that `message` settles, if it does.
    pub(crate) fn settled(&self, message: &Value) -> Option<&'static str> {
        let (method, _) = self.methods.get(&message.get("id")?.to_string())?;
        let version = message["result"]["protocolVersion"].as_str()?;
        (method == "initialize").then(|| revision(version))
    }

    /// # Errors
    /// Why `message` is nothing that a server may say now.
    pub(crate) fn judge(&self, message: &Value) -> Result<(), String> {
        self.fits(message).map_err(|fault| {
            let mut text = message.to_string();
            text.truncate(text.floor_char_boundary(2_000));
            format!("not valid: {fault}\n{text}\nafter {self:?}")
        })
    }

    fn fits(&self, message: &Value) -> Result<(), String> {
        let Some(all) = message.as_array() else { return self.one(message) };
        match self.revision.unwrap_or(ASSUMED) {
            "2024-11-05" => {}
            "2025-03-26" => fits("2025-03-26", "JSONRPCBatchResponse", message)?,
            other => return Err(format!("{other} has no arrays of messages")),
        }
        if all.is_empty() {
            return Err("an empty array".to_owned());
        }
        all.iter().try_for_each(|message| self.one(message))
    }

    fn one(&self, message: &Value) -> Result<(), String> {
        let has = |name: &str| message.get(name).is_some();
        match (has("method"), has("result"), has("error")) {
            (true, false, false) => self.unasked(message),
            (false, true, false) => self.result(message),
            (false, false, true) => self.error(message),
            _ => Err("not exactly one of method, result and error".to_owned()),
        }
    }

    /// A request or a notification of the server.
    fn unasked(&self, message: &Value) -> Result<(), String> {
        let described = self.methods.values().any(|(_, own)| own.is_some());
        let otherwise = if described { NEWEST } else { ASSUMED };
        let listening = message["params"]["_meta"].get(SUBSCRIPTION).is_some();
        let revision = if listening { NEWEST } else { self.revision.unwrap_or(otherwise) };
        fits(revision, "JSONRPCMessage", message)?;
        match message.get("id") {
            None => fits(revision, "ServerNotification", message),
            Some(_) if revision == NEWEST => Err("a server asks nothing there".to_owned()),
            Some(_) => fits(revision, "ServerRequest", message),
        }
    }

    fn result(&self, message: &Value) -> Result<(), String> {
        let (method, own) = self.request(message)?.ok_or("a result for nobody")?;
        let revision = self.settled(message).or(own).or(self.revision).unwrap_or(ASSUMED);
        let name = result_of(method).ok_or_else(|| format!("no result of {method} is known"))?;
        let result = &message["result"];
        let asks = revision == NEWEST && result["resultType"] == "input_required";
        fits(revision, "JSONRPCMessage", message)?;
        fits(revision, if asks { "InputRequiredResult" } else { name }, result)
    }

    fn error(&self, message: &Value) -> Result<(), String> {
        let request = self.request(message)?;
        let own = request.and_then(|(_, own)| own);
        let mut revision = own.or(self.revision).unwrap_or(ASSUMED);
        if request.is_none() && revision < FIRST_WITH_ERRORS_FOR_NOBODY {
            revision = FIRST_WITH_ERRORS_FOR_NOBODY;
        }
        let named = revision >= FIRST_WITH_ERRORS_FOR_NOBODY;
        fits(revision, "JSONRPCMessage", message)?;
        fits(revision, if named { "JSONRPCErrorResponse" } else { "JSONRPCError" }, message)?;
        let code = message["error"]["code"].as_i64();
        let described = DESCRIBED.iter().find(|(known, _)| Some(*known) == code);
        match described {
            Some((_, name)) if revision == NEWEST => fits(NEWEST, name, message),
            _ => Ok(()),
        }
    }

    /// Returns what the id of an answer asked; nothing for an answer without id.
    fn request(&self, answer: &Value) -> Result<Option<(&str, Option<&'static str>)>, String> {
        let Some(id) = answer.get("id") else { return Ok(None) };
        let (method, own) =
            self.methods.get(&id.to_string()).ok_or_else(|| format!("nobody asked {id}"))?;
        Ok(Some((method, *own)))
    }
}

fn fits(revision: &str, name: &str, value: &Value) -> Result<(), String> {
    let at = REVISIONS.iter().position(|known| *known == revision).unwrap();
    let schema = &SCHEMAS[at];
    schema
        .fits(schema.definition(name), value)
        .map_err(|fault| format!("{revision} {name}: {fault}"))
}
