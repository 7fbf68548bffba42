//! Runs the client once with a trivial query, and brings back what it said. For `check` alone: a
//! session is never run as a child.

use crate::env::Env;
use crate::error::client::ClientError;
use crate::launch::Launch;
use crate::probe::cannot_start;
use std::process::Stdio;

/// What the client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whether its status was 0.
    pub succeeded: bool,
    /// Its standard error.
    pub stderr: String,
}

/// Runs the launch to its end, without input and in the C locale, so that its words can be read.
///
/// # Errors
/// [`ClientError`] when it cannot be started.
#[expect(clippy::disallowed_methods, reason = "one of the three places that start a process")]
pub fn run(launch: &Launch, env: &Env) -> Result<Said, ClientError> {
    let output = launch
        .to_command(|name| env.var(name).map(Into::into))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|source| cannot_start(&launch.program, source))?;
    Ok(Said { succeeded: output.status.success(), stderr: String::from_utf8_lossy(&output.stderr).into_owned() })
}
