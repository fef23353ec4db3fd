//! The packages of other people: what the lock file, the record, the bill of materials and the
//! unpacked sources say has to be the same.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test supply` writes the bill of materials anew. The record is
//! never written by a program: a new package or version is something a person looks at.
#![cfg(target_os = "linux")]

mod lock;
mod measure;
mod record;
mod sbom;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lock::Locked;
use record::{Record, Role};
use tree::Id;

const SBOM: &str = "sbom.cdx.json";
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

fn locked() -> BTreeMap<Id, Locked> {
    lock::parse(&text("Cargo.lock"))
}

fn record() -> Record {
    record::parse(&text("supply-chain/audits.toml"))
}

#[test]
fn everything_comes_from_crates_io_with_a_checksum() {
    for (id, package) in locked() {
        if id.name == env!("CARGO_PKG_NAME") {
            assert_eq!((package.source, package.checksum), (None, None), "{id:?}");
            continue;
        }
        assert_eq!(package.source.as_deref(), Some(CRATES_IO), "{id:?}");
        let checksum = package.checksum.unwrap_or_default();
        assert!(checksum.len() == 64 && checksum.is_ascii(), "{id:?}: {checksum}");
    }
}

#[test]
fn the_record_holds_every_package_of_the_lock_file_with_its_checksum() {
    let record = record();
    let packages = record.packages.iter().map(|entry| (entry.id(), entry.text("checksum")));
    let rest = record.rest.iter().map(|other| (other.id.clone(), other.checksum.as_str()));
    let mut recorded: BTreeMap<Id, &str> = BTreeMap::new();
    for (id, checksum) in packages.chain(rest) {
        assert_eq!(recorded.insert(id.clone(), checksum), None, "{id:?} is recorded twice");
    }
    for (id, package) in locked() {
        let Some(checksum) = package.checksum else { continue };
        let known = recorded.remove(&id);
        assert_eq!(known, Some(checksum.as_str()), "supply-chain/audits.toml: {id:?}");
    }
    assert!(recorded.is_empty(), "recorded, but not in Cargo.lock: {recorded:#?}");
}

#[test]
fn the_role_of_each_package_is_the_one_it_has_in_the_release_tree() {
    let recorded: BTreeMap<Id, Role> =
        record().packages.iter().map(|entry| (entry.id(), entry.role())).collect();
    assert_eq!(recorded, tree::roles(), "supply-chain/audits.toml, then cargo tree");
}

#[test]
fn the_rest_of_the_lock_file_is_for_tests_or_for_other_systems() {
    let release = tree::roles();
    let compiled = tree::with_tests();
    for other in record().rest {
        assert!(!release.contains_key(&other.id), "{:?} is in the release tree", other.id);
        assert_eq!(other.tests, compiled.contains(&other.id), "{:?} is for tests", other.id);
    }
}

#[test]
fn the_record_is_complete_and_in_order() {
    let record = record();
    let ids: Vec<Id> = record.packages.iter().map(record::Entry::id).collect();
    assert!(ids.is_sorted(), "packages in the order of their names");
    for entry in &record.packages {
        for key in ["publisher", "why", "calls", "build_script"] {
            assert!(entry.text(key).ends_with('.'), "{:?}: {key} is a sentence", entry.id());
        }
    }
}

#[test]
fn what_the_record_says_of_a_package_is_what_its_sources_show() {
    let sources = tree::sources();
    for entry in record().packages {
        let id = entry.id();
        let source = &sources[&id];
        assert_eq!(entry.text("licence"), source.licence, "{id:?}: licence");
        assert_eq!(entry.text("repository"), source.repository, "{id:?}: repository");
        assert_eq!(entry.text("build_script") != "None.", source.build_script, "{id:?}");
        let seen = measure::measure(&source.directory);
        assert_eq!(entry.number("unsafe"), seen.unsafe_words, "{id:?}: unsafe");
        assert_eq!(entry.number("native"), seen.native, "{id:?}: native");
        assert_eq!(entry.number("objects"), seen.objects, "{id:?}: objects");
        if let Some(commit) = measure::commit(&source.directory) {
            assert_eq!(entry.text("commit"), commit, "{id:?}: commit");
        }
        if let Some((_, version)) = entry.bundled() {
            let header = source.directory.join("aws-lc/include/openssl/base.h");
            let header = fs::read_to_string(header).unwrap();
            let line = format!("AWSLC_VERSION_NUMBER_STRING \"{version}\"");
            assert!(header.contains(&line), "{id:?}: bundles {version}");
        }
    }
}

#[test]
fn no_banned_package_is_compiled_even_for_tests() {
    let deny = text("deny.toml");
    let (_, list) = deny.split_once("\ndeny = [").expect("deny.toml bans packages");
    let (list, _) = list.split_once("\n]").expect("the list ends");
    let names = list.lines().filter_map(|line| line.split_once("crate = \""));
    let banned: BTreeSet<&str> = names.filter_map(|(_, name)| name.split('"').next()).collect();
    assert!(banned.len() > 10 && banned.contains("openssl-sys"), "{banned:?}");
    for id in tree::with_tests() {
        assert!(!banned.contains(id.name.as_str()), "{id:?} is banned in deny.toml");
    }
}

#[test]
fn the_bill_of_materials_is_the_one_of_the_lock_file() {
    let fresh = sbom::render(&locked(), &record(), &tree::edges());
    let path: PathBuf = root().join(SBOM);
    if std::env::var_os("UPDATE_DOCUMENTS").is_some_and(|value| value == "1") {
        fs::write(path, fresh).unwrap();
        return;
    }
    let held = fs::read_to_string(path).unwrap_or_default();
    let different = held.lines().zip(fresh.lines()).find(|(old, new)| old != new);
    assert!(
        held == fresh,
        "{SBOM} is out of date; refresh it with: UPDATE_DOCUMENTS=1 cargo test --test supply\n\
         {different:#?}"
    );
}

/// A vendored archive has settings that replace the registry; the repository has none.
#[test]
fn no_file_of_the_repository_replaces_a_package() {
    let settings = text(".cargo/config.toml");
    assert!(settings.contains("AWS_LC_SYS_USE_SYSTEM = { value = \"0\", force = true }"));
    assert!(root().join("vendor").exists() || !settings.contains("[source"), "{settings}");
    assert!(!text("Cargo.toml").contains("[patch"), "Cargo.toml patches a package");
}
