//! Ordinary launches: every client logs in to the good server and refuses the bad ones.

use std::fs;
use std::sync::PoisonError;

use crate::bench::{Cell, Outcome, Trial, all_right, bench};
use crate::clients::{self, Client, Kind};
use crate::standin::sigv4::Reason;
use crate::standin::verifier::Endpoint;
use crate::standin::{Edition, Engine, ODD_DATABASES, ODD_USERS};

const BAD: [Edition; 3] = [Edition::WrongName, Edition::UnknownCa, Edition::NoTls];
const WAYS: [&str; 2] = ["env", "fd"];

#[test]
fn every_client_logs_in_to_the_good_server_and_refuses_the_bad_ones() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for edition in Edition::ALL {
            for way in WAYS {
                cells.push(Cell::new(format!("{} {edition:?} {way}", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    trial.key("token_via", way);
                    trial.run().right()
                }));
            }
        }
    }
    all_right(&cells);
}

#[test]
fn odd_users_and_databases_arrive_as_they_are() {
    let mut cells = Vec::new();
    for client in clients::all() {
        let names =
            ODD_USERS.map(|user| ("user", user)).into_iter().chain(ODD_DATABASES.map(|name| ("database", name)));
        for (key, name) in names {
            for way in WAYS {
                cells.push(Cell::new(format!("{} {key} {name} {way}", client.name), move || {
                    let mut trial = Trial::new(client, Edition::Good);
                    trial.key(key, name).key("token_via", way);
                    let query = match (client.kind, key) {
                        (Kind::Psql, "user") => "select current_user",
                        (Kind::Psql, _) => "select current_database()",
                        (_, "user") => "select substring_index(current_user(), '@', 1)",
                        (_, _) => "select database()",
                    };
                    if client.kind == Kind::Psql {
                        trial.arguments(["-XAtqc", query]);
                    } else {
                        trial.arguments(["--default-character-set=utf8mb4", "-NBre", query]);
                    }
                    let outcome = trial.run();
                    let wanted = if key == "user" { name } else { "jane" };
                    let by = |outcome: &Outcome| outcome.received.iter().all(|login| login.user == wanted);
                    outcome.when(outcome.stdout.trim() == name && by(&outcome), "the name itself")
                }));
            }
        }
    }
    all_right(&cells);
}

#[test]
fn what_is_wrong_with_a_token_is_said_by_the_server() {
    let mut cells = Vec::new();
    for client in clients::all() {
        cells.push(Cell::new(format!("{} wrong secret key", client.name), move || {
            let mut trial = Trial::new(client, Edition::Good);
            trial.env("AWS_SECRET_ACCESS_KEY", "another/secret");
            refused_by_the_server(&trial.run(), "jane", &Reason::Signature)
        }));
        cells.push(Cell::new(format!("{} unknown access key", client.name), move || {
            let mut trial = Trial::new(client, Edition::Good);
            let unknown = format!("{}OTHER", trial.access_key);
            trial.env("AWS_ACCESS_KEY_ID", &unknown);
            refused_by_the_server(&trial.run(), "jane", &Reason::UnknownKey(unknown))
        }));
        // Not to be had from rdsconnect itself, so something between it and the client does it.
        cells.push(Cell::new(format!("{} token for another user", client.name), move || {
            let mut trial = Trial::new(client, Edition::Good);
            trial.through(match client.kind {
                Kind::Psql => r#"exec "$real" "${@/user=\'jane\'/user=\'jane+ci\'}""#,
                Kind::MariaDb | Kind::Oracle => r#"exec "$real" "${@/--user=jane/--user=jane+ci}""#,
            });
            refused_by_the_server(&trial.run(), "jane+ci", &Reason::User("jane".to_owned()))
        }));
    }
    all_right(&cells);
}

