//! One run of the built binary with a real client against a stand-in server, and what came of it.
//!
//! Every run has an access key of its own, which is part of its token, and a password of its own to
//! be hidden in hostile files: so the verifier's record tells what this run sent, to whatever
//! server, while other runs go on beside it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::{Read, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::clients::{Client, Kind};
use crate::standin::sigv4::Key;
use crate::standin::verifier::Login;
use crate::standin::{Edition, Options, REGION, SECRET_KEY, Site, Standin};

/// A run that takes longer hangs: they take a tenth of a second on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many runs a test has going at once.
const AT_ONCE: usize = 3;
/// How many all tests have: a machine with many cores runs many tests, and servers are small.
const SLOTS: usize = 16;
/// What the usual query answers.
const LET_IN: &str = "let in";

/// Tells the runs apart.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// What the tests share.
pub(crate) struct Bench {
    pub(crate) standin: Standin,
    /// Held for writing by a test that changes the verifier's rules, for reading by every run.
    pub(crate) rules: RwLock<()>,
}

impl Bench {
    /// Boots servers of its own.
    pub(crate) fn boot(options: Options) -> Self {
        let standin = Standin::start(options).unwrap_or_else(|error| panic!("{error}"));
        Self { standin, rules: RwLock::new(()) }
    }
}

/// The servers of most tests, booted by whoever asks first. They go when this process does.
pub(crate) fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| Bench::boot(Options::default()))
}

/// Runs that are going on, and the news that one has ended.
static BUSY: (Mutex<usize>, Condvar) = (Mutex::new(0), Condvar::new());

/// The right to run.
struct Slot;

impl Slot {
    fn wait() -> Self {
        let (busy, ended) = &BUSY;
        let busy = busy.lock().unwrap_or_else(PoisonError::into_inner);
        let mut busy = ended.wait_while(busy, |busy| *busy >= SLOTS).unwrap_or_else(PoisonError::into_inner);
        *busy += 1;
        Self
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let (busy, ended) = &BUSY;
        *busy.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ended.notify_one();
    }
}

/// A run to be.
pub(crate) struct Trial {
    bench: &'static Bench,
    pub(crate) client: Client,
    pub(crate) site: Site,
    home: TempDir,
    /// The access key that signs, and so a part of the token.
    pub(crate) access_key: String,
    profile: BTreeMap<&'static str, String>,
    env: BTreeMap<String, OsString>,
    flags: Vec<String>,
    arguments: Vec<OsString>,
    input: String,
}

impl Trial {
    /// The usual run: `jane` logs in to `app` and asks for a row.
    pub(crate) fn new(client: &Client, edition: Edition) -> Self {
        Self::at(bench(), client, edition)
    }

