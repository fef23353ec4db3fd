//! What several properties need: a reader of both directions, a shell around a connection, an
//! engine over the demo tenant, and the schemas of the protocol.

pub mod engine;
pub mod json;
pub mod schema;
pub mod shell;
pub mod wire;
