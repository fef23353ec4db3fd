//! Zone: operator. `--help` and the settings table of the README, both made from the rows.

use crate::settings::COMMANDS;
use crate::settings::kind::Kind;
use crate::settings::table::{GROUPS, Row, State, Transports};

const WIDTH: usize = 80;
const INDENT: &str = "      ";

/// Returns the text of `--help`.
#[must_use]
pub fn help_text() -> String {
    let mut out = String::from(
        "Usage: zscaler-mcp [COMMAND] [FLAGS]\n\n\
         Serves a Zscaler tenant to AI agents over the Model Context Protocol.\n\
         A flag wins over an environment variable, that over the env file, that over\n\
         the default. On or off is written true, 1, yes, on or false, 0, no, off;\n\
         lists have commas. A long flag may be shortened while it stays unambiguous.\n\n\
         Commands (without one, the server runs):\n",
    );
    for (word, about) in COMMANDS {
        out.push_str(&format!("  {word}\n"));
        wrap(about, &mut out);
    }
    for group in GROUPS {
        out.push_str(&format!("\n{}:\n", group.title));
        for row in group.rows {
            out.push_str(&format!("  {}\n", heading(row)));
            wrap(&about(row), &mut out);
        }
    }
    out
}

/// Returns the table of the README, in Markdown, one table a group.
#[must_use]
pub fn markdown_table() -> String {
    let mut out = String::new();
    for group in GROUPS {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("**{}**\n\n", group.title));
        out.push_str("| Flag | Variable | Value | Default | Transport | What it does |\n");
        out.push_str("|---|---|---|---|---|---|\n");
        for row in group.rows {
            let flags: Vec<String> =
                [row.flag, row.short].into_iter().flatten().map(code).collect();
            let cells = [
                flags.join(", "),
                row.env.map(code).unwrap_or_default(),
                row.kind.brief(),
                if row.default.is_empty() { String::new() } else { code(row.default) },
                transport(row).to_owned(),
                sentences(row),
            ];
            let cells = cells.map(|cell| cell.replace('|', "\\|"));
            out.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
    }
    out
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

const fn transport(row: &Row) -> &'static str {
    match row.transports {
        Transports::All => "all",
        Transports::Http => "http",
    }
}

fn heading(row: &Row) -> String {
    let value = match row.kind {
        Kind::Bool | Kind::Action([]) => String::new(),
        Kind::Action(words) => format!(" [{}]", words.join("|")),
        Kind::Choice(words) => format!(" {}", words.join("|")),
        Kind::Int { .. } => " NUMBER".to_owned(),
        Kind::Path => " FILE".to_owned(),
        Kind::List(_) => " LIST".to_owned(),
        Kind::Text(_) | Kind::Secret | Kind::Keys => " TEXT".to_owned(),
    };
    let short = row.short.map(|short| format!("{short}, ")).unwrap_or_default();
    match (row.flag, row.env) {
        (Some(flag), Some(env)) => format!("{short}{flag}{value}  ({env})"),
        (Some(flag), None) => format!("{short}{flag}{value}"),
        (None, env) => env.unwrap_or_default().to_owned(),
    }
}

fn sentences(row: &Row) -> String {
    match row.state {
        State::Ready => row.help.to_owned(),
        State::Later(why) => format!("{} Not yet: {why}.", row.help),
        State::Inert(note) => format!("{} Note: {note}.", row.help),
    }
}

fn about(row: &Row) -> String {
    let mut text = sentences(row);
    if !row.default.is_empty() {
        text.push_str(&format!(" [default: {}]", row.default));
    }
    if row.transports == Transports::Http {
        text.push_str(" [http]");
    }
    text
}

/// Appends `text`, indented and broken at blanks.
fn wrap(text: &str, out: &mut String) {
    let mut column = 0;
    for word in text.split(' ') {
        if column > 0 && column + 1 + word.len() > WIDTH {
            out.push('\n');
            column = 0;
        }
        let lead = if column == 0 { INDENT } else { " " };
        out.push_str(lead);
        out.push_str(word);
        column += lead.len() + word.len();
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::{help_text, markdown_table};
    use crate::settings::table::rows;

    #[test]
    fn every_row_is_in_the_help_and_in_the_table() {
        let (help, table) = (help_text(), markdown_table());
        for name in rows().flat_map(|row| [row.flag, row.env]).flatten() {
            assert!(help.contains(name), "{name}");
            assert!(table.contains(&format!("`{name}`")), "{name}");
        }
        assert!(help.lines().all(|line| line.len() <= 80), "a line is too long");
        assert!(help.is_ascii());
    }

    #[test]
    fn every_line_of_the_table_has_six_cells() {
        for line in markdown_table().lines().filter(|line| line.starts_with('|')) {
            assert_eq!(line.replace("\\|", "").matches('|').count(), 7, "{line}");
        }
    }
}
