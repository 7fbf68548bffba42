//! Keeps child processes from outliving the tests: a small shell holds each server and stops it when our end of a pipe closes.
//!
//! The pipe closes on drop, on exit and when this process is killed, so no case needs a signal handler.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::account::Account;

/// `$1` is the signal that stops the server, the rest its command. The shell ends with the server.
const HOLD: &str = r#"
signal=$1
shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
    read -r _ <&3
    kill -s "$signal" "$server"
) 2>/dev/null &
watcher=$!
exec 3<&-
wait "$server"
status=$?
kill "$watcher" 2>/dev/null
# Where process 1 collects nothing (containers), an uncollected watcher would stay.
wait "$watcher"
exit "$status"
"#;

/// Removes directory `$1` once the pipe closes; servers that are just stopping may add files meanwhile.
const SWEEP: &str = r#"
read -r _
tries=0
while [ -e "$1" ] && [ "$tries" -lt 100 ]; do
    rm -rf -- "$1" 2>/dev/null || sleep 0.1
    tries=$((tries + 1))
done
"#;

/// How long a server may take to stop before its keeper is given up.
const STOPPING: Duration = Duration::from_secs(15);

/// A shell that lives as long as this value, and does its last duty when it is dropped.
#[derive(Debug)]
pub(crate) struct Keeper {
    shell: Child,
    /// Its closing is the order to stop.
    pipe: Option<ChildStdin>,
}

impl Keeper {
    /// Runs a server with an empty environment but `PATH`, its output in `log`; `signal` stops it.
    pub(crate) fn hold<S: AsRef<OsStr>>(
        account: Account,
        signal: &str,
        log: File,
        path: &OsStr,
        command: impl IntoIterator<Item = S>,
    ) -> io::Result<Self> {
        let mut shell = shell(HOLD);
        account.applied_to(&mut shell);
        shell.arg(signal).args(command).env_clear().env("PATH", path).env("LC_ALL", "C");
        Self::spawn(shell.stdout(log.try_clone()?).stderr(log))
    }

    /// Removes `dir` when this process is gone, however it went.
    pub(crate) fn sweep(dir: &Path) -> io::Result<Self> {
        Self::spawn(shell(SWEEP).arg(dir).stdout(Stdio::null()).stderr(Stdio::null()))
    }

    fn spawn(shell: &mut Command) -> io::Result<Self> {
        // A group of its own: Ctrl-C in the terminal is for the client, not for the servers.
        let mut shell = shell.stdin(Stdio::piped()).current_dir("/").process_group(0).spawn()?;
        let pipe = shell.stdin.take();
        Ok(Self { shell, pipe })
    }

    /// Whether the server still runs.
    pub(crate) fn running(&mut self) -> bool {
        matches!(self.shell.try_wait(), Ok(None))
    }

    /// Gives the order to stop and does not wait for it.
    pub(crate) fn release(&mut self) {
        self.pipe = None;
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.release();
        let deadline = Instant::now() + STOPPING;
        while self.running() {
            if Instant::now() > deadline {
                let _ = self.shell.kill();
                let _ = self.shell.wait();
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

fn shell(script: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, "sh"]);
    shell
}
