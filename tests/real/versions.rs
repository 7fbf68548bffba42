//! What a client said of its version is kept in the cache directory: another's words there make a
//! launch fail at most, and send a token nowhere.

use crate::bench::{Cell, Trial, all_right, bench};
use crate::clients::{self, Client};
use crate::standin::{Edition, Engine};
use std::fs;
use std::path::PathBuf;

/// What clients of each family and age say.
const VERSIONS: [&str; 4] = [
    "mysql  Ver 9.7.4 for Linux on x86_64 (MySQL Community Server - GPL)",
    "mysql  Ver 14.14 Distrib 5.7.44, for Linux (x86_64) using  EditLine wrapper",
    "mariadb  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)",
    "mariadb from 11.8.9-MariaDB, client 15.2 for debian-linux-gnu (x86_64)",
];

/// Lets a launch keep what the client says, and puts other words in place of it.
fn forge(trial: &Trial, version: &str) -> Result<(), String> {
    let outcome = trial.run();
    let directory = trial.home().join(".cache/rdsconnect");
    let kept: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    let [path] = kept.as_slice() else { return Err(format!("kept {kept:?} after {outcome:?}")) };
    let mut entry: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    entry["version"] = version.into();
    fs::write(path, entry.to_string()).unwrap();
    Ok(())
}

fn pairs() -> impl Iterator<Item = (&'static Client, &'static str)> {
    clients::of(Engine::Mariadb).flat_map(|client| VERSIONS.map(|version| (client, version)))
}

#[test]
fn forged_words_send_no_token_to_a_bad_server() {
    let mut cells = Vec::new();
    for (client, version) in pairs() {
        for edition in Edition::ALL {
            cells.push(Cell::new(format!("{} as {version} {edition:?}", client.name), move || {
                let trial = Trial::new(client, edition);
                forge(&trial, version)?;
                let outcome = trial.run();
                match edition {
                    Edition::Good => outcome.when(
                        outcome.stdout.contains("let in") || outcome.failed(),
                        "a row, or options refused by the client",
                    ),
                    Edition::WrongName | Edition::UnknownCa | Edition::NoTls => {
                        outcome.when(outcome.failed(), "refused")?;
                        outcome.sent_nothing()
                    }
                }
            }));
        }
    }
    all_right(&cells);
}

#[test]
fn where_the_version_decides_what_is_safe_the_client_itself_is_asked() {
    let mut cells = Vec::new();
    for (client, version) in pairs() {
        cells.push(Cell::new(format!("{} as {version}", client.name), move || {
            let mut trial = Trial::new(client, Edition::WrongName);
            forge(&trial, version)?;
            let port = bench().standin.port(Engine::Mariadb, Edition::WrongName);
            trial.key("tls", "verify-ca").key("connect_to", &format!("127.0.0.1:{port}"));
            let outcome = trial.run();
            if client.has_a_safe_tunnel() { outcome.logged_in() } else { outcome.refused_by_us() }
        }));
    }
    all_right(&cells);
}
