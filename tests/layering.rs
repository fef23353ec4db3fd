//! The layer table: what each module may name, how large it may be, and the shape of its files.

use std::fs;
use std::path::{Path, PathBuf};

/// Module, code lines at most, and whether an unauthenticated peer can reach it.
const ROWS: &[(&str, usize, Reach)] = &[
    ("base", 300, Reach::Peer),
    ("limits", 735, Reach::Data),
    ("json", 820, Reach::Caller),
    ("audit", 440, Reach::Caller),
    ("jose", 500, Reach::Peer),
    ("matching", 700, Reach::Peer),
    ("sanitize", 1_900, Reach::Caller),
    ("query", 1_500, Reach::Caller),
    ("http", 1_000, Reach::Peer),
    ("guard", 1_060, Reach::Peer),
    ("auth", 1_300, Reach::Peer),
    ("conn", 750, Reach::Peer),
    ("mcp", 4_725, Reach::Caller),
    ("consent", 710, Reach::Caller),
    ("backend", 5_740, Reach::Caller),
    ("snapshot", 935, Reach::Caller),
    ("tools", 7_710, Reach::Caller),
    ("settings", 3_420, Reach::Operator),
    ("server", 4_115, Reach::Operator),
    ("start", 1_540, Reach::Operator),
];

/// Code lines that decide about a peer nobody has accepted yet.
const PRE_ADMISSION_MAX: usize = 5_285;
const FILE_MAX: usize = 400;
const ROW_FILE_MAX: usize = 800;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Peer,
    Data,
    Caller,
    Operator,
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
    found
}

/// True for the rows of the catalogue, which are data: one directory for each service.
fn is_rows(path: &Path) -> bool {
    let dir = path.parent().unwrap();
    dir.parent().is_some_and(|above| above.ends_with("tools"))
        && dir.file_name().is_some_and(|name| name.to_string_lossy().starts_with('z'))
}

fn files_of(module: &str) -> Vec<PathBuf> {
    let dir = source().join(module);
    let single = source().join(format!("{module}.rs"));
    let mut found = if dir.is_dir() { files(&dir) } else { Vec::new() };
    if single.is_file() {
        found.push(single);
    }
    assert!(!found.is_empty(), "no file for module {module}");
    found
}

/// The lines that are code: no blanks, no comments, nothing from the test module on.
fn code(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.starts_with("#[cfg(test)]") {
            break;
        }
        let line = line.trim();
        if !line.is_empty() && !line.starts_with("//") {
            lines.push(line.to_owned());
        }
    }
    lines
}

fn names(lines: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for line in lines {
        for part in line.split("crate::").skip(1) {
            let name: String =
                part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            found.push(name);
        }
    }
    found
}

#[test]
fn a_module_names_only_modules_above_its_own_row() {
    for (index, (module, _, _)) in ROWS.iter().enumerate() {
        for path in files_of(module) {
            for name in names(&code(&path)) {
                let row = ROWS.iter().position(|(other, _, _)| *other == name);
                let row = row.unwrap_or_else(|| panic!("{}: unknown {name}", path.display()));
                assert!(row <= index, "{}: {module} names {name}", path.display());
            }
        }
    }
}

#[test]
fn every_module_has_a_row_and_stays_within_its_lines() {
    let lib = fs::read_to_string(source().join("lib.rs")).unwrap();
    let modules: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let rows: Vec<&str> = ROWS.iter().map(|(module, _, _)| *module).collect();
    assert_eq!(modules, rows, "lib.rs lists the modules in the order of the layers");
    for (module, max, _) in ROWS {
        let engine = files_of(module).into_iter().filter(|path| !is_rows(path));
        let lines: usize = engine.map(|path| code(&path).len()).sum();
        assert!(lines <= *max, "{module} has {lines} code lines, its row allows {max}");
    }
}

#[test]
fn the_code_that_decides_before_admission_stays_readable_in_an_afternoon() {
    let lines: usize = ROWS
        .iter()
        .filter(|(_, _, reach)| *reach == Reach::Peer)
        .flat_map(|(module, _, _)| files_of(module))
        .map(|path| code(&path).len())
        .sum();
    assert!(lines <= PRE_ADMISSION_MAX, "{lines} code lines before admission");
}

#[test]
fn every_file_is_small_names_its_zone_and_is_ascii_of_100_columns() {
    for path in files(&source()) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.display();
        let zone = text.lines().take(4).any(|line| line.starts_with("//! Zone: "));
        assert!(zone, "{name}: no zone");
        let rows = path
            .components()
            .any(|part| part.as_os_str() == "tools" || part.as_os_str() == "tables.rs");
        let max = if rows { ROW_FILE_MAX } else { FILE_MAX };
        let lines = code(&path).len();
        assert!(lines <= max, "{name}: {lines} code lines, at most {max}");
        for (number, line) in text.lines().enumerate() {
            assert!(line.is_ascii(), "{name}:{} is not ASCII", number + 1);
            assert!(line.len() <= 100, "{name}:{} has {} columns", number + 1, line.len());
            assert!(!line.contains("super::super"), "{name}:{}", number + 1);
        }
    }
}

#[test]
fn only_the_shell_touches_the_system() {
    const SHELL: [&str; 3] = ["server", "settings", "start"];
    const SYSTEM: [&str; 7] =
        ["std::fs", "std::net", "std::thread", "std::env", "std::process", "Instant", "SystemTime"];
    for (module, _, _) in ROWS.iter().filter(|(module, _, _)| !SHELL.contains(module)) {
        for path in files_of(module) {
            for line in code(&path) {
                for word in SYSTEM {
                    assert!(!line.contains(word), "{}: {word}: {line}", path.display());
                }
            }
        }
    }
}

#[test]
fn files_before_admission_deny_indexing_and_silent_overflow() {
    for (module, _, reach) in ROWS {
        if *reach != Reach::Peer && !["json", "sanitize", "query"].contains(module) {
            continue;
        }
        let root = source().join(module).join("mod.rs");
        let text = fs::read_to_string(root).unwrap();
        for lint in ["clippy::indexing_slicing", "clippy::arithmetic_side_effects"] {
            assert!(text.contains(lint), "{module} does not deny {lint}");
        }
    }
}
