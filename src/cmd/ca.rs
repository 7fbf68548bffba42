//! `rdsconnect ca`: what the built-in trust store holds.

use crate::ca;
use crate::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;

/// Prints the built-in roots, one a line: name, expiry, SHA-256.
///
/// # Errors
/// Those of standard output.
pub fn list() -> Result<(), Error> {
    let mut text = String::new();
    for root in ca::builtin_list() {
        let _ = writeln!(text, "{:<48}  {}  {}", root.name, root.not_after, root.sha256);
    }
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)
}
