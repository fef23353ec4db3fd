//! Zone: pre-admission. From credential to principal, and to the tools that it may use.
//!
//! Decides at once or says what has to be asked first; never waits and never asks. The shell asks
//! and tells the [`Gate`], and whoever waited is judged again. A credential is kept nowhere but in
//! a question, and a denial holds nothing of it.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod attempts;
mod caller;
mod challenge;
mod credential;
mod gate;
mod grants;
mod keyring;
mod keys;
mod marks;
mod metadata;
mod pairs;
mod rates;
mod table;
mod tokens;
mod verdict;

pub use caller::Principal;
pub use gate::{Authorized, Gate, Limits, Method, Setup};
pub use grants::{BadGrant, Deed, Fault, Grant, Grants};
pub use keys::{ApiKeys, BadKeys};
pub use metadata::Metadata;
pub use pairs::Pairs;
pub use tokens::{TokenUse, Tokens};
pub use verdict::{At, Denial, Heard, PairQuestion, PairTold, Question, Told, Verdict};