    /// The same at other servers.
    pub(crate) fn at(bench: &'static Bench, client: &Client, edition: Edition) -> Self {
        let site = Site { engine: client.engine(), edition };
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let access_key = format!("AKIDRUN{number:06}X");
        let key = Key { secret: SECRET_KEY.to_owned(), session: None };
        bench.standin.verifier().change(|rules| drop(rules.keys.insert(access_key.clone(), key)));

        let home = tempfile::Builder::new().prefix("rdsconnect").tempdir().unwrap();
        fs::set_permissions(home.path(), Permissions::from_mode(0o700)).unwrap();
        let engine = match client.kind {
            Kind::Psql => "postgres",
            Kind::MariaDb | Kind::Oracle => "mysql",
        };
        let port = bench.standin.port(site.engine, site.edition);
        let profile = BTreeMap::from([
            ("engine", quoted(engine)),
            ("host", quoted(bench.standin.host())),
            ("port", port.to_string()),
            ("user", quoted("jane")),
            ("database", quoted("app")),
            ("region", quoted(REGION)),
            ("ca_bundle", quoted(&bench.standin.ca().display().to_string())),
            ("client", quoted(&client.path.display().to_string())),
        ]);
        let mut env: BTreeMap<String, OsString> = BTreeMap::from([
            ("HOME".into(), home.path().into()),
            ("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()),
            ("LC_ALL".into(), "C".into()),
            ("AWS_ACCESS_KEY_ID".into(), access_key.clone().into()),
            ("AWS_SECRET_ACCESS_KEY".into(), SECRET_KEY.into()),
            ("AWS_EC2_METADATA_DISABLED".into(), "true".into()),
        ]);
        env.extend(bench.standin.name_env().into_iter().map(|(name, value)| (name, value.into())));
        let mut trial = Self {
            bench,
            client: client.clone(),
            site,
            home,
            access_key,
            profile,
            env,
            flags: Vec::new(),
            arguments: Vec::new(),
            input: String::new(),
        };
        trial.arguments = trial.ask();
        trial
    }

    /// The arguments that ask for the row. The query does not contain the answer, so that a message
    /// that repeats it is no answer.
    pub(crate) fn ask(&self) -> Vec<OsString> {
        let words: &[&str] = match self.client.kind {
            Kind::Psql => &["-XAtqc", "select 'let' || ' in'"],
            Kind::MariaDb | Kind::Oracle => &["-NBe", "select concat('let', ' in')"],
        };
        words.iter().map(OsString::from).collect()
    }

    /// Sets a key of the profile to a string.
    pub(crate) fn key(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.profile.insert(name, quoted(value));
        self
    }

    /// Sets a key of the profile to a list of strings.
    pub(crate) fn list(&mut self, name: &'static str, values: &[&str]) -> &mut Self {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.profile.insert(name, format!("[{}]", values.join(", ")));
        self
    }

    pub(crate) fn without_key(&mut self, name: &str) -> &mut Self {
        self.profile.remove(name);
        self
    }

    pub(crate) fn env(&mut self, name: &str, value: impl Into<OsString>) -> &mut Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn flag(&mut self, flag: &str) -> &mut Self {
        self.flags.push(flag.to_owned());
        self
    }

    /// Replaces what follows `--`.
    pub(crate) fn arguments<I: Into<OsString>>(&mut self, words: impl IntoIterator<Item = I>) -> &mut Self {
        self.arguments = words.into_iter().map(Into::into).collect();
        self
    }

    /// Puts words before those that follow `--`.
    pub(crate) fn arguments_first<I: Into<OsString>>(&mut self, words: impl IntoIterator<Item = I>) -> &mut Self {
        let asked = std::mem::take(&mut self.arguments);
        self.arguments = words.into_iter().map(Into::into).chain(asked).collect();
        self
    }

    /// What the client reads; until then nothing.
    pub(crate) fn input(&mut self, text: &str) -> &mut Self {
        text.clone_into(&mut self.input);
        self
    }

    /// The home directory of the run.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file in the home directory, for its owner alone.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// A password that is not the token, to be found in the record all the same.
    pub(crate) fn password(&self) -> String {
        format!("hostile-{}", self.access_key)
    }

    /// Has the real client started by a script, which may change what rdsconnect says.
    pub(crate) fn through(&mut self, script: &str) -> &mut Self {
        let real = quote_for_the_shell(&self.client.path.display().to_string());
        // By the real one's name: a client is known by it.
        let name = self.client.path.file_name().unwrap().to_str().unwrap().to_owned();
        let path = self.file(&format!("through/{name}"), &format!("#!/bin/bash\nreal={real}\n{script}\n"));
        fs::set_permissions(&path, Permissions::from_mode(0o700)).unwrap();
        self.key("client", &path.display().to_string())
    }

    /// Runs, alongside others.
    pub(crate) fn run(&self) -> Outcome {
        let _rules = self.bench.rules.read().unwrap_or_else(PoisonError::into_inner);
        self.run_under_changed_rules()
    }

    /// Runs while the test itself holds the rules.
    pub(crate) fn run_under_changed_rules(&self) -> Outcome {
        let _slot = Slot::wait();
        let mut config = "[profiles.it]\n".to_owned();
        for (name, value) in &self.profile {
            let _ = writeln!(config, "{name} = {value}");
        }
        let config = self.file("profiles.toml", &config);
        let mut command = Command::new(env!("CARGO_BIN_EXE_rdsconnect"));
        command.env_clear().envs(&self.env).current_dir(self.home()).process_group(0);
        command.arg("--config").arg(config).args(&self.flags).arg("it").arg("--").args(&self.arguments);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let (stdout, stderr, status) = finish(child.unwrap(), &self.input);
        let received = self.bench.standin.verifier().mentioning(&self.access_key);
        Outcome { stdout, stderr, status, received, site: self.site }
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Absent when the run hung and was killed.
    pub(crate) status: Option<i32>,
    /// What servers received of this run: its token, or its other password.
    pub(crate) received: Vec<Login>,
    site: Site,
}

impl Outcome {
    /// The row came back, after one login with a good token at the right server.
    pub(crate) fn logged_in(&self) -> Result<(), String> {
        let once = matches!(self.received.as_slice(), [login] if login.site == self.site && login.verdict.is_ok());
        self.when(self.status == Some(0) && self.stdout.contains(LET_IN) && once, "logged in")
    }

    /// The client itself refused the server, for what is wrong with it, and sent nothing to anyone.
    pub(crate) fn refused_the_server(&self) -> Result<(), String> {
        // Each client and version has its own words.
        let complaints: &[&str] = match self.site.edition {
            Edition::Good => &[],
            Edition::WrongName => &[
                "does not match host name",
                "Validation of SSL server certificate failed",
                "Hostname verification failed",
                "certificate verify failed",
            ],
            Edition::UnknownCa => &["certificate verify failed", "unable to get local issuer certificate"],
            Edition::NoTls => {
                &["server does not support SSL", "server does not support it", "server doesn't support it"]
            }
        };
        let complained = complaints.iter().any(|complaint| self.stderr.contains(complaint));
        self.when(self.failed() && complained, "the server refused")?;
        self.sent_nothing()
    }

    /// rdsconnect itself refused, before there was a token.
    pub(crate) fn refused_by_us(&self) -> Result<(), String> {
        self.when(self.status == Some(125) && self.stderr.contains("error: "), "refused with 125")?;
        self.sent_nothing()
    }

    /// The right thing for an edition, with nothing else in the way.
    pub(crate) fn right(&self) -> Result<(), String> {
        match self.site.edition {
            Edition::Good => self.logged_in(),
            Edition::WrongName | Edition::UnknownCa | Edition::NoTls => self.refused_the_server(),
        }
    }

    /// No server has a password of this run.
    pub(crate) fn sent_nothing(&self) -> Result<(), String> {
        self.when(self.received.is_empty(), "nothing sent")
    }

    /// The client ran and failed.
    pub(crate) fn failed(&self) -> bool {
        !matches!(self.status, None | Some(0 | 125 | 126 | 127))
    }

    /// `Ok` if it holds; otherwise what was wanted and what was seen.
    pub(crate) fn when(&self, holds: bool, wanted: &str) -> Result<(), String> {
        if holds {
            return Ok(());
        }
        let sent: Vec<String> =
            self.received.iter().map(|login| format!("{} got {:?}", login.site.label(), login.verdict)).collect();
        let (out, err) = (self.stdout.trim(), self.stderr.trim());
        Err(format!("wanted: {wanted}; status {:?}, sent {sent:?}\n    out: {out}\n    err: {err}", self.status))
    }
}

/// A named thing to try.
pub(crate) struct Cell<'a> {
    name: String,
    run: Box<dyn Fn() -> Result<(), String> + Send + Sync + 'a>,
}

impl<'a> Cell<'a> {
    pub(crate) fn new(name: String, run: impl Fn() -> Result<(), String> + Send + Sync + 'a) -> Self {
        Self { name, run: Box::new(run) }
    }
}

/// Tries all cells, several at once, and fails with all that went wrong.
#[track_caller]
pub(crate) fn all_right(cells: &[Cell<'_>]) {
    assert!(!cells.is_empty(), "nothing to try");
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (cell.run)()));
                    let tried = tried.unwrap_or_else(|_| Err("panicked, see above".to_owned()));
                    if let Err(error) = tried {
                        wrong.lock().unwrap().push(format!("* {}\n    {error}", cell.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} went wrong:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
}

/// Feeds a child, collects what it says, and kills it when it hangs.
pub(crate) fn finish(mut child: Child, input: &str) -> (String, String, Option<i32>) {
    let mut stdin = child.stdin.take().unwrap();
    // It may end without reading.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let (stdout, stderr) = (collected(child.stdout.take().unwrap()), collected(child.stderr.take().unwrap()));
    let deadline = Instant::now() + PATIENCE;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if Instant::now() > deadline {
            // With its children, which have our pipes open.
            let group = rustix::process::Pid::from_child(&child);
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            child.wait().unwrap();
            break None;
        }
        thread::sleep(Duration::from_millis(2));
    };
    (stdout.join().unwrap(), stderr.join().unwrap(), status)
}

fn collected(mut from: impl Read + Send + 'static) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A word of the shell.
pub(crate) fn quote_for_the_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
