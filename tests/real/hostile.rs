//! What hostile texts need to know of the servers: another port, another authority, fingerprints.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};

use crate::bench::{Trial, bench, finish};
use crate::clients::{self, Kind};
use crate::standin::{Edition, Engine};

/// A text with its blanks filled for a run:
///
/// - `{password}`: one that is recognised when it arrives anywhere
/// - `{home}`: the run's own directory
/// - `{port}`, `{socket}`: of a server without TLS that takes and records what it is sent
/// - `{ca}`: the authority of the server with the unknown one
/// - `{fp}`: the fingerprint of the certificate of the run's server, if that is a bad one
/// - `{session}`: a file with a TLS session of the server with the wrong name
pub(crate) fn filled(text: &str, trial: &Trial) -> String {
    let standin = &bench().standin;
    let engine = trial.site.engine;
    let plain = standin.server(engine, Edition::NoTls);
    let mut text = text
        .replace("{password}", &trial.password())
        .replace("{home}", &trial.home().display().to_string())
        .replace("{port}", &plain.port().to_string())
        .replace("{socket}", &plain.socket().display().to_string())
        .replace("{ca}", &standin.other_ca().display().to_string());
    if text.contains("{fp}") {
        let edition = match trial.site.edition {
            Edition::Good | Edition::NoTls => Edition::UnknownCa,
            bad => bad,
        };
        text = text.replace("{fp}", &fingerprint(engine, edition));
    }
    if text.contains("{session}") {
        let session = session().map_or_else(|| "/nonexistent".into(), |path| path.display().to_string());
        text = text.replace("{session}", &session);
    }
    text
}

/// SHA-256 of a server's certificate, in hexadecimal.
fn fingerprint(engine: Engine, edition: Edition) -> String {
    let socket = bench().standin.server(engine, edition).socket();
    let pem = socket.parent().unwrap().join("server.pem");
    let certificate = CertificateDer::from_pem_file(pem).unwrap();
    Sha256::digest(&certificate).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02X}");
        hex
    })
}

/// A TLS session of the server with the wrong name, as Oracle's client saves it; without that
/// client there is none, and none who would read it. Servers forget sessions after five minutes.
pub(crate) fn session() -> Option<PathBuf> {
    static LAST: Mutex<Option<(Instant, PathBuf)>> = Mutex::new(None);
    let client = clients::all().iter().find(|client| client.kind == Kind::Oracle)?;
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((made, path)) = &*last
        && made.elapsed() < Duration::from_mins(1)
    {
        return Some(path.clone());
    }
    let standin = &bench().standin;
    let dir = standin.dir().join(format!("session-{:?}", Instant::now()).replace(|c: char| !c.is_ascii_digit(), "-"));
    fs::create_dir(&dir).unwrap();
    let path = dir.join("session.pem");
    let mut command = Command::new(&client.path);
    command.args(["--no-defaults", "--protocol=TCP", "--ssl-mode=VERIFY_CA", "--enable-cleartext-plugin"]);
    command.arg(format!("--ssl-ca={}", standin.ca().display()));
    command.arg(format!("--host={}", standin.host())).arg("--user=jane").arg("--loose-commands");
    command.arg(format!("--port={}", standin.port(Engine::Mariadb, Edition::WrongName)));
    command.args(["-e", &format!("ssl_session_data_print {}", path.display())]);
    command.env_clear().envs(standin.name_env()).env("LC_ALL", "C").env("HOME", &dir);
    command.env("MYSQL_PWD", standin.token(Engine::Mariadb, Edition::WrongName, "jane"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let said = finish(command.spawn().unwrap(), "");
    let session = fs::read_to_string(&path).unwrap_or_default();
    assert!(session.contains("BEGIN SSL SESSION"), "Oracle's client saves no session: {said:?}");
    *last = Some((Instant::now(), path.clone()));
    Some(path)
}

/// Writes ~/.mylogin.cnf with Oracle's own program; `false` where that is missing.
pub(crate) fn login_file(trial: &Trial) -> bool {
    let editor = clients::beside_the_system().join("mysql/usr/bin/mysql_config_editor");
    if !editor.is_file() {
        clients::not_run("~/.mylogin.cnf: mysql_config_editor is missing");
        return false;
    }
    // Without a terminal it takes the password from its input.
    let mut command = Command::new("setsid");
    command.arg("--wait").arg(editor).args(["set", "--skip-warn", "--login-path=client", "--password"]);
    command.env_clear().env("HOME", trial.home()).env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let said = finish(command.spawn().unwrap(), &format!("{}\n", trial.password()));
    assert!(trial.home().join(".mylogin.cnf").is_file(), "no login file: {said:?}");
    true
}
