//! Zone: operator. How the text of a setting becomes a value.
//!
//! One grammar a kind, whatever the source. A text outside the grammar is an error with what was
//! expected and what was found; nothing is guessed. The text of a secret is never repeated.

use crate::audit::quoted;
use crate::base::Secret;
use crate::limits::{LIST_ENTRIES_MAX, PATTERN_BYTES_MAX, SETTING_BYTES_MAX, STATE_KEY_BYTES_MIN};

const SHOWN_BYTES_MAX: usize = 80;

/// What values a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// On or off.
    Bool,
    /// A whole number from `min` to `max`.
    Int {
        /// Smallest value.
        min: u64,
        /// Largest value.
        max: u64,
        /// What is counted.
        unit: &'static str,
    },
    /// One line of text.
    Text(Shape),
    /// A path of a file.
    Path,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// Entries with commas between them.
    List(Item),
    /// Text that is never shown.
    Secret,
    /// Keys that seal request state.
    Keys,
    /// A flag that chooses what the program does, with the words it may be followed by.
    Action(&'static [&'static str]),
}

/// What a text may look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Any characters that can be seen.
    Line,
    /// The same, and given empty it is refused rather than not given.
    Stated,
    /// A comment of a User-Agent field: printable ASCII without parentheses and backslash.
    Comment,
    /// An IP address or a host name.
    Bind,
    /// One label of a host name.
    Label,
    /// Letters, digits, `-`, `_` and `.`.
    Identifier,
}

/// What the entries of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// Names, checked later against the catalogue.
    Name,
    /// Host patterns; a list without entries would admit nobody and is refused.
    Host,
    /// Source networks; a list without entries is refused.
    Source,
    /// Networks of proxies.
    Proxy,
    /// Origins.
    Origin,
    /// Client ids; a list without entries is refused.
    Client,
}

/// A text that was understood.
#[derive(Debug)]
pub enum Value {
    /// Of a [`Kind::Bool`].
    Bool(bool),
    /// Of a [`Kind::Int`].
    Number(u64),
    /// Of text, path, choice and action.
    Text(String),
    /// Of a [`Kind::List`]: trimmed entries, no empty ones.
    List(Vec<String>),
    /// Of a [`Kind::Secret`].
    Secret(Secret),
    /// Of a [`Kind::Keys`].
    Keys(Vec<Secret>),
    /// Given, but empty: the setting counts as not given.
    Unset,
}

/// What was found instead of a value, in words for the operator.
pub type Found = String;

impl Kind {
    /// Returns the value that `text` stands for.
    ///
    /// # Errors
    /// What was found, when it is not what [`Kind::expected`] says.
    pub fn read(&self, text: &str) -> Result<Value, Found> {
        if text.len() > SETTING_BYTES_MAX {
            return Err(format!("more than {SETTING_BYTES_MAX} bytes"));
        }
        let trimmed = text.trim();
        match self {
            Self::Bool => boolean(trimmed).map(Value::Bool),
            Self::Int { min, max, .. } => number(trimmed, *min, *max).map(Value::Number),
            Self::Choice(words) => choice(trimmed, words),
            Self::List(item) => list(trimmed, *item),
            Self::Action(_) if trimmed.is_empty() => Ok(Value::Text(String::new())),
            Self::Action(words) => choice(trimmed, words),
            Self::Text(Shape::Stated) if trimmed.is_empty() => {
                Err("nothing (leave the setting out to have its default)".to_owned())
            }
            Self::Text(_) | Self::Path | Self::Secret | Self::Keys if trimmed.is_empty() => {
                Ok(Value::Unset)
            }
            Self::Text(shape) if shape.admits(trimmed) => Ok(Value::Text(trimmed.to_owned())),
            Self::Path if Shape::Line.admits(trimmed) => Ok(Value::Text(trimmed.to_owned())),
            Self::Text(_) | Self::Path => Err(shown(trimmed)),
            Self::Secret => secret(trimmed),
            Self::Keys => keys(trimmed).map(Value::Keys),
        }
    }

