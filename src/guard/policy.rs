//! Zone: pre-admission. What the operator allows, parsed once at start.

/// The Host allowlist.
#[derive(Debug)]
pub struct Hosts;
/// The origin allowlist.
#[derive(Debug)]
pub struct Origins;
/// The source address list.
#[derive(Debug)]
pub struct Sources;
/// The proxies whose forwarding field is believed.
#[derive(Debug)]
pub struct Proxies;
/// All of it.
#[derive(Debug)]
pub struct Policy;
