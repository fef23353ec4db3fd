//! What several properties need: a reader of both directions, a shell around a connection, an
//! engine over the demo tenant, the schemas of the protocol, checkers of clean text and of
//! questions, heads written as text, and JSON values made from bytes.

pub mod asked;
pub mod clean;
pub mod engine;
pub mod heads;
pub mod json;
pub mod open;
pub mod schema;
pub mod shell;
pub mod trees;
pub mod wire;
