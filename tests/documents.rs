//! The documents agree with the code: limits and their rows, tables, what may stand in a file.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test documents` writes what can be generated.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use zscaler_mcp::limits::{self, Limit};
use zscaler_mcp::settings::help::markdown_table;
use zscaler_mcp::settings::kind::Kind;
use zscaler_mcp::settings::table::{self, PREFIX};
use zscaler_mcp::tools::{catalogue, listing, prompts};

const REFRESH: &str = "UPDATE_DOCUMENTS=1 cargo test --test documents";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The constants as the source spells them, in order, with the value of their product.
fn constants() -> Vec<(String, u64)> {
    let source = text("src/limits/mod.rs");
    let declared = source.lines().filter_map(|line| line.strip_prefix("pub const "));
    let parsed = declared.map(|line| {
        let (name, rest) = line.split_once(": ").unwrap();
        let (_, product) = rest.split_once(" = ").unwrap();
        let product = product.strip_suffix(';').expect("one constant a line");
        let factor = |factor: &str| factor.replace('_', "").parse::<u64>().unwrap();
        (name.to_owned(), product.split(" * ").map(factor).product())
    });
    parsed.collect()
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let split = |path: PathBuf| if path.is_dir() { rust_files(&path) } else { vec![path] };
    entries.flat_map(split).filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}

#[test]
fn every_bound_has_one_row_with_its_value() {
    let rows: Vec<(String, u64)> =
        limits::rows().map(|row| (row.name.to_owned(), row.value)).collect();
    assert_eq!(rows, constants(), "rows and constants of src/limits, in the same order");
}

#[test]
fn every_row_says_what_happens_and_why() {
    for Limit { name, unit, effect, reason, .. } in limits::rows() {
        assert!(!unit.is_empty(), "{name}");
        for sentence in [effect, reason] {
            assert!(sentence.ends_with('.') && sentence.len() > 3, "{name}: {sentence}");
        }
    }
}

#[test]
fn every_bound_is_used_by_other_code() {
    let limits = root().join("src/limits");
    let files = rust_files(&root().join("src"));
    let files = files.iter().filter(|path| !path.starts_with(&limits));
    let code: String = files.map(|path| fs::read_to_string(path).unwrap()).collect();
    let words: BTreeSet<&str> =
        code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    for (name, _) in constants() {
        assert!(words.contains(name.as_str()), "nothing uses {name}");
    }
}

/// A setting has the bound as its default, or, without a default, as its greatest value.
#[test]
fn a_setting_of_a_bound_exists_and_has_its_value() {
    for limit in limits::rows().filter(|limit| !limit.setting.is_empty()) {
        let row = table::rows().find(|row| row.env == Some(limit.setting));
        let row = row.unwrap_or_else(|| panic!("{}: no setting {}", limit.name, limit.setting));
        let Kind::Int { max, unit, .. } = row.kind else { panic!("{}: no number", limit.name) };
        let value = if row.default.is_empty() { max } else { row.default.parse().unwrap() };
        let scale = if (limit.unit, unit) == ("ms", "seconds") { 1_000 } else { 1 };
        assert_eq!(value * scale, limit.value, "{} and {}", limit.name, limit.setting);
    }
}

