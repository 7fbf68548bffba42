//! Runs the built binary on a terminal of its own, or on none.

use crate::moto::program;
use crate::sandbox::Sandbox;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

/// Runs a command on a new pseudo-terminal: what is written to us goes to it and the other way round.
/// The status and whether the terminal still echoes come last.
const ON_A_TERMINAL: &str = r"
import fcntl, os, pty, select, signal, sys, termios
signal.alarm(60)
master, terminal = pty.openpty()
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(terminal, fd)
    os.execv(sys.argv[1], sys.argv[1:])
ended = 0
while True:
    if not ended:
        ended, status = os.waitpid(child, os.WNOHANG)
    ready = select.select([master, 0], [], [], 0.05)[0]
    if master in ready:
        os.write(1, os.read(master, 4096))
    elif ended:
        break
    if 0 in ready:
        typed = os.read(0, 4096)
        if typed == b'SIGTERM':
            os.kill(child, signal.SIGTERM)
        elif typed:
            os.write(master, typed)
echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
os.write(1, b'\n[status %d, echo %s]\n' % (os.waitstatus_to_exitcode(status), str(echoes).encode()))
";

/// Sends the signal instead of typing something.
pub(crate) const TERM: &str = "SIGTERM";

/// Starts a command in a session of its own, which has no terminal.
const WITHOUT_A_TERMINAL: &str = "import os, sys; os.setsid(); os.execv(sys.argv[1], sys.argv[1:])";

fn python(sandbox: &Sandbox, script: &str, args: &[&str]) -> Option<Command> {
    let inner = sandbox.command(args);
    let mut command = Command::new(program("python")?);
    command.args(["-c", script]).arg(inner.get_program()).args(inner.get_args());
    command.env_clear().envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    Some(command)
}

/// The binary, without a terminal to ask on.
pub(crate) fn detached(sandbox: &Sandbox, args: &[&str]) -> Option<Command> {
    let mut command = python(sandbox, WITHOUT_A_TERMINAL, args)?;
    command.stdin(Stdio::null());
    Some(command)
}

/// Runs the binary on a terminal, types each answer when its question stands there, and gives all
/// that the terminal showed.
pub(crate) fn dialogue(sandbox: &Sandbox, args: &[&str], exchange: &[(&str, &str)]) -> Option<String> {
    let mut command = python(sandbox, ON_A_TERMINAL, args)?;
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let (mut shown, mut from) = (String::new(), 0);
    let mut exchange = exchange.iter();
    let mut next = exchange.next();
    let mut buffer = [0; 4096];
    loop {
        let length = output.read(&mut buffer).unwrap();
        if length == 0 {
            break;
        }
        shown.push_str(&String::from_utf8_lossy(&buffer[..length]));
        if let Some((question, answer)) = next
            && let Some(at) = shown[from..].find(question)
        {
            from += at + question.len();
            input.write_all(answer.as_bytes()).unwrap();
            input.flush().unwrap();
            next = exchange.next();
        }
    }
    child.wait().unwrap();
    assert!(next.is_none(), "{next:?} was not asked: {shown}");
    Some(sandbox.neutral(&shown).replace('\r', ""))
}
