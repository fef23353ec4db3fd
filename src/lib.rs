//! A Model Context Protocol server for Zscaler tenants, built to be read by a security reviewer.
//!
//! Zone: operator
//!
//! The modules form a list: each names only modules above its own row (see `tests/layering.rs`).
//! Everything above [`server`] is sans-I/O: no socket, clock, thread, file or environment
//! variable; time and randomness are arguments.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::unimplemented,
        clippy::get_unwrap,
        clippy::string_slice,
        clippy::as_conversions,
        clippy::unwrap_in_result,
        clippy::panic_in_result_fn,
        clippy::print_stdout,
        clippy::print_stderr,
        clippy::exit,
        clippy::iter_over_hash_type,
        clippy::disallowed_methods,
        clippy::disallowed_types
    )
)]

pub mod base;
pub mod limits;
pub mod json;
pub mod audit;
pub mod jose;
pub mod matching;
pub mod sanitize;
pub mod query;
pub mod http;
pub mod guard;
pub mod auth;
pub mod conn;
pub mod mcp;
pub mod consent;
pub mod backend;
pub mod snapshot;
pub mod tools;
pub mod settings;
pub mod server;
pub mod start;
