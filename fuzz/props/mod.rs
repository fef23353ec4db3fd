//! Properties that hold for every input, one file each, as plain functions that panic otherwise.
//!
//! The fuzz targets call them with inputs of their own; `tests/replay.rs` calls them on a stable
//! compiler with the seeds in `fuzz/corpus` and with mutations of these.
#![forbid(unsafe_code)]

pub mod input;
pub mod kit;

pub mod authorization_header;
pub mod base64url;
pub mod canonical_arguments;
pub mod catalogue_arguments;
pub mod chunked;
pub mod cidr;
pub mod confirm_question;
pub mod confirm_token;
pub mod conn_split;
pub mod conn_stateful;
pub mod cors;
pub mod dotenv;
pub mod fence;
pub mod framing;
pub mod guard;
pub mod host_glob;
pub mod http_head;
pub mod jmespath;
pub mod jose;
pub mod json_read;
pub mod json_write;
pub mod jwks;
pub mod jwt;
pub mod log_line;
pub mod markup;
pub mod mcp_dispatch;
pub mod oneapi_response;
pub mod path_segment;
pub mod prompt_arguments;
pub mod response;
pub mod sanitize;
pub mod sealed_state;
pub mod settings;
pub mod snapshot;
pub mod transcode;

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

/// Every target, sorted by name. `fuzz/run.sh` reads name, length, seconds and rounds from these rows.
pub const TARGETS: &[Target] = &[
    Target {
        name: "authorization_header",
        max_len: 512,
        why: "Four fields; the longest right one, a token, is short for its placeholder.",
        seconds: 20,
        rounds: 2_000,
        check: authorization_header::check,
    },
    Target {
        name: "base64url",
        max_len: 256,
        why: "Four bytes in front and behind of others behave alike; length alone changes nothing.",
        seconds: 15,
        rounds: 3_000,
        check: base64url::check,
    },
    Target {
        name: "canonical_arguments",
        max_len: 512,
        why: "Two objects of some members on some levels; longer ones repeat them.",
        seconds: 20,
        rounds: 1_500,
        check: canonical_arguments::check,
    },
    Target {
        name: "catalogue_arguments",
        max_len: 640,
        why: "Twenty arguments of some bytes each, eleven answers, or JSON as long as a usual call.",
        seconds: 40,
        rounds: 800,
        check: catalogue_arguments::check,
    },
    Target {
        name: "chunked",
        max_len: 5_000,
        why: "A line of extensions has 256 bytes, all of them 4,096, and the trailer 8 KiB in a table test.",
        seconds: 20,
        rounds: 1_500,
        check: chunked::check,
    },
    Target {
        name: "cidr",
        max_len: 128,
        why: "The longest entry has 43 bytes and a structured input 34; the rest are addresses.",
        seconds: 20,
        rounds: 3_000,
        check: cidr::check,
    },
    Target {
        name: "confirm_question",
        max_len: 768,
        why: "Three texts over the bound of a shown text fit, pieces are repeated past it.",
        seconds: 20,
        rounds: 800,
        check: confirm_question::check,
    },
    Target {
        name: "confirm_token",
        max_len: 256,
        why: "A token has 92 characters; edits and the signed parts are shorter.",
        seconds: 20,
        rounds: 800,
        check: confirm_token::check,
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
        name: "cors",
        max_len: 512,
        why: "The longest origin has 264 bytes; the other fields are short.",
        seconds: 20,
        rounds: 1_500,
        check: cors::check,
    },
    Target {
        name: "dotenv",
        max_len: 2_048,
        why: "Every form of a line fits many times; bounds of values are reached by references.",
        seconds: 20,
        rounds: 1_500,
        check: dotenv::check,
    },
    Target {
        name: "fence",
        max_len: 256,
        why: "A few lines with several fences each.",
        seconds: 20,
        rounds: 3_000,
        check: fence::check,
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
        name: "guard",
        max_len: 1_024,
        why: "Every field that a check reads fits several times.",
        seconds: 20,
        rounds: 1_000,
        check: guard::check,
    },
    Target {
        name: "host_glob",
        max_len: 512,
        why: "A pattern has at most 256 bytes, a host with its port 261.",
        seconds: 20,
        rounds: 2_000,
        check: host_glob::check,
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
        name: "jmespath",
        max_len: 512,
        why: "Longer expressions repeat; the bounds are reached by doubling.",
        seconds: 20,
        rounds: 600,
        check: jmespath::check,
    },
    Target {
        name: "jose",
        max_len: 1_024,
        why: "Headers have some members; a token of this key and payload has about 250 bytes.",
        seconds: 20,
        rounds: 1_500,
        check: jose::check,
    },
    Target {
        name: "json_read",
        max_len: 1_024,
        why: "The bounds of this property, 24 levels and 300 values, fit.",
        seconds: 20,
        rounds: 2_000,
        check: json_read::check,
    },
    Target {
        name: "json_write",
        max_len: 512,
        why: "One byte makes a value or a piece of text.",
        seconds: 20,
        rounds: 1_000,
        check: json_write::check,
    },
    Target {
        name: "jwks",
        max_len: 4_096,
        why: "Eight keys of the usual length, or five known ones with their edits.",
        seconds: 20,
        rounds: 600,
        check: jwks::check,
    },
    Target {
        name: "jwt",
        max_len: 1_024,
        why: "Every claim that is read fits, several times over.",
        seconds: 20,
        rounds: 1_500,
        check: jwt::check,
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
        name: "markup",
        max_len: 256,
        why: "Nesting deeper than the passes of the sanitizer fits many times.",
        seconds: 20,
        rounds: 1_500,
        check: markup::check,
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
        name: "oneapi_response",
        max_len: 1_536,
        why: "Several interim heads and a body over the largest bound of 1,024 bytes.",
        seconds: 20,
        rounds: 600,
        check: oneapi_response::check,
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
        name: "prompt_arguments",
        max_len: 640,
        why: "Four values of some dangerous pieces, or one of any bytes; the bound of a value has its own test.",
        seconds: 20,
        rounds: 400,
        check: prompt_arguments::check,
    },
    Target {
        name: "response",
        max_len: 600,
        why: "Six fields, an event and its data; nothing depends on more.",
        seconds: 15,
        rounds: 2_000,
        check: response::check,
    },
    Target {
        name: "sanitize",
        max_len: 512,
        why: "Nesting deeper than the passes of the sanitizer fits many times; long texts are repeated.",
        seconds: 20,
        rounds: 200,
        check: sanitize::check,
    },
    Target {
        name: "sealed_state",
        max_len: 768,
        why: "A state has about 500 characters, its claims about 400.",
        seconds: 20,
        rounds: 400,
        check: sealed_state::check,
    },
    Target {
        name: "settings",
        max_len: 1_024,
        why: "A line for every kind of setting fits.",
        seconds: 20,
        rounds: 200,
        check: settings::check,
    },
    Target {
        name: "snapshot",
        max_len: 1_024,
        why: "A file of some records, or two lists of some records of some members each.",
        seconds: 20,
        rounds: 1_500,
        check: snapshot::check,
    },
    Target {
        name: "transcode",
        max_len: 768,
        why: "Records of many members whose names meet; one byte makes a value.",
        seconds: 20,
        rounds: 300,
        check: transcode::check,
    },
];
