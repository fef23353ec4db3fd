//! The deliberate faults of `fuzz/faults` fit the sources they are to be put into, so that
//! `fuzz/faults.sh` can show at any time that a test finds each of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Areas, and how many faults each has at least.
const AREAS: [(&str, usize); 9] = [
    ("conn", 10),
    ("consent", 20),
    ("guard", 10),
    ("http", 15),
    ("json", 8),
    ("matching", 10),
    ("sanitize", 12),
    ("snapshot", 10),
    ("tools", 8),
];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The lines of one fault by their first word.
struct Fault(Vec<(String, String)>);

impl Fault {
    fn all(&self, key: &str) -> Vec<&str> {
        self.0.iter().filter(|(own, _)| own == key).map(|(_, text)| text.trim()).collect()
    }

    fn one(&self, key: &str) -> &str {
        let found = self.all(key);
        assert_eq!(found.len(), 1, "{key} of {:?}", self.all("name"));
        found[0]
    }
}

fn faults(area: &str) -> Vec<Fault> {
    let text = fs::read_to_string(path(&format!("fuzz/faults/{area}.txt"))).unwrap();
    let blocks = text.split("\n\n").filter(|block| block.starts_with("name "));
    let pair = |line: &str| {
        let (key, text) = line.split_once(' ').unwrap_or((line, ""));
        (key.to_owned(), text.to_owned())
    };
    blocks.map(|block| Fault(block.lines().map(pair).collect())).collect()
}

#[test]
fn every_fault_fits_its_file_once() {
    for fault in AREAS.iter().flat_map(|(area, _)| faults(area)) {
        let name = fault.one("name");
        let gone = fault.all("-");
        let source = fs::read_to_string(path(fault.one("file"))).unwrap();
        let lines: Vec<&str> = source.lines().map(str::trim).collect();
        let places = lines.windows(gone.len()).filter(|window| *window == gone).count();
        assert_eq!(places, 1, "{name}");
        assert!(!fault.all("+").is_empty() && fault.all("+") != gone, "{name}");
    }
}

#[test]
fn every_fault_says_what_it_breaks_and_who_finds_it() {
    let files = fs::read_dir(path("fuzz/faults")).unwrap().count();
    assert_eq!(files, AREAS.len(), "every file has an area");
    let mut names = BTreeSet::new();
    for (area, least) in AREAS {
        let faults = faults(area);
        assert!(faults.len() >= least, "{area} has {}", faults.len());
        for fault in faults {
            let name = fault.one("name");
            assert!(
                name.starts_with(&format!("{area}-")) && names.insert(name.to_owned()),
                "{name}"
            );
            assert!(fault.one("breaks").split(' ').count() > 2, "{name}");
            let test = fault.one("test");
            let files = [format!("tests/{test}.rs"), format!("tests/{test}/main.rs")];
            assert!(files.iter().any(|file| path(file).is_file()), "{name}: {test}");
            for target in fault.all("fuzz") {
                let file = format!("fuzz/fuzz_targets/{target}.rs");
                assert!(path(&file).is_file(), "{name}: {target}");
            }
        }
    }
}
