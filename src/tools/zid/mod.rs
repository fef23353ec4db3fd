//! Zone: post-admission. Rows of identity.

pub(super) mod groups;
pub(super) mod users;

use crate::tools::param::{Kind, Param};
use crate::tools::plan::Takes;

const OFFSET: Param = Param::query("offset", Kind::Integer, "offset")
    .even_empty()
    .min(0)
    .doc("Records to skip, for the next page.");

const LIMIT: Param = Param::query("limit", Kind::Integer, "limit")
    .even_empty()
    .min(1)
    .max(1_000)
    .doc("Records on a page.");

/// Skipped records of a tool that looks a name up first.
const OFFSET_OF_BOTH: Param =
    OFFSET.doc("Leave it out: it skips hits of the name too; page by id instead.");

/// The arguments that ask for a page.
const PAGE: Takes = Takes::Only(&["offset", "limit"]);