fn limits_table() -> String {
    let head = "| name | value | unit | at the limit | why this number | setting |\n\
                |---|---:|---|---|---|---|";
    let rows = limits::rows().map(|row| {
        let Limit { name, value, unit, effect, reason, setting } = row;
        let setting = if setting.is_empty() { String::new() } else { format!("`{setting}`") };
        format!("| `{name}` | {} | {unit} | {effect} | {reason} | {setting} |", grouped(*value))
    });
    [head.to_owned()].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// Digits in groups of three.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

/// The rows that `tests/layering.rs` enforces, with what each module says of itself.
fn layers_table() -> String {
    let mut out =
        "| module | reached by | code lines at most | what it is |\n|---|---|---:|---|".to_owned();
    let source = text("tests/layering.rs");
    let rows = source.lines().filter_map(|line| {
        let (name, rest) = line.trim().strip_prefix("(\"")?.split_once("\", ")?;
        let (lines, reach) = rest.strip_suffix("),")?.split_once(", Reach::")?;
        Some((name, lines.replace('_', ","), reach))
    });
    for (name, lines, reach) in rows {
        let reach = match reach {
            "Peer" => "a stranger",
            "Caller" => "an admitted caller",
            "Operator" => "the shell and the operator",
            _ => "nobody: data",
        };
        out += &format!("\n| `{name}` | {reach} | {lines} | {} |", summary(name));
    }
    let bound = source.split("const PRE_ADMISSION_MAX: usize = ").nth(1).unwrap();
    let bound = bound.split(';').next().unwrap().replace('_', ",");
    out + &format!("\n| all of a stranger | | {bound} | the sum over those modules |")
}

/// The first paragraph of a module, without its zone.
fn summary(module: &str) -> String {
    let source = text(&format!("src/{module}/mod.rs"));
    let lines = source.lines().map(|line| line.strip_prefix("//!").unwrap_or_default().trim());
    let first: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    first.join(" ").split_once(". ").unwrap().1.replace('|', "\\|")
}

fn functions_table() -> String {
    let mut users: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for row in catalogue::rows() {
        for function in row.functions() {
            users.entry(function).or_default().push(format!("`{}`", row.name));
        }
    }
    let line = |(name, tools): (&str, Vec<String>)| format!("| `{name}` | {} |", tools.join(", "));
    let rows: Vec<String> = users.into_iter().map(line).collect();
    format!("| function | tools |\n|---|---|\n{}", rows.join("\n"))
}

/// Packages of the release tree by name: version, licence, features.
fn packages(edges: &str) -> BTreeMap<String, (String, String, String)> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--edges", edges, "--prefix", "none"])
        .args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}|{l}|{f}|"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let lines = tree.lines().filter_map(|line| {
        let mut parts = line.split('|').map(str::to_owned);
        let (package, licence, features) = (parts.next()?, parts.next()?, parts.next()?);
        let mut words = package.split_whitespace();
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        Some((name.to_owned(), (version.to_owned(), licence, features.replace(',', ", "))))
    });
    lines.filter(|(name, _)| name != "zscaler-mcp").collect()
}

fn packages_table() -> String {
    let linked = packages("normal,no-proc-macro");
    let mut out =
        "| package | version | licence | features | where |\n|---|---|---|---|---|".to_owned();
    let building: BTreeMap<_, _> = packages("normal,build")
        .into_iter()
        .filter(|(name, _)| !linked.contains_key(name))
        .collect();
    for (packages, place) in [(linked, "in the binary"), (building, "while building")] {
        for (name, (version, licence, features)) in packages {
            out += &format!("\n| `{name}` | {version} | {licence} | {features} | {place} |");
        }
    }
    out
}

/// Other systems have other packages; the documents name those of the commonest one.
fn is_commonest_system() -> bool {
    cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))
}

/// The tables between marks of each document.
fn generated() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let mut audit = vec![
        ("limits", limits_table()),
        ("layers", layers_table()),
        ("functions", functions_table()),
    ];
    if is_commonest_system() {
        audit.push(("packages", packages_table()));
    }
    let readme = vec![
        ("settings", markdown_table()),
        ("tools", listing::markdown()),
        ("prompts", prompts::markdown()),
    ];
    vec![("README.md", readme), ("AUDIT.md", audit)]
}

#[test]
fn the_tables_of_the_documents_are_those_of_the_program() {
    for (document, tables) in generated() {
        let old = text(document);
        let mut fresh = old.clone();
        for (name, table) in tables {
            let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
            let (before, rest) = fresh.split_once(&begin).expect("the beginning is marked");
            let (_, after) = rest.split_once(&end).expect("the end is marked");
            fresh = format!("{before}{begin}\n\n{table}\n{end}{after}");
        }
        if std::env::var_os("UPDATE_DOCUMENTS").is_some_and(|value| value == "1") {
            fs::write(root().join(document), fresh).unwrap();
            continue;
        }
        let different = old.lines().zip(fresh.lines()).find(|(old, new)| old != new);
        assert!(
            old == fresh,
            "a table of {document} is out of date; refresh it with: {REFRESH}\n{different:#?}"
        );
    }
}

