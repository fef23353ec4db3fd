//! Zone: post-admission. Rows of internet access.

pub(super) mod admin;
pub(super) mod cloud_firewall;
pub(super) mod cloud_firewall_changes;
pub(super) mod locations;
pub(super) mod locations_changes;
pub(super) mod rule_labels;
pub(super) mod rule_labels_changes;
mod rules;
pub(super) mod url_categories;
pub(super) mod url_categories_changes;
pub(super) mod url_filtering;
pub(super) mod url_filtering_changes;
pub(super) mod users;

use crate::tools::param::{Kind, Param};

/// Part of a name.
const SEARCH: Param = Param::query("search", Kind::Text, "search")
    .doc("Part of the name, any case. Leave it out for all records.");
