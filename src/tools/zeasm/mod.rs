//! Zone: post-admission. Rows of attack surface management.

pub(super) mod findings;
pub(super) mod lookalike_domains;
pub(super) mod organizations;

use crate::tools::param::Param;

/// The tool that lists the organizations, which every other one asks for.
const ORGANIZATIONS: &str = "zeasm_list_organizations";

const ORG_ID: Param = Param::path("org_id").doc("Id from zeasm_list_organizations.");
