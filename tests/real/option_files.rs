//! Hostile option files of the mysql family: none of their lines replaces the token, moves the
//! connection or weakens TLS.

use crate::bench::{Cell, Outcome, Trial, all_right};
use crate::clients::{self, Client, Kind};
use crate::hostile::{filled, login_file, session};
use crate::standin::{Edition, Engine};

/// Replace the token where the files are read, or blank it.
const PASSWORDS: [&str; 17] = [
    "password={password}",
    "password = \"{password}\"",
    "password",
    "password=",
    "pass={password}",
    "Password={password}",
    "passw={password}",
    "loose-password={password}",
    "loose_password={password}",
    "skip-password",
    "skip_pass",
    "disable-password",
    "password1={password}",
    "loose-password1={password}",
    "password2={password}",
    "maximum-password={password}",
    "enable-password={password}",
];

/// Lead elsewhere.
const ELSEWHERE: [&str; 14] = [
    "host=127.0.0.1",
    "host=localhost",
    "loose-host=127.0.0.1",
    "port={port}",
    "loose_port={port}",
    "socket={socket}",
    "socket=/nonexistent",
    "user=root",
    "user=joe",
    "protocol=socket",
    "protocol=pipe",
    "database=nosuch",
    "dns-srv-name=nosuch.example",
    "bind-address=203.0.113.1",
];

/// Weaken or break TLS.
const TLS: [&str; 35] = [
    "ssl=0",
    "ssl=1",
    "skip-ssl",
    "skip_ssl",
    "disable-ssl",
    "loose-skip-ssl",
    "ssl-mode=DISABLED",
    "ssl_mode=PREFERRED",
    "loose-ssl-mode=DISABLED",
    "skip-ssl-verify-server-cert",
    "disable-ssl-verify-server-cert",
    "ssl-verify-server-cert=0",
    "loose-ssl-verify-server-cert=0",
    "ssl-ca={ca}",
    "ssl-ca=",
    "ssl-capath=/nonexistent",
    "ssl-fp={fp}",
    "ssl_fp={fp}",
    "loose-ssl-fp={fp}",
    "ssl-fplist={home}/fingerprints",
    "ssl-fp=",
    "ssl-session-data={session}",
    "loose-ssl-session-data={session}",
    "ssl-session-data=/nonexistent",
    "ssl-session-data-continue-on-failed-reuse",
    "ssl-cert=/nonexistent",
    "ssl-key=/nonexistent",
    "ssl-crl=/nonexistent",
    "ssl-crlpath=/nonexistent",
    "ssl-cipher=nosuch",
    "tls-version=TLSv1.0",
    "tls-version=",
    "tls-ciphersuites=",
    "tls-sni-servername=otherdb.abc123def456.us-west-2.rds.amazonaws.com",
    "get-server-public-key",
];

/// Change how the client logs in, run something, or look like two settings.
const OTHERS: [&str; 30] = [
    "plugin-dir=/nonexistent",
    "plugin_dir={home}",
    "loose-plugin-dir=/nonexistent",
    "default-auth=mysql_native_password",
    "default-auth=mysql_clear_password",
    "skip-enable-cleartext-plugin",
    "enable-cleartext-plugin",
    "skip-cleartext-plugin",
    "server-public-key-path=/nonexistent",
    "init-command=set @hostile = 1",
    "init-command=set @a = ' --skip-ssl --ssl-mode=DISABLED'",
    "init-command=set @a = 1 -- --host=127.0.0.1",
    "prompt=\\u --password={password} --skip-ssl> ",
    "prompt=\" --ssl-fp={fp}\"",
    "pager=cat --protocol=socket",
    "execute=select 'hostile'",
    "delimiter=//",
    "delimiter=\" --skip-ssl\"",
    "default-character-set=latin1",
    "default-character-set=\"latin1 --skip-ssl\"",
    "connect-timeout=5",
    "connect-timeout=nonsense",
    "nonsense",
    "nonsense=nonsense",
    "loose-nonsense=nonsense",
    "defaults-file=/nonexistent",
    "no-defaults",
    "login-path=client",
    "!include {home}/more.cnf",
    "!includedir {home}/more.d",
];

/// Files that lines above name; with the worst of them.
fn write_more(trial: &Trial) {
    let worst = filled(
        "[client]\npassword={password}\nloose-ssl-fp={fp}\nloose-ssl-session-data={session}\nloose-skip-ssl\n",
        trial,
    );
    trial.file("more.cnf", &worst);
    trial.file("more.d/more.cnf", &worst);
    trial.file("fingerprints", &filled("{fp}\n", trial));
}

fn with_option_file(client: &Client, edition: Edition, text: &str) -> Trial {
    let trial = Trial::new(client, edition);
    write_more(&trial);
    trial.file(".my.cnf", &filled(text, &trial));
    trial
}

#[test]
fn no_line_of_an_option_file_replaces_the_token_or_weakens_tls() {
    let mut cells = Vec::new();
    for client in clients::of(Engine::Mariadb) {
        let others =
            PASSWORDS.iter().chain(&ELSEWHERE).chain(&OTHERS).map(|line| (line, &[Edition::Good, Edition::NoTls][..]));
        for (line, editions) in TLS.iter().map(|line| (line, &Edition::ALL[..])).chain(others) {
            for &edition in editions {
                cells.push(Cell::new(format!("{} {line} ({edition:?})", client.name), move || {
                    with_option_file(client, edition, &format!("[client]\n{line}\n")).run().right()
                }));
            }
        }
    }
    all_right(&cells);
}

