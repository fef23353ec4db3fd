//! Zone: post-admission. Rows of internet access.

pub(super) mod admin;
pub(super) mod advanced_settings;
pub(super) mod advanced_settings_changes;
pub(super) mod atp_malware;
pub(super) mod atp_malware_changes;
pub(super) mod atp_policy;
pub(super) mod atp_policy_changes;
pub(super) mod authentication_settings;
pub(super) mod authentication_settings_changes;
pub(super) mod cloud_app_control;
pub(super) mod cloud_app_control_changes;
pub(super) mod cloud_firewall;
pub(super) mod cloud_firewall_changes;
pub(super) mod dlp;
pub(super) mod dlp_changes;
pub(super) mod file_type_control;
pub(super) mod file_type_control_changes;
pub(super) mod devices;
pub(super) mod locations;
pub(super) mod locations_changes;
pub(super) mod misc;
pub(super) mod misc_changes;
pub(super) mod rule_labels;
pub(super) mod rule_labels_changes;
mod rules;
pub(super) mod sandbox;
pub(super) mod sandbox_changes;
mod settings;
pub(super) mod ssl_inspection;
pub(super) mod ssl_inspection_changes;
pub(super) mod shadow_it;
pub(super) mod shadow_it_changes;
pub(super) mod time_intervals;
pub(super) mod time_intervals_changes;
pub(super) mod url_categories;
pub(super) mod url_categories_changes;
pub(super) mod url_filtering;
pub(super) mod url_filtering_changes;
pub(super) mod users;
pub(super) mod workload_groups;

use crate::tools::param::{Kind, Param};

/// Part of a name.
const SEARCH: Param =
    Param::query("search", Kind::Text, "search").doc("Part of the name, any case.");

/// Page of a list.
const PAGE: Param = Param::query("page", Kind::Integer, "page").even_empty().doc("Page, from 1.");

/// Size of a page.
const PAGE_SIZE: Param = Param::query("page_size", Kind::Integer, "pageSize")
    .even_empty()
    .doc("Records on a page, 1 to 1000.");
