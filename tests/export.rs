//! `export`, `--snapshot` and `diff`, through the built binary.

mod common;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use common::{Ended, Folder, Server, run};
use serde_json::{Value, json};
use zscaler_mcp::json::write;
use zscaler_mcp::snapshot::{form, read};

const OPEN: &[(&str, &str)] = &[("ZSCALER_MCP_AUTH_ENABLED", "false")];

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn exported(folder: &Folder, name: &str, flags: &[&str]) -> PathBuf {
    let file = folder.0.join(name);
    let mut args = vec!["export", text(&file), "--demo"];
    args.extend(flags);
    let ended = run(&args, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    file
}

fn refused(args: &[&str], expected: &str) {
    let Ended { code, text } = run(args, &[]);
    assert!(matches!(code, Some(1 | 2)), "{args:?}: {code:?}");
    assert!(text.contains(expected), "{args:?}: {text}");
}

#[test]
fn an_export_is_a_file_for_its_owner_and_never_written_over() {
    let folder = Folder::new("export");
    let file = exported(&folder, "a.jsonl", &[]);
    let bytes = fs::read(&file).unwrap();
    let (manifest, collections) = read(&bytes).unwrap();
    assert_eq!((manifest.tenant.name.as_str(), manifest.redacted), ("demo", false));
    let named = |name: &str| collections.iter().any(|one| one.name.starts_with(name));
    for name in ["zia_list_locations", "zid_get_group_users {", "zpa_list_access_policy_rules"] {
        assert!(named(name), "{name}");
    }
    assert!(!named("zms_list_nonces"));
    assert!(manifest.left_out.iter().any(|part| part.name == "zms_list_nonces"));
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|one| one.unwrap().path()).collect();
    assert_eq!(names, std::slice::from_ref(&file), "nothing else is left");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    refused(&["export", text(&file), "--demo"], "exists and stays as it is");
    assert_eq!(fs::read(&file).unwrap(), bytes);
}

#[test]
fn an_export_that_was_cut_off_goes_on_from_there() {
    let folder = Folder::new("resume");
    let whole = exported(&folder, "whole.jsonl", &[]);
    let (_, wanted) = read(&fs::read(&whole).unwrap()).unwrap();
    let head = r#"{"export":"demo","customer":"demo"}"#;
    let kept = wanted.iter().find(|one| one.name == "zia_list_rule_labels").unwrap().clone();
    let mut changed = kept.clone();
    changed.records.truncate(1);
    let lines = form::lines(&changed);
    let call = |name: &str| {
        let head = write::to_text(&form::head(&changed, &form::sum(&lines)));
        format!("{{\"call\":\"{name}\",\"collections\":[{head}]}}")
    };
    let lines = String::from_utf8(lines.clone()).unwrap();
    let file = folder.0.join("b.jsonl");
    let part = folder.0.join("b.jsonl.part");
    let good = format!("{head}\n{}\n{lines}", call("zia_list_rule_labels"));
    for (name, text_of_part, records) in [
        // What was read before is taken from the part, and not asked for again.
        ("whole calls", good.clone(), 1),
        ("a call without its records", format!("{good}{}\n", call("zia_list_locations")), 1),
        ("half a line", format!("{good}{{\"call\":\"zia_list_lo"), 1),
        ("a record that was changed", good.replace("Branch", "Brunch"), kept.records.len()),
        ("nothing but its head", format!("{head}\n"), kept.records.len()),
        ("half of its head", head[..9].to_owned(), kept.records.len()),
        ("nothing", String::new(), kept.records.len()),
    ] {
        begun(&part, &text_of_part);
        let ended = run(&["export", text(&file), "--demo"], &[]);
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.text);
        let (_, got) = read(&fs::read(&file).unwrap()).unwrap();
        let labels = got.iter().find(|one| one.name == "zia_list_rule_labels").unwrap();
        assert_eq!(labels.records.len(), records, "{name}");
        assert_eq!(got.len(), wanted.len(), "{name}");
        assert!(!part.exists(), "{name}");
        fs::remove_file(&file).unwrap();
    }
    begun(&part, "{\"export\":\"other\",\"customer\":\"7\"}\n");
    refused(&["export", text(&file), "--demo"], "was begun for another tenant");
    assert!(part.exists() && !file.exists());
}

/// Leaves the file of an export that was cut off.
fn begun(part: &Path, text: &str) {
    drop(fs::remove_file(part));
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let _ = options.mode(0o600);
    }
    options.write(true).create_new(true).open(part).unwrap().write_all(text.as_bytes()).unwrap();
}

