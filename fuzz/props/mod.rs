//! Properties that hold for every input, one file each, as plain functions that panic otherwise.
//!
//! The fuzz targets call them with inputs of their own; `tests/replay.rs` calls them on a stable
//! compiler with the seeds in `fuzz/corpus` and with mutations of these.
#![forbid(unsafe_code)]

pub mod input;
pub mod kit;

pub mod chunked;
pub mod conn_split;
pub mod conn_stateful;
pub mod framing;
pub mod http_head;
pub mod log_line;
pub mod mcp_dispatch;
pub mod path_segment;
pub mod response;

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
pub const TARGETS: &[Target] = &[
    Target {
        name: "chunked",
        max_len: 5_000,
        why: "A line of extensions has 256 bytes, all of them 4,096, and the trailer 8 KiB in a table test.",
        seconds: 20,
        rounds: 1_500,
        check: chunked::check,
    },
    Target {
        name: "conn_split",
        max_len: 4_096,
        why: "Some requests in a row with their bodies; sizes over a limit have their own tests.",
        seconds: 30,
        rounds: 400,
        check: conn_split::check,
    },
    Target {
        name: "conn_stateful",
        max_len: 600,
        why: "Two hundred steps of some bytes each; further ones repeat states.",
        seconds: 30,
        rounds: 400,
        check: conn_stateful::check,
    },
    Target {
        name: "framing",
        max_len: 1_024,
        why: "A few length fields with their parameters and blanks.",
        seconds: 15,
        rounds: 2_000,
        check: framing::check,
    },
    Target {
        name: "http_head",
        max_len: 17_500,
        why: "A target and a field line pass their bounds; the whole head has its own table test.",
        seconds: 30,
        rounds: 1_500,
        check: http_head::check,
    },
    Target {
        name: "log_line",
        max_len: 8_000,
        why: "Some values of which each is over the bound of a value.",
        seconds: 20,
        rounds: 800,
        check: log_line::check,
    },
    Target {
        name: "mcp_dispatch",
        max_len: 4_096,
        why: "Some messages in a row; limits of size and depth have their own tests.",
        seconds: 40,
        rounds: 200,
        check: mcp_dispatch::check,
    },
    Target {
        name: "path_segment",
        max_len: 640,
        why: "A segment holds 512 bytes; a quarter more reaches the refusal.",
        seconds: 15,
        rounds: 3_000,
        check: path_segment::check,
    },
    Target {
        name: "response",
        max_len: 600,
        why: "Six fields, an event and its data; nothing depends on more.",
        seconds: 15,
        rounds: 2_000,
        check: response::check,
    },
];
