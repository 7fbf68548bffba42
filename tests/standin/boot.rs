//! What both engines need to boot: the shared kit, copies of a prepared data directory, ports, and the wait.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Permissions};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::account::Account;
use super::keeper::Keeper;
use super::kerberos::Realm;
use super::names::Names;
use super::pki::{Authority, Identity};
use super::verifier::{Rules, Verifier};
use super::{Edition, Engine, OTHER_HOST, Options, PostgresAuth, Site, mariadb, postgres, programs};

/// How long a server may take until it answers, on a busy machine.
const BOOTING: Duration = Duration::from_mins(1);
/// How often another port is tried when a server does not come up.
const TRIES: u32 = 4;

/// Everything that is made once and used by every server.
pub(crate) struct Kit {
    pub(crate) options: Options,
    pub(crate) dir: PathBuf,
    pub(crate) verifier: Verifier,
    pub(crate) known: Authority,
    pub(crate) unknown: Authority,
    /// The directory of the `MariaDB` plugin.
    pub(crate) plugins: PathBuf,
    /// What stands in for libpam.
    pub(crate) pam: PathBuf,
    /// The PATH of all children.
    pub(crate) path: OsString,
    /// Absent where the system cannot do it.
    pub(crate) names: Option<Names>,
    pub(crate) accounts: [Account; 2],
    /// Absent unless asked for.
    pub(crate) realm: Option<Realm>,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    keeper: Keeper,
    port: u16,
    dir: PathBuf,
    socket: PathBuf,
}

/// Whether a server that was just started takes connections.
pub(crate) type Ready = Box<dyn Fn() -> bool>;

impl Server {
    pub(crate) fn new(keeper: Keeper, port: u16, dir: PathBuf, socket: PathBuf) -> Self {
        Self { keeper, port, dir, socket }
    }

    /// The loopback TCP port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The unix socket, for administrators (`postgres` and `root` need no password there).
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// What the server has written so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.dir.join("log")).unwrap_or_default()).into_owned()
    }

    /// Gives the order to stop; the drop waits.
    pub(crate) fn release(&mut self) {
        self.keeper.release();
    }
}

impl Kit {
    /// Makes certificates, plugins and the verifier in `dir`.
    pub(crate) fn create(dir: &Path, options: Options) -> Result<Self, String> {
        let told = |error| format!("could not prepare `{}`: {error}", dir.display());
        let accounts =
            [Account::of_server(dir, &["postgres", "nobody"])?, Account::of_server(dir, &["mysql", "nobody"])?];
        let (pki, plugins) = (dir.join("pki"), dir.join("plugins"));
        let open = |path: &Path| fs::set_permissions(path, Permissions::from_mode(0o755));
        fs::create_dir(&pki).and_then(|()| fs::create_dir(&plugins)).map_err(told)?;
        open(&pki).and_then(|()| open(&plugins)).map_err(told)?;
        if accounts.iter().any(|account| account.is_another()) {
            // The servers' accounts have to get through, and nobody has to look around.
            fs::set_permissions(dir, Permissions::from_mode(0o711)).map_err(told)?;
        }
        let mut names = options.hosts.clone();
        names.push(OTHER_HOST.to_owned());
        let realm = |root: &PathBuf| {
            let host = options.hosts.first().map_or("localhost", String::as_str);
            let [postgres, _] = accounts;
            Realm::start(root, &dir.join("kerberos"), host, "jane", postgres)
        };
        let kit = Self {
            realm: options.kerberos.as_ref().map(realm).transpose()?,
            known: Authority::create("Stand-in Root CA", pki.join("ca.pem"))?,
            unknown: Authority::create("Unrelated Root CA", pki.join("other-ca.pem"))?,
            verifier: Verifier::start(dir, &options.hosts, Rules::default()).map_err(told)?,
            // Only Linux has a way to give names to single processes.
            names: cfg!(target_os = "linux").then(|| Names::create(dir, &names)).transpose()?,
            pam: plugins.join("pam_iam.so"),
            path: programs::path(),
            dir: dir.to_owned(),
            plugins,
            options,
            accounts,
        };
        fs::write(kit.plugins.join("ask.h"), include_str!("ask.h")).map_err(told)?;
        let mut sources = Vec::new();
        if kit.options.engines.contains(&Engine::Mariadb) {
            sources.push(("aws_iam", include_str!("aws_iam.c")));
        }
        if kit.options.engines.contains(&Engine::Postgres) && kit.options.postgres_auth == PostgresAuth::Pam {
            sources.push(("pam_iam", include_str!("pam_iam.c")));
        }
        for (name, text) in sources {
            let source = kit.plugins.join(name).with_extension("c");
            let object = source.with_extension("so");
            fs::write(&source, text).map_err(told)?;
            programs::compile(&source, &object)?;
            open(&object).map_err(told)?;
        }
        Ok(kit)
    }

