//! Zone: pre-admission. The ordered checks on a request head, and what they answer.
//!
//! Reads the head and the policy only. No refusal depends on a later check and none repeats a
//! byte of the peer.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

mod checks;
mod cors;
mod credentials;
mod fields;
mod forwarded;
mod media;
mod policy;
pub mod refusal;

pub use cors::cors_fields;
pub use credentials::Credentials;
pub use fields::{FieldValue, McpFields};
pub use policy::{Document, Hosts, Origins, Policy, Proxies, Sources};
pub use refusal::Refusal;

use self::checks::{CHECKS, Context, Stop};
use crate::http::body::Length;
use crate::http::head::{Head, Version};
use core::net::IpAddr;
use std::sync::Arc;

/// What a known path is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// `/mcp`: Streamable HTTP, or HTTP+SSE when that transport was chosen.
    Mcp,
    /// `/sse`: event stream of HTTP+SSE.
    Sse,
    /// `/messages`: where HTTP+SSE clients post.
    Messages,
}

/// A method that a route offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// GET
    Get,
    /// POST
    Post,
    /// DELETE
    Delete,
}

/// Proof that a head passed every check, with all that later steps may know of it.
///
/// Only [`decide`] makes one; neither changing nor copying one makes another.
///
/// ```compile_fail
/// use zscaler_mcp::guard::{Admitted, Route};
///
/// fn forge(real: Admitted) -> Admitted {
///     Admitted { route: Route::Mcp, ..real }
/// }
/// ```
///
/// ```compile_fail
/// fn twice(real: zscaler_mcp::guard::Admitted) -> [zscaler_mcp::guard::Admitted; 2] {
///     [real.clone(), real]
/// }
/// ```
#[derive(Debug)]
pub struct Admitted {
    route: Route,
    verb: Verb,
    source: IpAddr,
    length: Length,
    expects_continue: bool,
    keep_alive: bool,
    version: Version,
    origin: Option<Box<[u8]>>,
    session_query: Option<Box<[u8]>>,
    mcp: McpFields,
    credentials: Box<Credentials>,
}

/// The answer to a head.
#[derive(Debug)]
pub enum Decision {
    /// Go on: credential, then body.
    Admitted(Admitted),
    /// Answer at once with a constant; `keep` tells whether the connection may go on.
    Answer(Constant, bool),
    /// Refuse and close. The origin is given when it is listed, for the CORS fields.
    Refused(Refusal, Option<Box<[u8]>>),
}

/// An answer that needs neither credential nor body.
#[derive(Debug)]
pub enum Constant {
    /// Health: 200 with a constant body, which HEAD leaves out.
    Health {
        /// True for HEAD.
        head_only: bool,
    },
    /// A document of [`Policy::documents`]: 200 with this body, which HEAD leaves out.
    Document {
        /// The document.
        body: Arc<[u8]>,
        /// True for HEAD.
        head_only: bool,
        /// The origin that asks, when it is listed.
        origin: Option<Box<[u8]>>,
    },
    /// A granted preflight: 204 with these fields.
    Preflight(Vec<(&'static str, Vec<u8>)>),
    /// `OPTIONS *`, or OPTIONS without an Origin: 204 with `Allow`.
    Options(&'static str),
}

/// Decides on `head` from socket address `peer` under `policy`.
#[must_use]
pub fn decide(policy: &Policy, peer: IpAddr, head: &Head<'_>) -> Decision {
    let mut context = Context::new(policy, peer, head);
    for check in &CHECKS {
        match (check.run)(&mut context) {
            Ok(()) => {}
            Err(Stop::Refuse(refusal)) => {
                return Decision::Refused(refusal, context.into_origin());
            }
            Err(Stop::Answer(constant)) => {
                return Decision::Answer(constant, context.keeps_alive_unread());
            }
        }
    }
    match context.admit() {
        Ok(admitted) => Decision::Admitted(admitted),
        Err(refusal) => Decision::Refused(refusal, None),
    }
}

/// Returns the names of the checks, in the order they run.
pub fn order() -> impl Iterator<Item = &'static str> {
    CHECKS.iter().map(|check| check.name)
}

impl Admitted {
    /// Returns what the path is for.
    #[must_use]
    pub const fn route(&self) -> Route {
        self.route
    }

    /// Returns the method.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        self.verb
    }

    /// Returns the source address the checks used: the peer, or the hop a trusted proxy named.
    #[must_use]
    pub const fn source(&self) -> IpAddr {
        self.source
    }

    /// Returns the length rule of the body.
    #[must_use]
    pub const fn length(&self) -> Length {
        self.length
    }

    /// True when the peer waits for `100 Continue`.
    #[must_use]
    pub const fn expects_continue(&self) -> bool {
        self.expects_continue
    }

    /// True when the connection may carry another request.
    #[must_use]
    pub const fn keep_alive(&self) -> bool {
        self.keep_alive
    }

    /// Returns the version of the request.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Returns the listed origin to be named in the CORS fields of the answer.
    #[must_use]
    pub fn origin(&self) -> Option<&[u8]> {
        self.origin.as_deref()
    }

    /// Returns the raw `session_id` parameter of the query, on the messages route.
    #[must_use]
    pub fn session_query(&self) -> Option<&[u8]> {
        self.session_query.as_deref()
    }

    /// Returns the fields that hold a credential; empty when they were forgotten.
    #[must_use]
    pub const fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Forgets the credential: whoever serves the request has no use for it.
    pub fn forget_credentials(&mut self) {
        *self.credentials = Credentials::default();
    }

    /// Returns the fields that MCP defines.
    #[must_use]
    pub const fn mcp(&self) -> &McpFields {
        &self.mcp
    }
}
