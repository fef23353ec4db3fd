//! Zone: post-admission. Why the cloud gave no answer, in words for the operator.

use core::fmt;

use crate::backend::Upstream;
use crate::http::fault::Fault;

/// What is wrong with the certificate of the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    /// No authority of the bundle has signed it.
    Issuer,
    /// It is for another name.
    Name,
    /// Its time is over or has not begun.
    Dates,
    /// Something else.
    Other,
}

/// Why there is no answer. The caller is told less, as [`Upstream`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The name has no address.
    Name,
    /// Nobody says in time what the address of the name is.
    NameTimeout,
    /// An address without TLS turned out not to be loopback.
    NotLoopback,
    /// Nothing accepts the connection.
    Connect,
    /// The connection took too long.
    ConnectTimeout,
    /// The certificate is not accepted.
    Certificate(Certificate),
    /// The TLS handshake failed otherwise.
    Tls,
    /// The proxy answered with this status.
    Proxy(u16),
    /// The connection ended before the answer did.
    Closed,
    /// Nothing came for too long.
    Silence,
    /// The time for all of it is over.
    Deadline,
    /// The answer is outside the grammar of HTTP.
    Malformed(Fault),
    /// The answer is too large.
    TooLarge,
    /// The body is not what the answer says it is.
    Body,
    /// The credentials were refused with this status.
    TokenRefused(u16),
    /// The token address answered with this status.
    TokenStatus(u16),
    /// The token address answered without a usable token.
    TokenAnswer,
    /// The private key does not sign.
    Signature,
    /// The service asks for a longer wait than a call may take.
    Throttled,
    /// The caller no longer waits.
    Cancelled,
}

impl Trouble {
    /// Returns what the caller is told.
    #[must_use]
    pub const fn upstream(self) -> Upstream {
        match self {
            Self::Name
            | Self::NameTimeout
            | Self::NotLoopback
            | Self::Connect
            | Self::ConnectTimeout
            | Self::Certificate(_)
            | Self::Tls
            | Self::Proxy(_)
            | Self::Closed
            | Self::TokenStatus(_) => Upstream::Unreachable,
            Self::Silence | Self::Deadline => Upstream::Timeout,
            Self::Malformed(_) | Self::Body | Self::TokenAnswer => Upstream::Unreadable,
            Self::TooLarge => Upstream::TooLarge,
            Self::TokenRefused(_) | Self::Signature => Upstream::CredentialsRefused,
            Self::Throttled => Upstream::Throttled,
            Self::Cancelled => Upstream::Cancelled,
        }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        if fault == Fault::BodyTooLarge { Self::TooLarge } else { Self::Malformed(fault) }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "the name has no address; check DNS and the name of the cloud",
            Self::NameTimeout => "no address of the name came in time; check DNS",
            Self::NotLoopback => "an address without TLS is not loopback; nothing was sent",
            Self::Connect => "no connection; check the route, the firewall and HTTPS_PROXY",
            Self::ConnectTimeout => "connecting took too long; check the route and HTTPS_PROXY",
            Self::Certificate(Certificate::Issuer) => {
                "the certificate is from an authority that is not trusted; if TLS is inspected on \
                 the way, put that authority into ZSCALER_MCP_CA_BUNDLE"
            }
            Self::Certificate(Certificate::Name) => "the certificate is for another name",
            Self::Certificate(Certificate::Dates) => {
                "the certificate is not valid at this time; check the clock of this machine"
            }
            Self::Certificate(Certificate::Other) => "the certificate is not accepted",
            Self::Tls => "the TLS handshake failed",
            Self::Proxy(407) => "the proxy asks for credentials (407); put them into HTTPS_PROXY",
            Self::Proxy(status) => return write!(f, "the proxy refused the tunnel with {status}"),
            Self::Closed => "the connection ended before the answer did",
            Self::Silence => "the service was silent for too long",
            Self::Deadline => "the time for the request is over",
            Self::Malformed(fault) => return write!(f, "the answer is not readable HTTP: {fault}"),
            Self::TooLarge => "the answer is larger than this server takes",
            Self::Body => "the body of the answer is not readable JSON",
            Self::TokenRefused(status) => {
                return write!(
                    f,
                    "the credentials were refused with {status}; check ZSCALER_CLIENT_ID, the \
                     secret or key, and ZSCALER_VANITY_DOMAIN"
                );
            }
            Self::TokenStatus(status) => {
                return write!(f, "the token address answered with {status}");
            }
            Self::TokenAnswer => "the token address answered without a usable token",
            Self::Signature => "the private key does not sign",
            Self::Throttled => "the service asks for a longer wait than a call may take",
            Self::Cancelled => "the caller no longer waits",
        })
    }
}
