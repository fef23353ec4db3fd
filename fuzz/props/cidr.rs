//! A network covers an address exactly when shifting both, as numbers of 128 bits, leaves the same
//! prefix in the same family; an entry is taken exactly when a plain reading takes it.

use super::input::Input;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use zscaler_mcp::matching::Network;

/// Where v4 addresses stand among those of v6.
const MAPPED: u128 = 0xffff_0000_0000;

/// An address or network in one space of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plain {
    Any,
    Range { v4: bool, base: u128, bits: u32 },
}

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let shape = input.byte();
    let (entry, peers) = if shape & 1 == 0 {
        let text = String::from_utf8_lossy(input.rest());
        let (entry, peers) = text.split_once('\n').unwrap_or((&text, ""));
        let peers = peers.lines().filter_map(|line| line.parse().ok()).collect();
        (entry.to_owned(), peers)
    } else {
        written(shape, &mut input)
    };
    agree(&entry, peers);
}

/// Returns an entry that is nearly always good, and addresses near it.
fn written(shape: u8, input: &mut Input<'_>) -> (String, Vec<IpAddr>) {
    let mut number = || {
        let mut octets = [0; 16];
        octets.fill_with(|| input.byte());
        u128::from_be_bytes(octets)
    };
    let (base, noise) = (number(), number());
    let bits = u32::from(input.byte());
    let near = u32::from(input.byte()) % 129;
    let peer = base ^ noise.checked_shr(near).unwrap_or(0);
    let low = |number: u128| u32::try_from(number & u128::from(u32::MAX)).unwrap();
    let v4 = |number| Ipv4Addr::from_bits(low(number));
    let v6 = Ipv6Addr::from_bits;
    let near_v4 = v4(base ^ noise.checked_shr(96 + near % 33).unwrap_or(0));
    let base_text = match shape >> 1 & 3 {
        0 => v4(base).to_string(),
        1 => v6(base).to_string(),
        2 => v4(base).to_ipv6_mapped().to_string(),
        _ => v6(MAPPED | u128::from(low(base))).to_string(),
    };
    let entry = if shape & 8 == 0 { format!("{base_text}/{bits}") } else { base_text };
    let peers = [IpAddr::V6(v6(peer)), IpAddr::V4(near_v4), near_v4.to_ipv6_mapped().into()];
    (entry, peers.into())
}

fn agree(entry: &str, peers: Vec<IpAddr>) {
    let (found, expected) = (Network::parse(entry), plain(entry));
    assert_eq!(found.is_ok(), expected.is_some(), "{entry:?}: {found:?}, {expected:?}");
    let (Ok(network), Some(expected)) = (found, expected) else { return };
    let again = Network::parse(&network.to_string());
    assert_eq!(again, Ok(network), "{entry:?}");
    let (first, last) = ends(expected);
    for peer in peers.into_iter().chain(first).chain(last) {
        assert_eq!(network.contains(peer), covers(expected, peer), "{entry:?} {peer}");
    }
}

/// Returns what `entry` says, read once more.
fn plain(entry: &str) -> Option<Plain> {
    let entry = entry.trim_matches([' ', '\t']);
    if entry == "*" {
        return Some(Plain::Any);
    }
    let mut parts = entry.splitn(2, '/');
    let address: IpAddr = parts.next()?.parse().ok()?;
    let (own_v4, number) = match address {
        IpAddr::V4(address) => (true, MAPPED | u128::from(address.to_bits())),
        IpAddr::V6(address) => (false, address.to_bits()),
    };
    let longest: u32 = if own_v4 { 32 } else { 128 };
    let bits = match parts.next() {
        None => longest,
        Some(digits) => (0..=longest).find(|bits| bits.to_string() == digits)?,
    };
    let v4 = number >> 32 == MAPPED >> 32;
    let bits = if own_v4 { bits + 96 } else { bits };
    // A mapped network that reaches beyond v4 belongs to neither family.
    if v4 && bits < 96 {
        return None;
    }
    Some(Plain::Range { v4, base: number, bits })
}

fn covers(network: Plain, peer: IpAddr) -> bool {
    let Plain::Range { v4, base, bits } = network else { return true };
    let number = match peer {
        IpAddr::V4(address) => MAPPED | u128::from(address.to_bits()),
        IpAddr::V6(address) => address.to_bits(),
    };
    let peer_v4 = number >> 32 == MAPPED >> 32;
    peer_v4 == v4 && (base ^ number).checked_shr(128 - bits).unwrap_or(0) == 0
}

/// Returns the addresses around both ends of a network: the last outside and the first inside.
fn ends(network: Plain) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let Plain::Range { base, bits, .. } = network else { return (Vec::new(), Vec::new()) };
    let host = u128::MAX.checked_shr(bits).unwrap_or(0);
    let (low, high) = (base & !host, base | host);
    let pair = |numbers: [u128; 2]| {
        numbers.map(|number| IpAddr::V6(Ipv6Addr::from_bits(number)).to_canonical()).into()
    };
    (pair([low.wrapping_sub(1), low]), pair([high, high.wrapping_add(1)]))
}
