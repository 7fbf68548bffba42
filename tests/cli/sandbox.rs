//! `Sandbox`: a home, a directory of programs and a cleared environment, in which the built binary
//! runs against the fake client. Standard output, standard error and status are always compared.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The key pair of every test; markers that the leak tests look for.
pub(crate) const ACCESS_KEY: &str = "AKIDEXAMPLEMARKER";
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMIMARKERbPxRfiCYEXAMPLEKEY";
pub(crate) const SESSION_TOKEN: &str = "SESSIONMARKER/+=";

/// The host of most tests.
pub(crate) const HOST: &str = "mydb.abc123.us-west-2.rds.amazonaws.com";

/// A profile of each family.
pub(crate) const PROFILES: &str = r#"
[defaults]
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
database = "app"
[profiles.my]
engine = "mysql"
[profiles.pg]
engine = "postgres"
"#;

pub(crate) struct Sandbox {
    directory: tempfile::TempDir,
    env: BTreeMap<String, String>,
}

/// What a run left behind, with the sandbox's own path written as `[dir]`.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) status: Option<i32>,
}

impl Run {
    /// Compares all three.
    #[track_caller]
    pub(crate) fn gives(&self, stdout: &str, stderr: &str, status: i32) {
        assert_eq!(
            (self.stdout.as_str(), self.stderr.as_str(), self.status),
            (stdout, stderr, Some(status)),
            "\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout,
            self.stderr
        );
    }

    /// Compares a status and the first line of standard error.
    #[track_caller]
    pub(crate) fn status_and_error(&self, status: i32, error: &str) {
        assert_eq!((self.stdout.as_str(), self.status), ("", Some(status)), "{}", self.stderr);
        assert_eq!(self.stderr.lines().next(), Some(format!("error: {error}").as_str()));
    }

    /// Compares a failure of rdsconnect itself: nothing on standard output, status 125.
    #[track_caller]
    pub(crate) fn fails(&self, stderr: &str) {
        self.gives("", stderr, 125);
    }
}

/// How the fake client was started.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) pid: u32,
    pub(crate) args: Vec<String>,
    pub(crate) env: BTreeMap<String, String>,
    /// What its standard input, output and error lead to, where the system tells.
    pub(crate) standard: Vec<String>,
    /// What the client read from each descriptor it was told of; `None` for the others.
    pub(crate) descriptors: BTreeMap<i32, Option<String>>,
}

