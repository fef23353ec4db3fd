//! Zone: post-admission. Rows of digital experience.

pub(super) mod alerts;
pub(super) mod reports;
pub(super) mod software_inventory;
pub(super) mod troubleshooting;
pub(super) mod troubleshooting_changes;

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Value};

const LOCATION_ID: Param =
    Param::query("location_id", Kind::Texts, "loc").doc("Ids from zdx_list_locations; any fits.");

const DEPARTMENT_ID: Param = Param::query("department_id", Kind::Texts, "dept")
    .doc("Ids from zdx_list_departments; any fits.");

const GEO_ID: Param = Param::query("geo_id", Kind::Texts, "geo")
    .doc("Ids of places, as in geolocations of an alert; any fits.");

const SINCE: Param = Param::query("since", Kind::Integer, "from")
    .form(Form::HoursAgo)
    .even_empty()
    .min(1)
    .doc("Hours to look back; 2 when left out.");

const OFFSET: Param = Param::query("offset", Kind::Text, "offset")
    .even_empty()
    .doc("next_offset of the page before; left out: the first page.");

/// The end of a window that begins some hours ago: now.
const UNTIL_NOW: &[Member] = &[Member::new("to", Value::Now).when(&[Cond::Given("since")])];