#[test]
fn an_expired_token_is_refused_and_a_tunnelled_one_is_for_the_endpoint() {
    let _rules = bench().rules.write().unwrap_or_else(PoisonError::into_inner);
    let verifier = bench().standin.verifier();
    let before = verifier.rules();
    verifier.change(|rules| rules.clock_offset = 901);
    let expired: Vec<_> = clients::all()
        .iter()
        .map(|client| {
            Cell::new(format!("{} expired", client.name), move || {
                let outcome = Trial::new(client, Edition::Good).run_under_changed_rules();
                refused_by_the_server(&outcome, "jane", &Reason::Expired)
            })
        })
        .collect();
    let expired = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| all_right(&expired)));
    let endpoint = format!("{}:1234", bench().standin.host());
    verifier.change(|rules| {
        rules.clock_offset = 0;
        rules.endpoint = Endpoint::Exactly(endpoint);
    });
    let tunnelled: Vec<_> = clients::all()
        .iter()
        .map(|client| {
            Cell::new(format!("{} through another port", client.name), move || {
                let mut trial = Trial::new(client, Edition::Good);
                let port = bench().standin.port(client.engine(), Edition::Good);
                trial.flag("--port=1234").flag(&format!("--connect-to={}:{port}", bench().standin.host()));
                trial.run_under_changed_rules().logged_in()
            })
        })
        .collect();
    let tunnelled = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| all_right(&tunnelled)));
    // What trials registered meanwhile stays.
    verifier.change(|rules| {
        rules.clock_offset = before.clock_offset;
        rules.endpoint = before.endpoint;
    });
    for tried in [expired, tunnelled] {
        tried.unwrap_or_else(|error| std::panic::resume_unwind(error));
    }
}

/// The client ran, sent one token, and shows what the server says.
fn refused_by_the_server(outcome: &Outcome, user: &str, reason: &Reason) -> Result<(), String> {
    let postgres = format!("authentication failed for user \"{user}\"");
    let mariadb = format!("ERROR 1045 (28000): Access denied for user '{user}'@'localhost' (using password: YES)");
    let said = outcome.stderr.contains(&postgres) || outcome.stderr.contains(&mariadb);
    let once =
        matches!(outcome.received.as_slice(), [login] if login.user == user && login.verdict == Err(reason.clone()));
    outcome.when(outcome.failed() && said && once, &format!("refused by the server for {reason:?}"))
}

#[test]
fn the_exit_status_is_the_clients_own() {
    let mut cells = Vec::new();
    for client in clients::all() {
        let rows: &[(&[&str], i32)] = match client.kind {
            Kind::Psql => &[
                (&["-Xqc", "select 1"], 0),
                (&["-Xqc", "select nonsense"], 1),
                (&["-Xq", "-v", "ON_ERROR_STOP=1", "-f", "/dev/stdin"], 3),
            ],
            Kind::MariaDb | Kind::Oracle => &[(&["-e", "select 1"], 0), (&["-e", "select nonsense"], 1)],
        };
        for (arguments, status) in rows {
            cells.push(Cell::new(format!("{} {arguments:?}", client.name), move || {
                let mut trial = Trial::new(client, Edition::Good);
                trial.arguments(*arguments).input("select nonsense;\n");
                let outcome = trial.run();
                outcome.when(outcome.status == Some(*status), &format!("status {status}"))
            }));
        }
    }
    all_right(&cells);
}

#[test]
fn tls_is_in_use() {
    let mut cells = Vec::new();
    for client in clients::all() {
        cells.push(Cell::new(client.name.to_owned(), move || {
            let mut trial = Trial::new(client, Edition::Good);
            match client.kind {
                Kind::Psql => {
                    trial.arguments(["-XAtqc", "select version from pg_stat_ssl where pid = pg_backend_pid() and ssl"])
                }
                Kind::MariaDb | Kind::Oracle => trial.arguments(["-NBe", "show session status like 'Ssl_version'"]),
            };
            let outcome = trial.run();
            outcome.when(outcome.stdout.contains("TLSv1.3"), "TLS 1.3")
        }));
    }
    all_right(&cells);
}

