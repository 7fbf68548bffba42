//! Asks the name server: for the addresses behind a name, and for the name behind a name when
//! something was refused. What DNS says proves nothing, so no launch is decided by it.

use crate::error::target::TargetError;
use dns_lookup::{AddrInfoHints, getaddrinfo};
use std::io;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::mpsc;
use std::time::Duration;

/// Asks for the canonical name (`AI_CANONNAME`; the same number in glibc, musl and macOS).
const CANONICAL_NAME: i32 = 0x2;

/// How long a name server may take where its answer is for people alone. The system's own patience may
/// be minutes.
const PATIENCE: Duration = Duration::from_secs(5);

/// What DNS says of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its addresses, in the resolver's order.
    pub addresses: Vec<IpAddr>,
    /// The name that it is an alias of.
    pub alias_of: Option<String>,
}

/// Every address of a name, in the resolver's order, for a client that is to go there.
///
/// # Errors
/// [`TargetError::Unresolvable`].
pub fn behind(name: &str) -> Result<Vec<String>, TargetError> {
    let failed = |source| TargetError::Unresolvable { name: name.to_owned(), source };
    Ok(look_up(name).map_err(failed)?.iter().map(ToString::to_string).collect())
}

/// What DNS says of a name, when it answers in time.
///
/// # Errors
/// The resolver's, and [`io::ErrorKind::TimedOut`].
pub fn known(name: &str) -> io::Result<Known> {
    let asked = name.to_owned();
    let addresses = in_time(move || look_up(&asked))??;
    Ok(Known { addresses, alias_of: alias_of(name) })
}

/// The name that a name is an alias of, as DNS claims; none when it is no alias, or when no answer comes
/// in time.
#[must_use]
pub fn alias_of(name: &str) -> Option<String> {
    let asked = name.to_owned();
    let canonical = in_time(move || canonical(&asked)).ok()??;
    let canonical = canonical.trim_end_matches('.');
    (!canonical.eq_ignore_ascii_case(name)).then(|| canonical.to_owned())
}

fn look_up(name: &str) -> io::Result<Vec<IpAddr>> {
    let mut addresses: Vec<IpAddr> = Vec::new();
    for address in (name, 0).to_socket_addrs()? {
        if !addresses.contains(&address.ip()) {
            addresses.push(address.ip());
        }
    }
    if addresses.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    Ok(addresses)
}

fn canonical(name: &str) -> Option<String> {
    let hints = AddrInfoHints { flags: CANONICAL_NAME, ..AddrInfoHints::default() };
    let mut found = getaddrinfo(Some(name), None, Some(hints)).ok()?;
    found.find_map(|info| info.ok()?.canonname)
}

/// The resolver cannot be interrupted: a thread waits for it, and is left behind when it takes too long.
fn in_time<T: Send + 'static>(ask: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    let (answer, wait) = mpsc::channel();
    // Nobody may be waiting any more.
    std::thread::Builder::new().spawn(move || _ = answer.send(ask()))?;
    let late = || format!("no answer within {} seconds", PATIENCE.as_secs());
    wait.recv_timeout(PATIENCE).map_err(|_| io::Error::new(io::ErrorKind::TimedOut, late()))
}
