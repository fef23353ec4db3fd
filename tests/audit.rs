//! What AUDIT.md and SECURITY.md name exists: files, functions, tests, fuzz targets.
//!
//! A reference is `path.rs::name`. Deleting a test that a promise leans on fails here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const DOCUMENTS: [&str; 2] = ["AUDIT.md", "SECURITY.md"];
/// Letters in front of the number of a promise, an invariant and an avoided fault.
const KINDS: [&str; 3] = ["P-", "I-", "B-"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|fault| panic!("{name}: {fault}"))
}

/// One row of a table whose first column is an id, with the names of its columns.
struct Row {
    id: String,
    cells: Vec<(String, String)>,
}

impl Row {
    fn cell(&self, name: &str) -> Option<&str> {
        self.cells.iter().find(|(column, _)| column == name).map(|(_, cell)| cell.as_str())
    }
}

fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim_end().strip_prefix("| ")?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

/// The rows of AUDIT.md that have an id.
fn rows() -> Vec<Row> {
    let (mut head, mut found) = (Vec::new(), Vec::new());
    for line in text("AUDIT.md").lines() {
        match cells(line) {
            None if line.starts_with("|-") => {}
            None => head.clear(),
            Some(names) if head.is_empty() => head = names,
            Some(cells) if KINDS.iter().any(|kind| cells[0].starts_with(kind)) => {
                assert_eq!(cells.len(), head.len(), "{line}");
                let id = cells[0].clone();
                found.push(Row { id, cells: head.iter().cloned().zip(cells).collect() });
            }
            Some(_) => {}
        }
    }
    found
}

/// The words between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn references(text: &str) -> impl Iterator<Item = (&str, &str)> {
    quoted(text).filter(|word| word.contains(".rs::")).map(|word| word.split_once("::").unwrap())
}

fn defines(source: &str, name: &str) -> bool {
    let words: &[&str] = if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        &["struct", "enum", "const", "trait"]
    } else {
        &["fn"]
    };
    words.iter().any(|word| {
        let whole = format!("{word} {name}");
        source.match_indices(&whole).any(|(place, _)| {
            let after = source[place + whole.len()..].chars().next();
            !after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    })
}

/// True when `name` is a function with the attribute of a test, or a type whose documentation
/// holds an example that must not compile.
fn is_test(source: &str, name: &str) -> bool {
    if name.starts_with(|c: char| c.is_ascii_uppercase()) {
        return defines(source, name) && source.contains("```compile_fail");
    }
    source.match_indices(&format!("fn {name}(")).any(|(place, _)| {
        let before = source[..place].lines().rev().map(str::trim);
        let above = before.skip_while(|line| line.is_empty());
        above.take_while(|line| line.starts_with("#[") || line.starts_with("//")).any(is_mark)
    })
}

fn is_mark(line: &str) -> bool {
    line == "#[test]"
}

#[test]
fn a_test_is_told_from_a_function_of_that_name() {
    let source =
        "#[test]\n/// Why.\n#[expect(x)]\nfn one() {}\n\nfn two() {}\n#[test]\nfn one_more() {}";
    for (name, expected) in [("one", true), ("two", false), ("one_more", true), ("more", false)] {
        assert_eq!(is_test(source, name), expected, "{name}");
    }
}

#[test]
fn every_reference_leads_to_something() {
    for document in DOCUMENTS {
        let document_text = text(document);
        let mut count = 0;
        for (path, name) in references(&document_text) {
            assert!(defines(&text(path), name), "{document}: {path} has no {name}");
            count += 1;
        }
        assert!(count > 10, "{document}: {count} references");
    }
}

#[test]
fn every_row_is_complete_and_has_an_id_of_its_own() {
    let mut ids = BTreeSet::new();
    for Row { id, cells } in rows() {
        for (column, cell) in &cells {
            assert!(!cell.is_empty(), "{id}: nothing under {column}");
        }
        assert!(ids.insert(id.clone()), "{id} stands twice");
    }
    for kind in KINDS {
        let count = ids.iter().filter(|id| id.starts_with(kind)).count();
        assert!(count >= 10, "{kind}: {count} rows");
    }
}

#[test]
fn every_row_names_code_that_exists_and_tests_that_are_tests() {
    for row in rows() {
        let id = &row.id;
        let code = row.cell("code").unwrap_or_else(|| panic!("{id}: no column for code"));
        assert!(quoted(code).next().is_some(), "{id}: no code");
        for path in quoted(code).map(|word| word.split("::").next().unwrap_or(word)) {
            assert!(root().join(path).exists(), "{id}: no {path}");
        }
        let test = row.cell("test").unwrap_or_else(|| panic!("{id}: no column for tests"));
        assert!(references(test).next().is_some(), "{id}: no test");
        for (path, name) in references(test) {
            assert!(is_test(&text(path), name), "{id}: {path}::{name} is no test");
        }
    }
}

/// A cell of fuzz targets says "none" and why, or names targets only.
#[test]
fn every_promise_names_its_fuzz_targets() {
    let folder: PathBuf = root().join("fuzz/fuzz_targets");
    let mut named = BTreeSet::new();
    for row in rows().iter().filter(|row| row.id.starts_with("P-")) {
        let (id, cell) = (&row.id, row.cell("fuzz").expect("promises have a column for fuzzing"));
        let targets: Vec<&str> = quoted(cell).collect();
        if targets.is_empty() {
            assert!(cell.starts_with("none: ") && cell.len() > 12, "{id}: {cell}");
        }
        for target in targets {
            let exists = folder.join(target).with_extension("rs").exists();
            assert!(exists, "{id}: no fuzz target {target}");
            named.insert(target.to_owned());
        }
    }
    let files = fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let target = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(named.contains(&target), "no promise names the fuzz target {target}");
    }
}

#[test]
fn every_line_of_the_product_page_leads_to_promises() {
    let text = text("AUDIT.md");
    let ids: BTreeSet<String> = rows().into_iter().map(|row| row.id).collect();
    let (_, rest) = text.split_once("### What the product page says").expect("the table is there");
    let lines = rest.lines().skip(1).skip_while(|line| !line.starts_with('|'));
    let table: Vec<&str> = lines.take_while(|line| line.starts_with('|')).skip(2).collect();
    assert!(table.len() >= 20, "{} lines", table.len());
    for line in table {
        let cells = cells(line).unwrap();
        let named: Vec<&str> = cells[1].split(", ").collect();
        assert!(named.iter().all(|id| ids.contains(*id)), "{line}");
    }
}