    /// Returns the values that are accepted, as a phrase for an error.
    #[must_use]
    pub fn expected(&self) -> String {
        match self {
            Self::Bool => "true, 1, yes, on, false, 0, no or off".to_owned(),
            Self::Int { min, max, unit: "" } => {
                format!("a whole number from {min} to {max}")
            }
            Self::Int { min, max, unit } => {
                format!("a whole number of {unit} from {min} to {max}")
            }
            Self::Text(shape) => shape.expected().to_owned(),
            Self::Path => "the path of a file".to_owned(),
            Self::Choice(words) | Self::Action(words) if words.is_empty() => "no value".to_owned(),
            Self::Choice(words) | Self::Action(words) => format!("one of {}", words.join(", ")),
            Self::List(item) => item.expected().to_owned(),
            Self::Secret => "text without control characters".to_owned(),
            Self::Keys => format!(
                "a JSON array of strings or a comma-separated list of keys, each of at least \
                 {STATE_KEY_BYTES_MIN} bytes, none twice"
            ),
        }
    }

    /// Returns the values that are accepted, as short as a table cell needs them.
    #[must_use]
    pub fn brief(&self) -> String {
        match self {
            Self::Bool => "true/false".to_owned(),
            Self::Int { min, max, unit } => format!("{min}..{max} {unit}").trim_end().to_owned(),
            Self::Text(_) => "text".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Choice(words) => words.join(", "),
            Self::List(_) => "list".to_owned(),
            Self::Secret => "secret".to_owned(),
            Self::Keys => "secret list".to_owned(),
            Self::Action([]) => "action".to_owned(),
            Self::Action(words) => format!("action: {}", words.join(", ")),
        }
    }

    /// True when the text of such a setting must not be shown.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret | Self::Keys)
    }
}

impl Shape {
    fn admits(self, text: &str) -> bool {
        match self {
            Self::Line | Self::Stated => !text.chars().any(char::is_control),
            Self::Comment => {
                let good = |c: char| (c == ' ' || c.is_ascii_graphic()) && !"()\\".contains(c);
                text.len() <= 256 && text.chars().all(good)
            }
            Self::Bind => is_bind(text),
            Self::Label => is_label(text),
            Self::Identifier => {
                let good = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
                text.len() <= 128 && text.chars().all(good)
            }
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Line => "one line of text without control characters",
            Self::Stated => "one line of text without control characters, not empty",
            Self::Comment => "at most 256 printable ASCII characters, no parentheses or backslash",
            Self::Bind => "an IP address or a host name, without a port",
            Self::Label => "one host name label (at most 63 letters, digits and inner hyphens)",
            Self::Identifier => "at most 128 letters, digits, hyphens, underscores and dots",
        }
    }
}

impl Item {
    const fn expected(self) -> &'static str {
        match self {
            Self::Name => "a comma-separated list of names",
            Self::Host => "at least one host, such as mcp.example.com or *.example.com:8443",
            Self::Source => "at least one address or network, such as 203.0.113.0/24",
            Self::Proxy => "a comma-separated list of addresses and networks",
            Self::Client => "at least one client id",
            Self::Origin => "a comma-separated list of origins, such as https://app.example.com",
        }
    }

    const fn may_be_empty(self) -> bool {
        !matches!(self, Self::Host | Self::Source | Self::Client)
    }
}

/// Returns `text` quoted and shortened for a message.
#[must_use]
pub fn shown(text: &str) -> String {
    quoted(text, SHOWN_BYTES_MAX)
}

fn boolean(text: &str) -> Result<bool, Found> {
    let is_one_of = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_one_of(["true", "1", "yes", "on"]) {
        return Ok(true);
    }
    if is_one_of(["false", "0", "no", "off"]) {
        return Ok(false);
    }
    Err(shown(text))
}

