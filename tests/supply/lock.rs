//! Reads `Cargo.lock`: one table a package, one key a line.

use std::collections::BTreeMap;

use crate::tree::Id;

/// One package as the lock file pins it.
#[derive(Default)]
pub(crate) struct Locked {
    /// Where it comes from; none for the package of this repository.
    pub(crate) source: Option<String>,
    /// SHA-256 of the package file, in hex.
    pub(crate) checksum: Option<String>,
}

pub(crate) fn parse(text: &str) -> BTreeMap<Id, Locked> {
    let mut packages = BTreeMap::new();
    for table in text.split("[[package]]").skip(1) {
        let value = |key: &str| {
            let line = table.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
            line.map(|quoted| quoted.trim_matches('"').to_owned())
        };
        let id = Id { name: value("name").unwrap(), version: value("version").unwrap() };
        packages.insert(id, Locked { source: value("source"), checksum: value("checksum") });
    }
    assert!(packages.len() > 10, "{} packages", packages.len());
    packages
}
