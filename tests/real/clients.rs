//! Finds the real clients: the system's own, and newer ones beside it.
//!
//! On Debian 12, where all of them can be had, a missing one fails the run; elsewhere it is
//! reported as not run.

use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::standin::Engine;

/// What options and what habits a client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Psql,
    MariaDb,
    Oracle,
}

/// A client that was found.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// Its name in messages.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) path: PathBuf,
    /// As it says itself.
    pub(crate) version: (u32, u32),
}

impl Client {
    /// The stand-in's engine for it.
    pub(crate) fn engine(&self) -> Engine {
        match self.kind {
            Kind::Psql => Engine::Postgres,
            Kind::MariaDb | Kind::Oracle => Engine::Mariadb,
        }
    }

    /// Whether it can check the chain through a tunnel and leave out the name alone.
    pub(crate) fn has_a_safe_tunnel(&self) -> bool {
        match self.kind {
            Kind::Psql | Kind::Oracle => true,
            Kind::MariaDb => self.version >= (11, 4),
        }
    }
}

/// All that were found; says once what was not.
pub(crate) fn all() -> &'static [Client] {
    static FOUND: OnceLock<Vec<Client>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let (found, missing): (Vec<_>, Vec<_>) = WANTED.iter().map(Wanted::find).partition(Result::is_ok);
        let missing: Vec<String> = missing.into_iter().filter_map(Result::err).collect();
        if !missing.is_empty() {
            not_run(&missing.join("; "));
        }
        found.into_iter().flatten().collect()
    })
}

/// Those of a family.
pub(crate) fn of(engine: Engine) -> impl Iterator<Item = &'static Client> {
    all().iter().filter(move |client| client.engine() == engine)
}

/// Where clients lie that do not belong to the system.
pub(crate) fn beside_the_system() -> PathBuf {
    let set = env::var_os("RDSCONNECT_TEST_CLIENTS").filter(|dir| !dir.is_empty());
    set.map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clients"), PathBuf::from)
}

/// Says what could not be tested; fails where it must be there.
pub(crate) fn not_run(what: &str) {
    assert!(!is_debian_12(), "{what}: `make setup` brings it");
    say(&format!("not run: {what}"));
}

/// Not by `eprintln!`, which the test harness keeps to itself while tests pass.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

fn is_debian_12() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    let has = |line: &str| release.lines().any(|l| l.replace('"', "") == line);
    has("ID=debian") && has("VERSION_ID=12")
}

struct Wanted {
    name: &'static str,
    kind: Kind,
    place: Place,
    /// The major version that stands for it.
    major: u32,
}

enum Place {
    OnPath(&'static str),
    Beside(&'static str),
}

const WANTED: [Wanted; 5] = [
    Wanted { name: "psql", kind: Kind::Psql, place: Place::OnPath("psql"), major: 15 },
    Wanted {
        name: "newer psql",
        kind: Kind::Psql,
        place: Place::Beside("psql/usr/lib/postgresql/*/bin/psql"),
        major: 18,
    },
    Wanted { name: "mariadb", kind: Kind::MariaDb, place: Place::OnPath("mariadb"), major: 10 },
    Wanted { name: "newer mariadb", kind: Kind::MariaDb, place: Place::Beside("mariadb/usr/bin/mariadb"), major: 11 },
    Wanted { name: "Oracle's mysql", kind: Kind::Oracle, place: Place::Beside("mysql/usr/bin/mysql"), major: 9 },
];

impl Wanted {
    fn find(&self) -> Result<Client, String> {
        let path = match self.place {
            Place::OnPath(program) => {
                let path = env::var_os("PATH").unwrap_or_default();
                env::split_paths(&path).map(|dir| dir.join(program)).find(|path| path.is_file())
            }
            Place::Beside(below) => glob(&beside_the_system(), below),
        };
        let path = path.ok_or_else(|| format!("{} is missing", self.name))?;
        let mut command = Command::new(&path);
        if self.kind != Kind::Psql {
            command.arg("--no-defaults");
        }
        let output = command.arg("--version").output();
        let said = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
        let version = version(self.kind, &said)
            .ok_or_else(|| format!("{} is missing: `{}` says {said:?}", self.name, path.display()))?;
        // It runs all the same, but it is not the one that was asked for. What comes from a moving
        // suite may be newer one day.
        let (major, minor) = version;
        if major < self.major || (major > self.major && matches!(self.place, Place::OnPath(_))) {
            say(&format!("not run: {} {} (this is {major}.{minor})", self.name, self.major));
        }
        Ok(Client { name: self.name, kind: self.kind, path, version })
    }
}

/// The version in what `--version` prints, if it is a client of this kind.
fn version(kind: Kind, said: &str) -> Option<(u32, u32)> {
    let number = match kind {
        Kind::Psql => said.strip_prefix("psql (PostgreSQL) ")?,
        Kind::MariaDb => said.split_once("-MariaDB")?.0.rsplit(' ').next()?,
        Kind::Oracle if said.contains("MariaDB") => return None,
        Kind::Oracle => said.split_once(" Ver ")?.1,
    };
    let mut parts = number.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or_default());
    Some((parts.next()?, parts.next()?))
}

/// The last match of a path with at most one `*` in place of a directory.
fn glob(dir: &Path, below: &str) -> Option<PathBuf> {
    let Some((before, after)) = below.split_once("/*/") else {
        return Some(dir.join(below)).filter(|path| path.is_file());
    };
    let entries = fs::read_dir(dir.join(before)).ok()?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path().join(after)).collect();
    found.retain(|path| path.is_file());
    found.sort();
    found.pop()
}

#[test]
fn versions_are_read_from_what_the_clients_say() {
    let ten = "/usr/bin/mariadb  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64) using  EditLine";
    let eleven = "/x/mariadb from 11.8.9-MariaDB, client 15.2 for debian-linux-gnu (x86_64)";
    let oracle = "/x/mysql  Ver 9.7.4-2 for Linux on x86_64 ((Debian))";
    assert_eq!(version(Kind::MariaDb, ten), Some((10, 11)));
    assert_eq!(version(Kind::MariaDb, eleven), Some((11, 8)));
    assert_eq!(version(Kind::Oracle, oracle), Some((9, 7)));
    assert_eq!(version(Kind::Oracle, ten), None);
    assert_eq!(version(Kind::MariaDb, oracle), None);
    assert_eq!(version(Kind::Psql, "psql (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"), Some((15, 20)));
}

#[test]
fn every_client_that_this_system_can_have_is_here() {
    // Asks for all of them, and fails in there.
    assert!(!all().is_empty(), "no client at all");
}
