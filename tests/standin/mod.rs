//! The project's own stand-in for RDS: real servers on loopback that judge real tokens, in good and bad editions.
//!
//! Serves the tests with real clients, and the demonstration as Cargo example `standin`.

#![allow(dead_code, reason = "its two users, the tests and the example, need different parts")]
#![allow(clippy::disallowed_methods, reason = "starting programs is its job; the rule is for src")]

mod account;
mod boot;
mod keeper;
mod kerberos;
mod ldap;
mod mariadb;
mod names;
mod pki;
mod postgres;
mod programs;
pub(crate) mod sigv4;
#[cfg(test)]
mod sigv4_test;
#[cfg(test)]
mod smoke;
pub(crate) mod verifier;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;

use tempfile::TempDir;

use boot::{Kit, Server};
use keeper::Keeper;
use kerberos::Realm;
use names::Names;
use sigv4::{Key, Request};
use verifier::Verifier;

/// The host name that stands for the database.
pub(crate) const HOST: &str = "mydb.abc123def456.us-west-2.rds.amazonaws.com";
/// The only name in the certificate of the `WrongName` edition.
pub(crate) const OTHER_HOST: &str = "otherdb.abc123def456.us-west-2.rds.amazonaws.com";
/// The region of `HOST`.
pub(crate) const REGION: &str = "us-west-2";
/// The access key that the verifier knows from the start (an example from Amazon's documentation).
pub(crate) const ACCESS_KEY: &str = "AKIDEXAMPLE";
/// Its secret.
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
/// The password of `joe`, who exists in both engines and does not log in with tokens.
pub(crate) const JOE_PASSWORD: &str = "joe's own password";
/// Users whose names are awkward somewhere between a profile file and a server.
pub(crate) const ODD_USERS: [&str; 8] = ["ja ne", "o'hara", "a\"b", "back\\slash", "jane+ci", "r&d", "100%", "andré"];
/// Databases whose names are awkward; `host=evil` must stay a name.
pub(crate) const ODD_DATABASES: [&str; 3] = ["my db", "q'uote", "host=evil"];

/// A kind of database server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Engine {
    Postgres,
    Mariadb,
}

/// What is right or wrong with a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Edition {
    /// TLS with the right name, by the known authority.
    Good,
    /// TLS with another host's name, by the known authority.
    WrongName,
    /// TLS with the right name, by an authority that clients do not know.
    UnknownCa,
    /// No TLS; takes and records tokens sent in clear.
    NoTls,
}

/// One server: an engine in an edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Site {
    pub(crate) engine: Engine,
    pub(crate) edition: Edition,
}

impl Engine {
    fn label(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        }
    }
}

impl Edition {
    /// All editions, the good one first.
    pub(crate) const ALL: [Self; 4] = [Self::Good, Self::WrongName, Self::UnknownCa, Self::NoTls];

    fn label(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::WrongName => "wrong-name",
            Self::UnknownCa => "unknown-ca",
            Self::NoTls => "no-tls",
        }
    }
}

impl Site {
    /// Its name in messages and towards the plugins, such as `postgres-good`.
    pub(crate) fn label(self) -> String {
        format!("{}-{}", self.engine.label(), self.edition.label())
    }

    fn parse(label: &str) -> Option<Self> {
        let sites = [Engine::Postgres, Engine::Mariadb]
            .into_iter()
            .flat_map(|engine| Edition::ALL.into_iter().map(move |edition| Self { engine, edition }));
        sites.into_iter().find(|site| site.label() == label)
    }
}

/// How `PostgreSQL` checks a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PostgresAuth {
    /// The method of RDS, with its error text; Linux only.
    Pam,
    /// Works everywhere.
    Ldap,
}

/// What to boot.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) engines: Vec<Engine>,
    pub(crate) editions: Vec<Edition>,
    /// The names of the good certificate, and of the endpoint a token may be for.
    pub(crate) hosts: Vec<String>,
    /// Users who log in with tokens, in both engines.
    pub(crate) users: Vec<String>,
    /// Databases beside `app`; in `PostgreSQL` only the good edition has them.
    pub(crate) more_databases: Vec<String>,
    pub(crate) postgres_auth: PostgresAuth,
    /// Statements run in `PostgreSQL`'s database `app` beforehand, one each.
    pub(crate) postgres_seed: Vec<String>,
    /// The same for `MariaDB`.
    pub(crate) mariadb_seed: Vec<String>,
    /// Where a Kerberos centre and its tools are (`ROOT/usr/sbin/krb5kdc`): with it, `PostgreSQL`'s edition
    /// without TLS takes logins inside GSS encryption only.
    pub(crate) kerberos: Option<PathBuf>,
    /// Where the stand-in makes its own directory; short, because socket paths are limited to 100 characters.
    pub(crate) parent: PathBuf,
}

