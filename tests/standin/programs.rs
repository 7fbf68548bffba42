//! Finds the servers' programs, and says what to install when one is missing.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::account::Account;

/// Where distributions and Homebrew put what is not on an ordinary user's PATH.
const MORE: [&str; 11] = [
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/usr/libexec",
    "/sbin",
    "/bin",
    "/opt/homebrew/bin",
    "/opt/homebrew/opt/mariadb/bin",
    "/usr/local/opt/mariadb/bin",
    "/usr/local/mysql/bin",
];

/// The programs of a `PostgreSQL` server.
#[derive(Debug)]
pub(crate) struct Postgres {
    pub(crate) initdb: PathBuf,
    pub(crate) server: PathBuf,
}

/// The programs of a `MariaDB` server.
#[derive(Debug)]
pub(crate) struct Mariadb {
    pub(crate) install: PathBuf,
    pub(crate) server: PathBuf,
}

/// Finds the newest `PostgreSQL`.
pub(crate) fn postgres() -> Result<Postgres, String> {
    let mut dirs = Vec::new();
    for (parent, start, end) in [
        ("/usr/lib/postgresql", "", "bin"),
        ("/usr", "pgsql-", "bin"),
        ("/opt/homebrew/opt", "postgresql", "bin"),
        ("/usr/local/opt", "postgresql", "bin"),
    ] {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if let Some(version) = name.strip_prefix(start) {
                let version: u32 = version.trim_start_matches('@').parse().unwrap_or_default();
                dirs.push((version, entry.path().join(end)));
            }
        }
    }
    dirs.sort();
    dirs.into_iter()
        .rev()
        .map(|(_, dir)| dir)
        .chain(path_dirs())
        .map(|dir| Postgres { initdb: dir.join("initdb"), server: dir.join("postgres") })
        .find(|found| found.initdb.is_file() && found.server.is_file())
        .ok_or_else(|| missing("PostgreSQL server (postgres, initdb)", "postgresql", "postgresql"))
}

/// Finds a `MariaDB` server.
pub(crate) fn mariadb() -> Result<Mariadb, String> {
    let named = |what: &str, names: [&str; 2]| {
        names.into_iter().find_map(find).ok_or_else(|| missing(what, "mariadb-server-core", "mariadb"))
    };
    Ok(Mariadb {
        server: named("MariaDB server (mariadbd)", ["mariadbd", "mysqld"])?,
        install: named("MariaDB set-up program (mariadb-install-db)", ["mariadb-install-db", "mysql_install_db"])?,
    })
}

/// The PATH that programs of the stand-in get: ours and the usual places.
pub(crate) fn path() -> OsString {
    env::join_paths(path_dirs()).expect("came from a PATH")
}

/// Compiles `source` (a file) into the shared object `object`.
pub(crate) fn compile(source: &Path, object: &Path) -> Result<(), String> {
    let compiler = find("cc").ok_or_else(|| missing("C compiler (cc)", "gcc", "gcc"))?;
    let output = Command::new(compiler)
        .args(["-std=gnu99", "-O1", "-shared", "-fPIC", "-o"])
        .args([object, source])
        .output()
        .map_err(|error| format!("could not run cc: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("could not compile {}:\n{said}", source.display()))
}

/// Runs a program that ends by itself, its output in `log`; the end of the log tells why it failed.
pub(crate) fn run<S: AsRef<OsStr>>(account: Account, log: &Path, command: &[S], input: Stdio) -> Result<(), String> {
    let [program, arguments @ ..] = command else { return Ok(()) };
    let program = program.as_ref();
    let told = |error| format!("could not run {}: {error}", program.display());
    let file = append(log)?;
    let mut child = Command::new(program);
    account.applied_to(&mut child);
    let status = child
        .args(arguments)
        .stdin(input)
        .stdout(file.try_clone().map_err(told)?)
        .stderr(file)
        .env_clear()
        .env("PATH", path())
        .env("LC_ALL", "C")
        .current_dir("/")
        .status()
        .map_err(told)?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{} failed ({status}):\n{}", program.display(), tail(log)))
}

/// Opens a log for appending.
pub(crate) fn append(log: &Path) -> Result<File, String> {
    File::options()
        .create(true)
        .append(true)
        .open(log)
        .map_err(|error| format!("could not open `{}`: {error}", log.display()))
}

/// The lines of a log that speak of errors, and its last ones.
pub(crate) fn tail(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let lines: Vec<&str> = text.lines().collect();
    let (earlier, last) = lines.split_at(lines.len().saturating_sub(20));
    let errors = earlier.iter().filter(|line| line.to_ascii_lowercase().contains("error"));
    errors.chain(last).copied().collect::<Vec<_>>().join("\n")
}

fn find(name: &str) -> Option<PathBuf> {
    path_dirs().into_iter().map(|dir| dir.join(name)).find(|path| path.is_file())
}

fn path_dirs() -> Vec<PathBuf> {
    let ours = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&ours).filter(|dir| dir.is_absolute()).chain(MORE.map(PathBuf::from)).collect()
}

fn missing(what: &str, debian: &str, brew: &str) -> String {
    format!("no {what} found: install the Debian package {debian}, or on macOS run `brew install {brew}`")
}
