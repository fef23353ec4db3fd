//! Zone: pre-admission. The request fields that say who is calling, as sent.
//!
//! Nothing is judged here. A field that stands twice gives no credentials at all, because two
//! readers could take different ones. Not shown by `Debug`, and overwritten when dropped.

use super::Refusal;
use crate::base::Secret;
use crate::http::head::{Head, One};

/// The fields of one request that hold a credential, each absent or sent once.
#[derive(Debug, Default)]
pub struct Credentials {
    /// `Authorization` (RFC 9110 s11.6.2).
    pub authorization: Option<Secret>,
    /// `X-Api-Key`
    pub api_key: Option<Secret>,
    /// `X-Zscaler-Client-ID`
    pub client_id: Option<Secret>,
    /// `X-Zscaler-Client-Secret`
    pub client_secret: Option<Secret>,
}

impl Credentials {
    /// Returns the credentials of `head`; their size is bounded by the limits of a head.
    ///
    /// # Errors
    /// [`Refusal::CredentialRepeated`].
    pub(super) fn of(head: &Head<'_>) -> Result<Self, Refusal> {
        let field = |name: &[u8]| match head.one(name) {
            One::Absent => Ok(None),
            One::Value(value) => Ok(Some(Secret::new(value.to_vec()))),
            One::Repeated => Err(Refusal::CredentialRepeated),
        };
        Ok(Self {
            authorization: field(b"authorization")?,
            api_key: field(b"x-api-key")?,
            client_id: field(b"x-zscaler-client-id")?,
            client_secret: field(b"x-zscaler-client-secret")?,
        })
    }
}
