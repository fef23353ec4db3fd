//! Zone: post-admission. Where records come from: requests, answers and the seam they cross.
//!
//! A request is a value; whoever implements [`Backend`] carries it out. Trusts that paths were
//! built by [`ApiPath`]; trusts nothing in an answer. Never holds a credential.

pub mod demo;
pub mod oneapi;
mod path;
pub mod search;

pub use path::{ApiPath, BadSegment, PathSegment, Unfilled};

use crate::json::{self, Bounds, Json, ReadError};
use crate::limits::{JSON_DEPTH_MAX, UPSTREAM_NODES_MAX};

/// Method of a request to the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiMethod {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl ApiMethod {
    /// Returns the method as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One request to the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRequest {
    /// Method.
    pub method: ApiMethod,
    /// Path, encoded.
    pub path: ApiPath,
    /// Query members in order, not encoded.
    pub query: Vec<(String, String)>,
    /// JSON body.
    pub body: Option<Json>,
}

impl ApiRequest {
    /// Returns the value of the first query member `key`.
    #[must_use]
    pub fn query_value(&self, key: &str) -> Option<&str> {
        self.query.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// The body of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiBody {
    /// JSON.
    Json(Json),
    /// What is said to be JSON, as it was sent: nobody has looked at it.
    Encoded(Vec<u8>),
    /// Anything else that is text.
    Text(String),
    /// Nothing.
    Empty,
}

impl ApiBody {
    /// Returns the value, null for nothing and `None` for other text.
    ///
    /// # Errors
    /// [`ReadError`] when what is said to be JSON is none within the bounds.
    pub fn into_json(self) -> Result<Option<Json>, ReadError> {
        Ok(match self {
            Self::Json(value) => Some(value),
            Self::Encoded(bytes) => {
                let bounds = Bounds { depth: JSON_DEPTH_MAX, nodes: UPSTREAM_NODES_MAX };
                Some(json::read(&bytes, bounds)?)
            }
            Self::Empty => Some(Json::Null),
            Self::Text(_) => None,
        })
    }
}

/// The answer of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiResponse {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: ApiBody,
}

impl ApiResponse {
    /// True for 200 to 299.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upstream {
    /// The operator has not set this setting, or not to a usable value.
    NotConfigured(&'static str),
    /// No connection to the service.
    Unreachable,
    /// The service did not answer in time.
    Timeout,
    /// The service did not accept the server's own credentials.
    CredentialsRefused,
    /// The service asked for a longer wait than a call may take.
    Throttled,
    /// The answer is larger than this server takes.
    TooLarge,
    /// The answer could not be read.
    Unreadable,
    /// The caller no longer waits.
    Cancelled,
}

impl core::fmt::Display for Upstream {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotConfigured(setting) => {
                write!(f, "the operator of this server has to set {setting} first")
            }
            Self::Unreachable => f.write_str("the service could not be reached; try again later"),
            Self::Timeout => {
                f.write_str("the service did not answer in time; ask for less at once")
            }
            Self::CredentialsRefused => f.write_str(
                "the service refused the credentials of this server; its operator must check them",
            ),
            Self::Throttled => f.write_str(
                "the service takes no more requests for now; wait a minute before trying again",
            ),
            Self::TooLarge => f.write_str("the answer is too large; use a filter or smaller pages"),
            Self::Unreadable => f.write_str("the service sent an answer that cannot be read"),
            Self::Cancelled => f.write_str("the call was cancelled"),
        }
    }
}

/// Tells a backend whether somebody still waits for the answer.
pub trait Patience {
    /// True when the caller no longer waits.
    fn cancelled(&self) -> bool;
}

/// A place that answers requests: the cloud, a file, or the demo tenant.
pub trait Backend: Send + Sync {
    /// Carries out one request; an answer with an error status is an answer.
    ///
    /// # Errors
    /// [`Upstream`] says why there is no answer.
    fn send(&self, request: &ApiRequest, patience: &dyn Patience) -> Result<ApiResponse, Upstream>;

    /// True when an answer comes at once: it waits for nothing and takes little work.
    fn is_local(&self) -> bool;

    /// Returns what this is, for the operator's report.
    fn describe(&self) -> String;
}
