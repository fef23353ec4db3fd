//! Zone: pre-admission. The source address behind trusted proxies (`X-Forwarded-For`).
//!
//! Believes the field only from a listed proxy, and only the hops that listed proxies wrote: the
//! walk goes from the right and ends at the first hop that is not one of them.

use super::{Policy, Refusal};
use crate::base::bytes::trim_ows;
use crate::http::head::Head;
use core::net::{IpAddr, SocketAddr};

/// Returns the address that the source list decides on.
///
/// # Errors
/// [`Refusal::Forwarding`] when a hop that has to be read is not an address.
pub(super) fn source(policy: &Policy, peer: IpAddr, head: &Head<'_>) -> Result<IpAddr, Refusal> {
    let mut source = peer.to_canonical();
    if !policy.proxies.trusts(source) {
        return Ok(source);
    }
    let lines = head.fields.iter().rev();
    let lines = lines.filter(|field| field.name.eq_ignore_ascii_case(b"x-forwarded-for"));
    // An empty hop counts as unreadable: passing over it would believe what stands before it.
    for written in lines.flat_map(|field| field.value.rsplit(|byte| *byte == b',')) {
        source = hop(trim_ows(written)).ok_or(Refusal::Forwarding)?;
        if !policy.proxies.trusts(source) {
            break;
        }
    }
    Ok(source)
}

/// Returns the address of a hop: plain, or with a port, or v6 in brackets.
fn hop(written: &[u8]) -> Option<IpAddr> {
    let text = core::str::from_utf8(written).ok()?;
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let address = match (text.parse::<IpAddr>(), bare) {
        (Ok(address), _) => address,
        (Err(_), Some(bare)) => IpAddr::V6(bare.parse().ok()?),
        (Err(_), None) => text.parse::<SocketAddr>().ok()?.ip(),
    };
    Some(address.to_canonical())
}
