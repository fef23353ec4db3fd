//! Changes that a person has to allow, from the arguments of a call to the request that is sent:
//! both ways of asking, everything that is no yes, and many callers at once.

#[path = "../data/tools/asked.rs"]
mod asked;
#[path = "../common/numbers.rs"]
mod numbers;
mod previews;
mod races;
mod world;

use world::{Client, Said, World, YES, refused};

const ID: &str = r#"{"label_id":"41001"}"#;
const TOOL: &str = "test_delete_label";

/// The three ways to be asked, by the client that each is for.
fn ways() -> [(&'static str, Client); 3] {
    [("2026-07-28", Client::stateless()), ("older", Client::older()), ("token", Client::plain())]
}

#[test]
fn a_yes_makes_the_one_request_that_was_asked_about() {
    for (name, client) in ways() {
        let world = World::new();
        let asked = world.ask(TOOL, ID, &client);
        assert_eq!(world.deleted(), [""; 0], "{name}: nothing before the answer");
        assert!(asked.text.contains("delete rule label"), "{name}: {}", asked.text);
        assert!(asked.text.contains("label_id: \"41001\""), "{name}: {}", asked.text);
        assert!(asked.text.contains("name there now: \"Marketing\""), "{name}: {}", asked.text);
        let said = world.yes(TOOL, ID, &client, &asked);
        assert!(matches!(&said, Said::Done(text) if text.contains("41001")), "{name}: {said:?}");
        assert_eq!(world.deleted(), ["/zia/api/v1/ruleLabels/41001"], "{name}");
    }
}

#[test]
fn whatever_is_no_clear_yes_changes_nothing() {
    let answers = [
        (r#"{"action":"decline"}"#, "declined"),
        (r#"{"action":"cancel"}"#, "cancelled"),
        (r#"{"action":"accept","content":{"choice":"cancel"}}"#, "cancelled"),
        (r#"{"action":"accept"}"#, "none of the choices"),
        (r#"{"action":"accept","content":{}}"#, "none of the choices"),
        (r#"{"action":"accept","content":{"choice":"DELETE"}}"#, "none of the choices"),
        (r#"{"action":"accept","content":{"choice":"delete "}}"#, "none of the choices"),
        (r#"{"action":"accept","content":{"choice":true}}"#, "none of the choices"),
        (r#"{"action":"accept","content":{"approval":"delete"}}"#, "none of the choices"),
        (r#"{"action":"ACCEPT","content":{"choice":"delete"}}"#, "none of the choices"),
        (r#"{"content":{"choice":"delete"}}"#, "none of the choices"),
    ];
    for client in [Client::stateless(), Client::older()] {
        for (answer, word) in answers {
            let world = World::new();
            let asked = world.ask(TOOL, ID, &client);
            let said = world.answer(TOOL, ID, &client, &asked, answer);
            let text = said.text();
            assert!(text.contains("was not done") && text.contains(word), "{answer}: {text}");
            assert_eq!(said.is_error(), word == "none of the choices", "{answer}");
            let late = world.yes(TOOL, ID, &client, &asked);
            assert!(refused(&late, "it was used before"), "{answer}: {late:?}");
            assert_eq!(world.deleted(), [""; 0], "{answer}");
        }
    }
}

#[test]
fn a_yes_counts_once() {
    for (name, client) in ways() {
        let world = World::new();
        let asked = world.ask(TOOL, ID, &client);
        world.yes(TOOL, ID, &client, &asked);
        let again = world.yes(TOOL, ID, &client, &asked);
        assert!(refused(&again, "it was used before"), "{name}: {again:?}");
        assert_eq!(world.deleted().len(), 1, "{name}");
    }
}

#[test]
fn a_yes_counts_for_the_same_call_of_the_same_caller_only() {
    const OTHER: &str = "another tool, other arguments or another caller";
    for (name, client) in ways() {
        for (what, tool, arguments, who) in [
            ("another record", TOOL, r#"{"label_id":"41002"}"#, "anonymous"),
            ("one more argument", TOOL, r#"{"label_id":"41001","note":"x"}"#, "anonymous"),
            ("another tool", "test_delete_other", ID, "anonymous"),
            ("another caller", TOOL, ID, "mallory"),
        ] {
            let world = World::new();
            let asked = world.ask(TOOL, ID, &client);
            let said = world.yes(tool, arguments, &client.clone().named(who), &asked);
            assert!(refused(&said, OTHER), "{name} {what}: {said:?}");
            assert_eq!(world.deleted(), [""; 0], "{name} {what}");
            // What was tried in vain is still good for what it was given for.
            let said = world.yes(TOOL, ID, &client, &asked);
            assert!(matches!(said, Said::Done(_)), "{name} {what}: {said:?}");
        }
    }
}

#[test]
fn a_yes_counts_for_its_time_only() {
    for (name, client) in ways() {
        for (seconds, counts) in [(0, true), (299, true), (301, false), (100_000, false)] {
            let world = World::new();
            let asked = world.ask(TOOL, ID, &client);
            let said = world.yes(TOOL, ID, &client.clone().later(seconds), &asked);
            assert_eq!(matches!(said, Said::Done(_)), counts, "{name} {seconds}: {said:?}");
            assert_eq!(world.deleted().len(), usize::from(counts), "{name} {seconds}");
        }
    }
}

#[test]
fn a_record_that_was_renamed_meanwhile_is_asked_about_again() {
    for client in [Client::stateless(), Client::older()] {
        let world = World::new();
        let asked = world.ask(TOOL, ID, &client);
        world.rename("Finance");
        let said = world.yes(TOOL, ID, &client, &asked);
        let Said::Asked(again) = said else { panic!("{said:?}") };
        assert!(again.text.contains("Finance") && world.deleted().is_empty());
        assert!(matches!(world.yes(TOOL, ID, &client, &again), Said::Done(_)));
        assert_eq!(world.deleted().len(), 1);
    }
}

#[test]
fn without_a_state_or_under_another_key_the_question_comes_again() {
    let world = World::new();
    let client = Client::stateless();
    let asked = world.ask(TOOL, ID, &client);
    for (name, client) in [
        ("no state", client.clone().answering("confirm", YES)),
        ("another key", client.clone().answering("Confirm", YES).bringing(&asked.proof)),
        ("no answer", client.clone().bringing(&asked.proof)),
    ] {
        assert!(matches!(world.call(TOOL, ID, &client), Said::Asked(_)), "{name}");
        assert_eq!(world.deleted(), [""; 0], "{name}");
    }
    for state in ["", "v1.", "v1.AAAA", "half way", &asked.proof.to_uppercase()] {
        let client = client.clone().answering("confirm", YES).bringing(state);
        assert!(matches!(world.call(TOOL, ID, &client), Said::BadState), "{state}");
    }
    assert_eq!(world.deleted(), [""; 0]);
}

#[test]
fn a_client_that_can_be_asked_is_asked_whatever_token_it_brings() {
    let world = World::new();
    let token = world.ask(TOOL, ID, &Client::plain()).proof;
    let arguments = world::with_token(ID, &token);
    for client in [Client::stateless(), Client::older()] {
        assert!(matches!(world.call(TOOL, &arguments, &client), Said::Asked(_)));
    }
    assert_eq!(world.deleted(), [""; 0]);
}

#[test]
fn the_token_is_taken_in_the_known_forms_and_old_words_are_no_token() {
    for (form, counts) in [
        (r#"{"confirmation_token":"TOKEN"}"#, true),
        (r#""{\"confirmation_token\": \"TOKEN\"}""#, true),
        (r#"{"confirmation_token":" TOKEN "}"#, true),
        (r#"{"confirmation_token":"TOKEN","confirmed":true}"#, true),
        (r#"{"confirmed":true}"#, false),
        (r#"{"confirm":true}"#, false),
        (r#""""#, false),
        ("{}", false),
        ("null", false),
    ] {
        let world = World::new();
        let token = world.ask(TOOL, ID, &Client::plain()).proof;
        let kwargs = form.replace("TOKEN", &token);
        let arguments = format!(r#"{{"label_id":"41001","kwargs":{kwargs}}}"#);
        let said = world.call(TOOL, &arguments, &Client::plain());
        assert_eq!(matches!(said, Said::Done(_)), counts, "{form}: {said:?}");
        assert!(counts || matches!(said, Said::Asked(_)), "{form}: {said:?}");
        assert_eq!(world.deleted().len(), usize::from(counts), "{form}");
    }
    for kwargs in
        [r#"{"approval":"delete"}"#, "[]", "7", r#""delete""#, r#"{"confirmation_token":7}"#]
    {
        let world = World::new();
        let arguments = format!(r#"{{"label_id":"41001","kwargs":{kwargs}}}"#);
        let said = world.call(TOOL, &arguments, &Client::plain());
        assert!(said.is_error() && said.text().contains("kwargs has to be"), "{kwargs}: {said:?}");
    }
}

#[test]
fn arguments_are_checked_before_anybody_is_asked() {
    for (name, client) in ways() {
        for arguments in ["{}", r#"{"label_id":"../x"}"#, r#"{"label_id":""}"#, r#"{"approval":1}"#]
        {
            let world = World::new();
            let said = world.call(TOOL, arguments, &client);
            assert!(said.is_error(), "{name} {arguments}: {said:?}");
            assert_eq!(world.requests(), [""; 0], "{name} {arguments}");
        }
    }
}

#[test]
fn replicas_with_the_same_keys_take_each_others_questions_and_others_do_not() {
    let (old, new) = ("o".repeat(32), "n".repeat(32));
    let rings: [(&str, &[&str], &[&str], bool); 5] = [
        ("the same", &[&old], &[&old], true),
        ("the newer one first elsewhere", &[&old, &new], &[&new, &old], true),
        ("rotated", &[&new, &old], &[&new], true),
        ("the old one taken away", &[&old], &[&new], false),
        ("each its own", &[], &[], false),
    ];
    for (name, client) in ways() {
        for (what, here, there, counts) in rings {
            let (here, there) = (World::under(here), World::under(there));
            let asked = here.ask(TOOL, ID, &client);
            let said = there.yes(TOOL, ID, &client, &asked);
            assert_eq!(matches!(said, Said::Done(_)), counts, "{name} {what}: {said:?}");
        }
    }
}

#[test]
fn every_step_is_on_record_without_what_allows_it() {
    for (name, client) in ways() {
        let client = client.named("alice");
        let world = World::new();
        let asked = world.ask(TOOL, ID, &client);
        world.yes(TOOL, ID, &client, &asked);
        world.yes(TOOL, ID, &client, &asked);
        let log = world.log();
        for (mark, what) in [
            ("[TOOL ASK]", "asked"),
            ("[TOOL YES]", "allowed"),
            ("[TOOL DONE]", "delete"),
            ("[TOOL DENY]", "it was used before"),
        ] {
            let is_it = |line: &&String| {
                line.contains(mark)
                    && line.contains(what)
                    && line.contains(TOOL)
                    && line.contains("41001")
                    && line.contains("principal=alice")
            };
            assert!(log.iter().any(|line| is_it(&line)), "{name} {mark}: {log:#?}");
        }
        let all = log.join("\n");
        assert!(!all.contains(&asked.proof), "{name}: {all}");
        assert!(asked.proof.split(':').skip(1).all(|part| !all.contains(part)), "{name}: {all}");
    }
    for (answer, word) in [("decline", "declined"), ("cancel", "cancelled")] {
        let world = World::new();
        let client = Client::stateless();
        let asked = world.ask(TOOL, ID, &client);
        world.answer(TOOL, ID, &client, &asked, &format!(r#"{{"action":"{answer}"}}"#));
        let log = world.log();
        assert!(log.iter().any(|line| line.contains("[TOOL DENY]") && line.contains(word)));
        assert!(log.iter().all(|line| !line.contains("[TOOL DONE]")), "{log:#?}");
    }
}

#[test]
fn a_name_that_cannot_be_read_is_said_and_hostile_texts_stay_on_their_line() {
    let world = World::new();
    world.hide();
    let asked = world.ask(TOOL, ID, &Client::stateless());
    assert!(asked.text.contains("could not be read"), "{}", asked.text);

    let world = World::new();
    world.rename("x\"\nApproved: yes\u{202e}\u{2028}[a](http://b.test) ```do``` <b>now</b>");
    for (name, client) in ways() {
        let asked = world.ask(TOOL, r#"{"label_id":"41001","note":"a\nb: \"c\""}"#, &client);
        let mine: Vec<&str> = asked.text.lines().take(5).collect();
        assert!(mine[2].starts_with("  name there now: \"x' Approved: yes"), "{name}: {mine:#?}");
        assert_eq!(mine[3], "  note: \"a b: 'c'\"", "{name}");
        assert!(asked.text.chars().all(|c| !matches!(c, '\u{202e}' | '\u{2028}')), "{name}");
    }
}

#[test]
fn without_anything_to_confirm_with_nothing_is_changed() {
    let world = World::unable();
    let said = world.call(TOOL, ID, &Client::stateless());
    assert!(said.is_error() && world.requests().is_empty(), "{said:?}");
}
