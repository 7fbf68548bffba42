//! The judge inside the test process: servers hand it every password they receive in clear, it answers and keeps a record.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::sigv4::{Key, Policy, Reason, verify};
use super::{ACCESS_KEY, REGION, SECRET_KEY, Site, ldap};

/// A client or server that says nothing for so long is given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any server takes as a password (`PostgreSQL`: 65,530 bytes).
const LONGEST: usize = 1 << 20;

/// Which `host:port` a token has to name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// One of the stand-in's hosts with the port of the server that asks, as on RDS.
    Own,
    /// Any.
    Any,
    /// This one (for tunnels: the real endpoint, not the tunnel's).
    Exactly(String),
}

/// What the verifier lets in; changeable while servers run.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Access key id to key.
    pub(crate) keys: BTreeMap<String, Key>,
    /// The region a token must be for; `None` accepts any.
    pub(crate) region: Option<String>,
    /// The endpoint a token must be for.
    pub(crate) endpoint: Endpoint,
    /// Seconds by which the servers' clock is ahead of the machine's: 901 makes fresh tokens expired.
    pub(crate) clock_offset: i64,
}

impl Default for Rules {
    /// One key without a session token, the region of `HOST`, the servers' own endpoints, the right time.
    fn default() -> Self {
        let key = Key { secret: SECRET_KEY.to_owned(), session: None };
        Self {
            keys: BTreeMap::from([(ACCESS_KEY.to_owned(), key)]),
            region: Some(REGION.to_owned()),
            endpoint: Endpoint::Own,
            clock_offset: 0,
        }
    }
}

/// A password that a server received in clear, whatever it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Login {
    /// The server that received it.
    pub(crate) site: Site,
    /// The database user it was sent for.
    pub(crate) user: String,
    /// What was sent.
    pub(crate) token: String,
    /// What was answered.
    pub(crate) verdict: Result<(), Reason>,
}

/// The running verifier; its threads end when it is dropped.
#[derive(Debug)]
pub(crate) struct Verifier {
    shared: Arc<Shared>,
    socket: PathBuf,
    ldap_port: u16,
}

/// What the listening threads share with the handle.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    hosts: Vec<String>,
    stopped: AtomicBool,
}

#[derive(Debug)]
struct State {
    rules: Rules,
    ports: BTreeMap<Site, u16>,
    record: Vec<Login>,
}

impl Verifier {
    /// Listens on `dir/verifier.sock` and on a free TCP port for LDAP binds.
    pub(crate) fn start(dir: &Path, hosts: &[String], rules: Rules) -> io::Result<Self> {
        let socket = dir.join("verifier.sock");
        let unix = UnixListener::bind(&socket)?;
        // The servers run as other users when the tests run as root.
        fs::set_permissions(&socket, Permissions::from_mode(0o777))?;
        let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let ldap_port = tcp.local_addr()?.port();
        let state = State { rules, ports: BTreeMap::new(), record: Vec::new() };
        let shared =
            Arc::new(Shared { state: Mutex::new(state), hosts: hosts.to_vec(), stopped: AtomicBool::new(false) });
        let judge = Arc::clone(&shared);
        thread::spawn(move || {
            while let Ok((stream, _)) = unix.accept()
                && !judge.stopped()
            {
                let judge = Arc::clone(&judge);
                thread::spawn(move || plugin(&stream, &judge));
            }
        });
        let judge = Arc::clone(&shared);
        thread::spawn(move || {
            while let Ok((stream, _)) = tcp.accept()
                && !judge.stopped()
            {
                let judge = Arc::clone(&judge);
                let patient = stream.set_read_timeout(Some(PATIENCE));
                thread::spawn(move || patient.and_then(|()| ldap::serve(&stream, &judge)));
            }
        });
        Ok(Self { shared, socket, ldap_port })
    }

    /// The unix socket that the server plugins ask.
    pub(crate) fn socket(&self) -> &Path {
        &self.socket
    }

    /// The loopback port of the LDAP responder.
    pub(crate) fn ldap_port(&self) -> u16 {
        self.ldap_port
    }

    /// Every password received since the start or the last `clear`, oldest first.
    pub(crate) fn record(&self) -> Vec<Login> {
        self.shared.state().record.clone()
    }

    /// What one server received; empty is the proof that nothing was sent to it.
    pub(crate) fn received(&self, site: Site) -> Vec<Login> {
        self.record().into_iter().filter(|login| login.site == site).collect()
    }

    /// Every login whose password contains `marker`, at whatever server.
    pub(crate) fn mentioning(&self, marker: &str) -> Vec<Login> {
        self.shared.state().record.iter().filter(|login| login.token.contains(marker)).cloned().collect()
    }

    /// Forgets the record.
    pub(crate) fn clear(&self) {
        self.shared.state().record.clear();
    }

    /// Changes the rules from the next login on.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.shared.state().rules);
    }

    /// The rules as they are, to restore them later.
    pub(crate) fn rules(&self) -> Rules {
        self.shared.state().rules.clone()
    }

    /// Tells on which port a server listens, which its tokens have to name.
    pub(crate) fn register(&self, site: Site, port: u16) {
        self.shared.state().ports.insert(site, port);
    }
}

impl Drop for Verifier {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        // Wake both threads from accept; they see the flag and leave.
        drop(UnixStream::connect(&self.socket));
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.ldap_port)));
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // A panicking test must not take the verifier away from the others.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Judges a password and records it.
    pub(crate) fn judge(&self, site: Site, user: &str, token: &str) -> Result<(), Reason> {
        let mut state = self.state();
        let endpoints = match &state.rules.endpoint {
            Endpoint::Any => None,
            Endpoint::Exactly(endpoint) => Some(vec![endpoint.clone()]),
            Endpoint::Own => {
                let port = state.ports.get(&site).copied().unwrap_or_default();
                Some(self.hosts.iter().map(|host| format!("{host}:{port}")).collect())
            }
        };
        let policy = Policy { keys: state.rules.keys.clone(), region: state.rules.region.clone(), endpoints };
        let verdict = verify(token, user, &policy, now() + state.rules.clock_offset);
        let (user, token) = (user.to_owned(), token.to_owned());
        state.record.push(Login { site, user, token, verdict: verdict.clone() });
        verdict
    }
}

/// The machine's clock, in seconds since 1970.
pub(crate) fn now() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    i64::try_from(now).expect("this century fits 64 bits")
}

/// Answers one question of a server plugin: `LENGTH\nSITE\0USER\0TOKEN` gets `1` or `0`.
fn plugin(stream: &UnixStream, judge: &Shared) -> io::Result<()> {
    let malformed = || io::Error::from(io::ErrorKind::InvalidData);
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let mut header = String::new();
    reader.by_ref().take(16).read_line(&mut header)?;
    let length: usize = header.trim_end().parse().map_err(|_| malformed())?;
    if length > LONGEST {
        return Err(malformed());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut parts = body.splitn(3, |&byte| byte == 0).map(|part| String::from_utf8_lossy(part).into_owned());
    let (Some(site), Some(user), Some(token)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(malformed());
    };
    let site = Site::parse(&site).ok_or_else(malformed)?;
    let verdict = judge.judge(site, &user, &token);
    (&*stream).write_all(if verdict.is_ok() { b"1" } else { b"0" })
}
