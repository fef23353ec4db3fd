//! The protocol engine as its callers see it: both eras, every transport, no socket.

mod ask;
mod callers;
mod channel;
#[path = "../../fuzz/props/kit/schema.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate sees this file as part of a library")]
mod checker;
mod handshake;
mod ladder;
#[path = "../common/lines.rs"]
mod lines;
mod places;
mod resume;
mod schema;
mod sessions;
mod subscribe;
mod tasks;
mod trail;
mod world;
