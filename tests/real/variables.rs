//! Hostile variables, and the files that libpq and Debian's wrapper read from the home directory:
//! none replaces the token, moves the connection or weakens TLS.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair,
    KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use rdsconnect::client::variables::{MYSQL as MYSQL_TABLE, POSTGRES as POSTGRES_TABLE};

use crate::bench::{Cell, Outcome, Trial, all_right};
use crate::clients::{self, Client, Kind};
use crate::hostile::filled;
use crate::standin::{Edition, Engine};

/// A value for every variable of psql's table, and for some that no table needs.
const POSTGRES: [(&str, &str); 79] = [
    ("PGHOST", "127.0.0.1"),
    ("PGHOST", "/tmp"),
    ("PGHOSTADDR", "203.0.113.1"),
    ("PGHOSTADDR", "nonsense"),
    ("PGPORT", "{port}"),
    ("PGPORT", "nonsense"),
    ("PGDATABASE", "host=127.0.0.1 port={port} sslmode=disable"),
    ("PGDATABASE", "postgres://jane:{password}@127.0.0.1:{port}/app?sslmode=disable"),
    ("PGUSER", "joe"),
    ("PGPASSWORD", "{password}"),
    ("PGPASSFILE", "{home}/passwords"),
    ("PGSSLMODE", "disable"),
    ("PGSSLMODE", "allow"),
    ("PGSSLMODE", "require"),
    ("PGSSLROOTCERT", "{ca}"),
    ("PGSSLROOTCERT", "system"),
    ("PGSSLROOTCERT", "/nonexistent"),
    ("PGGSSENCMODE", "require"),
    ("PGGSSENCMODE", "prefer"),
    ("PGSSLCERT", "{home}/.postgresql/postgresql.crt"),
    ("PGSSLCRL", "{home}/other.crl"),
    ("PGSERVICE", "hostile"),
    ("PGSERVICE", "nosuch"),
    ("PGSERVICEFILE", "{home}/.pg_service.conf"),
    ("PGREQUIRESSL", "0"),
    ("PGREQUIRESSL", "1"),
    ("PGSSLNEGOTIATION", "direct"),
    ("PGSSLKEY", "/nonexistent"),
    ("PGSSLCERTMODE", "require"),
    ("PGSSLCRLDIR", "{home}"),
    ("PGSSLCOMPRESSION", "1"),
    ("PGSSLSNI", "0"),
    ("PGSSLMINPROTOCOLVERSION", "nonsense"),
    ("PGSSLMAXPROTOCOLVERSION", "TLSv1.1"),
    ("PGREQUIREAUTH", "scram-sha-256"),
    ("PGREQUIREAUTH", "none"),
    ("PGCHANNELBINDING", "require"),
    ("PGREQUIREPEER", "nobody"),
    ("PGTARGETSESSIONATTRS", "standby"),
    ("PGTARGETSESSIONATTRS", "nonsense"),
    ("PGLOADBALANCEHOSTS", "nonsense"),
    ("PGMINPROTOCOLVERSION", "3.2"),
    ("PGMAXPROTOCOLVERSION", "nonsense"),
    ("PGOAUTHDEBUG", "UNSAFE"),
    ("PGCLUSTER", "99/nosuch"),
    ("PGCLUSTER", "15/127.0.0.1:{port}"),
    ("PG_CLUSTER_CONF_ROOT", "{home}"),
    ("PGCONNECT_TIMEOUT", "nonsense"),
    ("PGCONNECT_TIMEOUT", "20"),
    ("PGOPTIONS", "-c statement_timeout=60s"),
    ("PGAPPNAME", "host=127.0.0.1"),
    ("PGCLIENTENCODING", "LATIN1"),
    ("PGDATESTYLE", "German"),
    ("PGTZ", "UTC"),
    ("PGGEQO", "off"),
    ("PGKRBSRVNAME", "nonsense"),
    ("PGGSSLIB", "gssapi"),
    ("PGGSSDELEGATION", "1"),
    ("PGSYSCONFDIR", "{home}"),
    ("PGLOCALEDIR", "{home}"),
    ("PSQLRC", "{home}/psqlrc"),
    ("PSQL_HISTORY", "{home}/history"),
    ("PSQL_EDITOR", "false"),
    ("PSQL_EDITOR_LINENUMBER_ARG", "+"),
    ("PSQL_PAGER", "cat"),
    ("PSQL_WATCH_PAGER", "cat"),
    ("PG_COLOR", "always"),
    ("PG_COLORS", "error=01;31"),
    ("PGREALM", "NONSENSE"),
    ("PGSSLPASSWORD", "nonsense"),
    ("PGSSLKEYLOGFILE", "{home}/keys"),
    ("SSL_CERT_FILE", "{ca}"),
    ("SSL_CERT_DIR", "/nonexistent"),
    ("SSLKEYLOGFILE", "{home}/keys"),
    ("KRB5CCNAME", "/nonexistent"),
    ("DATABASE_URL", "postgres://jane:{password}@127.0.0.1:{port}/app"),
    ("HOSTALIASES", "{home}/aliases"),
    ("AWS_CA_BUNDLE", "/nonexistent"),
    ("USER", "joe"),
];

