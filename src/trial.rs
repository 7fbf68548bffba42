//! Runs the client once with a trivial query, and brings back what it said. For `check` alone: a
//! session is never run as a child.

use crate::env::Env;
use crate::error::client::ClientError;
use crate::launch::Launch;
use crate::probe::cannot_start;
use std::io::{self, Read as _};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How long the client may take. What it takes to connect has a limit of its own, which is shorter.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the client said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whether its status was 0.
    pub succeeded: bool,
    /// Its standard error.
    pub stderr: String,
}

/// Runs the launch to its end, without input and in the C locale, so that its words can be read. A
/// client that takes too long is ended.
///
/// # Errors
/// [`ClientError`] when it cannot be started.
#[expect(clippy::disallowed_methods, reason = "one of the three places that start a process")]
pub fn run(launch: &Launch, env: &Env) -> Result<Said, ClientError> {
    let failed = |source| cannot_start(&launch.program, source);
    let child = launch
        .to_command(|name| env.var(name).map(Into::into))
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    finish(child, PATIENCE).map_err(failed)
}

fn finish(mut child: Child, patience: Duration) -> io::Result<Said> {
    let mut errors = child.stderr.take().expect("it is a pipe");
    let (all, wait) = mpsc::channel();
    // A thread of its own, because a pipe cannot be waited for with a limit.
    let reading = std::thread::Builder::new().spawn(move || {
        let mut bytes = Vec::new();
        // What was said until then counts.
        let _ = errors.read_to_end(&mut bytes);
        let _ = all.send(bytes);
    });
    let bytes = reading.ok().and_then(|_| wait.recv_timeout(patience).ok());
    let Some(bytes) = bytes else {
        child.kill()?;
        child.wait()?;
        let stderr = format!("the client was timed out after {} seconds", patience.as_secs());
        return Ok(Said { succeeded: false, stderr });
    };
    Ok(Said { succeeded: child.wait()?.success(), stderr: String::from_utf8_lossy(&bytes).into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use std::time::Instant;

    #[expect(clippy::disallowed_methods, reason = "a child to wait for")]
    fn said(script: &str, patience: Duration) -> Said {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdin(Stdio::null()).stderr(Stdio::piped());
        finish(command.spawn().unwrap(), patience).unwrap()
    }

    #[test]
    fn a_client_that_does_not_end_is_ended() {
        let started = Instant::now();
        let late = Said { succeeded: false, stderr: "the client was timed out after 1 seconds".into() };
        assert_eq!(said("exec sleep 60", Duration::from_secs(1)), late);
        assert!(started.elapsed() < Duration::from_secs(30));
        let failed = Said { succeeded: false, stderr: "no\n".into() };
        assert_eq!(said("echo no >&2; exit 3", PATIENCE), failed);
        assert_eq!(said("exit 0", PATIENCE), Said { succeeded: true, stderr: String::new() });
    }
}
