//! Zone: pre-admission. Addresses and networks of the source and proxy lists.
//!
//! An entry is `*`, an address, or an address with a decimal prefix length. Host bits are
//! tolerated, v4-mapped v6 is the v4 it maps, and one family never covers the other.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Fewest shared bits of a v6 network that holds only v4-mapped addresses (RFC 4291 s2.5.5.2).
const MAPPED_BITS: u32 = 96;

/// A set of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// `*`: every address of both families.
    Any,
    /// The v4 addresses that share the first bits.
    V4 {
        /// Lowest address; host bits are zero.
        base: Ipv4Addr,
        /// Shared bits, 0 to 32.
        bits: u32,
    },
    /// The v6 addresses that share the first bits.
    V6 {
        /// Lowest address; host bits are zero.
        base: Ipv6Addr,
        /// Shared bits, 0 to 128.
        bits: u32,
    },
}

/// Why an entry is not a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetworkError {
    /// Nothing there.
    Blank,
    /// The part before the slash is not a v4 or v6 address.
    Address,
    /// The part behind the slash is not a decimal number without leading zeros.
    Prefix,
    /// The prefix is longer than the address.
    PrefixRange,
    /// A v4-mapped address with a prefix under 96 would cover more than v4.
    Mapped,
}

impl Network {
    /// Returns the network that `entry` names; blanks around it are ignored.
    ///
    /// # Errors
    /// [`NetworkError`], one variant for each part that can be wrong.
    pub fn parse(entry: &str) -> Result<Self, NetworkError> {
        let entry = entry.trim_matches([' ', '\t']);
        if entry.is_empty() {
            return Err(NetworkError::Blank);
        }
        if entry == "*" {
            return Ok(Self::Any);
        }
        let (address, prefix) = match entry.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix_bits(prefix)?)),
            None => (entry, None),
        };
        let address = address.parse::<IpAddr>().or(Err(NetworkError::Address))?;
        match (address, address.to_canonical()) {
            (IpAddr::V6(_), IpAddr::V4(mapped)) => {
                let bits = prefix.unwrap_or(Ipv6Addr::BITS);
                Self::v4(mapped, bits.checked_sub(MAPPED_BITS).ok_or(NetworkError::Mapped)?)
            }
            (_, IpAddr::V4(address)) => Self::v4(address, prefix.unwrap_or(Ipv4Addr::BITS)),
            (_, IpAddr::V6(address)) => Self::v6(address, prefix.unwrap_or(Ipv6Addr::BITS)),
        }
    }

    fn v4(address: Ipv4Addr, bits: u32) -> Result<Self, NetworkError> {
        let mask = mask_v4(bits).ok_or(NetworkError::PrefixRange)?;
        Ok(Self::V4 { base: Ipv4Addr::from_bits(address.to_bits() & mask), bits })
    }

    fn v6(address: Ipv6Addr, bits: u32) -> Result<Self, NetworkError> {
        let mask = mask_v6(bits).ok_or(NetworkError::PrefixRange)?;
        Ok(Self::V6 { base: Ipv6Addr::from_bits(address.to_bits() & mask), bits })
    }

    /// True when `address` lies in this network; a v4-mapped address counts as v4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (*self, address.to_canonical()) {
            (Self::Any, _) => true,
            (Self::V4 { base, bits }, IpAddr::V4(found)) => {
                mask_v4(bits).is_some_and(|mask| found.to_bits() & mask == base.to_bits())
            }
            (Self::V6 { base, bits }, IpAddr::V6(found)) => {
                mask_v6(bits).is_some_and(|mask| found.to_bits() & mask == base.to_bits())
            }
            (Self::V4 { .. }, IpAddr::V6(_)) | (Self::V6 { .. }, IpAddr::V4(_)) => false,
        }
    }
}

/// Returns the number behind the slash. A leading zero is refused: some readers take it as octal.
fn prefix_bits(text: &str) -> Result<u32, NetworkError> {
    let plain = text == "0" || !text.starts_with('0');
    if !plain || text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NetworkError::Prefix);
    }
    text.parse().or(Err(NetworkError::PrefixRange))
}

fn mask_v4(bits: u32) -> Option<u32> {
    let host = Ipv4Addr::BITS.checked_sub(bits)?;
    Some(u32::MAX.checked_shl(host).unwrap_or(0))
}

fn mask_v6(bits: u32) -> Option<u128> {
    let host = Ipv6Addr::BITS.checked_sub(bits)?;
    Some(u128::MAX.checked_shl(host).unwrap_or(0))
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::V4 { base, bits: Ipv4Addr::BITS } => base.fmt(f),
            Self::V4 { base, bits } => write!(f, "{base}/{bits}"),
            Self::V6 { base, bits: Ipv6Addr::BITS } => base.fmt(f),
            Self::V6 { base, bits } => write!(f, "{base}/{bits}"),
        }
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Blank => "empty entry",
            Self::Address => "not an IPv4 or IPv6 address",
            Self::Prefix => "the prefix length must be a decimal number without leading zeros",
            Self::PrefixRange => "the prefix length is longer than the address (32 or 128 bits)",
            Self::Mapped => {
                "a v4-mapped network needs a prefix of 96 or more; write the IPv4 network instead"
            }
        })
    }
}

impl core::error::Error for NetworkError {}

#[cfg(test)]
mod tests {
    use super::{Network, NetworkError};

    #[test]
    fn families_stay_apart_and_mapped_addresses_are_v4() {
        let table = [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("0.0.0.0/0", "::1", false),
            ("::/0", "127.0.0.1", false),
            ("::/0", "::ffff:127.0.0.1", false),
            ("*", "2001:db8::1", true),
        ];
        for (entry, address, expected) in table {
            let network = Network::parse(entry).unwrap();
            assert_eq!(network.contains(address.parse().unwrap()), expected, "{entry} {address}");
        }
    }

    #[test]
    fn a_prefix_is_decimal_and_fits() {
        assert_eq!(Network::parse("10.0.0.0/255.0.0.0"), Err(NetworkError::Prefix));
        assert_eq!(Network::parse("10.0.0.0/33"), Err(NetworkError::PrefixRange));
        assert_eq!(Network::parse("::ffff:10.0.0.0/95"), Err(NetworkError::Mapped));
    }
}
