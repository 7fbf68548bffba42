//! `Desk`: a running stand-in, a home of its own, and the built binary run there against real clients.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use crate::clients::not_run;
use crate::standin::{ACCESS_KEY, Edition, Engine, Options, SECRET_KEY, Site, Standin};

pub(crate) struct Desk {
    standin: Standin,
    home: tempfile::TempDir,
}

/// What a run said, and its status.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) status: Option<i32>,
}

impl Desk {
    pub(crate) fn boot(options: Options) -> Self {
        let standin = Standin::start(options).unwrap_or_else(|error| panic!("{error}"));
        let home = tempfile::Builder::new().prefix("desk-").tempdir().expect("a temporary directory");
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).expect("our own directory");
        Self { standin, home }
    }

    /// The profiles `good`, `wrong-name`, `unknown-ca` and `no-tls` for those servers of an engine that run.
    pub(crate) fn profiles(&self, engine: Engine, editions: &[Edition], more: &str) {
        let mut text = format!("[defaults]\nuser = \"jane\"\n{more}\n");
        for edition in editions {
            let (host, port) = (self.standin.host(), self.standin.port(engine, *edition));
            let ca = self.standin.ca().display();
            let (name, engine) = (name(*edition), if engine == Engine::Postgres { "postgres" } else { "mariadb" });
            let _ = write!(text, "[profiles.{name}]\nengine = \"{engine}\"\nhost = \"{host}\"\nport = {port}\n");
            let _ = write!(text, "database = \"app\"\nca_bundle = \"{ca}\"\nregion = \"us-west-2\"\n");
        }
        self.write("config.toml", &text);
    }

    /// Writes a file into the home.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, text).expect("the home can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our own file");
        path
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The built binary, in the home, with the key that the stand-in knows and little else.
    pub(crate) fn rdsconnect(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rdsconnect"));
        command.args(args);
        self.furnish(&mut command);
        command
    }

    pub(crate) fn furnish(&self, command: &mut Command) {
        command
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "dumb")
            .env("RDSCONNECT_CONFIG", self.path("config.toml"))
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
            .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .envs(self.standin.name_env())
            .current_dir(self.home.path())
            .stdin(Stdio::null());
    }

    pub(crate) fn run(&self, args: &[&str]) -> Said {
        said(&self.rdsconnect(args).output().expect("the built binary starts"))
    }

    /// The authority that signed for the server of an unknown one.
    pub(crate) fn other_ca(&self) -> &Path {
        self.standin.other_ca()
    }

    pub(crate) fn port(&self, engine: Engine, edition: Edition) -> u16 {
        self.standin.port(engine, edition)
    }

    /// How many tokens a server has received since it was last asked.
    pub(crate) fn received(&self, engine: Engine, edition: Edition) -> usize {
        let count = self.standin.verifier().received(Site { engine, edition }).len();
        self.standin.verifier().clear();
        count
    }
}

pub(crate) fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    Said { out: text(&output.stdout), err: text(&output.stderr), status: output.status.code() }
}

pub(crate) fn name(edition: Edition) -> &'static str {
    match edition {
        Edition::Good => "good",
        Edition::WrongName => "wrong-name",
        Edition::UnknownCa => "unknown-ca",
        Edition::NoTls => "no-tls",
    }
}

/// Every copy of a program at hand: on PATH, and below the directory of the newer clients.
pub(crate) fn copies(program: &str) -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|dir| dir.join(program)).find(|p| p.is_file());
    let newer = env::var_os("RDSCONNECT_TEST_CLIENTS").map(PathBuf::from);
    let newer = newer
        .iter()
        .flat_map(|dir| ["mysql/usr/bin", "mariadb/usr/bin"].map(|sub| dir.join(sub)).into_iter().chain(versions(dir)));
    on_path.into_iter().chain(newer.map(|dir| dir.join(program)).filter(|p| p.is_file())).collect()
}

/// Those copies of a tool that the set-up puts into a virtual environment, or that are on PATH.
pub(crate) fn python(tool: &str) -> Vec<PathBuf> {
    let venv = std::env::var_os("RDSCONNECT_TEST_VENV")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/venv"), PathBuf::from);
    let kept = Some(venv.join("bin").join(tool)).filter(|path| path.is_file());
    let found: Vec<_> = kept.into_iter().chain(copies(tool)).collect();
    if found.is_empty() {
        not_run(tool);
    }
    found
}

/// The directories of PostgreSQL's programs, which carry a version.
fn versions(dir: &Path) -> Vec<PathBuf> {
    let listed = fs::read_dir(dir.join("psql/usr/lib/postgresql")).into_iter().flatten().flatten();
    listed.map(|entry| entry.path().join("bin")).collect()
}

/// A path as an argument.
pub(crate) fn word(path: &Path) -> String {
    OsString::from(path).into_string().expect("the tests' paths are UTF-8")
}
