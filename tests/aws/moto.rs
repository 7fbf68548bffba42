//! moto's STS, and the AWS CLI, out of the virtual environment that the set-up makes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};

/// Ends when its standard input does, so it cannot outlive the tests.
const SERVER: &str = "
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
";

/// A program of the environment. Where it is missing, the test is not run; on Debian 12 it fails.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let directory = std::env::var_os("RDSCONNECT_TEST_VENV")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/venv"), PathBuf::from);
    let path = directory.join("bin").join(name);
    if path.exists() {
        return Some(path);
    }
    let system = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let is_debian_12 = system.contains("\nID=debian\n") && system.contains("VERSION_ID=\"12\"");
    assert!(!is_debian_12, "`{}` is missing: run `make setup`", path.display());
    let _ = writeln!(std::io::stderr(), "not run: `{}` is missing", path.display());
    None
}

/// A running moto.
pub(crate) struct Moto {
    port: u16,
    server: Child,
    order: Option<ChildStdin>,
}

impl Moto {
    pub(crate) fn start() -> Option<Self> {
        let mut server = Command::new(program("python")?)
            .args(["-c", SERVER])
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let order = server.stdin.take();
        Some(Self { port: line.trim().parse().expect("moto tells its port"), server, order })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.order.take());
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
