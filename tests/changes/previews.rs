//! What a preview shows, and that it never changes anything.

use crate::world::{Client, Said, World, json};
use zscaler_mcp::json::Json;

#[test]
fn a_preview_shows_the_request_and_the_difference_and_sends_nothing_that_changes() {
    let world = World::new();
    let arguments = r#"{"label_id":"41001","name":"Sales","dry_run":true}"#;
    let said = world.call("test_update_label", arguments, &Client::plain());
    let Said::Done(text) = &said else { panic!("{said:?}") };
    let shown = json(text.lines().last().unwrap());
    assert_eq!(shown.get("dry_run").and_then(Json::as_bool), Some(true));
    let request = &shown.get("requests").unwrap().as_array().unwrap()[0];
    assert_eq!(request.get("method").and_then(Json::as_str), Some("PUT"));
    assert_eq!(request.get("path").and_then(Json::as_str), Some("/zia/api/v1/ruleLabels/41001"));
    assert_eq!(request.get("body"), Some(&json(r#"{"name":"Sales"}"#)));
    let changes = json(r#"[{"field":"name","now":"Marketing","then":"Sales"}]"#);
    assert_eq!(shown.get("changes"), Some(&changes));
    assert_eq!(shown.get("not_sent"), Some(&json(r#"["id","description"]"#)));
    assert_eq!(world.requests(), ["GET /zia/api/v1/ruleLabels/41001"]);
    assert!(world.log().iter().all(|line| !line.contains("[TOOL")), "{:#?}", world.log());
}

#[test]
fn a_preview_shows_no_secret() {
    let world = World::new();
    let arguments = r#"{"label_id":"41001","pre_shared_key":"hunter2","dry_run":true}"#;
    let said = world.call("test_update_label", arguments, &Client::plain());
    let text = said.text();
    assert!(matches!(said, Said::Done(_)) && text.contains("(a secret)"), "{text}");
    assert!(!text.contains("hunter2") && text.contains("preSharedKey"), "{text}");
}

#[test]
fn a_preview_of_a_deletion_shows_what_would_go_and_asks_nobody() {
    let world = World::new();
    let arguments = r#"{"label_id":"41001","dry_run":true}"#;
    for client in [Client::stateless(), Client::older(), Client::plain()] {
        let said = world.call("test_delete_label", arguments, &client);
        let text = said.text();
        assert!(matches!(said, Said::Done(_)) && text.contains("DELETE"), "{text}");
        assert!(text.contains("Marketing") && text.contains("a person is asked"), "{text}");
    }
    assert_eq!(world.deleted(), [""; 0]);
}

#[test]
fn a_preview_is_only_one_when_it_says_true_and_is_no_part_of_what_is_allowed() {
    let world = World::new();
    let client = Client::stateless();
    let asked = world.ask("test_delete_label", r#"{"label_id":"41001","dry_run":false}"#, &client);
    let said = world.yes("test_delete_label", r#"{"label_id":"41001"}"#, &client, &asked);
    assert!(matches!(said, Said::Done(_)), "{said:?}");
    assert_eq!(world.deleted().len(), 1);
    let said = world.call("test_delete_label", r#"{"label_id":"1","dry_run":"maybe"}"#, &client);
    assert!(said.is_error(), "{said:?}");
}
