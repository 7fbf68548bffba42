//! Becomes the client: same process, so that pid, terminal, signals and exit status are its own.

use crate::env::Env;
use crate::error::client::ClientError;
use crate::launch::Launch;
use crate::probe::cannot_start;
use std::os::unix::process::CommandExt as _;

/// Replaces this process. Returns only when that failed; there is no fallback to a child.
#[must_use]
pub fn become_client(launch: &Launch, env: &Env) -> ClientError {
    let mut command = launch.to_command(|name| env.var(name).map(Into::into));
    let error = command.exec();
    cannot_start(&launch.program, error)
}
