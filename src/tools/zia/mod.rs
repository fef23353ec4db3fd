//! Zone: post-admission. Rows of internet access.

pub(super) mod cloud_firewall;
pub(super) mod locations;
pub(super) mod rule_labels;
pub(super) mod url_categories;
pub(super) mod url_filtering;
pub(super) mod users;

use crate::tools::param::{Kind, Param};

/// Part of a name.
const SEARCH: Param = Param::query("search", Kind::Text, "search")
    .doc("Part of the name, any case. Leave it out for all records.");
