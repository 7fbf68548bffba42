//! A Kerberos realm on loopback, for the `PostgreSQL` that takes GSS encryption instead of TLS.

use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::account::Account;
use super::keeper::Keeper;
use super::programs::{self, append, tail};

const REALM: &str = "STANDIN.TEST";
/// How long the key distribution centre may take until it answers.
const BOOTING: Duration = Duration::from_secs(30);
/// How often another port is tried.
const TRIES: u32 = 4;

/// A running key distribution centre, and what its users need.
#[derive(Debug)]
pub(crate) struct Realm {
    dir: PathBuf,
    _centre: Keeper,
}

impl Realm {
    /// Makes a realm in `dir` by the programs below `root`, with a service `postgres` at `host` and a
    /// ticket for `user`. The account of `PostgreSQL`'s server gets the service's key.
    pub(crate) fn start(root: &Path, dir: &Path, host: &str, user: &str, server: Account) -> Result<Self, String> {
        let told = |error| format!("could not prepare `{}`: {error}", dir.display());
        fs::create_dir(dir).map_err(told)?;
        let plugins = plugins(root).ok_or_else(|| format!("no Kerberos plugins below `{}`", root.display()))?;
        let plugins = plugins.display();
        let own = dir.display();
        let centre = booted(
            root,
            dir,
            |port| {
                let client = format!(
                    "[libdefaults]\n default_realm = {REALM}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n \
                 dns_canonicalize_hostname = false\n rdns = false\n default_rcache_name = none:\n udp_preference_limit = 1\n \
                 plugin_base_dir = {plugins}\n[realms]\n {REALM} = {{\n  kdc = 127.0.0.1:{port}\n }}\n\
                 [domain_realm]\n {host} = {REALM}\n"
                );
                let centre = format!(
                    "[kdcdefaults]\n kdc_listen = \"\"\n kdc_tcp_listen = 127.0.0.1:{port}\n\
                 [realms]\n {REALM} = {{\n  database_name = {own}/principal\n  key_stash_file = {own}/stash\n  \
                 acl_file = {own}/acl\n }}\n\
                 [dbmodules]\n db_module_dir = {plugins}/kdb\n {REALM} = {{\n  db_library = db2\n  \
                 database_name = {own}/principal\n }}\n"
                );
                fs::write(dir.join("krb5.conf"), client)
                    .and_then(|()| fs::write(dir.join("kdc.conf"), centre))
                    .map_err(told)
            },
            host,
            user,
        )?;
        let realm = Self { dir: dir.to_owned(), _centre: centre };
        server.own(&realm.server_keys())?;
        let keys = dir.join("user.keytab");
        let kinit = words(&["kinit", "-k", "-t"]).into_iter().chain([keys.into(), "-c".into(), realm.tickets().into()]);
        realm_program(root, dir, kinit.chain([user.into()]))?;
        Ok(realm)
    }

    /// What `KRB5_CONFIG` has to name.
    pub(crate) fn config(&self) -> PathBuf {
        self.dir.join("krb5.conf")
    }

    /// The key of the service, for `krb_server_keyfile`.
    pub(crate) fn server_keys(&self) -> PathBuf {
        self.dir.join("server.keytab")
    }

    /// The user's tickets, for `KRB5CCNAME`.
    pub(crate) fn tickets(&self) -> PathBuf {
        self.dir.join("tickets")
    }
}

/// Makes the realm's database once, and starts the centre on a free port.
fn booted(
    root: &Path,
    dir: &Path,
    configure: impl Fn(u16) -> Result<(), String>,
    host: &str,
    user: &str,
) -> Result<Keeper, String> {
    configure(1)?;
    realm_program(root, dir, words(&["kdb5_util", "-r", REALM, "-P", "only for tests", "create", "-s"]))?;
    let service = format!("postgres/{host}");
    for command in [
        format!("addprinc -randkey {service}"),
        format!("addprinc -randkey {user}"),
        format!("ktadd -k {}/server.keytab {service}", dir.display()),
        format!("ktadd -k {}/user.keytab {user}", dir.display()),
    ] {
        realm_program(root, dir, words(&["kadmin.local", "-r", REALM, "-q", &command]))?;
    }
    let log = dir.join("log");
    for _ in 0..TRIES {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(|error| format!("no free port: {error}"))?;
        let port = listener.local_addr().map_err(|error| format!("no free port: {error}"))?.port();
        drop(listener);
        configure(port)?;
        let command = in_realm(root, dir, words(&["krb5kdc", "-n", "-r", REALM]))?;
        // It stays under our account: the files are ours, and it has nothing against root.
        let account = Account::ours();
        let mut centre = Keeper::hold(account, "TERM", append(&log)?, &programs::path(), command)
            .map_err(|error| format!("could not start krb5kdc: {error}"))?;
        let deadline = Instant::now() + BOOTING;
        while centre.running() && Instant::now() < deadline {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Ok(centre);
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    Err(format!("krb5kdc does not come up:\n{}", tail(&log)))
}

/// Runs a program of the realm that ends by itself.
fn realm_program(root: &Path, dir: &Path, command: impl IntoIterator<Item = OsString>) -> Result<(), String> {
    let command = in_realm(root, dir, command)?;
    programs::run(Account::ours(), &dir.join("log"), &command, Stdio::null())
}

/// A command of one of the programs below `root`, with the variables it needs.
fn in_realm(root: &Path, dir: &Path, command: impl IntoIterator<Item = OsString>) -> Result<Vec<OsString>, String> {
    let mut command = command.into_iter();
    let name = command.next().unwrap_or_default();
    let program = ["usr/sbin", "usr/bin"].map(|below| root.join(below).join(&name));
    let program = program.into_iter().find(|path| path.is_file());
    let program = program.ok_or_else(|| format!("no {} below `{}`", name.display(), root.display()))?;
    let own = dir.display();
    let env = [format!("KRB5_CONFIG={own}/krb5.conf"), format!("KRB5_KDC_PROFILE={own}/kdc.conf")];
    let env = env.map(OsString::from).into_iter();
    Ok(["env".into()].into_iter().chain(env).chain([program.into()]).chain(command).collect())
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn plugins(root: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(root.join("usr/lib")).ok()?;
    entries.flatten().map(|entry| entry.path().join("krb5/plugins")).find(|path| path.join("kdb").is_dir())
}
