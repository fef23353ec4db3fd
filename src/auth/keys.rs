//! Zone: pre-admission. API keys: how the setting is read, and whether one was sent.
//!
//! A running gate knows the marks of its keys and not the keys. A candidate is compared with every
//! one of them in constant time, so that time tells neither how much of one is right nor which.

use core::fmt;

use aws_lc_rs::digest::{Context, SHA256};

use crate::auth::caller::Caller;
use crate::auth::credential::{Sent, api_key};
use crate::auth::gate::Finding;
use crate::auth::marks::{Mark, Marks};
use crate::base::{Secret, encode::hex};
use crate::guard::Credentials;
use crate::limits::{
    API_KEY_BYTES_MIN, API_KEY_BYTES_STRONG, API_KEY_NAME_BYTES_MAX, API_KEYS_MAX,
};

/// Goes in front of a key that has no name when it is hashed to get one.
const NAMING: &[u8] = b"zscaler-mcp: the name of an API key\0";

/// The keys that let callers in.
#[derive(Debug)]
pub struct ApiKeys {
    keys: Vec<(String, Secret)>,
    trust_platform: bool,
}

/// Why a text is no list of keys. Entries are counted from one; no key is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadKeys {
    /// There is none.
    Empty,
    /// There are too many.
    TooMany,
    /// What stands in front of `=` in this entry is no name.
    Name(usize),
    /// The key of this entry is too short.
    Short(usize),
    /// The key of this entry has other characters than visible ASCII.
    Characters(usize),
    /// The key or the name of this entry stands in an earlier one.
    Repeated(usize),
}

impl fmt::Display for BadKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no key"),
            Self::TooMany => write!(f, "there are more than {API_KEYS_MAX} keys"),
            Self::Name(entry) => write!(
                f,
                "entry {entry} has a = inside, and what stands before it is no name (1 to \
                 {API_KEY_NAME_BYTES_MAX} of A-Z a-z 0-9 . _ -); write such a key as name=key"
            ),
            Self::Short(entry) => {
                write!(f, "the key of entry {entry} has fewer than {API_KEY_BYTES_MIN} bytes")
            }
            Self::Characters(entry) => {
                write!(f, "the key of entry {entry} has blanks or characters that are not ASCII")
            }
            Self::Repeated(entry) => {
                write!(f, "the key or the name of entry {entry} stands in an earlier entry too")
            }
        }
    }
}

impl core::error::Error for BadKeys {}

impl ApiKeys {
    /// Returns the keys in `text`, entries `key` or `name=key` with commas between them; empty
    /// entries are left out.
    ///
    /// Equals signs at the end belong to the key, which may be base64. Any other one parts a name
    /// from its key; a key that has one inside therefore needs a name, and is refused without.
    /// With `trust_platform`, who sends no credential at all counts as the holder of the first key.
    ///
    /// # Errors
    /// [`BadKeys`], for the first entry that is wrong.
    pub fn parse(text: &str, trust_platform: bool) -> Result<Self, BadKeys> {
        let mut keys: Vec<(String, Secret)> = Vec::new();
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        for (number, entry) in (1..).zip(entries) {
            if number > API_KEYS_MAX {
                return Err(BadKeys::TooMany);
            }
            let (name, key) = parted(entry).ok_or(BadKeys::Name(number))?;
            if key.len() < API_KEY_BYTES_MIN {
                return Err(BadKeys::Short(number));
            }
            if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(BadKeys::Characters(number));
            }
            let name = name.map_or_else(|| name_of(key), str::to_owned);
            if keys.iter().any(|(n, k)| *n == name || k.expose() == key.as_bytes()) {
                return Err(BadKeys::Repeated(number));
            }
            keys.push((name, Secret::new(key.as_bytes().to_vec())));
        }
        if keys.is_empty() { Err(BadKeys::Empty) } else { Ok(Self { keys, trust_platform }) }
    }

    /// True when a key is so short that it might be guessed, were it not drawn at random.
    #[must_use]
    pub fn weak(&self) -> bool {
        self.keys.iter().any(|(_, key)| key.expose().len() < API_KEY_BYTES_STRONG)
    }

    /// Returns the names of the callers, in the order of the entries.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(name, _)| name.as_str())
    }
}

/// Returns the name of an entry, when it has one, and its key.
fn parted(entry: &str) -> Option<(Option<&str>, &str)> {
    let Some((name, key)) =
        entry.split_once('=').filter(|_| entry.trim_end_matches('=').contains('='))
    else {
        return Some((None, entry));
    };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let is_name = (1..=API_KEY_NAME_BYTES_MAX).contains(&name.len()) && name.bytes().all(good);
    is_name.then_some((Some(name), key))
}

/// Returns the name of a key that was given none: the same in every process that has the key.
fn name_of(key: &str) -> String {
    let mut context = Context::new(&SHA256);
    context.update(NAMING);
    context.update(key.as_bytes());
    let digest = context.finish();
    let (half, _) = digest.as_ref().split_at_checked(16).unwrap_or_default();
    hex(half)
}

/// The keys of a gate that runs.
#[derive(Debug)]
pub(super) struct Known {
    marks: Marks,
    keys: Vec<(Mark, String)>,
    trust_platform: bool,
}

