//! Properties that hold for every input, one file each, as plain functions that panic otherwise.
//!
//! The fuzz targets call them with inputs of their own; `tests/replay.rs` calls them on a stable
//! compiler with the seeds in `fuzz/corpus` and with mutations of these.
#![forbid(unsafe_code)]

pub mod input;
pub mod path_segment;

/// A property and how to search for an input that breaks it.
pub struct Target {
    /// Name of the property file, the fuzz target, the corpus folder and the dictionary.
    pub name: &'static str,
    /// Most bytes of an input.
    pub max_len: usize,
    /// Why this many bytes are enough.
    pub why: &'static str,
    /// Seconds of a short search; a full one is for a release.
    pub seconds: u32,
    /// Mutated seeds that an ordinary test run tries.
    pub rounds: u32,
    /// The property.
    pub check: fn(&[u8]),
}

/// Every target, sorted by name. `fuzz/run.sh` reads name, length and seconds from these rows.
pub const TARGETS: &[Target] = &[Target {
    name: "path_segment",
    max_len: 1_280,
    why: "A segment holds 1,024 bytes; a quarter more reaches the refusal.",
    seconds: 15,
    rounds: 3_000,
    check: path_segment::check,
}];
