//! `rdsconnect token`: the one verb that prints a token, so that it can be given to other programs.

use super::{json, print, target};
use crate::aws::{self, token};
use crate::cli::Common;
use crate::env::Env;
use crate::error::Error;
use serde::Serialize;
use std::io::IsTerminal as _;
use std::time::SystemTime;

/// What `--json` prints. Keys are added, never renamed or removed.
#[derive(Serialize)]
struct Printed<'a> {
    token: &'a str,
    host: &'a str,
    port: u16,
    user: &'a str,
    expires_at: String,
}

/// Prints the token, with a newline on a terminal alone: programs that read it choke on one.
///
/// # Errors
/// Whatever keeps the token from being made.
pub fn run(profile: &str, as_json: bool, common: &Common, env: &Env) -> Result<(), Error> {
    let target = target(profile, common, env)?;
    let credentials = aws::credentials(&target, env)?;
    let now = SystemTime::now();
    let token = token::sign(&target, &credentials, now)?;
    if as_json {
        return print(&json(&Printed {
            token: token.expose(),
            host: target.host.as_str(),
            port: target.port.number(),
            user: target.user.as_str(),
            expires_at: aws::rfc3339(token::expiry(&credentials, now)),
        }));
    }
    let end = if std::io::stdout().is_terminal() { "\n" } else { "" };
    print(&format!("{}{end}", token.expose()))
}
