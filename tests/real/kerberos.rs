//! The Kerberos edition: a ticket, and a `PostgreSQL` without TLS that takes GSS encryption. libpq
//! prefers that to TLS even under `sslmode=verify-full`, and the server proves itself by a key that
//! says nothing about certificates.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::bench::{Bench, Cell, Trial, all_right, bench};
use crate::clients::{self, Client};
use crate::standin::{Edition, Engine, Options};

/// The servers with a realm; absent where its programs are missing.
fn realm() -> Option<&'static Bench> {
    static BENCH: OnceLock<Option<Bench>> = OnceLock::new();
    let boot = || {
        let Some(root) = programs() else {
            clients::not_run("Kerberos: krb5kdc is missing");
            return None;
        };
        let options = Options {
            engines: vec![Engine::Postgres],
            editions: vec![Edition::NoTls],
            kerberos: Some(root),
            ..Options::default()
        };
        Some(Bench::boot(options))
    };
    BENCH.get_or_init(boot).as_ref()
}

/// Where the centre is: beside the system, or part of it.
fn programs() -> Option<PathBuf> {
    let places = [clients::beside_the_system().join("kerberos"), Path::new("/").to_owned()];
    let needed = ["usr/sbin/krb5kdc", "usr/sbin/kdb5_util", "usr/sbin/kadmin.local", "usr/bin/kinit"];
    places.into_iter().find(|root| needed.iter().all(|program| root.join(program).is_file()))
}

/// A launch with a ticket in reach.
fn with_ticket(realm: &'static Bench, client: &Client) -> Trial {
    let mut trial = Trial::at(realm, client, Edition::NoTls);
    for (name, value) in realm.standin.ticket_env() {
        trial.env(&name, value);
    }
    trial
}

#[test]
fn a_ticket_does_not_replace_tls() {
    let Some(realm) = realm() else { return };
    let mut cells = Vec::new();
    for client in clients::of(Engine::Postgres) {
        for way in ["env", "fd"] {
            for mode in [None, Some("prefer"), Some("require"), Some("disable")] {
                for tunnel in [false, true] {
                    cells.push(Cell::new(format!("{} {way} {mode:?} {tunnel}", client.name), move || {
                        let mut trial = with_ticket(realm, client);
                        trial.key("token_via", way);
                        if let Some(mode) = mode {
                            trial.env("PGGSSENCMODE", mode).env("PGGSSLIB", "gssapi").env("PGKRBSRVNAME", "postgres");
                        }
                        if tunnel {
                            let port = realm.standin.port(Engine::Postgres, Edition::NoTls);
                            trial.flag(&format!("--connect-to=127.0.0.1:{port}"));
                        }
                        trial.run().refused_the_server()
                    }));
                }
            }
        }
    }
    all_right(&cells);
}

#[test]
fn a_ticket_does_not_replace_tls_when_psql_connects_again() {
    let Some(realm) = realm() else { return };
    let port = realm.standin.port(Engine::Postgres, Edition::NoTls);
    let host = bench().standin.host();
    let mut cells = Vec::new();
    for client in clients::of(Engine::Postgres) {
        for again in [
            format!(r"\c - - - {port}"),
            format!(r"\c app jane {host} {port}"),
            format!("\\c \"host={host} port={port} dbname=app user=jane\""),
            format!(r"\c postgresql://jane@{host}:{port}/app"),
        ] {
            for way in ["env", "fd"] {
                let again = again.clone();
                cells.push(Cell::new(format!("{} {way} {again}", client.name), move || {
                    let mut trial = Trial::new(client, Edition::Good);
                    for (name, value) in realm.standin.ticket_env() {
                        trial.env(&name, value);
                    }
                    trial.key("token_via", way).arguments(["-XAtq"]);
                    trial.input(&format!("select 'let' || ' in';\n{again}\nselect 'still ' || 'here';\n"));
                    let outcome = trial.run();
                    let first = outcome.received.len() == 1 && outcome.stdout.contains("let in");
                    let sent = realm.standin.verifier().mentioning(&trial.access_key);
                    let refused = outcome.stderr.contains("server does not support SSL");
                    outcome.when(first && refused && sent.is_empty(), &format!("a refusal, not {sent:?}"))
                }));
            }
        }
    }
    all_right(&cells);
}

/// Without the rule the token goes there: the realm works, and psql uses it of its own accord.
#[test]
fn full_verification_alone_sends_the_token_to_the_server_without_tls() {
    let Some(realm) = realm() else { return };
    let mut cells = Vec::new();
    for client in clients::of(Engine::Postgres) {
        cells.push(Cell::new(client.name.to_owned(), move || {
            let mut trial = with_ticket(realm, client);
            trial.through(
                r#"unset PGGSSENCMODE; case "$*" in *"sslmode='verify-full'"*) ;; *) exit 9 ;; esac
exec "$real" "${@/gssencmode=\'disable\'}""#,
            );
            trial.run().logged_in()
        }));
    }
    all_right(&cells);
}
