//! Zone: operator. Flag, environment, env file, default: the first that is given holds.
//!
//! Pure: the texts are arguments. Every text is read by the kind of its row, whether or not this
//! build uses the setting, and every fault is kept, so that an operator sees all of them at once.

use std::collections::BTreeMap;

use crate::base::Secret;
use crate::settings::args::{Args, Raw};
use crate::settings::dotenv;
use crate::settings::kind::{Value, shown};
use crate::settings::problem::{BadValue, Origin, Problem};
use crate::settings::table::{Id, Row, State, rows};
use crate::settings::unknown::unknown;

/// An env file that was read.
#[derive(Clone)]
pub struct EnvFile {
    /// Path, for messages.
    pub path: String,
    /// Content.
    pub text: String,
    /// True when somebody else than the owner may read it.
    pub shared: bool,
}

/// What was given, understood.
#[derive(Default)]
pub struct Values {
    given: BTreeMap<Id, Value>,
    /// The files that the command names.
    pub files: Vec<std::path::PathBuf>,
    /// What could not be understood.
    pub bad: Vec<BadValue>,
    /// What an operator should know.
    pub notes: Vec<Problem>,
}

/// Returns the value of every setting that one of the three sources gives.
#[must_use]
pub fn gather(
    args: &Args,
    environment: &BTreeMap<String, String>,
    file: Option<&EnvFile>,
) -> Values {
    let mut out = Values { bad: args.bad.clone(), ..Values::default() };
    let entries = file.map(|file| out.read_file(file, environment)).unwrap_or_default();
    for name in environment.keys() {
        out.notes.extend(unknown(name, &Origin::Environment));
    }
    for row in rows() {
        let from_environment = || {
            let name = row.env?;
            let text = environment.get(name)?.clone();
            Some(Raw { text, name, origin: Origin::Environment })
        };
        let from_file = || {
            let name = row.env?;
            let (text, origin) = entries.get(name)?.clone();
            Some(Raw { text, name, origin })
        };
        let raw = args.values.get(&row.id).cloned().or_else(from_environment).or_else(from_file);
        if let Some(raw) = raw {
            out.read(row, raw);
        }
    }
    out
}

impl Values {
    /// Returns entries by name, the last of a name, and tells what is wrong with the file.
    fn read_file(
        &mut self,
        file: &EnvFile,
        environment: &BTreeMap<String, String>,
    ) -> BTreeMap<String, (String, Origin)> {
        let parsed = dotenv::parse(&file.text, environment);
        let name = format!("env file {}", shown(&file.path));
        for (line, fault) in parsed.faults {
            self.bad.push(BadValue::told(&name, format!("line {line}: {fault}")));
        }
        let is_secret =
            |name: &str| rows().any(|row| row.env == Some(name) && row.kind.is_secret());
        let secrets = parsed.entries.iter().any(|e| !e.value.is_empty() && is_secret(&e.name));
        if file.shared && secrets {
            let text = "holds secrets and others than its owner may read it; chmod 600 mends that";
            self.notes.push(Problem::warn(&name, text));
        }
        let mut entries = BTreeMap::new();
        for entry in parsed.entries {
            let origin = Origin::File { path: file.path.clone(), line: entry.line };
            if !environment.contains_key(&entry.name) && !entries.contains_key(&entry.name) {
                self.notes.extend(unknown(&entry.name, &origin));
            }
            let known = rows().any(|row| row.env == Some(entry.name.as_str()));
            let earlier = entries.insert(entry.name.clone(), (entry.value, origin.clone()));
            if earlier.is_some() && known {
                let text = format!("defined more than once; the last one holds ({origin})");
                self.notes.push(Problem::warn(entry.name, text));
            }
        }
        entries
    }

    fn read(&mut self, row: &Row, raw: Raw) {
        match row.kind.read(&raw.text) {
            Ok(value) => {
                let _ = self.given.insert(row.id, value);
            }
            Err(found) => {
                self.bad.push(BadValue::of(raw.name, &row.kind, &found, raw.origin));
                return;
            }
        }
        if !self.is_given(row.id) {
            return;
        }
        match row.state {
            State::Inert(note) => self.notes.push(Problem::warn(raw.name, note)),
            State::Later(why) => self.notes.push(Problem::warn(raw.name, why)),
            State::Ready => {}
        }
    }

    /// True when the setting was given and asks for something: not empty and not `false`.
    #[must_use]
    pub fn is_given(&self, id: Id) -> bool {
        let value = self.given.get(&id);
        value.is_some_and(|value| !matches!(value, Value::Unset | Value::Bool(false)))
    }

    /// True when the setting was given at all, be it `false`.
    #[must_use]
    pub fn is_mentioned(&self, id: Id) -> bool {
        self.given.get(&id).is_some_and(|value| !matches!(value, Value::Unset))
    }

    /// True when the setting was given without a value.
    #[must_use]
    pub fn is_blank(&self, id: Id) -> bool {
        matches!(self.given.get(&id), Some(Value::Unset))
    }

    /// Returns the value of an on-or-off setting.
    #[must_use]
    pub fn flag(&self, id: Id) -> bool {
        match self.given.get(&id) {
            Some(Value::Bool(value)) => *value,
            Some(_) | None => matches!(default(id), Value::Bool(true)),
        }
    }

    /// Returns the value of a number.
    #[must_use]
    pub fn number(&self, id: Id) -> Option<u64> {
        if let Some(Value::Number(value)) = self.given.get(&id) {
            return Some(*value);
        }
        if let Value::Number(value) = default(id) { Some(value) } else { None }
    }

    /// Returns the value of a text, path, choice or action.
    #[must_use]
    pub fn text(&self, id: Id) -> Option<String> {
        if let Some(Value::Text(text)) = self.given.get(&id) {
            return Some(text.clone());
        }
        if let Value::Text(text) = default(id) { Some(text) } else { None }
    }

    /// Returns the entries of a list.
    #[must_use]
    pub fn list(&self, id: Id) -> Option<Vec<String>> {
        if let Value::List(entries) = self.given.get(&id)? { Some(entries.clone()) } else { None }
    }

    /// Returns the entries of a list, or those of its default.
    #[must_use]
    pub fn list_or_default(&self, id: Id) -> Vec<String> {
        let default = || if let Value::List(entries) = default(id) { entries } else { Vec::new() };
        self.list(id).unwrap_or_else(default)
    }

    /// Returns a secret and forgets it here.
    #[must_use]
    pub fn take_secret(&mut self, id: Id) -> Option<Secret> {
        if let Value::Secret(secret) = self.given.remove(&id)? { Some(secret) } else { None }
    }

    /// Returns the keys that seal request state and forgets them here.
    #[must_use]
    pub fn take_keys(&mut self, id: Id) -> Vec<Secret> {
        if let Some(Value::Keys(keys)) = self.given.remove(&id) { keys } else { Vec::new() }
    }
}

fn default(id: Id) -> Value {
    let row = rows().find(|row| row.id == id && !row.default.is_empty());
    row.and_then(|row| row.kind.read(row.default).ok()).unwrap_or(Value::Unset)
}
