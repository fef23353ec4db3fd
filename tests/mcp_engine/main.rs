//! The protocol engine as its callers see it: both eras, every transport, no socket.

mod ask;
mod channel;
mod handshake;
mod ladder;
mod resume;
mod schema;
mod sessions;
mod subscribe;
mod tasks;
mod world;
