//! Any command line, environment and env file are read without a panic; what cannot be read stops
//! the start, numbers stay in range, and the text of a secret is in no error, report or debug form.

use std::collections::BTreeMap;
use zscaler_mcp::matching::{HostPattern, Network, Origin};
use zscaler_mcp::settings::dotenv;
use zscaler_mcp::settings::table::rows;
use zscaler_mcp::settings::{
    Command, EnvFile, Named, Parsers, Posture, Settings, Severity, render_json, render_text,
    resolve,
};

/// Stands in the value of every secret setting, and nowhere else.
const MARK: &str = "hunter2hunter2";

const PARSERS: Parsers = Parsers { host, network, origin };

fn host(entry: &str) -> Result<(), String> {
    HostPattern::parse(entry).map(drop).map_err(|error| error.to_string())
}

fn network(entry: &str) -> Result<(), String> {
    Network::parse(entry).map(drop).map_err(|error| error.to_string())
}

fn origin(entry: &str) -> Result<(), String> {
    Origin::parse(entry.as_bytes()).map(drop).map_err(|error| error.to_string())
}

/// Panics when the property does not hold for `data`: lines that begin with `-` are arguments,
/// those that begin with `$` variables, the others the env file. `%` stands for the secret.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if text.contains(MARK) || text.contains("hunter2") {
        return;
    }
    let secret = |name: &str| rows().any(|row| row.env == Some(name) && row.kind.is_secret());
    let (mut args, mut environment, mut file) = (Vec::new(), BTreeMap::new(), String::new());
    for line in text.split('\n') {
        if line.starts_with('-') {
            args.extend(line.split(' ').map(str::to_owned));
        } else if let Some((name, value)) = line.strip_prefix('$').and_then(|l| l.split_once('=')) {
            let value = if secret(name) { value.replace('%', MARK) } else { value.to_owned() };
            environment.insert(name.to_owned(), value);
        } else {
            let is_secret = line.split_once('=').is_some_and(|(name, _)| secret(name));
            let line = if is_secret { line.replace('%', MARK) } else { line.to_owned() };
            file.push_str(&line);
            file.push('\n');
        }
    }
    // Whoever writes a secret into another setting has said that it may be shown there.
    let elsewhere = dotenv::parse(&file, &environment)
        .entries
        .iter()
        .any(|entry| entry.value.contains("hunter2") && !secret(&entry.name));
    let file =
        EnvFile { path: "a.env".to_owned(), text: file, shared: text.len().is_multiple_of(2) };
    let settings = resolve(&args, &environment, Some(&file));
    let told = told(&settings);
    assert!(elsewhere || !told.contains("hunter2"), "{told}");
    in_range(&settings);
    first_source_holds(&args, &environment, &settings);
}

/// Returns everything that is ever said about settings.
fn told(settings: &Settings) -> String {
    let posture = Posture::of(settings, &PARSERS);
    let report = render_text(&posture);
    let unreadable = posture.problems.iter().any(|p| p.severity == Severity::Unreadable);
    assert!(settings.bad_values.is_empty() || unreadable);
    assert!(!unreadable || posture.exit_code() == 2);
    assert_eq!(posture.starts, posture.exit_code() == 0);
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!report.contains(control), "{report:?}");
    let bad: String = settings.bad_values.iter().map(|bad| format!("{bad}\n")).collect();
    assert!(!bad.contains(control), "{bad:?}");
    assert_eq!(bad.lines().count(), settings.bad_values.len(), "{bad:?}");
    let why = settings.unavailable().unwrap_or_default();
    format!("{settings:?}\n{report}\n{}\n{bad}\n{why}", render_json(&posture).unwrap())
}

fn in_range(settings: &Settings) {
    assert!((1..=64 * 1024 * 1024).contains(&settings.max_body_bytes));
    assert!(settings.max_connections >= 1 && settings.max_sessions >= 1 && settings.workers >= 1);
    assert!(settings.loops.is_none_or(|loops| loops >= 1));
    assert!(settings.allowed_hosts.as_ref().is_none_or(|list| !list.is_empty()));
    assert!(settings.allowed_sources.as_ref().is_none_or(|list| !list.is_empty()));
    let unsaid = settings.auth.enabled && settings.auth.named != Some(Named::Nobody);
    let demo = settings.demo && settings.is_loopback() && settings.auth.asked.is_empty();
    assert!(!settings.serves_open() || !unsaid || demo);
    let mode = settings.auth_choice().mode();
    assert!(mode.is_none() || !settings.serves_open());
    let marks = settings.auth.marks.iter().map(|(mark, _)| *mark);
    let named = settings.auth.named.is_some();
    assert!(named || mode.is_none() || marks.into_iter().all(|mark| Some(mark) == mode));
    assert!(!settings.host.starts_with('[') && !settings.host.ends_with(']'));
    if let Command::Lifecycle(word) = settings.command {
        assert!(["reload", "restart", "status", "stop", "update"].contains(&word));
    }
}

/// The port of the environment holds when no flag is there, read here with the standard library.
fn first_source_holds(
    args: &[String],
    environment: &BTreeMap<String, String>,
    settings: &Settings,
) {
    let given = environment.get("ZSCALER_MCP_PORT").filter(|_| args.is_empty());
    let digits = |text: &&String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(text) = given.filter(digits) {
        let parsed = text.parse::<u16>();
        let told = settings.bad_values.iter().any(|bad| bad.setting == "ZSCALER_MCP_PORT");
        assert_eq!(parsed.is_err(), told, "{text:?}");
        assert!(parsed.is_err() || parsed == Ok(settings.port), "{text:?}");
    }
}