#[test]
fn every_package_is_argued_for() {
    if !is_commonest_system() {
        return;
    }
    let audit = text("AUDIT.md");
    let (_, argued) = audit.split_once("<!-- packages:end -->").unwrap();
    for name in packages("normal,build").keys() {
        assert!(argued.contains(&format!("\n| `{name}` |")), "AUDIT.md says nothing of {name}");
    }
}

#[test]
fn every_variable_that_the_documents_name_is_a_setting() {
    let known: BTreeSet<&str> = table::rows().filter_map(|row| row.env).collect();
    for document in ["README.md", "AUDIT.md", "SECURITY.md"] {
        let text = text(document);
        let part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        let names = text.split(|c: char| !part(c)).filter(|name| name.starts_with(PREFIX));
        // The bare prefix stands for all of them.
        let names: BTreeSet<&str> = names.filter(|name| *name != PREFIX).collect();
        assert!(names.len() >= 5, "{document} shows settings");
        for name in names {
            assert!(known.contains(name), "{document} names {name}, which is no setting");
        }
    }
}

#[test]
fn the_number_of_packages_in_the_readme_is_the_one_of_the_lock_file() {
    if !is_commonest_system() {
        return;
    }
    let words: Vec<String> = text("README.md").split_whitespace().map(str::to_owned).collect();
    let phrase = ["packages", "in", "the", "release", "tree"];
    let fits = |place: &usize| {
        let found = words.iter().skip(place + 1).map(|word| word.trim_end_matches(['.', ',']));
        found.take(phrase.len()).eq(phrase)
    };
    let place = (0..words.len()).find(fits).expect("README.md counts the packages");
    let all = packages("normal,build");
    assert_eq!(words[place], (all.len() + 1).to_string(), "README.md, with {all:#?}");
}

/// True when `text` names the absolute path `path` or something under it.
fn names_path(text: &str, path: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    text.match_indices(path).any(|(place, _)| {
        let before = text[..place].chars().next_back();
        let after = text[place + path.len()..].chars().next();
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

#[test]
fn a_path_is_found_by_itself_and_with_what_is_under_it() {
    for (text, expected) in [
        ("see /a/b", true),
        ("(/a/b/c.md)", true),
        ("file:///a/b", true),
        ("x/a/b", false),
        ("/a/bc", false),
        ("/a/b-c", false),
        ("", false),
    ] {
        assert_eq!(names_path(text, "/a/b"), expected, "{text}");
    }
}

#[test]
fn no_file_names_the_place_where_it_was_written() {
    if !root().join(".git").exists() {
        // A source archive has no list of its files.
        return;
    }
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut seen = 0;
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        // A file that is being removed is listed until the commit.
        let Ok(bytes) = fs::read(root().join(name)) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        for path in [concat!("/", "work"), concat!("/tmp", "/wt")] {
            assert!(!names_path(&text, path), "{name} names {path}");
        }
        let lower = text.to_lowercase();
        for word in [concat!("sub", "agent"), concat!("issue", " #")] {
            assert!(!lower.contains(word), "{name} holds \"{word}\"");
        }
        seen += 1;
    }
    assert!(seen > 100, "{seen} files");
}

#[test]
fn the_settings_file_of_the_unit_names_settings_only() {
    let text = text("deploy/zscaler-mcp.env");
    let entries = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let names: Vec<&str> = entries.map(|line| line.split_once('=').unwrap().0).collect();
    assert!(names.len() > 8);
    for name in names {
        assert!(table::rows().any(|row| row.env == Some(name)), "{name} is not a setting");
    }
}
