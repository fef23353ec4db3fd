//! Zone: pre-admission. Addresses, globs, hosts and origins: pure matching.
//!
//! Entries come from the operator and are parsed once, at start; a bad one is an error and never
//! skipped. What comes from a peer is parsed by the strict grammar before it is compared.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod cidr;
mod glob;
mod host;
mod origin;
mod pattern;

pub use cidr::{Network, NetworkError};
pub use glob::{Case, Glob, GlobError};
pub use host::{Host, HostName};
pub use origin::{Origin, OriginError};
pub use pattern::{HostError, HostPattern};
