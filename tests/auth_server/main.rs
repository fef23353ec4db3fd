//! Client authentication of the built binary, with identity providers that a test makes.
#![expect(clippy::disallowed_methods, reason = "a test is its own shell")]

mod certificates;
mod client;
#[path = "../common/mod.rs"]
mod common;
mod front;
mod hanging;
mod hostile;
mod logs;
mod oidc;
mod provider;

use common::Server;

/// Nothing of the machine the tests run on leads elsewhere.
const DIRECT: [(&str, &str); 4] =
    [("HTTPS_PROXY", ""), ("https_proxy", ""), ("NO_PROXY", ""), ("no_proxy", "")];

/// Starts the demo tenant with these settings.
fn demo(env: &[(&str, &str)]) -> Server {
    let mut all = DIRECT.to_vec();
    all.extend_from_slice(env);
    Server::demo(&[], &all)
}
