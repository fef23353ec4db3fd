//! Resources: what the catalogue and the posture say, to whom, and what they never say.

#[path = "common/tools.rs"]
#[expect(dead_code, reason = "each test file uses its own part")]
mod kit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;
use zscaler_mcp::auth::Grants;
use zscaler_mcp::json::{object, write};
use zscaler_mcp::mcp::registry::{Outcome, Registry, ResourceText};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::settings::kind::Kind;
use zscaler_mcp::settings::table;
use zscaler_mcp::settings::{Parsers, Posture, render_json, resolve};
use zscaler_mcp::tools::{Product, Selection, Wanted, catalogue};

use kit::quiet::Quiet;
use kit::{demo, invented};

const CATALOGUE: &str = "zscaler://catalogue";
const POSTURE: &str = "zscaler://posture";

fn product(wanted: Wanted<'_>) -> Product {
    let scrubber = Arc::new(Scrubber::new(true));
    Product::new(demo(), scrubber, Selection::new(wanted).unwrap(), invented())
}

fn granted(text: &str) -> Quiet {
    let mut quiet = Quiet::new(false);
    quiet.grant = Grants::parse(text).unwrap().of("anna", &[]);
    quiet
}

fn read(product: &Product, uri: &str, quiet: &Quiet) -> Option<Value> {
    let outcome = product.resource(uri, quiet);
    if matches!(outcome, Outcome::Unknown) {
        return None;
    }
    let Outcome::Done(parts) = outcome else { panic!("{uri}: {outcome:?}") };
    assert_eq!(parts.len(), 1, "{uri}");
    let ResourceText { uri: own, mime, data, blob } = &parts[0];
    assert_eq!((own.as_str(), mime.as_str(), *blob), (uri, "application/json", false));
    Some(serde_json::from_str(data.as_str()).unwrap())
}

/// The names of the tools in the catalogue, with their toolsets.
fn tools(catalogue: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for service in catalogue["services"].as_array().unwrap() {
        for set in service["toolsets"].as_array().unwrap() {
            let id = set["toolset"].as_str().unwrap();
            assert!(id.starts_with(service["service"].as_str().unwrap()), "{id}");
            assert_eq!(set["uri"], format!("{CATALOGUE}/{id}"));
            for tool in set["tools"].as_array().unwrap() {
                found.push((tool["name"].as_str().unwrap().to_owned(), id.to_owned()));
            }
        }
    }
    found
}

#[test]
fn the_catalogue_names_every_tool_that_is_served_and_no_other() {
    let product = product(Wanted::default());
    let quiet = Quiet::new(false);
    let catalogue = read(&product, CATALOGUE, &quiet).unwrap();
    let found: BTreeSet<(String, String)> = tools(&catalogue).into_iter().collect();
    let rows = catalogue::reads().map(|row| (row.name.to_owned(), row.toolset.to_owned()));
    assert_eq!(found, rows.collect());
    assert_eq!(catalogue["tools"], found.len());
    let ids: BTreeSet<&String> = found.iter().map(|(_, id)| id).collect();
    for id in ids {
        let set = read(&product, &format!("{CATALOGUE}/{id}"), &quiet).unwrap();
        assert_eq!(set["toolset"], *id);
        for tool in set["tools"].as_array().unwrap() {
            let row = catalogue::rows().find(|row| row.name == tool["name"]).unwrap();
            // Word for word: the sanitizer has nothing to do with texts of this program.
            assert_eq!(tool["description"], row.doc, "{}", row.name);
            assert_eq!(tool["verb"], row.verb.word());
            assert_eq!(tool["arguments"]["type"], "object");
            assert_eq!(tool["asks_a_person"], false);
        }
    }
}

#[test]
fn a_caller_sees_the_tools_it_may_use() {
    let write_tools = ["all-write-tools".to_owned()];
    let product =
        product(Wanted { write_enabled: true, write_tools: &write_tools, ..Wanted::default() });
    for (grant, expected) in [
        ("*=zia_list_rule_labels", &["zia_list_rule_labels"][..]),
        ("*=zia_*_rule_label:delete", &["zia_delete_rule_label"]),
        ("scope:other=*", &[]),
    ] {
        let quiet = granted(grant);
        let found = tools(&read(&product, CATALOGUE, &quiet).unwrap());
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, expected, "{grant}");
        let labels = read(&product, "zscaler://catalogue/zia_rule_labels", &quiet);
        assert_eq!(labels.is_some(), !expected.is_empty(), "{grant}");
        assert_eq!(read(&product, "zscaler://catalogue/zpa_connectors", &quiet), None, "{grant}");
        let template = "zscaler://catalogue/{toolset}";
        let Outcome::Done(words) = product.complete(template, ("toolset", "z"), &quiet.grant)
        else {
            panic!("no words");
        };
        assert_eq!(words.len(), expected.len(), "{grant}");
    }
}

