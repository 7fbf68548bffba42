//! Offers `aws sso login` where there is somebody to accept it.

use super::terminal::Terminal;
use crate::env::Env;
use crate::error::aws::AwsError;
use std::io::{self, IsTerminal as _};
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::process::Stdio;

/// Runs `aws sso login` when the user says so; fails with the reason to stop otherwise.
pub(super) fn offer(profile: &str, expired: bool, env: &Env) -> Result<(), AwsError> {
    let stop = |login: Option<String>| AwsError::SsoSession { profile: profile.to_owned(), expired, login };
    // Both, so that nothing asks in a script whose messages go to a file.
    let terminal = Terminal::open().filter(|_| io::stderr().is_terminal());
    let (Some(mut terminal), Some(program)) = (terminal, program(env)) else { return Err(stop(None)) };
    let state = if expired { "has expired" } else { "does not exist yet" };
    let command = format!("aws sso login --profile {}", crate::launch::quoted(profile.as_ref()));
    let question = format!("The SSO session of AWS profile `{profile}` {state}. Run `{command}` now? [Y/n] ");
    let answer = terminal.ask(&question).map_err(AwsError::Terminal)?;
    if !answer.is_some_and(|answer| matches!(answer.as_str(), "" | "y" | "Y" | "yes")) {
        return Err(stop(None));
    }
    match run(&program, profile) {
        Ok(()) => Ok(()),
        Err(why) => Err(stop(Some(why))),
    }
}

/// The AWS CLI, looked for in absolute entries of PATH alone.
fn program(env: &Env) -> Option<PathBuf> {
    let entries = std::env::split_paths(env.var("PATH")?).filter(|entry| entry.is_absolute());
    let path = std::env::join_paths(entries).ok()?;
    which::which_in("aws", Some(path), "/").ok()
}

/// What it prints goes to standard error: standard output belongs to the client, or to the token.
#[expect(clippy::disallowed_methods, reason = "the AWS CLI is the one program that can log in")]
fn run(program: &PathBuf, profile: &str) -> Result<(), String> {
    let failed = |error: io::Error| format!("it could not be run ({error})");
    let output = io::stderr().as_fd().try_clone_to_owned().map_err(failed)?;
    let status = std::process::Command::new(program)
        .args(["sso", "login", "--profile", profile])
        .stdin(Stdio::null())
        .stdout(Stdio::from(output))
        .status()
        .map_err(failed)?;
    if status.success() { Ok(()) } else { Err(format!("it ended with {status}")) }
}
