//! Asks the name server: for the addresses behind `connect_to`, and for the name behind a name
//! when something was refused. What DNS says proves nothing, so no launch is decided by it.

use crate::error::target::TargetError;
use dns_lookup::{AddrInfoHints, getaddrinfo};
use std::net::ToSocketAddrs as _;

/// Asks for the canonical name (`AI_CANONNAME`; the same number in glibc, musl and macOS).
const CANONICAL_NAME: i32 = 0x2;

/// Every address of a name, in the resolver's order.
///
/// # Errors
/// [`TargetError::Unresolvable`].
pub fn behind(name: &str) -> Result<Vec<String>, TargetError> {
    let failed = |source| TargetError::Unresolvable { name: name.to_owned(), source };
    let mut addresses: Vec<String> = Vec::new();
    for address in (name, 0).to_socket_addrs().map_err(failed)? {
        let address = address.ip().to_string();
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(failed(std::io::Error::other("the name has no address")));
    }
    Ok(addresses)
}

/// The name that a name is an alias of, as DNS claims; none when it is no alias or not known.
#[must_use]
pub fn alias_of(name: &str) -> Option<String> {
    let hints = AddrInfoHints { flags: CANONICAL_NAME, ..AddrInfoHints::default() };
    let mut found = getaddrinfo(Some(name), None, Some(hints)).ok()?;
    let canonical = found.find_map(|info| info.ok()?.canonname)?;
    let canonical = canonical.trim_end_matches('.');
    (!canonical.eq_ignore_ascii_case(name)).then(|| canonical.to_owned())
}