fn number(text: &str, min: u64, max: u64) -> Result<u64, Found> {
    if text.starts_with("tcp://") {
        return Err(format!(
            "{}, which looks like a Kubernetes service link (turn them off with \
             enableServiceLinks: false)",
            shown(text)
        ));
    }
    crate::base::bytes::decimal(text.as_bytes())
        .filter(|value| (min..=max).contains(value))
        .ok_or_else(|| shown(text))
}

fn choice(text: &str, words: &[&str]) -> Result<Value, Found> {
    let known = words.iter().find(|word| word.eq_ignore_ascii_case(text));
    known.map(|word| Value::Text((*word).to_owned())).ok_or_else(|| shown(text))
}

fn list(text: &str, item: Item) -> Result<Value, Found> {
    let entries: Vec<&str> = text.split(',').map(str::trim).filter(|e| !e.is_empty()).collect();
    if entries.is_empty() {
        let found = "a list without entries (leave the setting out to have its default)";
        return if item.may_be_empty() { Ok(Value::Unset) } else { Err(found.to_owned()) };
    }
    if entries.len() > LIST_ENTRIES_MAX {
        return Err(format!("{} entries, more than {LIST_ENTRIES_MAX}", entries.len()));
    }
    for entry in &entries {
        if entry.len() > PATTERN_BYTES_MAX {
            return Err(format!("an entry of {} bytes: {}", entry.len(), shown(entry)));
        }
        if !Shape::Line.admits(entry) {
            return Err(shown(entry));
        }
    }
    Ok(Value::List(entries.into_iter().map(ToOwned::to_owned).collect()))
}

fn secret(text: &str) -> Result<Value, Found> {
    // Keys in PEM form have line ends.
    let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.chars().any(strange) {
        return Err("a value, not shown, with control characters".to_owned());
    }
    Ok(Value::Secret(Secret::new(text.as_bytes().to_vec())))
}

fn keys(text: &str) -> Result<Vec<Secret>, Found> {
    let keys: Vec<String> = if text.starts_with(['[', '{']) {
        serde_json::from_str(text).map_err(|fault| {
            let place = fault.column();
            format!("JSON, not shown, that is no array of strings (column {place})")
        })?
    } else {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(ToOwned::to_owned).collect()
    };
    if keys.is_empty() {
        return Err("no key".to_owned());
    }
    for (index, key) in keys.iter().enumerate() {
        let place = index.saturating_add(1);
        if key.len() < STATE_KEY_BYTES_MIN {
            return Err(format!("key {place} of {} bytes", key.len()));
        }
        if keys.iter().take(index).any(|earlier| earlier == key) {
            return Err(format!("key {place} a second time"));
        }
    }
    Ok(keys.into_iter().map(|key| Secret::new(key.into_bytes())).collect())
}

fn is_label(text: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=63).contains(&text.len())
        && text.bytes().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// A name whose last label is a number is an address in disguise for some resolvers.
fn is_bind(text: &str) -> bool {
    let unbracketed = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(inside) = unbracketed {
        return inside.parse::<core::net::Ipv6Addr>().is_ok();
    }
    if text.parse::<core::net::IpAddr>().is_ok() {
        return true;
    }
    let last = text.rsplit('.').next().unwrap_or(text);
    let is_number = last.starts_with(|c: char| c.is_ascii_digit())
        && last.chars().all(|c| c.is_ascii_hexdigit() || c == 'x' || c == 'X');
    let label = |part: &str| is_label(&part.replace('_', "-"));
    text.len() <= 253 && text.split('.').all(label) && !is_number
}

#[cfg(test)]
mod tests {
    use super::{Item, Kind, Shape, Value};

    #[test]
    fn booleans_have_one_grammar() {
        for (text, expected) in [
            ("true", Some(true)),
            (" ON ", Some(true)),
            ("Yes", Some(true)),
            ("1", Some(true)),
            ("off", Some(false)),
            ("No", Some(false)),
            ("0", Some(false)),
            ("FALSE", Some(false)),
            ("", None),
            ("disabled", None),
            ("truee", None),
            ("2", None),
            ("y", None),
        ] {
            let value = match Kind::Bool.read(text) {
                Ok(Value::Bool(value)) => Some(value),
                Ok(_) | Err(_) => None,
            };
            assert_eq!(value, expected, "{text}");
        }
    }

