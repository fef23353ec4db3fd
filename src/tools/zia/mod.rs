//! Zone: post-admission. Rows of internet access.

pub(super) mod locations;
pub(super) mod rule_labels;
pub(super) mod url_categories;

use crate::tools::param::{Kind, Param};

/// Part of a name.
const SEARCH: Param = Param::query("search", Kind::Text, "search")
    .doc("Part of the name, any case. Leave it out for all records.");
