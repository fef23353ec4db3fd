//! The vocabulary of rows, and the rows of the catalogue, against the recorded facts of the
//! product that this one replaces: 402 tools, their arguments and their requests.
#![expect(clippy::wildcard_enum_match_arm, reason = "values of another crate's JSON type")]
#![expect(
    clippy::disallowed_methods,
    reason = "rows are constants; the test makes some at run time"
)]

#[path = "../data/tools/asked.rs"]
mod asked;
#[path = "../data/tools/known.rs"]
mod known;
#[path = "../data/tools/quiet.rs"]
mod quiet;

mod document;
mod expect;
mod expect_devices;
mod expect_zia;
mod expect_zia_policy;
mod expect_zpa;
mod expect_zpa_infra;
mod expect_ztw;
mod samples;
mod vocabulary;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use zscaler_mcp::tools::catalogue;
use zscaler_mcp::tools::row::Row;

use expect::{Expected, expected};
use samples::{Dice, arguments};
use world::{Asked, Mood, call, facts};

/// The time of every call, as the quiet caller tells it.
const NOW: u64 = 1_795_000_000;
const SAMPLES: usize = 24;
/// The most functions that the whole catalogue may need.
const FUNCTIONS_MAX: usize = 25;

/// Tools whose result or order of requests needs a function that the facts do not name.
const ALSO: &[(&str, &str)] = &[
    ("url_match", "zia_list_url_categories"),
    ("url_lookup", "zia_url_lookup"),
    ("predefined_category", "zia_get_url_category_predefined"),
    ("policy_conditions_shown", "zpa_create_access_policy_rule"),
    ("policy_conditions_shown", "zpa_create_app_protection_rule"),
    ("policy_conditions_shown", "zpa_create_forwarding_policy_rule"),
    ("policy_conditions_shown", "zpa_create_isolation_policy_rule"),
    ("policy_conditions_shown", "zpa_create_timeout_policy_rule"),
    ("policy_conditions_shown", "zpa_get_access_policy_rule"),
    ("policy_conditions_shown", "zpa_get_app_protection_rule"),
    ("policy_conditions_shown", "zpa_get_forwarding_policy_rule"),
    ("policy_conditions_shown", "zpa_get_isolation_policy_rule"),
    ("policy_conditions_shown", "zpa_get_timeout_policy_rule"),
    ("policy_conditions_shown", "zpa_update_access_policy_rule"),
    ("policy_conditions_shown", "zpa_update_app_protection_rule"),
    ("policy_conditions_shown", "zpa_update_forwarding_policy_rule"),
    ("policy_conditions_shown", "zpa_update_isolation_policy_rule"),
    ("policy_conditions_shown", "zpa_update_timeout_policy_rule"),
    ("lss_client_types", "zpa_list_lss_client_types"),
    ("lss_status_codes", "zpa_list_lss_status_codes"),
    ("analysis_times", "zdx_get_analysis"),
    ("custom_category_only", "zia_delete_url_category"),
    ("custom_category_only", "zia_update_url_category"),
    ("pra_credential_kind", "zpa_update_pra_credential"),
    ("key_already_gone", "zpa_delete_provisioning_key"),
    ("signature_text_checked", "zia_create_ips_signature_rule"),
];

#[test]
fn rows_can_say_all_tools_but_those_that_need_one_of_few_functions() {
    let (facts, maps) = facts();
    assert_eq!(facts.len(), 402);
    let mut needed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |function: &str, tool: &str| {
        needed.entry(function.to_owned()).or_default().insert(tool.to_owned());
    };
    for fact in &facts {
        for function in &vocabulary::row(fact, &maps).functions {
            add(function, fact["name"].as_str().unwrap());
        }
    }
    for (function, tool) in ALSO {
        assert!(facts.iter().any(|fact| fact["name"] == *tool), "{tool}");
        add(function, tool);
    }
    let report: Vec<String> = needed
        .iter()
        .map(|(function, tools)| {
            format!("{function}: {}", tools.iter().cloned().collect::<Vec<_>>().join(" "))
        })
        .collect();
    for row in catalogue::rows() {
        let mine = needed.iter().filter(|(_, tools)| tools.contains(row.name));
        let mine: Vec<&str> = mine.map(|(function, _)| function.as_str()).collect();
        assert_eq!(row.functions(), mine, "{}", row.name);
    }
    let plain = facts.len() - needed.values().flatten().collect::<BTreeSet<_>>().len();
    let report = format!("rows alone: {plain} of {}\n{}\n", facts.len(), report.join("\n"));
    let place = concat!(env!("CARGO_TARGET_TMPDIR"), "/functions.txt");
    std::fs::write(place, &report).unwrap();
    assert_eq!(report, include_str!("../data/tools/functions.txt"), "new text: {place}");
    assert!(needed.len() <= FUNCTIONS_MAX, "{} functions", needed.len());
}