#[test]
fn only_the_listed_uris_are_there() {
    let product = product(Wanted::default()).protected(object([]));
    let quiet = Quiet::new(false);
    let listed: Vec<String> = product.resources().into_iter().map(|card| card.uri).collect();
    assert_eq!(listed, [CATALOGUE, POSTURE]);
    assert_eq!(product.templates()[0].uri, "zscaler://catalogue/{toolset}");
    for (uri, is_there) in [
        (CATALOGUE, true),
        (POSTURE, true),
        ("zscaler://catalogue/zia_rule_labels", true),
        ("zscaler://catalogue/", false),
        ("zscaler://catalogue/zia_rule_labels/", false),
        ("zscaler://catalogue/../posture", false),
        ("zscaler://catalogue/zia%5Frule_labels", false),
        ("zscaler://catalogue/ZIA_RULE_LABELS", false),
        ("zscaler://catalogue/zcc", false),
        ("zscaler://catalogue/{toolset}", false),
        ("ZSCALER://catalogue", false),
        ("zscaler:catalogue", false),
        ("zscaler://catalogue?x", false),
        ("zscaler://posture#x", false),
        ("file:///etc/passwd", false),
        ("", false),
    ] {
        assert_eq!(read(&product, uri, &quiet).is_some(), is_there, "{uri}");
    }
}

#[test]
fn a_product_without_a_posture_lists_none() {
    let product = product(Wanted::default());
    assert_eq!(product.resources().len(), 1);
    assert_eq!(read(&product, POSTURE, &Quiet::new(false)), None);
}

// ---- the posture -----------------------------------------------------------------------------

/// Reads any entry, as the parsers of the shell are not at hand.
const PARSERS: Parsers = Parsers { host: |_| Ok(()), network: |_| Ok(()), origin: |_| Ok(()) };

fn posture(line: &str, environment: &[(&str, &str)]) -> Posture {
    let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Posture::of(&resolve(&args, &environment, None), &PARSERS)
}

const HTTP: &str = "--transport streamable-http";
const PUBLIC: &str = "--transport streamable-http --host 203.0.113.77";
const MODE: &str = "ZSCALER_MCP_AUTH_MODE";

#[test]
fn the_posture_says_of_every_defence_whether_it_is_on_and_how() {
    for (line, environment) in [
        ("", &[][..]),
        ("--demo", &[]),
        (HTTP, &[]),
        (PUBLIC, &[("ZSCALER_MCP_ALLOW_HTTP", "true"), (MODE, "none")]),
        (PUBLIC, &[("ZSCALER_MCP_DISABLE_HOST_VALIDATION", "true"), (MODE, "jwt")]),
        (HTTP, &[("ZSCALER_MCP_DISABLE_OUTPUT_SANITIZATION", "true"), (MODE, "api-key")]),
        (HTTP, &[("ZSCALER_MCP_WRITE_ENABLED", "true"), ("ZSCALER_MCP_WRITE_TOOLS", "zia_*")]),
    ] {
        let posture = posture(line, environment);
        let told: Value = serde_json::from_str(&write::to_text(&posture.told())).unwrap();
        let report: Value = serde_json::from_str(&render_json(&posture).unwrap()).unwrap();
        let told = told["defences"].as_array().unwrap();
        let lines = report["lines"].as_array().unwrap();
        assert_eq!(told.len(), lines.len());
        for (told, line) in told.iter().zip(lines) {
            assert_eq!(told["name"], line["name"]);
            let state = told["state"].as_str().unwrap().replace(' ', "-");
            assert_eq!(state, line["state"].as_str().unwrap());
            assert!(told["how"].as_str().is_some_and(|how| how.len() > 3), "{told} of {line}");
        }
    }
}

#[test]
fn the_posture_tells_callers_no_value_of_a_setting() {
    let text = |kind: &Kind| match kind {
        Kind::Text(_) | Kind::Path | Kind::List(_) | Kind::Secret | Kind::Keys => Some("hunter2"),
        Kind::Bool | Kind::Int { .. } | Kind::Choice(_) | Kind::Action(_) => None,
    };
    let mut environment: Vec<(&str, &str)> =
        table::rows().filter_map(|row| Some((row.env?, text(&row.kind)?))).collect();
    environment.retain(|(name, _)| *name != "ZSCALER_MCP_HOST");
    environment.push(("ZSCALER_MCP_CONFIRMATION_TTL", "277"));
    environment.push(("ZSCALER_MCP_WRITE_ENABLED", "true"));
    assert!(environment.len() > 30);
    let mut seen = 0;
    for line in ["", HTTP, PUBLIC] {
        for mode in ["none", "api-key", "jwt", "zscaler", "oidc", "certificate"] {
            let with_mode: Vec<(&str, &str)> = environment
                .iter()
                .copied()
                .filter(|(name, _)| *name != MODE)
                .chain([(MODE, mode)])
                .collect();
            let posture = posture(line, &with_mode);
            seen += usize::from(render_json(&posture).unwrap().contains("hunter2"));
            let told = write::to_text(&posture.told());
            for word in ["hunter2", "203.0.113", "8000", "127.0.0.1", "277", "ZSCALER_"] {
                assert!(!told.contains(word), "{line} {mode}: {word} in {told}");
            }
        }
    }
    assert!(seen > 0, "the report of the operator does hold such values");
}
