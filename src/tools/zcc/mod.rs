//! Zone: post-admission. Rows of the client connector.

pub(super) mod devices;
