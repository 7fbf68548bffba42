//! `rdsconnect token`: the one verb that prints a token, so that it can be given to other programs.

use super::target;
use crate::aws;
use crate::cli::Common;
use crate::env::Env;
use crate::error::Error;
use std::io::{IsTerminal as _, Write as _};
use std::time::SystemTime;

/// Prints the token, with a newline on a terminal alone: programs that read it choke on one.
///
/// # Errors
/// Whatever keeps the token from being made.
pub fn run(profile: &str, common: &Common, env: &Env) -> Result<(), Error> {
    let target = target(profile, common, env)?;
    let credentials = aws::credentials(&target, env)?;
    let token = aws::token::sign(&target, &credentials, SystemTime::now())?;
    let mut out = std::io::stdout();
    let end = if out.is_terminal() { "\n" } else { "" };
    write!(out, "{}{end}", token.expose()).and_then(|()| out.flush()).map_err(Error::Output)
}
