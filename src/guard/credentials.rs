//! Zone: pre-admission. The request fields that say who is calling, as sent.
//!
//! Nothing is judged here. A repeated field never gets this far: the guard refuses it, because two
//! readers could take different ones.

use super::FieldValue;
use crate::http::head::Head;

/// Fields that hold a credential.
const FIELDS: [&[u8]; 4] =
    [b"authorization", b"x-api-key", b"x-zscaler-client-id", b"x-zscaler-client-secret"];

/// The fields of one request that hold a credential, each absent or sent once.
#[derive(Debug, Default)]
pub struct Credentials {
    /// `Authorization` (RFC 9110 s11.6.2).
    pub authorization: FieldValue,
    /// `X-Api-Key`
    pub api_key: FieldValue,
    /// `X-Zscaler-Client-ID`
    pub client_id: FieldValue,
    /// `X-Zscaler-Client-Secret`
    pub client_secret: FieldValue,
}

impl Credentials {
    /// Returns the credentials of `head`; their size is bounded by the limits of a head.
    pub(super) fn of(head: &Head<'_>) -> Self {
        let [authorization, api_key, client_id, client_secret] =
            FIELDS.map(|name| head.one(name).into());
        Self { authorization, api_key, client_id, client_secret }
    }

    /// True when a field stands more than once in `head`.
    pub(super) fn are_repeated(head: &Head<'_>) -> bool {
        FIELDS.iter().any(|name| FieldValue::from(head.one(name)) == FieldValue::Repeated)
    }

    /// True when nothing was sent that could be a credential.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.authorization, &self.api_key, &self.client_id, &self.client_secret]
            .iter()
            .all(|value| **value == FieldValue::Absent)
    }
}