impl Known {
    pub(super) fn new(keys: ApiKeys, marks: Marks) -> Self {
        let trust_platform = keys.trust_platform;
        let keys = keys.keys.into_iter();
        let keys = keys.map(|(name, key)| (marks.of(&[key.expose()]), name)).collect();
        Self { marks, keys, trust_platform }
    }

    pub(super) fn look(&self, fields: &Credentials) -> Finding {
        match api_key(fields) {
            Sent::Credential(candidate) => self.compare(candidate),
            Sent::Malformed => Finding::Wrong("malformed credential"),
            Sent::Other => Finding::Missing("another scheme than Bearer"),
            Sent::Nothing => self.platform(fields),
        }
    }

    fn compare(&self, candidate: &[u8]) -> Finding {
        let mark = self.marks.of(&[candidate]);
        let mut found = None;
        for (known, name) in &self.keys {
            if known.is(&mark) {
                found = Some(name);
            }
        }
        found.map_or(Finding::Wrong("unknown key"), |name| Finding::Known(named(name)))
    }

    /// Who sent nothing was let through by the platform in front, when that is trusted.
    fn platform(&self, fields: &Credentials) -> Finding {
        let none = fields.client_id.is_none() && fields.client_secret.is_none();
        match self.keys.first() {
            Some((_, name)) if self.trust_platform && none => Finding::Known(named(name)),
            _ => Finding::Missing("no credential"),
        }
    }
}

fn named(name: &str) -> Caller {
    Caller::named(format!("api-key:{name}"))
}

#[cfg(test)]
mod tests {
    use super::{ApiKeys, BadKeys};

    const KEY: &str = "0123456789abcdef";

    #[test]
    fn names_are_parted_from_keys_in_one_way() {
        let other = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef";
        for (name, text, expected) in [
            ("a name", format!("ci={KEY}"), Ok(vec!["ci"])),
            ("two names", format!(" a.b_c-1={KEY} , b={other}, "), Ok(vec!["a.b_c-1", "b"])),
            ("a name and base64", format!("ci={KEY}=="), Ok(vec!["ci"])),
            ("a key with a sign inside", format!("ci=a={KEY}"), Ok(vec!["ci"])),
            ("nothing", String::new(), Err(BadKeys::Empty)),
            ("commas", " , ,".to_owned(), Err(BadKeys::Empty)),
            ("15 bytes", KEY[1..].to_owned(), Err(BadKeys::Short(1))),
            ("15 bytes behind a name", format!("a={KEY},b={}", &KEY[1..]), Err(BadKeys::Short(2))),
            ("a sign inside and few bytes behind", format!("{KEY}=x"), Err(BadKeys::Short(1))),
            ("no name before the sign", format!("={KEY}"), Err(BadKeys::Name(1))),
            ("a slash before the sign", format!("a/b={KEY}"), Err(BadKeys::Name(1))),
            ("a long name", format!("{}={KEY}", "n".repeat(65)), Err(BadKeys::Name(1))),
            ("a blank inside", format!("ci={KEY} x"), Err(BadKeys::Characters(1))),
            ("a letter beyond ASCII", format!("{KEY}\u{e9}"), Err(BadKeys::Characters(1))),
            ("one key twice", format!("a={KEY},b={KEY}"), Err(BadKeys::Repeated(2))),
            ("one name twice", format!("a={KEY},a={other}"), Err(BadKeys::Repeated(2))),
        ] {
            let found = ApiKeys::parse(&text, false);
            let names = found.as_ref().map(|keys| keys.names().collect()).map_err(|bad| *bad);
            assert_eq!(names, expected, "{name}");
        }
        let many = |count: usize| {
            let entries: Vec<_> = (0..count).map(|n| format!("n{n}={KEY}{n}")).collect();
            ApiKeys::parse(&entries.join(","), false)
        };
        assert!(many(64).is_ok());
        assert_eq!(many(65).err(), Some(BadKeys::TooMany));
    }

    #[test]
    fn a_key_without_a_name_gets_one_that_does_not_change() {
        let names = |text: &str| -> Vec<String> {
            ApiKeys::parse(text, false).unwrap().names().map(str::to_owned).collect()
        };
        assert_eq!(names(KEY), names(&format!("{KEY},")));
        assert_eq!((names(KEY)[0].len(), names(&format!("{KEY}="))[0].len()), (32, 32));
        assert_ne!(names(KEY), names(&format!("{KEY}=")));
        assert!(names(KEY)[0].bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn a_short_key_is_weak_and_no_error_shows_one() {
        assert!(ApiKeys::parse(&"k".repeat(31), false).unwrap().weak());
        assert!(!ApiKeys::parse(&"k".repeat(32), false).unwrap().weak());
        let keys = ApiKeys::parse(KEY, false).unwrap();
        assert!(!format!("{keys:?}").contains(KEY));
        for text in ["short", "a/b=secretsecret", &format!("a={KEY},b={KEY}")] {
            let bad = ApiKeys::parse(text, false).unwrap_err().to_string();
            assert!(!bad.contains(text) && !bad.contains("secret") && !bad.contains(KEY), "{bad}");
        }
    }
}
