//! `rdsconnect check` with every real client: what passes, what a refusal is explained by, and that a
//! bad server gets nothing.

use crate::bench::{Cell, Outcome, Trial, all_right};
use crate::clients::{self, Client, Kind};
use crate::standin::Edition;
use std::io::Write as _;
use std::net::TcpListener;

/// A run of `check` on the usual profile. Nobody listens where it would ask STS.
fn check(client: &Client, edition: Edition) -> Trial {
    let mut trial = Trial::new(client, edition);
    trial.flag("check").arguments::<&str>([]).env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
    trial
}

/// Whether a step came out as wanted.
fn says(outcome: &Outcome, status: &str, step: &str) -> Result<(), String> {
    let line = outcome.stdout.lines().find(|line| line.get(11..).is_some_and(|rest| rest.starts_with(step)));
    outcome.when(line.is_some_and(|line| line.trim_start().starts_with(status)), &format!("{step} {status}"))
}

fn mentions(outcome: &Outcome, text: &str) -> Result<(), String> {
    outcome.when(outcome.stdout.contains(text), text)
}

#[test]
fn a_good_server_passes_and_a_bad_one_gets_nothing() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for edition in Edition::ALL {
            cells.push(Cell::new(format!("{} {edition:?}", client.name), move || {
                let outcome = check(client, edition).run();
                match edition {
                    Edition::Good => {
                        outcome.when(outcome.status == Some(0), "status 0")?;
                        says(&outcome, "passed", "TLS")?;
                        says(&outcome, "passed", "login")
                    }
                    Edition::WrongName | Edition::UnknownCa | Edition::NoTls => {
                        outcome.when(outcome.status == Some(125), "status 125")?;
                        says(&outcome, "failed", "TLS")?;
                        says(&outcome, "skipped", "login")?;
                        outcome.sent_nothing()
                    }
                }
            }));
        }
    }
    all_right(&cells);
}

#[test]
fn a_refused_token_is_explained_by_what_to_grant() {
    let mut cells = Vec::new();
    for client in clients::all() {
        cells.push(Cell::new(format!("{} wrong keys", client.name), move || {
            let mut trial = check(client, Edition::Good);
            let outcome = trial.env("AWS_SECRET_ACCESS_KEY", "wrong").run();
            outcome.when(outcome.status == Some(125), "status 125")?;
            says(&outcome, "passed", "TLS")?;
            says(&outcome, "failed", "login")?;
            mentions(&outcome, "rds-db:connect")?;
            mentions(&outcome, ":dbuser:RESOURCE-ID/jane`")
        }));
        if client.kind == Kind::Psql {
            cells.push(Cell::new(format!("{} without rds_iam", client.name), move || {
                let mut trial = check(client, Edition::Good);
                let outcome = trial.key("user", "joe").run();
                says(&outcome, "failed", "login")?;
                mentions(&outcome, "GRANT rds_iam TO \"joe\";")?;
                outcome.sent_nothing()
            }));
        }
        cells.push(Cell::new(format!("{} no such database", client.name), move || {
            let mut trial = check(client, Edition::Good);
            let outcome = trial.key("database", "nodb").run();
            says(&outcome, "failed", "login")?;
            mentions(&outcome, "check `database`")
        }));
    }
    all_right(&cells);
}

#[test]
fn a_server_that_accepts_and_says_nothing_is_not_waited_for() {
    // What nobody accepts waits in the queue, which is to the client a server that is silent.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("it is bound").port();
    let mut cells = Vec::new();
    for client in clients::all() {
        cells.push(Cell::new(client.name.to_owned(), move || {
            let mut trial = check(client, Edition::Good);
            let outcome = trial.flag(&format!("--port={port}")).env("PGCONNECT_TIMEOUT", "2").run();
            outcome.when(outcome.status == Some(125), "status 125")?;
            says(&outcome, "passed", "TCP")?;
            says(&outcome, "skipped", "TLS")?;
            says(&outcome, "failed", "login")?;
            let hint =
                if client.kind == Kind::Psql { "hint: check the VPN or tunnel" } else { "hint: what listens there" };
            mentions(&outcome, hint)?;
            outcome.sent_nothing()
        }));
    }
    all_right(&cells);
}

/// A server that refuses in clear, in the words of one that was verified and refused a token.
fn refuses_in_clear() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("it is bound").port();
    std::thread::spawn(move || {
        let refusal = "Access denied for user 'jane'@'localhost' (using password: YES)";
        let text = format!("#28000{refusal}\nERROR 1045 (28000): {refusal}");
        let mut packet = vec![u8::try_from(text.len() + 3).unwrap(), 0, 0, 0, 0xff, 0x15, 0x04];
        packet.extend(text.into_bytes());
        for connection in listener.incoming() {
            // Whoever only looks whether somebody listens may be gone.
            let _ = connection.and_then(|mut connection| connection.write_all(&packet));
        }
    });
    port
}

#[test]
fn a_refusal_in_clear_is_not_taken_for_that_of_a_verified_server() {
    let port = refuses_in_clear();
    let mut cells = Vec::new();
    for client in clients::of(crate::standin::Engine::Mariadb) {
        cells.push(Cell::new(client.name.to_owned(), move || {
            let mut trial = check(client, Edition::Good);
            let outcome = trial.flag(&format!("--port={port}")).run();
            outcome.when(outcome.status == Some(125), "status 125")?;
            says(&outcome, "skipped", "TLS")?;
            says(&outcome, "failed", "login")?;
            outcome.sent_nothing()
        }));
    }
    all_right(&cells);
}