#[cfg(unix)]
#[test]
fn nothing_is_written_where_others_can_read_it() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("shared");
    let (file, other) = (folder.0.join("a.jsonl"), folder.0.join("other"));
    let (part, new) = (folder.0.join("a.jsonl.part"), folder.0.join("a.jsonl.new"));
    begun(&part, "");
    fs::set_permissions(&part, fs::Permissions::from_mode(0o644)).unwrap();
    refused(&["export", text(&file), "--demo"], "is no file that only its owner may read");
    fs::remove_file(&part).unwrap();
    fs::write(&other, "").unwrap();
    symlink(&other, &part).unwrap();
    refused(&["export", text(&file), "--demo"], "is no file that only its owner may read");
    fs::remove_file(&part).unwrap();
    symlink(&other, &new).unwrap();
    assert_eq!(exported(&folder, "a.jsonl", &[]), file);
    assert_eq!(fs::read(&other).unwrap(), b"", "a link is not followed");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_snapshot_is_served_read_only_and_says_what_it_is() {
    let folder = Folder::new("served");
    let file = exported(&folder, "a.jsonl", &[]);
    let args = ["--transport", "streamable-http", "--port", "0", "--snapshot", text(&file)];
    let server = Server::start(&args, OPEN);
    let hello = server.post(&[], &common::initialize("2025-11-25")).message();
    let told = hello["result"]["instructions"].as_str().unwrap();
    assert!(told.starts_with("SNAPSHOT: the records of this server were exported"), "{told}");
    let labels = server.tool("zia_list_rule_labels", json!({"search": "branch"}));
    assert_eq!(labels["structuredContent"]["result"].as_array().unwrap().len(), 1);
    let rule = server.tool("zpa_list_access_policy_rules", json!({"page_size": 1}));
    let id = &rule["structuredContent"]["result"][0]["id"];
    let one = server.tool("zpa_get_access_policy_rule", json!({"rule_id": id}));
    assert_eq!(&one["structuredContent"]["id"], id, "{one}");
    assert_eq!(server.terminate(), Some(0));
    refused(&["--snapshot", text(&file), "--enable-write-tools"], "cannot be changed");
    refused(&["--snapshot", text(&file), "--demo"], "choose one");
    let other = folder.0.join("b.jsonl");
    refused(&["export", text(&other), "--snapshot", text(&file)], "leave --snapshot out");
    refused(&["--snapshot", text(&folder.0.join("none")), "check"], "");
}

#[test]
fn one_changed_byte_keeps_the_server_from_starting() {
    let folder = Folder::new("damaged");
    let file = exported(&folder, "a.jsonl", &[]);
    let bytes = fs::read(&file).unwrap();
    for at in [0, 40, bytes.len() / 2, bytes.len() - 3] {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        fs::write(&file, bytes).unwrap();
        let ended = run(&["--snapshot", text(&file)], &[]);
        assert_eq!(ended.code, Some(1), "byte {at}: {}", ended.text);
        assert!(ended.text.contains("--snapshot"), "byte {at}: {}", ended.text);
    }
}

#[test]
fn a_difference_is_told_as_text_and_json_and_by_the_exit_code() {
    let folder = Folder::new("diff");
    let before = exported(&folder, "a.jsonl", &[]);
    let (manifest, mut collections) = read(&fs::read(&before).unwrap()).unwrap();
    let labels = collections.iter_mut().find(|one| one.name == "zia_list_rule_labels").unwrap();
    let _ = labels.records.pop();
    let record = labels.records[0].as_object().unwrap().clone();
    let mut changed = record.clone();
    changed.set("name", "\u{1b}[2J<b>new</b>".into());
    labels.records[0] = changed.into();
    let after = folder.0.join("b.jsonl");
    fs::write(&after, form::write(&manifest, &collections)).unwrap();
    let same = run(&["diff", text(&before), text(&before)], &[]);
    assert_eq!((same.code, same.text.contains("No record differs.")), (Some(0), true));
    let told = run(&["diff", text(&before), text(&after)], &[]);
    assert_eq!(told.code, Some(1));
    assert!(
        told.text.contains("zia_list_rule_labels: 0 added, 1 removed, 1 changed"),
        "{}",
        told.text
    );
    assert!(told.text.contains("/name: \"Branch rollout\" -> "), "{}", told.text);
    assert!(!told.text.contains('\u{1b}') && !told.text.contains("<b>"), "{}", told.text);
    let document = run(&["diff", text(&before), text(&after), "--json"], &[]);
    assert_eq!(document.code, Some(1));
    let document: Value = serde_json::from_str(&document.text).unwrap();
    let labels = &document["collections"][0];
    assert_eq!(labels["collection"], "zia_list_rule_labels");
    assert_eq!(labels["changed"][0]["members"][0]["at"], "/name");
    refused(&["diff", text(&before)], "takes 2 file name(s)");
    refused(&["diff", text(&before), text(&folder.0.join("none"))], "none");
    refused(&["export"], "takes 1 file name(s)");
}

#[test]
fn stand_ins_take_the_place_of_names_in_the_whole_file() {
    let folder = Folder::new("redact");
    let file = exported(&folder, "r.jsonl", &["--redact"]);
    let text = fs::read_to_string(&file).unwrap();
    for name in ["Branch rollout", "Quillfen sign-in", "@quillfen", "192.0.2."] {
        assert!(!text.contains(name), "{name}");
    }
    let (manifest, _) = read(text.as_bytes()).unwrap();
    assert!(manifest.redacted);
}