/// What a row differs in from the facts on purpose.
type Amend = fn(&Value, &Map<String, Value>, Mood, Expected) -> Expected;

fn on_purpose(
    fact: &Value,
    given: &Map<String, Value>,
    mood: Mood,
    expected: Expected,
) -> Expected {
    let expected = expect_zia::on_purpose(fact, given, mood, expected);
    let expected = expect_zpa_infra::on_purpose(fact, given, mood, expected);
    expect_devices::on_purpose(fact, given, expected)
}

fn compare(
    row: &'static Row,
    (fact, maps): (&Value, &Value),
    amend: Amend,
    given: &Map<String, Value>,
    mood: Mood,
) -> bool {
    let Ok(expected) = expected(fact, maps, given, mood, NOW) else { return false };
    let expected = amend(fact, given, mood, expected);
    let done = call(row, given, mood);
    let place = format!("{} {} {mood:?}: {}", row.name, Value::Object(given.clone()), done.text);
    match expected {
        Expected::Refused => assert!(done.failed && done.asked.is_empty(), "not refused: {place}"),
        Expected::Stopped(asked) => {
            assert!(done.failed, "went on: {place}");
            same(&done.asked, &asked, &place);
        }
        Expected::Done(asked) => same(&done.asked, &asked, &place),
    }
    true
}

fn same(made: &[Asked], expected: &[Asked], place: &str) {
    let plain = |asked: &Asked| {
        let mut asked = asked.clone();
        if let Some(Value::Object(body)) = &mut asked.body
            && let Some(Value::String(text)) = body.get("query").cloned()
        {
            body.insert("query".to_owned(), document::canonical(&text).into());
        }
        asked
    };
    let made: Vec<Asked> = made.iter().map(plain).collect();
    let expected: Vec<Asked> = expected.iter().map(plain).collect();
    assert_eq!(made, expected, "{place}");
}

fn tried(row: &'static Row, fact: &Value, maps: &Value, amend: Amend) -> usize {
    let mut dice = Dice::of(row.name);
    let mut count = 0;
    for round in 0..SAMPLES {
        let given = arguments(fact, maps, &mut dice);
        let mood = [Mood::Full, Mood::Full, Mood::Empty, Mood::NotFoundFirst][round % 4];
        count += usize::from(compare(row, (fact, maps), amend, &given, mood));
    }
    count
}

#[test]
fn rows_written_from_the_facts_make_their_requests() {
    let (facts, maps) = facts();
    let mut count = 0;
    for fact in &facts {
        let told = vocabulary::row(fact, &maps);
        if told.functions.is_empty() {
            count += tried(told.row, fact, &maps, |_, _, _, expected| expected);
        }
    }
    assert!(count > 7_000, "{count}");
}

#[test]
fn the_rows_of_the_catalogue_make_the_same_requests() {
    let (facts, maps) = facts();
    let mut count = 0;
    for row in catalogue::rows() {
        let fact = facts.iter().find(|fact| fact["name"] == row.name).unwrap();
        let compared = tried(row, fact, &maps, on_purpose);
        assert!(compared * 2 > SAMPLES, "{}: {compared} of {SAMPLES}", row.name);
        count += compared;
    }
    assert!(count > catalogue::rows().count() * 20, "{count}");
}