impl Default for Options {
    /// Both engines in all editions, with `jane`, the odd users and the odd databases.
    fn default() -> Self {
        let owned = |names: &[&str]| names.iter().copied().map(str::to_owned).collect::<Vec<_>>();
        Self {
            engines: vec![Engine::Postgres, Engine::Mariadb],
            editions: Edition::ALL.to_vec(),
            hosts: owned(&[if cfg!(target_os = "linux") { HOST } else { "localhost" }]),
            users: owned(&[&["jane"], ODD_USERS.as_slice()].concat()),
            more_databases: owned(&ODD_DATABASES),
            postgres_auth: if cfg!(target_os = "linux") { PostgresAuth::Pam } else { PostgresAuth::Ldap },
            postgres_seed: Vec::new(),
            mariadb_seed: Vec::new(),
            kerberos: None,
            // Not TMPDIR, which is long on macOS and may be closed to the servers' accounts.
            parent: PathBuf::from("/tmp"),
        }
    }
}

/// The running stand-in. Everything it started and wrote is gone when it is dropped, or when its process ends.
pub(crate) struct Standin {
    servers: BTreeMap<Site, Server>,
    kit: Kit,
    dir: TempDir,
    /// Removes the directory when this process does not come to drop it. Declared last, dropped last.
    _sweeper: Keeper,
}

impl Standin {
    /// Boots what `options` wants, all at once, and returns when every server takes connections.
    pub(crate) fn start(options: Options) -> Result<Self, String> {
        let dir = tempfile::Builder::new().prefix("standin-").tempdir_in(&options.parent);
        let dir = dir.map_err(|error| format!("could not make a directory: {error}"))?;
        let sweeper = Keeper::sweep(dir.path()).map_err(|error| format!("could not start a shell: {error}"))?;
        let kit = Kit::create(dir.path(), options)?;
        let booted: Result<Vec<_>, String> = thread::scope(|scope| {
            let booting: Vec<_> =
                kit.options.engines.iter().map(|engine| scope.spawn(|| boot::boot(&kit, *engine))).collect();
            booting.into_iter().map(|one| one.join().map_err(|_| "a booting thread panicked".to_owned())?).collect()
        });
        let servers = booted?.into_iter().flatten().collect();
        Ok(Self { servers, kit, dir, _sweeper: sweeper })
    }

    /// The host name to use for every server.
    pub(crate) fn host(&self) -> &str {
        self.kit.options.hosts.first().map_or(HOST, String::as_str)
    }

    /// The port of a server.
    pub(crate) fn port(&self, engine: Engine, edition: Edition) -> u16 {
        self.server(engine, edition).port()
    }

    /// A running server.
    pub(crate) fn server(&self, engine: Engine, edition: Edition) -> &Server {
        self.servers.get(&Site { engine, edition }).expect("the options asked for this server")
    }

    /// The certificate of the authority that signed the good servers.
    pub(crate) fn ca(&self) -> &Path {
        self.kit.known.path()
    }

    /// The certificate of an authority that has nothing to do with the good servers.
    pub(crate) fn other_ca(&self) -> &Path {
        self.kit.unknown.path()
    }

    /// What judges and records tokens.
    pub(crate) fn verifier(&self) -> &Verifier {
        &self.kit.verifier
    }

    /// The directory of all files, for what a test wants to add; removed in the end.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Variables that make all its host names mean 127.0.0.1 in a child process; none where that is impossible.
    pub(crate) fn name_env(&self) -> Vec<(String, String)> {
        self.kit.names.as_ref().map(Names::env).unwrap_or_default()
    }

    /// Variables that give a child process a Kerberos ticket of `jane`; none without a realm.
    pub(crate) fn ticket_env(&self) -> Vec<(String, String)> {
        let variables = |realm: &Realm| {
            [("KRB5_CONFIG", realm.config()), ("KRB5CCNAME", realm.tickets())]
                .map(|(name, path)| (name.to_owned(), path.display().to_string()))
                .into()
        };
        self.kit.realm.as_ref().map(variables).unwrap_or_default()
    }

    /// A token made by the stand-in itself with the key it knows, for now.
    pub(crate) fn token(&self, engine: Engine, edition: Edition, user: &str) -> String {
        let key = Key { secret: SECRET_KEY.to_owned(), session: None };
        Request {
            host: self.host(),
            port: self.port(engine, edition),
            user,
            region: REGION,
            access_key: ACCESS_KEY,
            key: &key,
        }
        .sign(verifier::now())
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        // All at once; dropping them one by one then only collects them.
        self.servers.values_mut().for_each(Server::release);
        self.servers.clear();
    }
}
