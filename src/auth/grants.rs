//! Zone: pre-admission. Which tools a caller may use, as the operator wrote it.
//!
//! Trusts the setting and what the gate says of the caller. Where anything is written, what is not
//! is not allowed.

use core::fmt;
use std::sync::Arc;

use crate::limits::{LIST_ENTRIES_MAX, PATTERN_BYTES_MAX};
use crate::matching::{Case, Glob};

/// What a tool does, as grants tell it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It reads.
    Read,
    /// It creates something.
    Create,
    /// It changes something.
    Update,
    /// It deletes something.
    Delete,
}

const WRITES: &[Deed] = &[Deed::Create, Deed::Update, Deed::Delete];
const ALL: &[Deed] = &[Deed::Read, Deed::Create, Deed::Update, Deed::Delete];
/// The words of the setting and what each of them allows.
const VERBS: [(&str, &[Deed]); 6] = [
    ("read", &[Deed::Read]),
    ("create", &[Deed::Create]),
    ("update", &[Deed::Update]),
    ("delete", &[Deed::Delete]),
    ("write", WRITES),
    ("all", ALL),
];

/// Whom an entry is about.
#[derive(Debug)]
enum Who {
    Everybody,
    Scope(String),
    Principal(Glob),
}

/// What an entry allows.
#[derive(Debug)]
struct Rule {
    tools: Vec<Glob>,
    deeds: Vec<Deed>,
}

/// Who may use which tools.
#[derive(Debug)]
pub struct Grants {
    /// None when nothing is written.
    entries: Option<Vec<(Who, Arc<Rule>)>>,
}

/// Why a text says nothing about grants. Entries are counted from one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadGrant {
    /// The entry.
    pub entry: usize,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no entry.
    Empty,
    /// There are too many entries.
    TooMany,
    /// Not `WHO=TOOLS`.
    Form,
    /// Neither `scope:NAME` nor `principal:GLOB` nor `*`.
    Who,
    /// Not globs of tool names with `|` between them.
    Tools,
    /// A verb that is none.
    Verb,
}

impl fmt::Display for BadGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.fault {
            Fault::Empty => return f.write_str("there is no entry; leave the setting out instead"),
            Fault::TooMany => return write!(f, "there are more than {LIST_ENTRIES_MAX} entries"),
            Fault::Form => "is not WHO=TOOLS or WHO=TOOLS:VERBS",
            Fault::Who => "begins with neither scope:NAME, principal:GLOB nor *",
            Fault::Tools => "names no tools: globs of lower-case names with | between them",
            Fault::Verb => {
                "has a verb that is none of read, create, update, delete, write, all, joined by +"
            }
        };
        write!(f, "entry {} {what}", self.entry)
    }
}

impl core::error::Error for BadGrant {}

impl Grants {
    /// Returns the grants under which everybody may use everything.
    #[must_use]
    pub const fn open() -> Self {
        Self { entries: None }
    }

    /// Returns the grants in `text`: entries `WHO=TOOLS` or `WHO=TOOLS:VERBS`, `;` between them.
    ///
    /// `WHO` ends at the last `=` of an entry. Without verbs an entry allows to read: to allow
    /// more takes a word that can be seen. A blank inside the name of a principal is `%20`.
    ///
    /// # Errors
    /// [`BadGrant`], for the first entry that is wrong.
    pub fn parse(text: &str) -> Result<Self, BadGrant> {
        let mut entries = Vec::new();
        let texts = text.split(';').map(str::trim).filter(|entry| !entry.is_empty());
        for (entry, text) in (1..).zip(texts) {
            if entry > LIST_ENTRIES_MAX {
                return Err(BadGrant { entry, fault: Fault::TooMany });
            }
            entries.push(read(text).map_err(|fault| BadGrant { entry, fault })?);
        }
        if entries.is_empty() {
            return Err(BadGrant { entry: 0, fault: Fault::Empty });
        }
        Ok(Self { entries: Some(entries) })
    }

    /// Returns what the caller called `principal` whose token has `scopes` may use.
    #[must_use]
    pub fn of(&self, principal: &str, scopes: &[String]) -> Grant {
        let Some(entries) = &self.entries else { return Grant::everything() };
        let fits = |who: &Who| match who {
            Who::Everybody => true,
            Who::Scope(name) => scopes.contains(name),
            Who::Principal(glob) => glob.matches(principal.as_bytes()),
        };
        let rules = entries.iter().filter(|(who, _)| fits(who)).map(|(_, rule)| Arc::clone(rule));
        Grant { rules: Some(rules.collect()) }
    }
}

/// Returns what one entry says.
fn read(entry: &str) -> Result<(Who, Arc<Rule>), Fault> {
    let (who, rule) = entry.rsplit_once('=').ok_or(Fault::Form)?;
    let (tools, verbs) = rule.split_once(':').unwrap_or((rule, "read"));
    let tools = tools.split('|').map(|glob| tool(glob.trim())).collect::<Option<_>>();
    let mut deeds = Vec::new();
    for verb in verbs.split('+').map(str::trim) {
        let (_, allowed) = VERBS.iter().find(|(name, _)| *name == verb).ok_or(Fault::Verb)?;
        deeds.extend_from_slice(allowed);
    }
    let rule = Rule { tools: tools.ok_or(Fault::Tools)?, deeds };
    Ok((whom(who.trim()).ok_or(Fault::Who)?, Arc::new(rule)))
}

fn whom(text: &str) -> Option<Who> {
    if text == "*" {
        return Some(Who::Everybody);
    }
    let (kind, name) = text.split_once(':')?;
    let fits = (1..=PATTERN_BYTES_MAX).contains(&name.len()) && !name.contains(char::is_whitespace);
    match kind {
        "scope" if fits => Some(Who::Scope(name.to_owned())),
        "principal" if fits => Glob::parse(name.as_bytes(), Case::Exact).ok().map(Who::Principal),
        _ => None,
    }
}

/// Returns the glob `text` when a tool can have a name that it matches.
fn tool(text: &str) -> Option<Glob> {
    let good =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_*?[]!-".contains(&byte);
    let fits = (1..=PATTERN_BYTES_MAX).contains(&text.len()) && text.bytes().all(good);
    if fits { Glob::parse(text.as_bytes(), Case::Exact).ok() } else { None }
}

/// Which tools one caller may use.
#[derive(Debug, Clone)]
pub struct Grant {
    /// None when nothing is written: everything.
    rules: Option<Arc<[Arc<Rule>]>>,
}

impl Grant {
    /// Returns the grant of every tool that is offered.
    #[must_use]
    pub const fn everything() -> Self {
        Self { rules: None }
    }

    /// True when callers may use different tools, so that what one sees is not for another.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.rules.is_some()
    }

    /// True when the caller may use the tool called `name`, which does `deed`.
    #[must_use]
    pub fn allows(&self, name: &str, deed: Deed) -> bool {
        let Some(rules) = &self.rules else { return true };
        let matches = |rule: &Rule| rule.tools.iter().any(|glob| glob.matches(name.as_bytes()));
        rules.iter().any(|rule| rule.deeds.contains(&deed) && matches(rule))
    }
}
