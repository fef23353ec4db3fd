//! What a worker's stack has to hold: the deepest answers and questions that the bounds let in.

use std::sync::Arc;

use zscaler_mcp::audit::Log;
use zscaler_mcp::json::Object;
use zscaler_mcp::limits::{JSON_DEPTH_MAX, QUERY_DEPTH_MAX, RESULT_DEPTH_MAX};
use zscaler_mcp::mcp::registry::{Outcome, Registry};
use zscaler_mcp::sanitize::Scrubber;
use zscaler_mcp::server::cloud::OneApi;
use zscaler_mcp::server::pool::STACK_BYTES;
use zscaler_mcp::server::turns::Turns;
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

use crate::quiet::Quiet;
use crate::script::{Cloud, json};
use crate::{Lines, config};

/// A list whose one record has values nested `levels` deep.
fn nested(levels: u32, objects: bool) -> String {
    let (open, close) = if objects { (r#"{"aB":"#, "}") } else { ("[", "]") };
    let levels = usize::try_from(levels).unwrap();
    format!(r#"[{{"id":1,"a":{}1{}}}]"#, open.repeat(levels), close.repeat(levels))
}

/// Expressions as deep as they may be.
fn queries() -> Vec<String> {
    let around = |before: &str, inside: &str, after: &str, levels: usize| {
        format!("{}{inside}{}", before.repeat(levels), after.repeat(levels))
    };
    let most = usize::try_from(QUERY_DEPTH_MAX).unwrap();
    let shapes = [
        ("(", "@", ")"),
        ("[?", "@", "]"),
        ("!", "@", ""),
        ("{a:", "@", "}"),
        ("[", "@", "]"),
        ("not_null(", "@", ")"),
        ("to_array(", "@", ")"),
        ("map(&", "@", ", @)"),
        ("sort_by(@, &", "id", ")"),
        ("(@ == ", "@", ")"),
        ("(@ || ", "@", ")"),
        ("@ | ", "@", ""),
        ("[*].", "a", ""),
        ("a.", "a", ""),
    ];
    // A shape may take more than one level; the deepest that is understood is the one.
    let deepest = |(before, inside, after)| {
        let mut tried = (1..=most).rev().map(|levels| around(before, inside, after, levels));
        tried.find(|text| zscaler_mcp::query::compile(text).is_ok())
    };
    shapes.into_iter().filter_map(deepest).collect()
}

fn calls() {
    let deep = [JSON_DEPTH_MAX - 3, RESULT_DEPTH_MAX - 3];
    let bodies: Vec<String> =
        deep.iter().flat_map(|levels| [nested(*levels, true), nested(*levels, false)]).collect();
    let mut asked: Vec<(String, Option<String>)> =
        bodies.iter().map(|body| (body.clone(), None)).collect();
    for query in queries() {
        asked.extend(bodies.iter().map(|body| (body.clone(), Some(query.clone()))));
    }
    let cloud = Cloud::new(asked.iter().map(|(body, _)| json(200, "", body)));
    let mut config = config(&cloud);
    config.bound.body_bytes = 100_000;
    let log: Arc<dyn Log> = Arc::new(Lines::default());
    let api = OneApi::new(config, Arc::new(Turns::new(1)), log);
    let identity =
        ServerIdentity { version: String::new(), demo: false, ..ServerIdentity::default() };
    let scrubber = Arc::new(Scrubber::new(true));
    let product = Product::new(Arc::new(api), scrubber, Selection::everything(), identity);
    let mut shown = 0;
    for (_, query) in &asked {
        let mut arguments = Object::new();
        if let Some(query) = query {
            arguments.set("query", query.as_str().into());
        }
        let context = Quiet::new(false);
        let outcome = product.call("zia_list_rule_labels", &arguments, &context);
        let Outcome::Done(result) = outcome else { panic!("{outcome:?}") };
        shown += usize::from(result.structured.is_some());
    }
    assert!(shown > asked.len() / 4, "{shown} of {} have a result", asked.len());
    assert_eq!(cloud.asked(), asked.len());
}

#[test]
fn the_deepest_calls_need_less_than_half_of_the_stack_of_a_worker() {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES / 2);
    thread.spawn(calls).unwrap().join().unwrap();
}
