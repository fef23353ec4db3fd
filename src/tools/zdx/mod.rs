//! Zone: post-admission. Rows of digital experience.

pub(super) mod alerts;
pub(super) mod reports;

use crate::tools::param::{Form, Kind, Param};
use crate::tools::plan::{Cond, Member, Value};

const LOCATION_ID: Param = Param::query("location_id", Kind::Texts, "loc")
    .doc("Ids of locations from zdx_list_locations; any of them counts.");

const DEPARTMENT_ID: Param = Param::query("department_id", Kind::Texts, "dept")
    .doc("Ids of departments from zdx_list_departments; any of them counts.");

const GEO_ID: Param = Param::query("geo_id", Kind::Texts, "geo")
    .doc("Ids of places, such as those in geolocations of an alert; any of them counts.");

const SINCE: Param = Param::query("since", Kind::Integer, "from")
    .form(Form::HoursAgo)
    .even_empty()
    .min(1)
    .doc("Hours to look back from now; the service takes the last 2 when it is left out.");

const OFFSET: Param = Param::query("offset", Kind::Text, "offset")
    .even_empty()
    .doc("Token of the page, from next_offset of the page before; leave it out for the first.");

/// The end of a window that begins some hours ago: now.
const UNTIL_NOW: &[Member] = &[Member::new("to", Value::Now).when(&[Cond::Given("since")])];
