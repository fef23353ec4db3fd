//! Zone: post-admission. Rows of the client connector.

pub(super) mod devices;
pub(super) mod forwarding_profiles;
pub(super) mod trusted_networks;

use crate::tools::param::{Kind, Param};

const SEARCH: Param = Param::query("search", Kind::Text, "search").doc("Part of the name.");

const PAGE: Param =
    Param::query("page", Kind::Integer, "page").even_empty().min(1).doc("Page, from 1.");

const PAGE_SIZE: Param = Param::query("page_size", Kind::Integer, "pageSize")
    .even_empty()
    .min(1)
    .doc("Records on a page; 50 when left out.");

/// Arguments of the lists that are searched by name.
const PAGED: &[Param] = &[SEARCH, PAGE, PAGE_SIZE];
