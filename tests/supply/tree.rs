//! Asks cargo what it compiles, without the network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::record::Role;
use crate::root;

/// The systems that releases are made for.
const TARGETS: [&str; 4] = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
];

/// A package, which name and version tell apart from every other one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) name: String,
    pub(crate) version: String,
}

/// An unpacked package.
pub(crate) struct Source {
    pub(crate) directory: PathBuf,
    pub(crate) licence: String,
    pub(crate) repository: String,
    pub(crate) build_script: bool,
}

fn cargo(arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(arguments).args(["--offline", "--locked"]).current_dir(root());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The lines of the trees of all targets, each with its depth.
fn lines(edges: &str, targets: &[&str]) -> Vec<(usize, Id)> {
    let mut found = Vec::new();
    for target in targets {
        let shape = ["--prefix", "depth", "--format", " {p}", "--no-dedupe", "--target", target];
        let tree = cargo(&[&["tree", "--edges", edges], &shape[..]].concat());
        found.extend(tree.lines().filter(|line| !line.is_empty()).map(|line| {
            let mut words = line.split_whitespace();
            let depth = words.next().unwrap().parse().unwrap();
            let name = words.next().unwrap().to_owned();
            let version = words.next().unwrap().trim_start_matches('v').to_owned();
            (depth, Id { name, version })
        }));
    }
    found
}

fn packages(edges: &str, targets: &[&str]) -> BTreeSet<Id> {
    let below = lines(edges, targets).into_iter().filter(|(depth, _)| *depth > 0);
    below.map(|(_, id)| id).collect()
}

/// Every package of a release build and what becomes of it.
pub(crate) fn roles() -> BTreeMap<Id, Role> {
    let mut roles = BTreeMap::new();
    // From the weakest role to the strongest; a later one replaces an earlier one.
    for (edges, role) in [
        ("normal,build", Role::Build),
        ("normal", Role::Macro),
        ("normal,no-proc-macro", Role::Linked),
    ] {
        roles.extend(packages(edges, &TARGETS).into_iter().map(|id| (id, role)));
    }
    roles
}

/// Everything that a test build compiles on the commonest system.
pub(crate) fn with_tests() -> BTreeSet<Id> {
    packages("normal,build,dev", &TARGETS[..1])
}

/// What each package of a release build, and the program itself, depends on.
pub(crate) fn edges() -> BTreeMap<Id, BTreeSet<Id>> {
    let mut edges: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let mut path: Vec<Id> = Vec::new();
    for (depth, id) in lines("normal,build", &TARGETS) {
        path.truncate(depth);
        if let Some(parent) = path.last() {
            edges.entry(parent.clone()).or_default().insert(id.clone());
        }
        edges.entry(id.clone()).or_default();
        path.push(id);
    }
    edges
}

/// Where each package is unpacked and what its manifest says.
pub(crate) fn sources() -> BTreeMap<Id, Source> {
    let text = cargo(&["metadata", "--format-version", "1", "--filter-platform", TARGETS[0]]);
    let metadata: Value = serde_json::from_str(&text).unwrap();
    let sources = metadata["packages"].as_array().unwrap().iter().map(|package| {
        let string = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        let manifest = string("manifest_path");
        let targets = package["targets"].as_array().unwrap();
        let source = Source {
            directory: Path::new(&manifest).parent().unwrap().to_owned(),
            licence: string("license"),
            repository: string("repository"),
            build_script: targets.iter().any(|target| target["kind"][0] == "custom-build"),
        };
        (Id { name: string("name"), version: string("version") }, source)
    });
    sources.collect()
}
