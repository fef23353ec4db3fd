//! Zone: operator. The command line: flags, their short and shortened forms, and one command.
//!
//! Accepts what the Python program's parser accepted: `--flag value`, `--flag=value`, `-s value`
//! and any unambiguous beginning of a long flag; a later flag replaces an earlier one. A flag
//! that is on or off takes no separate value, but `--flag=false` works.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::slice::Iter;

use crate::settings::kind::{Kind, shown};
use crate::settings::nearest::nearest;
use crate::settings::problem::{BadValue, Origin};
use crate::settings::table::{Id, Row, rows};

/// The text of one setting and where it came from.
#[derive(Clone)]
pub struct Raw {
    /// Text.
    pub text: String,
    /// Name it was given under.
    pub name: &'static str,
    /// Source.
    pub origin: Origin,
}

/// A command line, taken apart.
#[derive(Default)]
pub struct Args {
    /// Flags.
    pub values: BTreeMap<Id, Raw>,
    /// What is not a flag, each with its place on the command line, counted from 1.
    pub words: Vec<(usize, String)>,
    /// What is wrong.
    pub bad: Vec<BadValue>,
}

/// Returns the parts of a command line, the program's own name left out.
#[must_use]
pub fn parse(args: &[String]) -> Args {
    let mut out = Args::default();
    let mut rest = args.iter().peekable();
    while let Some(arg) = rest.next() {
        let place = args.len().saturating_sub(rest.len());
        if arg.starts_with("--") {
            let (name, value) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (arg.as_str(), None),
            };
            match find_long(name) {
                Ok(row) => out.take(row, value, &mut rest),
                Err(bad) => out.bad.push(bad),
            }
        } else if arg.starts_with('-') {
            out.short(arg, &mut rest);
        } else {
            out.words.push((place, arg.clone()));
        }
    }
    out
}

/// Returns the row that `name` names in full, or is the only one to begin with `name`.
fn find_long(name: &str) -> Result<&'static Row, BadValue> {
    let flags = || rows().filter_map(|row| row.flag.map(|flag| (flag, row)));
    if let Some((_, row)) = flags().find(|(flag, _)| *flag == name) {
        return Ok(row);
    }
    let begun: Vec<(&str, &'static Row)> =
        flags().filter(|(flag, _)| name.len() > 2 && flag.starts_with(name)).collect();
    match begun.as_slice() {
        [(_, row)] => Ok(row),
        [] => {
            let hint = nearest(name, flags().map(|(flag, _)| flag));
            let hint = hint.map_or_else(
                || "--help lists all of them".to_owned(),
                |(flag, _)| format!("did you mean {flag}?"),
            );
            Err(BadValue::told(shown(name), format!("unknown flag; {hint}")))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|(flag, _)| *flag).collect();
            let fault = format!("ambiguous flag; it could be {}", names.join(", "));
            Err(BadValue::told(shown(name), fault))
        }
    }
}

impl Args {
    fn short(&mut self, arg: &str, rest: &mut Peekable<Iter<'_, String>>) {
        let row = rows().find_map(|row| row.short.filter(|s| arg.starts_with(s)).map(|s| (row, s)));
        let Some((row, short)) = row else {
            // What stands behind the letter may be a value, perhaps of a secret.
            let letter: String = arg.chars().take(2).collect();
            self.bad.push(BadValue::told(shown(&letter), "unknown flag; --help lists all of them"));
            return;
        };
        let attached = arg.strip_prefix(short).filter(|value| !value.is_empty());
        self.take(row, attached.map(|value| value.strip_prefix('=').unwrap_or(value)), rest);
    }

    fn take(
        &mut self,
        row: &'static Row,
        value: Option<&str>,
        rest: &mut Peekable<Iter<'_, String>>,
    ) {
        let name = row.flag.unwrap_or_default();
        let follows = |next: &&String| !next.starts_with('-') || next.parse::<i64>().is_ok();
        let text = match (value, row.kind) {
            (Some(_), Kind::Action([])) => {
                self.bad.push(BadValue::told(name, "takes no value"));
                return;
            }
            (Some(value), _) => Some(value.to_owned()),
            (None, Kind::Bool) => Some("true".to_owned()),
            (None, Kind::Action([])) => Some(String::new()),
            (None, Kind::Action(_)) => Some(rest.next_if(follows).cloned().unwrap_or_default()),
            (
                None,
                Kind::Int { .. }
                | Kind::Text(_)
                | Kind::Path
                | Kind::Choice(_)
                | Kind::List(_)
                | Kind::Secret
                | Kind::Keys,
            ) => rest.next_if(follows).cloned(),
        };
        match text {
            Some(text) => {
                let _ = self.values.insert(row.id, Raw { text, name, origin: Origin::Flag });
            }
            None => {
                let fault = format!("expected {}, got nothing", row.kind.expected());
                self.bad.push(BadValue::told(name, fault));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::settings::table::Id;

    fn args(line: &str) -> Vec<String> {
        line.split_whitespace().map(ToOwned::to_owned).collect()
    }

    #[test]
    fn flags_are_accepted_in_every_usual_form() {
        for (line, id, expected) in [
            ("--port 9", Id::Port, "9"),
            ("--port=9", Id::Port, "9"),
            ("--port 8 --port 9", Id::Port, "9"),
            ("--port -1", Id::Port, "-1"),
            ("--user-agent-comment=--x", Id::UserAgentComment, "--x"),
            ("--enable-write", Id::WriteEnabled, "true"),
            ("--enable-write-tools=false", Id::WriteEnabled, "false"),
            ("--debug", Id::Debug, "true"),
            ("-s zia,zpa", Id::Services, "zia,zpa"),
            ("-szia", Id::Services, "zia"),
            ("-s=zia", Id::Services, "zia"),
            ("--generate-auth-token", Id::GenerateAuthToken, ""),
            ("--generate-auth-token bearer", Id::GenerateAuthToken, "bearer"),
            ("-v", Id::Version, ""),
        ] {
            let parsed = parse(&args(line));
            assert_eq!(parsed.bad, [], "{line}");
            assert_eq!(
                parsed.values.get(&id).map(|raw| raw.text.as_str()),
                Some(expected),
                "{line}"
            );
            assert!(parsed.words.is_empty(), "{line}");
        }
    }

    #[test]
    fn what_is_no_flag_is_told_with_the_nearest_one() {
        for (line, expected) in [
            ("--prot 9", "\"--prot\": unknown flag; did you mean --port?"),
            ("--colour", "\"--colour\": unknown flag; --help lists all of them"),
            ("--", "\"--\": unknown flag; --help lists all of them"),
            ("-x", "\"-x\": unknown flag; --help lists all of them"),
            ("-", "\"-\": unknown flag; --help lists all of them"),
            ("--log-tool", ""),
            (
                "--disabled-tool",
                "\"--disabled-tool\": ambiguous flag; it could be --disabled-toolsets, \
                 --disabled-tools",
            ),
            ("--port", "--port: expected a whole number from 0 to 65535, got nothing"),
            ("--port --debug", "--port: expected a whole number from 0 to 65535, got nothing"),
            ("--version=1", "--version: takes no value"),
        ] {
            let told: Vec<String> =
                parse(&args(line)).bad.iter().map(ToString::to_string).collect();
            assert_eq!(told.join("\n").trim_start(), expected, "{line}");
        }
    }

    #[test]
    fn words_are_kept_for_the_command() {
        let words = [(3, "check".to_owned()), (5, "extra".to_owned())];
        assert_eq!(parse(&args("--port 1 check --json extra")).words, words);
    }
}