#[test]
fn without_a_bundle_of_its_own_a_server_must_be_amazons() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for edition in Edition::ALL {
            for bundle in [None, Some("system")] {
                cells.push(Cell::new(format!("{} {edition:?} {bundle:?}", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    match bundle {
                        None => trial.without_key("ca_bundle"),
                        Some(bundle) => trial.key("ca_bundle", bundle),
                    };
                    // The good server's authority, in all places where a client could look by itself.
                    let ca = bench().standin.ca();
                    trial.env("SSL_CERT_FILE", ca).env("SSL_CERT_DIR", ca.parent().unwrap());
                    trial.env("PGSSLROOTCERT", ca).file(".postgresql/root.crt", &fs::read_to_string(ca).unwrap());
                    trial.file(".my.cnf", &format!("[client]\nssl-ca={}\n", ca.display()));
                    let outcome = trial.run();
                    // A machine without a store of certificates is told so before the client starts.
                    let refused = outcome.failed() || (bundle.is_some() && outcome.status == Some(125));
                    outcome.when(refused, "refused")?;
                    outcome.sent_nothing()
                }));
            }
        }
    }
    all_right(&cells);
}

/// Takes away what lets the host's name mean this machine: then only `connect_to` leads anywhere.
fn without_names(trial: &mut Trial) {
    for (name, _) in bench().standin.name_env() {
        trial.env(&name, "");
    }
}

#[test]
fn psql_verifies_the_name_through_a_tunnel() {
    let mut cells = Vec::new();
    for client in clients::of(Engine::Postgres) {
        for edition in Edition::ALL {
            for way in WAYS {
                cells.push(Cell::new(format!("{} {edition:?} {way}", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    without_names(&mut trial);
                    let port = bench().standin.port(Engine::Postgres, edition);
                    trial.flag(&format!("--connect-to=127.0.0.1:{port}")).key("token_via", way);
                    trial.run().right()
                }));
            }
        }
        cells.push(Cell::new(format!("{} needs the tunnel here", client.name), move || {
            let mut trial = Trial::new(client, Edition::Good);
            without_names(&mut trial);
            let outcome = trial.run();
            outcome.when(outcome.failed() && outcome.stderr.contains("could not translate host name"), "no such name")
        }));
    }
    all_right(&cells);
}

#[test]
fn mysql_verifies_the_chain_through_a_tunnel_where_a_client_can() {
    let mut cells = Vec::new();
    for client in clients::of(Engine::Mariadb) {
        for edition in Edition::ALL {
            cells.push(Cell::new(format!("{} {edition:?}", client.name), move || {
                let mut trial = Trial::new(client, edition);
                let port = bench().standin.port(Engine::Mariadb, edition);
                trial.flag(&format!("--connect-to=127.0.0.1:{port}"));
                // The name cannot be verified, and that must be written down.
                trial.run().refused_by_us()?;
                without_names(&mut trial);
                trial.key("tls", "verify-ca");
                let outcome = trial.run();
                match edition {
                    _ if !client.has_a_safe_tunnel() => outcome.refused_by_us(),
                    // This is what `verify-ca` gives up.
                    Edition::Good | Edition::WrongName => outcome.logged_in(),
                    Edition::UnknownCa | Edition::NoTls => outcome.refused_the_server(),
                }
            }));
        }
    }
    all_right(&cells);
}

/// MariaDB's newer clients check no name at `127.0.0.1`, however it is verified.
#[test]
fn an_address_in_place_of_the_endpoint_gets_no_token() {
    let mut cells = Vec::new();
    for client in clients::of(Engine::Mariadb) {
        for host in ["127.0.0.1", "127.0.0.1.", "127.1", "localhost"] {
            for edition in Edition::ALL {
                cells.push(Cell::new(format!("{} {host} {edition:?}", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    let outcome = trial.key("host", host).run();
                    outcome.when(outcome.status.is_some_and(|status| status != 0), "refused")?;
                    outcome.sent_nothing()
                }));
            }
        }
    }
    all_right(&cells);
}

