//! Zone: operator. Placeholder.
fn main() {}
