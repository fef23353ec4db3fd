//! Reads `supply-chain/audits.toml`, which keeps to one key a line and to strings without escapes.

use std::collections::BTreeMap;

use crate::tree::Id;

/// What becomes of a package in a release build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Its code is in the binary.
    Linked,
    /// It runs inside the compiler and writes code.
    Macro,
    /// It runs while a package is built, as part of a build script.
    Build,
}

/// One package of the release tree.
pub(crate) struct Entry(BTreeMap<String, String>);

impl Entry {
    pub(crate) fn id(&self) -> Id {
        Id { name: self.text("name").to_owned(), version: self.text("version").to_owned() }
    }

    pub(crate) fn text(&self, key: &str) -> &str {
        let found = self.0.get(key);
        found.unwrap_or_else(|| panic!("{:?} has no {key}", self.0.get("name")))
    }

    pub(crate) fn number(&self, key: &str) -> usize {
        self.text(key).parse().unwrap()
    }

    pub(crate) fn role(&self) -> Role {
        match self.text("role") {
            "linked" => Role::Linked,
            "macro" => Role::Macro,
            "build" => Role::Build,
            other => panic!("no role is called {other}"),
        }
    }

    /// Name and version of the foreign library inside, if there is one.
    pub(crate) fn bundled(&self) -> Option<(&str, &str)> {
        self.0.get("bundles").map(|bundle| bundle.split_once(' ').unwrap())
    }
}

/// One package that no release build compiles.
pub(crate) struct Other {
    pub(crate) id: Id,
    pub(crate) checksum: String,
    /// Whether tests compile it here.
    pub(crate) tests: bool,
}

pub(crate) struct Record {
    pub(crate) packages: Vec<Entry>,
    pub(crate) rest: Vec<Other>,
}

enum Table {
    None,
    Package,
    Rest { tests: bool },
}

pub(crate) fn parse(text: &str) -> Record {
    let mut record = Record { packages: Vec::new(), rest: Vec::new() };
    let mut table = Table::None;
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line {
            "[[package]]" => {
                record.packages.push(Entry(BTreeMap::new()));
                table = Table::Package;
                continue;
            }
            "[tests]" => table = Table::Rest { tests: true },
            "[elsewhere]" => table = Table::Rest { tests: false },
            _ => {
                let (key, value) = line.split_once(" = ").unwrap_or_else(|| panic!("{line}"));
                let value = value.trim_matches('"').to_owned();
                assert!(!value.contains(['"', '\\']), "{line}");
                let twice = match table {
                    Table::None => panic!("{line} is in no table"),
                    Table::Package => {
                        record.packages.last_mut().unwrap().0.insert(key.to_owned(), value)
                    }
                    Table::Rest { tests } => {
                        let (name, version) = key.trim_matches('"').split_once(' ').unwrap();
                        let id = Id { name: name.to_owned(), version: version.to_owned() };
                        record.rest.push(Other { id, checksum: value, tests });
                        None
                    }
                };
                assert_eq!(twice, None, "{line} stands twice");
            }
        }
    }
    record
}
