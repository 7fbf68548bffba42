//! Asks the name server for the addresses behind `connect_to`. Never asked about the endpoint
//! itself: what DNS says proves nothing.

use crate::error::target::TargetError;
use std::net::ToSocketAddrs as _;

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