#[test]
fn psql_stays_verified_when_it_connects_again() {
    let standin = &bench().standin;
    let good = standin.port(Engine::Postgres, Edition::Good);
    let mut cells = Vec::new();
    for client in clients::of(Engine::Postgres) {
        for edition in BAD {
            let port = standin.port(Engine::Postgres, edition);
            let host = standin.host();
            for again in [
                format!(r"\c - - - {port}"),
                format!(r"\c app jane {host} {port}"),
                format!("\\c \"host={host} port={port} dbname=app user=jane\""),
                format!(r"\c postgres://jane@{host}:{port}/app"),
                format!(r"\c postgresql:///?port={port}"),
            ] {
                for way in WAYS {
                    let again = again.clone();
                    cells.push(Cell::new(format!("{} {way} {again} ({edition:?})", client.name), move || {
                        let mut trial = Trial::new(client, Edition::Good);
                        trial.key("token_via", way).arguments(["-XAtq"]);
                        trial.input(&format!("select 'let' || ' in';\n{again}\n"));
                        let outcome = trial.run();
                        // Alone at the good server, and once.
                        let once = outcome.received.len() == 1 && outcome.stdout.contains("let in");
                        let refused = outcome.stderr.contains("certificate") || outcome.stderr.contains("SSL");
                        outcome.when(once && refused, "one login and one refusal")
                    }));
                }
            }
        }
        for way in WAYS {
            cells.push(Cell::new(format!("{} {way} to the same server", client.name), move || {
                let mut trial = Trial::new(client, Edition::Good);
                trial.key("token_via", way).arguments(["-XAtq"]);
                trial.input(&format!("\\c - - - {good}\n\\c 'my db'\nselect current_database();\n"));
                let outcome = trial.run();
                outcome.when(outcome.received.len() == 3 && outcome.stdout.contains("my db"), "three logins")
            }));
        }
    }
    all_right(&cells);
}

/// Shows what a program started from inside the client can find: its environment, then what it can
/// read from inherited descriptors.
const LOOK: &str = "cat /proc/self/environ | tr '\\0' '\\n' | grep -c X-Amz-Signature
for fd in /dev/fd/*; do
    [ \"${fd##*/}\" -gt 2 ] && timeout 2 cat \"$fd\" 2>/dev/null
done | grep -c X-Amz-Signature
true
";

#[cfg(target_os = "linux")]
#[test]
fn programs_started_inside_the_client_find_the_token_only_where_the_manual_says_so() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for way in WAYS {
            cells.push(Cell::new(format!("{} {way}", client.name), move || {
                let mut trial = Trial::new(client, Edition::Good);
                trial.file("look.sh", LOOK);
                trial.key("token_via", way);
                match client.kind {
                    Kind::Psql => trial.arguments(["-XAtqc", r"\! sh look.sh"]),
                    Kind::MariaDb => trial.arguments(["-NBe", r"\! sh look.sh"]),
                    Kind::Oracle => trial.arguments(["--commands", "--system-command", "-NBe", r"\! sh look.sh"]),
                };
                let outcome = trial.run();
                let found = outcome.stdout.split_whitespace().map(|count| count != "0").collect::<Vec<_>>();
                let (in_env, in_descriptors) = (way == "env", way == "fd" && client.kind == Kind::Psql);
                let logged_in = outcome.status == Some(0) && outcome.received.len() == 1;
                let wanted = format!("found in environment {in_env}, in descriptors {in_descriptors}");
                outcome.when(logged_in && found == [in_env, in_descriptors], &wanted)
            }));
        }
    }
    all_right(&cells);
}

/// The record would show it, if a token were sent: the same launches, without what protects them.
#[test]
fn a_careless_launch_sends_its_token_to_every_bad_server() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for edition in BAD {
            cells.push(Cell::new(format!("{} {edition:?}", client.name), move || {
                let outcome = careless(client, edition).run();
                outcome.when(outcome.received.len() == 1, "the token sent")
            }));
        }
    }
    all_right(&cells);
}

/// A launch from which a script takes the verification.
fn careless(client: &Client, edition: Edition) -> Trial {
    let mut trial = Trial::new(client, edition);
    trial.through(match client.kind {
        Kind::Psql => {
            "unset PGSSLMODE PGSSLROOTCERT
words=()
for word; do word=${word/verify-full/prefer}; words+=(\"${word/sslrootcert=\\'*.pem\\'}\"); done
exec \"$real\" \"${words[@]}\""
        }
        Kind::MariaDb | Kind::Oracle => {
            "words=()
for word; do case $word in --ssl*) ;; *) words+=(\"$word\") ;; esac; done
exec \"$real\" \"${words[@]}\""
        }
    });
    trial
}