    #[test]
    fn numbers_are_digits_in_range() {
        let port = Kind::Int { min: 0, max: 65_535, unit: "" };
        for (text, good) in [
            ("0", true),
            (" 8000 ", true),
            ("65535", true),
            ("65536", false),
            ("-1", false),
            ("+1", false),
            ("8_000", false),
            ("0x50", false),
            ("", false),
            ("99999999999999999999", false),
        ] {
            assert_eq!(port.read(text).is_ok(), good, "{text}");
        }
        let link = port.read("tcp://10.0.0.1:80").unwrap_err();
        assert!(link.contains("enableServiceLinks"), "{link}");
    }

    #[test]
    fn texts_keep_to_their_shape() {
        for (shape, text, good) in [
            (Shape::Bind, "127.0.0.1", true),
            (Shape::Bind, "::", true),
            (Shape::Bind, "[::1]", true),
            (Shape::Bind, "mcp.example.com", true),
            (Shape::Bind, "localhost", true),
            (Shape::Bind, "127.1", false),
            (Shape::Bind, "0", false),
            (Shape::Bind, "0x7f000001", false),
            (Shape::Bind, "[127.0.0.1]", false),
            (Shape::Bind, "example.com:80", false),
            (Shape::Bind, "a b", false),
            (Shape::Bind, "a..b", false),
            (Shape::Label, "acme-1", true),
            (Shape::Label, "acme.evil.com", false),
            (Shape::Label, "acme/?x=@y", false),
            (Shape::Label, "-acme", false),
            (Shape::Comment, "team red; ticket 7", true),
            (Shape::Comment, "a\r\nX-Evil: 1", false),
            (Shape::Comment, "a) b", false),
            (Shape::Identifier, "2160_a.b-c", true),
            (Shape::Identifier, "a/b", false),
            (Shape::Line, "any \u{e9} text", true),
            (Shape::Line, "two\nlines", false),
            (Shape::Line, " ", true),
            (Shape::Stated, "*=*", true),
            (Shape::Stated, " ", false),
        ] {
            assert_eq!(Kind::Text(shape).read(text).is_ok(), good, "{text:?}");
        }
    }

    #[test]
    fn lists_that_admit_are_refused_without_entries_and_others_are_unset() {
        for text in ["", ",", " , ,"] {
            assert!(Kind::List(Item::Host).read(text).is_err());
            assert!(Kind::List(Item::Source).read(text).is_err());
            assert!(Kind::List(Item::Client).read(text).is_err());
            assert!(matches!(Kind::List(Item::Name).read(text), Ok(Value::Unset)));
        }
    }

    #[test]
    fn sealing_keys_are_long_distinct_and_never_shown() {
        let (a, b) = ("a".repeat(32), "b,".repeat(16));
        let short = "s".repeat(31);
        for (name, text, count) in [
            ("one", a.clone(), Some(1)),
            ("two in JSON, one with commas", format!("[\"{a}\", \"{b}\"]"), Some(2)),
            ("short", short.clone(), None),
            ("twice", format!("{a},{a}"), None),
            ("object", format!("{{\"k\":\"{a}\"}}"), None),
            ("number", "[1]".to_owned(), None),
            ("cut off", format!("[\"{a}\""), None),
            ("empty array", "[]".to_owned(), None),
            ("only commas", ",".to_owned(), None),
        ] {
            match Kind::Keys.read(&text) {
                Ok(Value::Keys(keys)) => assert_eq!(Some(keys.len()), count, "{name}"),
                Ok(_) => panic!("{name}"),
                Err(found) => {
                    assert_eq!(count, None, "{name}");
                    assert!(!found.contains("aaa") && !found.contains("sss"), "{found}");
                }
            }
        }
    }
}
