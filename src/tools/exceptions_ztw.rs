//! Zone: post-admission. Countries as people write them, as the words of cloud connectors.
//!
//! Trusts its table (ISO 3166-1 with the names in common use). Refuses what does not stand in it
//! and never guesses.

use crate::json::Json;
use crate::tools::failure::Failure;
use crate::tools::frame::Frame;
use crate::tools::nearest::nearest;
use crate::tools::plan::Maker;

/// The words of a list of countries.
pub(super) const COUNTRY_CODES: Maker = Maker { name: "country_codes", make: country_codes };

/// One country a line: two letters, three letters, names.
const COUNTRIES: &str = include_str!("data/countries.txt");
const PREFIX: &str = "COUNTRY_";

fn country_codes(_: &Frame<'_>, given: &Json) -> Result<Json, Failure> {
    let entries = given.as_array().unwrap_or(&[]).iter().enumerate();
    let words = entries.map(|(index, entry)| {
        let entry = entry.as_str().unwrap_or_default();
        let word = code(entry).map(|code| Json::from(format!("{PREFIX}{code}")));
        word.ok_or_else(|| unknown(index, entry))
    });
    words.collect::<Result<Vec<Json>, Failure>>().map(Json::Array)
}

/// Returns the two letters of the country that `text` says.
fn code(text: &str) -> Option<&'static str> {
    let text = folded(text);
    let mut rows = COUNTRIES.lines().filter_map(|line| Some((line.split('|').next()?, line)));
    let found = match text.strip_prefix(PREFIX) {
        Some(letters) => rows.find(|(code, _)| *code == letters),
        None => {
            let text = text.replace('_', " ");
            rows.find(|(_, line)| line.split('|').any(|own| own.eq_ignore_ascii_case(&text)))
        }
    };
    found.map(|(code, _)| code)
}

/// Returns `text` in capitals, without blanks around it and without marks on letters.
fn folded(text: &str) -> String {
    let plain = |letter| match letter {
        '\u{c0}'..='\u{c5}' => 'A',
        '\u{c7}' => 'C',
        '\u{c8}'..='\u{cb}' => 'E',
        '\u{cc}'..='\u{cf}' => 'I',
        '\u{d2}'..='\u{d6}' => 'O',
        '\u{d9}'..='\u{dc}' => 'U',
        '\u{2019}' => '\'',
        other => other,
    };
    text.trim().chars().flat_map(char::to_uppercase).map(plain).collect()
}

fn unknown(index: usize, text: &str) -> Failure {
    let names = || COUNTRIES.lines().flat_map(|line| line.split('|').skip(2));
    let lower: Vec<String> = names().map(str::to_ascii_lowercase).collect();
    let close = nearest(&folded(text), lower.iter().map(String::as_str));
    let close = names().find(|name| close.is_some_and(|close| name.eq_ignore_ascii_case(close)));
    let meant = close.map_or_else(|| ".".to_owned(), |name| format!("; did you mean {name}?"));
    Failure::Argument(format!(
        "entry {} of countries is no country{meant} Give two letters such as FR, three such as FRA \
         or the English name",
        index.saturating_add(1)
    ))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COUNTRIES, code, unknown};
    use crate::tools::failure::Failure;

    #[test]
    fn countries_are_found_by_code_and_name_and_never_guessed() {
        for (text, expected) in [
            ("FR", Some("FR")),
            (" fr ", Some("FR")),
            ("FRA", Some("FR")),
            ("france", Some("FR")),
            ("COUNTRY_FR", Some("FR")),
            ("country_fr", Some("FR")),
            ("UNITED_KINGDOM", Some("GB")),
            ("Korea, Republic of", Some("KR")),
            ("South Korea", Some("KR")),
            ("C\u{f4}te d\u{2019}Ivoire", Some("CI")),
            ("T\u{fc}rkiye", Some("TR")),
            ("Guinea", Some("GN")),
            ("Guinea-Bissau", Some("GW")),
            ("Niger", Some("NE")),
            ("XX", None),
            ("UK", None),
            ("COUNTRY_XX", None),
            ("COUNTRY_FRA", None),
            ("COUNTRY_", None),
            ("COUNTRY_France", None),
            ("Fran", None),
            ("Korea", None),
            ("FR|FRA", None),
            ("", None),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
    }

    #[test]
    fn the_table_has_each_code_and_name_once() {
        let mut seen = BTreeSet::new();
        for line in COUNTRIES.lines() {
            let parts: Vec<&str> = line.split('|').collect();
            assert_eq!((parts[0].len(), parts[1].len(), parts.len() > 2), (2, 3, true), "{line}");
            for part in parts {
                assert!(part.is_ascii() && seen.insert(part.to_ascii_uppercase()), "{line}");
            }
        }
        assert_eq!(COUNTRIES.lines().count(), 249);
        assert!(COUNTRIES.lines().is_sorted());
    }

    #[test]
    fn a_refusal_says_which_entry_and_what_was_meant() {
        for (text, expected) in [
            ("Frnace", "entry 3 of countries is no country; did you mean France? Give "),
            ("Untied Kingdom", "; did you mean United Kingdom? "),
            ("Atlantis, the lost", "entry 3 of countries is no country. Give "),
            ("<b>", "no country. Give two letters such as FR"),
        ] {
            let Failure::Argument(said) = unknown(2, text) else { panic!("{text}") };
            assert!(said.contains(expected) && !said.contains(text), "{said}");
        }
    }
}