/// The same for the mysql family.
const MYSQL: [(&str, &str); 43] = [
    ("MYSQL_PWD", "{password}"),
    ("MYSQL_TEST_LOGIN_FILE", "{home}/.mylogin.cnf"),
    ("LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", "0"),
    ("LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", "nonsense"),
    ("MYSQL_HOST", "127.0.0.1"),
    ("MARIADB_HOST", "127.0.0.1"),
    ("MYSQL_TCP_PORT", "{port}"),
    ("MYSQL_TCP_PORT", "nonsense"),
    ("MYSQL_UNIX_PORT", "{socket}"),
    ("MARIADB_UNIX_PORT", "{socket}"),
    ("MYSQL_HOME", "{home}"),
    ("MARIADB_HOME", "{home}"),
    ("MYSQL_GROUP_SUFFIX", "_x"),
    ("MARIADB_GROUP_SUFFIX", "_x"),
    ("LIBMYSQL_PLUGIN_DIR", "/nonexistent"),
    ("LIBMYSQL_PLUGIN_DIR", "{home}"),
    ("LIBMYSQL_PLUGINS", "nosuch"),
    ("MARIADB_PLUGIN_DIR", "/nonexistent"),
    ("MARIADB_PLUGIN_DIR", "{home}"),
    ("MARIADB_TLS_DISABLE_PEER_VERIFICATION", "1"),
    ("MYSQL_DEBUG", "d:t:o,{home}/trace"),
    ("MYSQL_TEST_TRACE_DEBUG", "1"),
    ("MYSQL_TEST_TRACE_CRASH", "1"),
    ("MYSQL_PS1", "--skip-ssl> "),
    ("MARIADB_PS1", "--skip-ssl> "),
    ("MYSQL_HISTFILE", "{home}/history"),
    ("MARIADB_HISTFILE", "{home}/history"),
    ("MYSQL_HISTIGNORE", "*"),
    ("PAGER", "cat"),
    ("EDITOR", "false"),
    ("VISUAL", "false"),
    ("USER", "joe"),
    ("MARIADB_PWD", "{password}"),
    ("MYSQL_PASSWORD", "{password}"),
    ("MYSQL_PWD1", "{password}"),
    ("MYSQL_USER", "joe"),
    ("MYSQL_DATABASE", "nosuch"),
    ("MYSQL_SSL_MODE", "DISABLED"),
    ("DEFAULTS_FILE", "{home}/.my.cnf"),
    ("SSL_CERT_FILE", "{ca}"),
    ("SSL_CERT_DIR", "/nonexistent"),
    ("SSLKEYLOGFILE", "{home}/keys"),
    ("DATABASE_URL", "mysql://jane:{password}@127.0.0.1:{port}/app"),
];

/// What the variables name, and what is read unasked: a home full of traps.
fn write_home(trial: &Trial) {
    let write = |name: &str, text: &str| drop(trial.file(name, &filled(text, trial)));
    write("passwords", "*:*:*:*:{password}\n");
    write(".pgpass", "*:*:*:*:{password}\n");
    let service = "[hostile]\nhost=127.0.0.1\nhostaddr=127.0.0.1\nport={port}\nsslmode=disable\npassword={password}\n";
    write(".pg_service.conf", service);
    write("pg_service.conf", service);
    write(".postgresqlrc", "15 127.0.0.1:{port} *\n");
    write("user_clusters", "* * 15 127.0.0.1:{port} *\n");
    write("psqlrc", "\\set QUIET on\n");
    write("aliases", "mydb.abc123def456.us-west-2.rds.amazonaws.com 127.0.0.1\n");
    let my = "[client]\npassword={password}\n[client_x]\npassword={password}\nloose-skip-ssl\nloose-ssl-fp={fp}\n";
    write("my.cnf", my);
    write(".my.cnf", my);
    write_certificates(trial);
}

/// A client certificate without its key, another authority, and a revocation list that does not
/// speak for Amazon's: each would end TLS.
fn write_certificates(trial: &Trial) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "Somebody else");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2020, 1, 1),
        next_update: date_time_ymd(2049, 12, 31),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let list = list.signed_by(&Issuer::new(params, key)).unwrap().pem().unwrap();
    trial.file(".postgresql/postgresql.crt", &certificate.pem());
    trial.file(".postgresql/root.crt", &certificate.pem());
    trial.file(".postgresql/root.crl", &list);
    trial.file("other.crl", &list);
}

fn hostile(engine: Engine) -> &'static [(&'static str, &'static str)] {
    match engine {
        Engine::Postgres => &POSTGRES,
        Engine::Mariadb => &MYSQL,
    }
}

/// Variables whose hostile value, without its removal, was seen to matter in one of the clients.
const MATTER: [&str; 14] = [
    "PGHOSTADDR",
    "PGDATABASE",
    "PGPASSWORD",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGGSSENCMODE",
    "PGSERVICE",
    "PGCLUSTER",
    "MYSQL_PWD",
    "MYSQL_TEST_LOGIN_FILE",
    "MYSQL_HOME",
    "MYSQL_GROUP_SUFFIX",
    "MARIADB_TLS_DISABLE_PEER_VERIFICATION",
    "LIBMYSQL_PLUGIN_DIR",
];

