//! Zone: post-admission. Rows of microsegmentation, all of the toolset `zms`.
//!
//! Each tool sends one GraphQL operation; its document stands beside the row, and the arguments of
//! the tool are the variables.

mod agents;
mod policy;
mod resources;
mod tags;

use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::plan::{Cond, Member, Refusal, Value};
use crate::tools::row::{Row, Shape, graph};

const SET: &str = "zms";
const DIRECTIONS: &[&str] = &["ASC", "DESC"];

pub(in crate::tools) const ROWS: &[Row] = &[
    agents::CONNECTION_COUNTS,
    agents::TOTP,
    agents::VERSION_COUNTS,
    resources::METADATA,
    agents::NONCE,
    resources::GROUP_MEMBERS,
    resources::GROUP_PROTECTION,
    resources::PROTECTION,
    agents::GROUPS,
    agents::AGENTS,
    policy::APP_CATALOG,
    policy::APP_ZONES,
    policy::DEFAULT_RULES,
    agents::NONCES,
    policy::RULES,
    resources::GROUPS,
    resources::RESOURCES,
    tags::KEYS,
    tags::NAMESPACES,
    tags::VALUES,
];

/// The variable that every operation has.
const CUSTOMER: Member = Member::new("customerId", Value::Customer);

const PAGE: Param = Param::body("page", Kind::Integer, "page")
    .even_empty()
    .preset(Preset::Integer(1))
    .min(1)
    .doc("Page, from 1.");

const PAGE_NUM: Param = Param::body("page_num", Kind::Integer, "pageNum")
    .even_empty()
    .preset(Preset::Integer(1))
    .min(1)
    .doc("Page, from 1.");

const PAGE_SIZE: Param = Param::body("page_size", Kind::Integer, "pageSize")
    .even_empty()
    .preset(Preset::Integer(20))
    .min(1)
    .max(100)
    .doc("Records on a page.");

const SORT: Param =
    Param::body("sort", Kind::Text, "sort").even_empty().doc("Member to sort by, such as name.");

const SORT_DIR: Param =
    Param::body("sort_dir", Kind::Text, "sortDir").even_empty().doc("ASC or DESC.");

const SORT_ORDER: Param = Param::body("sort_order", Kind::Text, "orderBy.name")
    .form(Form::Upper)
    .doc("ASC or DESC, by name.");

const BAD_ORDER: Refusal = Refusal::new(
    &[Cond::Truthy("sort_order"), Cond::UpperNotIn("sort_order", DIRECTIONS)],
    "sort_order must be ASC or DESC",
);

/// Returns a tool whose variables are its arguments and the customer id.
const fn ask(name: &'static str, document: (&'static str, &'static str), shape: Shape) -> Row {
    graph(name, SET, "/zms/graphql", document, shape).body(&[CUSTOMER])
}