    pub(crate) fn account(&self, engine: Engine) -> Account {
        let [postgres, mariadb] = self.accounts;
        match engine {
            Engine::Postgres => postgres,
            Engine::Mariadb => mariadb,
        }
    }

    /// The certificate that an edition shows, made in `dir` for the server's account.
    pub(crate) fn identity(&self, edition: Edition, dir: &Path, engine: Engine) -> Result<Option<Identity>, String> {
        let identity = match edition {
            Edition::Good => self.known.issue(&self.options.hosts, dir)?,
            Edition::WrongName => self.known.issue(&[OTHER_HOST.to_owned()], dir)?,
            Edition::UnknownCa => self.unknown.issue(&self.options.hosts, dir)?,
            Edition::NoTls => return Ok(None),
        };
        self.account(engine).own(&identity.key)?;
        self.account(engine).own(&identity.certificate)?;
        Ok(Some(identity))
    }

    /// What a server plugin needs to know, as arguments of `env`.
    pub(crate) fn plugin_env(&self, site: Site) -> [OsString; 2] {
        let mut socket = OsString::from("STANDIN_SOCKET=");
        socket.push(self.verifier.socket());
        [socket, format!("STANDIN_SITE={}", site.label()).into()]
    }
}

/// Makes the directory of an engine, which its server account may write to.
pub(crate) fn home(kit: &Kit, engine: Engine) -> Result<PathBuf, String> {
    let home = kit.dir.join(engine.label());
    directory(kit.account(engine), &home)?;
    Ok(home)
}

fn directory(account: Account, path: &Path) -> Result<(), String> {
    fs::create_dir(path).map_err(|error| format!("could not make `{}`: {error}", path.display()))?;
    account.own(path)
}

/// Boots all wanted editions of one engine.
pub(crate) fn boot(kit: &Kit, engine: Engine) -> Result<Vec<(Site, Server)>, String> {
    let template = match engine {
        Engine::Postgres => postgres::prepare(kit)?,
        Engine::Mariadb => mariadb::prepare(kit)?,
    };
    let home = template.parent().ok_or("a template has a parent")?;
    let account = kit.account(engine);
    thread::scope(|scope| {
        let mut booting = Vec::new();
        for edition in &kit.options.editions {
            let site = Site { engine, edition: *edition };
            let dir = home.join(site.edition.label());
            let data = dir.join("data");
            directory(account, &dir)?;
            if Some(edition) == kit.options.editions.last() {
                fs::rename(&template, &data)
                    .map_err(|error| format!("could not move `{}`: {error}", data.display()))?;
            } else {
                // As the server's user, so that the copy is its own.
                let mut copy: Vec<&OsStr> = vec!["cp".as_ref(), "-Rp".as_ref()];
                if cfg!(target_os = "linux") {
                    // Half of what MariaDB prepares is zeros.
                    copy.push("--sparse=always".as_ref());
                }
                copy.extend([template.as_os_str(), data.as_os_str()]);
                programs::run(account, &dir.join("copy.log"), &copy, Stdio::null())?;
            }
            booting.push(scope.spawn(move || {
                let server = match engine {
                    Engine::Postgres => postgres::start(kit, site.edition, &data),
                    Engine::Mariadb => mariadb::start(kit, site.edition, &data),
                };
                server.map(|server| (site, server))
            }));
        }
        booting.into_iter().map(|one| one.join().map_err(|_| "a booting thread panicked".to_owned())?).collect()
    })
}

/// Starts a server on a free port until one comes up; a port can be taken between our look and its bind.
pub(crate) fn patiently(
    kit: &Kit,
    site: Site,
    start: impl Fn(u16) -> Result<(Server, Ready), String>,
) -> Result<Server, String> {
    for _ in 0..TRIES {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(|error| format!("no free port: {error}"))?
            .port();
        let (mut server, ready) = start(port)?;
        let deadline = Instant::now() + BOOTING;
        while server.keeper.running() {
            if ready() {
                kit.verifier.register(site, port);
                return Ok(server);
            }
            if Instant::now() > deadline {
                return Err(format!("{} does not answer after {BOOTING:?}", site.label()));
            }
            thread::sleep(Duration::from_millis(5));
        }
    }
    Err(format!("{} does not come up", site.label()))
}
