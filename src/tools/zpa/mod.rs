//! Zone: post-admission. Rows of private access.

pub(super) mod access_policies;
pub(super) mod access_policies_changes;
pub(super) mod app_connector_groups;
pub(super) mod app_connector_groups_changes;
pub(super) mod app_segments;
pub(super) mod app_segments_changes;
pub(super) mod application_servers;
pub(super) mod application_servers_changes;
pub(super) mod ba_certificates;
pub(super) mod ba_certificates_changes;
pub(super) mod connectors;
pub(super) mod connectors_changes;
mod groups;
pub(super) mod idp;
pub(super) mod misc;
pub(super) mod pra;
pub(super) mod pra_changes;
pub(super) mod provisioning_keys;
pub(super) mod provisioning_keys_changes;
pub(super) mod segment_groups;
pub(super) mod segment_groups_changes;
pub(super) mod server_groups;
pub(super) mod server_groups_changes;
pub(super) mod service_edge_groups;
pub(super) mod service_edge_groups_changes;

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Value};

const SEARCH: Param = Param::query("search", Kind::Text, "search").form(Form::Expression).doc(
    "Exact name, or such as name+CONTAINS+led, no blanks; also STARTSWITH, ENDSWITH, EQ, NE, GT, \
     LT, GE, LE.",
);

const MICROTENANT: Param = Param::query("microtenant_id", Kind::Id, "microtenantId")
    .even_empty()
    .doc("Id of a microtenant; the default one when left out.");

/// The same for requests that are not told an empty one.
const MICROTENANT_NOT_EMPTY: Param = Param::query("microtenant_id", Kind::Id, "microtenantId")
    .doc("Id of a microtenant; the default one when left out.");

const PAGE: Param =
    Param::query("page", Kind::Integer, "page").even_empty().min(1).doc("Page, from 1.");

const PAGE_SIZE: Param = Param::query("page_size", Kind::Integer, "pagesize")
    .even_empty()
    .min(1)
    .max(500)
    .doc("Records on a page; 20 when left out.");

/// Arguments that every list with pages has.
const PAGED: &[Param] = &[SEARCH, MICROTENANT, PAGE, PAGE_SIZE];

/// The microtenant of a record that is written, inside it.
const MICROTENANT_MEMBER: Member =
    Member::new("microtenantId", Value::Argument("microtenant_id", Form::Plain))
        .when(&[Cond::Truthy("microtenant_id")]);
