//! What several properties need: a reader of both directions, and a shell around a connection.

pub mod shell;
pub mod wire;