#[test]
fn no_group_of_an_option_file_counts() {
    let mut cells = Vec::new();
    for client in clients::of(Engine::Mariadb) {
        for group in
            ["client", "mysql", "mariadb-client", "client-server", "client-mariadb", "client_x", "mysql_x", "CLIENT"]
        {
            for edition in Edition::ALL {
                cells.push(Cell::new(format!("{} [{group}] ({edition:?})", client.name), move || {
                    let lines = "password={password}\nloose-skip-ssl\nloose-ssl-fp={fp}\n\
                                 loose-ssl-session-data={session}\nloose-ssl-mode=DISABLED\nport={port}\n";
                    let mut trial = with_option_file(client, edition, &format!("[{group}]\n{lines}"));
                    trial.env("MYSQL_GROUP_SUFFIX", "_x").env("MARIADB_GROUP_SUFFIX", "_x");
                    trial.run().right()
                }));
            }
        }
    }
    all_right(&cells);
}

/// All lines at once, in every place, whichever way the token goes and whatever is carried over.
#[test]
fn no_place_of_option_files_counts() {
    let mut cells = Vec::new();
    for client in clients::of(Engine::Mariadb) {
        for edition in Edition::ALL {
            for way in ["env", "fd"] {
                for carried in ["harmless", "none"] {
                    cells.push(Cell::new(format!("{} {way} {carried} ({edition:?})", client.name), move || {
                        let all = PASSWORDS.iter().chain(&ELSEWHERE).chain(&TLS).chain(&OTHERS);
                        // The delimiter would count for the query, as it should.
                        let all: Vec<&str> = all.copied().filter(|line| !line.starts_with("delimiter")).collect();
                        let text = format!("[client]\n{}\n", all.join("\n"));
                        let mut trial = with_option_file(client, edition, &text);
                        let text = filled(&text, &trial);
                        trial.file("elsewhere/my.cnf", &text);
                        trial.file(".mysql/my.cnf", &text);
                        trial.file("my.cnf", &text);
                        let elsewhere = trial.home().join("elsewhere");
                        trial.env("MYSQL_HOME", elsewhere.clone()).env("MARIADB_HOME", elsewhere);
                        trial.key("token_via", way).key("option_files", carried);
                        trial.run().right()
                    }));
                }
            }
        }
    }
    all_right(&cells);
}

#[test]
fn a_login_file_does_not_replace_the_token() {
    let mut cells = Vec::new();
    for client in clients::of(Engine::Mariadb) {
        for edition in Edition::ALL {
            for way in ["env", "fd"] {
                cells.push(Cell::new(format!("{} {way} ({edition:?})", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    trial.key("token_via", way);
                    login_file(&trial);
                    trial.run().right()
                }));
            }
        }
    }
    all_right(&cells);
}

/// The files above are hostile: what reads them sends what it should not.
#[test]
fn a_launch_that_reads_option_files_is_misled() {
    let mut cells = Vec::new();
    let mut misled = |client: &'static Client, line: &'static str, edition, wanted: fn(&Outcome, &Trial) -> bool| {
        cells.push(Cell::new(format!("{} {line} ({edition:?})", client.name), move || {
            let mut trial = with_option_file(client, edition, &format!("[client]\n{line}\n"));
            trial.key("option_files", "none").through("shift; exec \"$real\" \"$@\"");
            let outcome = trial.run();
            outcome.when(wanted(&outcome, &trial), "misled")
        }));
    };
    let sent_password = |outcome: &Outcome, trial: &Trial| {
        outcome.received.iter().any(|login| login.token == trial.password()) && outcome.received.len() == 1
    };
    let sent_token = |outcome: &Outcome, _: &Trial| outcome.received.len() == 1;
    for client in clients::of(Engine::Mariadb) {
        misled(client, "password={password}", Edition::Good, sent_password);
        match client.kind {
            Kind::Oracle => {
                assert!(session().is_some(), "its own client saves one");
                misled(client, "ssl-session-data={session}", Edition::WrongName, sent_token);
            }
            Kind::MariaDb if client.version >= (11, 4) => {
                misled(client, "ssl-fp={fp}", Edition::UnknownCa, sent_token);
                misled(client, "ssl-fplist={home}/fingerprints", Edition::WrongName, sent_token);
            }
            Kind::MariaDb | Kind::Psql => {}
        }
    }
    all_right(&cells);
}

#[test]
fn a_launch_that_reads_login_files_is_misled() {
    let oracle = clients::all().iter().filter(|client| client.kind == Kind::Oracle);
    let cells: Vec<_> = oracle
        .map(|client| {
            Cell::new(client.name.to_owned(), move || {
                let mut trial = Trial::new(client, Edition::Good);
                login_file(&trial);
                trial.through("unset MYSQL_TEST_LOGIN_FILE; exec \"$real\" \"$@\"");
                let outcome = trial.run();
                let password = outcome.received.iter().any(|login| login.token == trial.password());
                outcome.when(password, "misled")
            })
        })
        .collect();
    if !cells.is_empty() {
        all_right(&cells);
    }
}