impl Sandbox {
    /// An empty home and static credentials in the environment.
    pub(crate) fn new() -> Self {
        let directory = tempfile::Builder::new().prefix("rdsconnect").tempdir().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
        for name in ["home", "bin"] {
            fs::create_dir(directory.path().join(name)).unwrap();
        }
        let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
        let env = BTreeMap::from([
            ("HOME".to_owned(), path("home")),
            ("PATH".to_owned(), path("bin")),
            ("AWS_ACCESS_KEY_ID".to_owned(), ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), SECRET_KEY.to_owned()),
            ("AWS_EC2_METADATA_DISABLED".to_owned(), "true".to_owned()),
        ]);
        Self { directory, env }
    }

    /// The usual sandbox: `psql`, Oracle's `mysql` and MariaDB's `mariadb`, and a profile file.
    pub(crate) fn with_config(config: &str) -> Self {
        let sandbox = Self::new();
        sandbox.client("psql", "psql (PostgreSQL) 15.20\n");
        sandbox.client("mysql", "/x/mysql  Ver 9.7.4-2 for Linux on x86_64 ((Debian))\n");
        sandbox.client("mariadb", "/x/mariadb from 11.8.9-MariaDB, client 15.2 for debian-linux-gnu (x86_64)\n");
        sandbox.config(config);
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file below the sandbox, and the directories it needs.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Writes the profile file where it is looked for first.
    pub(crate) fn config(&self, text: &str) -> PathBuf {
        self.write("home/.config/rdsconnect/config.toml", text)
    }

    /// Installs the fake client under a name.
    pub(crate) fn client(&self, name: &str, version: &str) -> PathBuf {
        let path = self.path("bin").join(name);
        // A link and not a copy: a copy is busy while another test's child still has it open.
        std::os::unix::fs::symlink(fake_client(), &path).unwrap();
        self.write(&format!("bin/{name}.version"), version);
        path
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.env.remove(name);
        self
    }

    /// The variables that are set, as they are.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        self.env.clone()
    }

    /// The variables that are set, as a client that inherits them all would see them.
    pub(crate) fn inherited(&self) -> BTreeMap<String, String> {
        self.env.iter().map(|(name, value)| (name.clone(), self.neutral(value))).collect()
    }

    /// The built binary with the sandbox's environment, for a test that has more to arrange.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.any_command(env!("CARGO_BIN_EXE_rdsconnect"), args)
    }

    /// Any program with the sandbox's environment.
    pub(crate) fn any_command(&self, program: impl AsRef<OsStr>, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(args).env_clear().envs(&self.env).current_dir(self.directory.path()).stdin(Stdio::null());
        command
    }

    /// Lets shells find the built binary, and the system's programs.
    pub(crate) fn for_shells(&mut self) -> &mut Self {
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_rdsconnect"), self.path("bin/rdsconnect")).unwrap();
        let path = format!("{}:/usr/local/bin:/usr/bin:/bin", self.path("bin").display());
        self.set("PATH", &path).set("LC_ALL", "C.UTF-8")
    }

    /// The descriptors that any program started by the tests inherits.
    pub(crate) fn descriptors_of_the_tests(&self) -> Vec<i32> {
        let client = self.client("bare", "");
        Command::new(client).env_clear().stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
        self.record("bare").unwrap().descriptors.into_keys().collect()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.finish(self.command(args))
    }

    /// Runs on a terminal of its own that is so many characters wide; what is typed there is `input`.
    #[cfg(target_os = "linux")]
    pub(crate) fn run_on_terminal(&self, columns: usize, args: &[&str], input: &str) -> Run {
        let words: Vec<String> = args.iter().map(|arg| shlex::try_quote(arg).unwrap().into_owned()).collect();
        let line = format!("{} {}", env!("CARGO_BIN_EXE_rdsconnect"), words.join(" "));
        self.lines_on_terminal(columns, "/bin/sh", &line, input)
    }

    /// The same for a script of bash, to which nothing is typed.
    #[cfg(target_os = "linux")]
    pub(crate) fn script_on_terminal(&self, columns: usize, script: &str) -> Run {
        self.lines_on_terminal(columns, "/bin/bash", script, "")
    }

    /// `script` (util-linux, which every Debian has) makes the terminal.
    #[cfg(target_os = "linux")]
    fn lines_on_terminal(&self, columns: usize, shell: &str, lines: &str, input: &str) -> Run {
        let command = format!("stty rows 24 cols {columns}; {lines}");
        let mut script = Command::new("/usr/bin/script");
        script.args(["-q", "-e", "-E", "never", "-c", &command, "/dev/null"]).env_clear().envs(&self.env);
        // The programs of the system, after those of the sandbox.
        script.env("PATH", format!("{}:/usr/bin:/bin", self.env["PATH"])).env("SHELL", shell);
        script.current_dir(self.directory.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = script.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::io::Write::write_all(&mut stdin, input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        drop(stdin);
        let text = |bytes: &[u8]| self.neutral(&String::from_utf8_lossy(bytes).replace("\r\n", "\n"));
        Run { stdout: text(&output.stdout), stderr: text(&output.stderr), status: output.status.code() }
    }

    pub(crate) fn finish(&self, mut command: Command) -> Run {
        let output = command.output().unwrap();
        let text = |bytes: &[u8]| self.neutral(&String::from_utf8_lossy(bytes));
        Run { stdout: text(&output.stdout), stderr: text(&output.stderr), status: output.status.code() }
    }

    /// Text with the sandbox's path and the numbers of descriptors taken out.
    pub(crate) fn neutral(&self, text: &str) -> String {
        let text = text.replace(self.directory.path().to_str().unwrap(), "[dir]");
        let mut parts = text.split("/dev/fd/");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |out, part| out + "/dev/fd/N" + part.trim_start_matches(|c: char| c.is_ascii_digit()))
    }

    /// How the client was started; `None` when it was not.
    pub(crate) fn record(&self, client: &str) -> Option<Record> {
        let text = fs::read_to_string(self.path("bin").join(client).with_extension("record")).ok()?;
        let mut record = Record {
            pid: 0,
            args: Vec::new(),
            env: BTreeMap::new(),
            standard: Vec::new(),
            descriptors: BTreeMap::new(),
        };
        for line in text.lines() {
            let (kind, rest) = line.split_once(' ').unwrap();
            match kind {
                "pid" => record.pid = rest.parse().unwrap(),
                "arg" => record.args.push(self.neutral(&unquoted(rest))),
                "env" => {
                    let (name, value) = rest.split_once('=').unwrap();
                    record.env.insert(name.to_owned(), self.neutral(&unquoted(value)));
                }
                "std" => record.standard.push(rest.split_once(' ').unwrap().1.to_owned()),
                _ => {
                    let (number, text) = rest.split_once(' ').unwrap();
                    let text = text.strip_prefix("Some(").and_then(|t| t.strip_suffix(')')).map(unquoted);
                    record.descriptors.insert(number.parse().unwrap(), text);
                }
            }
        }
        Some(record)
    }
}

/// `Debug` of a string undone, as far as the tests need it.
fn unquoted(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    inner.replace("\\n", "\n").replace("\\\"", "\"").replace("\\'", "'").replace("\\\\", "\\")
}

/// Built by `cargo test` as an example, so that it is never installed.
fn fake_client() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_rdsconnect")).with_file_name("examples").join("fake_client");
    assert!(path.exists(), "`{}` is not built: run the whole of `cargo test`", path.display());
    path
}
