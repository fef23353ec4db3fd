//! The properties of `fuzz/props` on a stable compiler: every seed, and mutations of the seeds.
//!
//! A failure names the target and the number of its case; `REPLAY_CASE=target:number` repeats it.
#![expect(clippy::disallowed_methods, reason = "a test is its own shell: it reads its variable")]

#[path = "../fuzz/props/mod.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees these files as a library")]
mod props;

#[path = "common/numbers.rs"]
mod numbers;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use numbers::Numbers;
use props::{TARGETS, Target};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

/// Returns the names of the files in `dir`, sorted, without the ending `suffix`.
fn names(dir: &str, suffix: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(dir)).unwrap_or_else(|error| panic!("{dir}: {error}"));
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| name.strip_suffix(suffix).map(str::to_owned)).collect()
}

/// Returns the seeds of `target` with their names, in an order that does not change.
fn seeds(target: &Target) -> Vec<(String, Vec<u8>)> {
    let dir = format!("corpus/{}", target.name);
    let read = |name: String| (name.clone(), fs::read(folder(&dir).join(name)).unwrap());
    names(&dir, "").into_iter().map(read).collect()
}

/// Runs the property; a failure says which input it was.
fn hold(target: &Target, case: &str, input: &[u8]) {
    let outcome = catch_unwind(|| (target.check)(input));
    assert!(outcome.is_ok(), "{} does not hold for {case}: {}", target.name, input.escape_ascii());
}

#[test]
fn every_seed_holds() {
    for target in TARGETS {
        let seeds = seeds(target);
        assert!(!seeds.is_empty(), "{} has no seeds", target.name);
        for (name, seed) in seeds {
            assert!(seed.len() <= target.max_len, "{} {name} is too long", target.name);
            hold(target, &name, &seed);
        }
    }
}

#[test]
fn every_property_holds_for_mutated_seeds() {
    let wanted = std::env::var("REPLAY_CASE").ok();
    let wanted = wanted.as_deref().and_then(|case| case.split_once(':'));
    std::thread::scope(|scope| {
        for target in TARGETS {
            scope.spawn(move || replay(target, wanted));
        }
    });
}

fn replay(target: &Target, wanted: Option<(&str, &str)>) {
    let seeds = seeds(target);
    for round in 0..target.rounds {
        if wanted.is_none_or(|(name, case)| name == target.name && case == round.to_string()) {
            let input = mutated(&seeds, round, target.max_len);
            hold(target, &format!("{}:{round}", target.name), &input);
        }
    }
}

/// Returns a seed with some changes; most have one, so that the rest still means something.
fn mutated(seeds: &[(String, Vec<u8>)], round: u32, max_len: usize) -> Vec<u8> {
    let mut numbers = Numbers(u64::from(round));
    let mut input = seeds[numbers.below(seeds.len())].1.clone();
    let changes = [1, 1, 1, 2, 4][numbers.below(5)];
    for _ in 0..changes {
        let at = numbers.below(input.len() + 1);
        let end = (at + 1 + numbers.below(8)).min(input.len());
        match numbers.below(13) {
            0..3 => input.insert(at, u8::try_from(numbers.below(256)).unwrap()),
            3..5 => drop(input.drain(at..end)),
            5 => input.truncate(at),
            6..8 => input = [&input[..end], &input[at..]].concat(),
            8 => {
                let other = &seeds[numbers.below(seeds.len())].1;
                let from = numbers.below(other.len() + 1);
                input = [&input[..at], &other[from..]].concat();
            }
            9 => input.extend_from_slice(&seeds[numbers.below(seeds.len())].1),
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte ^= 1 << numbers.below(8);
                }
            }
        }
        input.truncate(max_len);
    }
    input
}

#[test]
fn the_lists_of_targets_agree() {
    let rows: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    assert!(rows.is_sorted(), "{rows:?}");
    let rows: BTreeSet<String> = rows.into_iter().map(str::to_owned).collect();
    let manifest = fs::read_to_string(folder("Cargo.toml")).unwrap();
    let bins = manifest.split("[[bin]]").skip(1).map(|bin| {
        let name = bin.split('"').nth(1).unwrap();
        assert!(bin.contains(&format!("path = \"fuzz_targets/{name}.rs\"\ntest = false")), "{bin}");
        name.to_owned()
    });
    assert_eq!(bins.collect::<BTreeSet<_>>(), rows, "Cargo.toml");
    assert_eq!(names("corpus", ""), rows, "corpus");
    assert_eq!(names("fuzz_targets", ".rs"), rows, "fuzz_targets");
    let files = names("props", ".rs").into_iter();
    let files = files.filter(|name| !["mod", "input"].contains(&name.as_str()));
    assert_eq!(files.collect::<BTreeSet<_>>(), rows, "props");
    let dictionaries = names("dict", ".dict");
    assert!(dictionaries.is_subset(&rows), "dict");
    for name in rows {
        let text = fs::read_to_string(folder(&format!("fuzz_targets/{name}.rs"))).unwrap();
        assert!(text.contains(&format!("|data: &[u8]| props::{name}::check(data)")), "{text}");
    }
}

#[test]
fn every_row_says_why_and_fits_its_longest_seed() {
    for target in TARGETS {
        assert!(target.why.ends_with('.') && target.why.len() > 20, "{}", target.name);
        assert!(target.seconds > 0 && target.rounds > 0, "{}", target.name);
    }
}
