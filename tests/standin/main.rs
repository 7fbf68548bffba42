//! Cargo example `standin`: runs a command with one good server of each engine and a profile file for them at hand.
//!
//! `standin DIR -- COMMAND [ARGUMENT...]`; the status is the command's own, or 125 when it did not come to run.

#![expect(clippy::disallowed_methods, reason = "a program of its own, which starts servers and a command")]

#[path = "mod.rs"]
mod standin;

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT};
use standin::{ACCESS_KEY, Edition, Engine, Options, REGION, SECRET_KEY, Standin};

/// The table that both databases show, one statement each.
const FLEET: [&str; 2] = [
    "CREATE TABLE fleet (name VARCHAR(20) PRIMARY KEY, city VARCHAR(20) NOT NULL)",
    "INSERT INTO fleet VALUES ('Aurora', 'Oslo'), ('Beacon', 'Lisbon'), ('Cirrus', 'Nairobi')",
];

fn main() -> ExitCode {
    match run() {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            // Without stderr there is nobody left to tell.
            let _ = writeln!(io::stderr(), "standin: {error}");
            ExitCode::from(125)
        }
    }
}

fn run() -> Result<u8, String> {
    let mut arguments = std::env::args_os().skip(1);
    let usage = "usage: standin DIR -- COMMAND [ARGUMENT...]";
    let dir = arguments.next().ok_or(usage)?;
    if arguments.next().is_none_or(|word| word != "--") {
        return Err(usage.to_owned());
    }
    let program = arguments.next().ok_or(usage)?;
    let dir = std::path::absolute(&dir).map_err(|error| error.to_string())?;
    // Ctrl-C and a closed terminal are for the command alone, after whose end we clean up. A handler,
    // unlike ignoring, is not inherited by it.
    for signal in [SIGHUP, SIGINT, SIGQUIT] {
        signal_hook::flag::register(signal, Arc::new(AtomicBool::new(false)))
            .map_err(|error| format!("could not catch a signal: {error}"))?;
    }

    let fleet = FLEET.map(str::to_owned);
    let readable = "GRANT SELECT ON fleet TO rds_iam".to_owned();
    let standin = Standin::start(Options {
        editions: vec![Edition::Good],
        users: vec!["jane".to_owned()],
        more_databases: Vec::new(),
        postgres_seed: fleet.iter().cloned().chain([readable]).collect(),
        mariadb_seed: fleet.to_vec(),
        ..Options::default()
    })?;
    let files = Files::create(&standin, &dir)?;
    let status = command(&standin, &files, &program, arguments)
        .status()
        .map_err(|error| format!("could not run `{}`: {error}", program.display()))?;
    Ok(code(status))
}

/// The command with an environment in which the profile file and the stand-in's key count, and no other.
fn command(standin: &Standin, files: &Files, program: &OsString, arguments: impl Iterator<Item = OsString>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("AWS_") {
            command.env_remove(name);
        }
    }
    command
        .env("RDSCONNECT_CONFIG", &files.config)
        .env("AWS_ACCESS_KEY_ID", ACCESS_KEY)
        .env("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
        // The user's own profiles have no part in it.
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .envs(standin.name_env());
    command
}

/// What is written for the command; removed on drop.
struct Files {
    config: PathBuf,
    ca: PathBuf,
    /// Present when the directory was made here.
    made: Option<PathBuf>,
}

impl Files {
    fn create(standin: &Standin, dir: &Path) -> Result<Self, String> {
        let told = |error| format!("could not write to `{}`: {error}", dir.display());
        let made = (!dir.exists()).then(|| dir.to_owned());
        if made.is_some() {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(told)?;
        }
        let files = Self { config: dir.join("config.toml"), ca: dir.join("ca.pem"), made };
        fs::copy(standin.ca(), &files.ca).map_err(told)?;
        let text = profiles(standin, &files.ca)?;
        // Removed first: an old file would keep its mode, and a link would be followed.
        match fs::remove_file(&files.config) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(told(error)),
            _ => (),
        }
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&files.config)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(told)?;
        Ok(files)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        // What is gone already needs no removal.
        let _ = fs::remove_file(&self.config);
        let _ = fs::remove_file(&self.ca);
        if let Some(dir) = &self.made {
            let _ = fs::remove_dir(dir);
        }
    }
}

fn profiles(standin: &Standin, ca: &Path) -> Result<String, String> {
    let ca = ca.to_str().ok_or("the directory's name is not UTF-8")?;
    let ca = ca.replace('\\', "\\\\").replace('"', "\\\"");
    let host = standin.host();
    // Where hosts cannot be given names, the name says nothing of a region.
    let region = if host.contains(REGION) { String::new() } else { format!("region = \"{REGION}\"\n") };
    let profile = |name: &str, engine: &str, port: u16| {
        format!(
            "[profiles.{name}]\n\
             engine = \"{engine}\"\n\
             host = \"{host}\"\n\
             port = {port}\n\
             user = \"jane\"\n\
             database = \"app\"\n\
             {region}\
             ca_bundle = \"{ca}\"\n"
        )
    };
    let port = |engine| standin.port(engine, Edition::Good);
    Ok([profile("demo-mysql", "mysql", port(Engine::Mariadb)), profile("demo-pg", "postgres", port(Engine::Postgres))]
        .join("\n"))
}

/// The status as a shell would report it.
fn code(status: ExitStatus) -> u8 {
    let signal = status.signal().map(|signal| 128 + signal);
    status.code().or(signal).and_then(|code| u8::try_from(code).ok()).unwrap_or(125)
}
