//! What several properties need: a reader of both directions, a shell around a connection, an
//! engine over the demo tenant, the schemas of the protocol, checkers of clean text and of
//! questions, heads written as text, JSON values made from bytes, and for a tool of the catalogue its
//! arguments, a service, a person who is asked, and a reader of paths.

pub mod asked;
pub mod clean;
pub mod engine;
pub mod given;
pub mod heads;
pub mod json;
pub mod open;
pub mod person;
pub mod schema;
pub mod service;
pub mod shell;
pub mod templates;
pub mod trees;
pub mod wire;