#[test]
fn no_variable_moves_or_weakens_a_launch() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for (name, value) in hostile(client.engine()) {
            let editions: &[Edition] =
                if MATTER.contains(name) { &Edition::ALL } else { &[Edition::Good, Edition::UnknownCa] };
            for &edition in editions {
                cells.push(Cell::new(format!("{} {name}={value} ({edition:?})", client.name), move || {
                    let mut trial = Trial::new(client, edition);
                    write_home(&trial);
                    let value = filled(value, &trial);
                    trial.env(name, value);
                    let outcome = trial.run();
                    let written = ["keys", "trace"].iter().any(|name| trial.home().join(name).exists());
                    outcome.when(!written, "no trace written")?;
                    outcome.right()
                }));
            }
        }
    }
    all_right(&cells);
}

#[test]
fn all_variables_together_do_not_either() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for edition in Edition::ALL {
            for way in ["env", "fd"] {
                // Of the values of one name the last counts; both ends of the table get their turn.
                for from_the_end in [false, true] {
                    cells.push(Cell::new(format!("{} {way} {from_the_end} ({edition:?})", client.name), move || {
                        let mut trial = Trial::new(client, edition);
                        write_home(&trial);
                        trial.key("token_via", way);
                        let mut all = hostile(client.engine()).to_vec();
                        if from_the_end {
                            all.reverse();
                        }
                        for (name, value) in all {
                            let value = filled(value, &trial);
                            trial.env(name, value);
                        }
                        trial.run().right()
                    }));
                }
            }
        }
    }
    all_right(&cells);
}

/// `check` starts the client too.
#[test]
fn nor_do_they_mislead_a_check() {
    let mut cells = Vec::new();
    for client in clients::all() {
        for edition in Edition::ALL {
            cells.push(Cell::new(format!("{} ({edition:?})", client.name), move || {
                let mut trial = Trial::new(client, edition);
                write_home(&trial);
                for (name, value) in hostile(client.engine()) {
                    let value = filled(value, &trial);
                    trial.env(name, value);
                }
                trial.env("AWS_CA_BUNDLE", "").env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1");
                trial.flag("check").arguments::<&str>([]);
                let outcome = trial.run();
                let good = edition == Edition::Good;
                outcome.when((outcome.status == Some(0)) == good, "passed by a good server alone")?;
                let right = outcome.received.iter().all(|login| login.verdict.is_ok());
                outcome.when(outcome.received.is_empty() != good && right, "the token, sent to a good server alone")
            }));
        }
    }
    all_right(&cells);
}

#[test]
fn every_variable_with_a_decision_is_tried() {
    for (table, tried) in [(POSTGRES_TABLE, &POSTGRES[..]), (MYSQL_TABLE, &MYSQL[..])] {
        for variable in table {
            assert!(tried.iter().any(|(name, _)| *name == variable.name), "{} is not tried", variable.name);
        }
    }
}

/// The traps are such: the same launches, with one variable left in or put back.
#[test]
fn a_launch_that_keeps_them_is_misled() {
    let mut cells = Vec::new();
    let mut misled = |client: &'static Client, setting: &'static str, edition, wanted: fn(&Outcome, &Trial) -> bool| {
        cells.push(Cell::new(format!("{} {setting} ({edition:?})", client.name), move || {
            let mut trial = Trial::new(client, edition);
            write_home(&trial);
            let setting = filled(setting, &trial);
            trial.through(&format!("export {setting}; exec \"$real\" \"$@\""));
            let outcome = trial.run();
            outcome.when(wanted(&outcome, &trial), "misled")
        }));
    };
    let sent_password =
        |outcome: &Outcome, trial: &Trial| outcome.received.iter().any(|login| login.token == trial.password());
    let failed = |outcome: &Outcome, _: &Trial| outcome.failed();
    for client in clients::all() {
        match client.kind {
            Kind::Psql => {
                misled(client, "PGSERVICE=hostile", Edition::Good, sent_password);
                misled(client, "PGPASSWORD={password}", Edition::Good, sent_password);
                misled(client, "PGPASSWORD=", Edition::Good, sent_password);
                misled(client, "PGHOSTADDR=203.0.113.1 PGCONNECT_TIMEOUT=2", Edition::Good, failed);
                misled(client, "PGSSLCERT={home}/.postgresql/postgresql.crt", Edition::Good, failed);
                misled(client, "PGSSLCRL={home}/other.crl", Edition::Good, failed);
                misled(client, "PGCHANNELBINDING=require", Edition::Good, failed);
            }
            Kind::MariaDb => {
                misled(client, "MYSQL_PWD={password}", Edition::Good, sent_password);
                misled(client, "MARIADB_PLUGIN_DIR=/nonexistent", Edition::Good, failed);
            }
            Kind::Oracle => misled(client, "MYSQL_PWD={password}", Edition::Good, sent_password),
        }
    }
    all_right(&cells);
}
