//! Zone: post-admission. Rows of cellular.

pub(super) mod anomaly_policy;
pub(super) mod audit_data_handling;
pub(super) mod customer_data_handling;
pub(super) mod customer_region_handling;
pub(super) mod network_events;
pub(super) mod sim_analytics;
pub(super) mod sim_handling;
pub(super) mod sim_location_groups;
pub(super) mod tag_handling;

use crate::tools::param::{Form, Kind, Param, Preset};
use crate::tools::row::{Row, Shape, list};

/// The tool that lists the SIMs.
const SIMS: &str = "zcell_list_sims";
/// Where lists stand in an answer.
const CONTENT: &str = "/content";

const NAME: Param = Param::query("name", Kind::Text, "name").even_empty().doc("Name to look for.");
const PAGE: Param =
    Param::query("page", Kind::Integer, "page").even_empty().min(0).doc("Page, from 0.");
const SIZE: Param = Param::query("size", Kind::Integer, "size")
    .even_empty()
    .min(1)
    .max(100)
    .doc("Records on a page.");

/// The same in the body of a search.
const PAGE_IN_BODY: Param =
    Param::body("page", Kind::Integer, "page").even_empty().min(0).doc("Page, from 0.");
const SIZE_IN_BODY: Param = Param::body("size", Kind::Integer, "size")
    .even_empty()
    .min(1)
    .max(100)
    .doc("Records on a page.");

/// How far back to look; the start of the window is sent as `key` in seconds, its end is now.
const fn days(key: &'static str) -> Param {
    window(Param::query("days", Kind::Integer, key)).even_empty().form(Form::DaysAgo)
}

/// Bounds how far back to look.
const fn window(param: Param) -> Param {
    param.preset(Preset::Integer(7)).min(1).max(365).doc("Days to look back.")
}

/// Returns a list whose answer may be a page, the list itself, or one record.
const fn any_form(name: &'static str, toolset: &'static str, path: &'static str) -> Row {
    let mut row = list(name, toolset, path);
    row.shape = Shape::RecordsOrOne(CONTENT);
    row
}
