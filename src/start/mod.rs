//! Zone: operator. Assembles the program from its settings and runs its commands.
//!
//! Every problem of a configuration is found before anything listens, and all are shown
//! together. Nothing is served from a configuration with a problem.

mod auth;
mod cloud;
mod export;
mod http;
mod part;
mod parts;
mod token;

use std::ffi::OsString;
use std::io::Write;

use crate::server::clock::unix_seconds;
use crate::settings::{
    AuthChoice, Command, OnlineLine, Posture, Settings, Severity, help, load, render_json,
    render_text, ways_out,
};
use crate::start::parts::{Parts, Source};
use crate::tools::{Selection, listing};

/// Version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

const UNREADABLE: u8 = 2;

/// Runs the command that `args` (program name left out) ask for; returns the exit code: 0 when
/// all went well, 1 when a start would not be safe or failed, 2 when something could not be read.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let settings = load::load(args);
    match settings.command {
        Command::Help => print(&help::help_text(), 0),
        Command::Version => print(&format!("Zscaler MCP Server version {VERSION}\n"), 0),
        Command::ListTools { json } => list(&settings, json, (listing::text, listing::json)),
        Command::ListToolsets { json } => list(
            &settings,
            json,
            (
                |version, known, _offered| listing::toolsets_text(version, known),
                |version, known, _offered| listing::toolsets_json(version, known),
            ),
        ),
        Command::Check { json, online } => check(&settings, json, online),
        Command::Export { .. } | Command::Diff { .. } if !settings.bad_values.is_empty() => {
            let lines: Vec<String> =
                settings.bad_values.iter().map(|bad| format!("error: {bad}")).collect();
            complain(&lines.join("\n"), UNREADABLE)
        }
        Command::Export { redact } => export::export(&settings, redact),
        Command::Diff { json } => export::diff(&settings, json),
        Command::GenerateAuthToken { basic } => token::generate(&settings, basic),
        Command::Documents | Command::Lifecycle(_) => {
            complain(&settings.unavailable().unwrap_or_default(), 2)
        }
        Command::Serve => serve(&settings),
    }
}

type AsText = fn(&str, &Selection, &Selection) -> String;
type AsJson = fn(&str, &Selection, &Selection) -> Result<String, serde_json::Error>;

fn list(settings: &Settings, json: bool, (as_text, as_json): (AsText, AsJson)) -> u8 {
    // A filter that cannot be read would show more than was asked for.
    let mut bad: Vec<String> = settings.bad_values.iter().map(ToString::to_string).collect();
    let found = parts::selection(settings).and_then(|own| Ok((parts::known(settings)?, own)));
    let (known, offered) = match found {
        Ok(found) if bad.is_empty() => found,
        Ok(_) => return complain(&bad.join("\n"), UNREADABLE),
        Err(problems) => {
            bad.extend(problems.iter().map(ToString::to_string));
            return complain(&bad.join("\n"), UNREADABLE);
        }
    };
    if !offered.notes().is_empty() {
        let _ = complain(&format!("warning: {}", offered.notes().join("\nwarning: ")), 0);
    }
    if !json {
        return print(&as_text(VERSION, &known, &offered), 0);
    }
    match as_json(VERSION, &known, &offered) {
        Ok(text) => print(&(text + "\n"), 0),
        Err(fault) => complain(&fault.to_string(), 1),
    }
}

fn check(settings: &Settings, json: bool, online: bool) -> u8 {
    let (mut posture, parts) = judge(settings);
    if online && posture.starts {
        posture.online = try_cloud(settings, parts);
    }
    // Credentials come first; a service that the tenant has not bought is no fault.
    let refused = posture.online.first().is_some_and(|line| !line.works);
    let code = posture.exit_code().max(u8::from(refused));
    if !json {
        return print(&render_text(&posture), code);
    }
    match render_json(&posture) {
        Ok(text) => print(&(text + "\n"), code),
        Err(fault) => complain(&fault.to_string(), 1),
    }
}

fn try_cloud(settings: &Settings, parts: Parts) -> Vec<OnlineLine> {
    match (parts.source, parts.selection) {
        (Some(Source::Cloud(config)), Some(selection)) => {
            cloud::probe(*config, settings, &selection)
        }
        (Some(Source::Demo(_)), _) => {
            let text = "the demo tenant needs no cloud; leave --demo out".to_owned();
            vec![OnlineLine { name: "credentials", works: false, text }]
        }
        (Some(Source::Snapshot(_)), _) => {
            let text = "a snapshot needs no cloud; leave --snapshot out".to_owned();
            vec![OnlineLine { name: "credentials", works: false, text }]
        }
        (Some(Source::Cloud(_)) | None, _) => Vec::new(),
    }
}

/// Returns the posture with the problems that only opening the files and choosing the tools can
/// show, and what was opened.
fn judge(settings: &Settings) -> (Posture, Parts) {
    let mut posture = Posture::of(settings, &parts::PARSERS);
    if settings.is_http() && settings.auth_choice() == AuthChoice::Nothing {
        // Without random bytes there is no key to offer, and the other ways stay.
        posture.banners.extend(token::fresh().map(|key| ways_out(&key)));
    }
    let (parts, problems) = Parts::prepare(settings, unix_seconds());
    posture.problems.extend(problems);
    posture.problems.sort_by_key(|problem| core::cmp::Reverse(problem.severity));
    posture.starts = posture.exit_code() == 0;
    (posture, parts)
}

fn serve(settings: &Settings) -> u8 {
    let (posture, parts) = judge(settings);
    let report = render_text(&posture);
    let code = posture.exit_code();
    if code == UNREADABLE {
        // A posture of settings that were not understood would say nothing.
        let bad = posture.problems.iter().filter(|p| p.severity == Severity::Unreadable);
        let lines: Vec<String> = bad.map(|problem| format!("error: {problem}\n")).collect();
        return complain(lines.concat().trim_end(), code);
    }
    if !posture.starts {
        return complain(report.trim_end(), code);
    }
    match http::serve(settings, parts, (&posture, &report)) {
        Ok(()) => 0,
        Err(fault) => complain(&format!("zscaler-mcp: {fault}"), 1),
    }
}

fn print(text: &str, code: u8) -> u8 {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => code,
        Err(_closed) => 1,
    }
}

fn complain(text: &str, code: u8) -> u8 {
    let mut err = std::io::stderr().lock();
    match writeln!(err, "{text}") {
        Ok(()) => code,
        Err(_closed) => code.max(1),
    }
}
