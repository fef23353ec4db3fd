//! Zone: post-admission. The tool catalogue: one row a tool, and what serves the rows.
//!
//! A row says name, arguments, request and result; the engine does the same steps for each.
//! Trusts that the caller was admitted; trusts neither arguments nor answers.

mod arguments;
mod call;
pub mod catalogue;
pub mod change;
mod confirm;
mod cut;
mod encode;
mod engine;
mod entitlement;
mod exceptions;
mod exceptions_zdx;
mod exceptions_zia;
mod exceptions_zia_rules;
mod exceptions_zins;
mod exceptions_zpa;
mod exceptions_zpa_apps;
mod exceptions_zpa_conditions;
mod exceptions_zpa_pra;
mod exceptions_zpa_segments;
mod exceptions_zpa_servers;
pub mod export;
mod exceptions_ztw;
mod failure;
mod find;
mod forms;
mod frame;
mod id_lists;
pub mod listing;
mod lookup;
mod names;
mod nearest;
pub mod param;
mod pages;
pub mod plan;
mod preview;
pub mod prompts;
mod request;
mod resources;
pub mod row;
mod schema;
mod selection;
mod staged;
mod trail;
pub mod writes;
mod zcc;
mod zcell;
mod zdx;
mod zeasm;
mod zia;
mod zid;
mod zins;
mod zms;
mod zpa;
mod ztw;

pub use engine::{DEMO_CUSTOMER, Product, ServerIdentity, Taken};
pub use entitlement::{Entitlement, entitled};
pub use frame::{Frame, Tenant};
pub use selection::{BadSelection, Selection, Wanted};
pub use trail::{Trail, Watch};
