//! The stand-in itself, tried with the real clients and tokens of its own: does it let in, refuse and record?

use std::collections::BTreeSet;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

use super::sigv4::Reason;
use super::verifier::{Endpoint, Login};
use super::{
    ACCESS_KEY, Edition, Engine, JOE_PASSWORD, ODD_DATABASES, ODD_USERS, Options, PostgresAuth, Site, Standin,
};

const LET_IN: &str = "let in";

fn boot(options: Options) -> Standin {
    Standin::start(options).unwrap_or_else(|error| panic!("{error}"))
}

/// Runs the client in the way that checks nothing, as a careless user would.
fn careless(standin: &Standin, site: Site, user: &str, database: &str, token: &str) -> Output {
    let port = standin.port(site.engine, site.edition).to_string();
    let query = format!("select '{LET_IN}'");
    let mut client = match site.engine {
        Engine::Postgres => {
            let mut psql = Command::new("psql");
            psql.args(["-XAtqw", "-c", &query]);
            // As variables, so that a database called `host=evil` stays a name.
            psql.env("PGHOST", standin.host()).env("PGPORT", port).env("PGUSER", user);
            psql.env("PGDATABASE", database).env("PGPASSWORD", token);
            let tls = if site.edition == Edition::NoTls { "disable" } else { "require" };
            psql.env("PGSSLMODE", tls).env("PGGSSENCMODE", "disable");
            psql
        }
        Engine::Mariadb => {
            let mut mariadb = Command::new("mariadb");
            mariadb.args(["--no-defaults", "--protocol=TCP", "--default-character-set=utf8mb4"]);
            mariadb.arg(format!("--host={}", standin.host())).arg(format!("--port={port}"));
            mariadb.arg(format!("--user={user}")).arg(format!("--database={database}"));
            mariadb.args(["-N", "-B", "-e", &query]).env("MYSQL_PWD", token);
            if site.edition != Edition::NoTls {
                mariadb.arg("--ssl");
            }
            mariadb
        }
    };
    client.envs(standin.name_env()).env("LC_ALL", "C").output().expect("the client starts")
}

fn text(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn tokens_are_judged_and_recorded_by_every_server() {
    let standin = boot(Options::default());
    for engine in [Engine::Postgres, Engine::Mariadb] {
        for edition in Edition::ALL {
            let site = Site { engine, edition };
            let token = standin.token(engine, edition, "jane");
            let output = careless(&standin, site, "jane", "app", &token);
            assert_eq!(text(&output), (LET_IN.to_owned(), String::new()), "{site:?}");
            let login = Login { site, user: "jane".to_owned(), token, verdict: Ok(()) };
            assert_eq!(standin.verifier().received(site), [login]);
        }
    }
    assert_eq!(standin.verifier().record().len(), 8);
    standin.verifier().clear();
    assert_eq!(standin.verifier().record(), []);
    for engine in [Engine::Postgres, Engine::Mariadb] {
        for edition in Edition::ALL {
            judged_by_a_careful_client(&standin, Site { engine, edition });
        }
    }
}

/// Every edition is as bad as its name says, and in no other way.
fn judged_by_a_careful_client(standin: &Standin, site: Site) {
    let port = standin.port(site.engine, site.edition);
    let (host, ca) = (standin.host(), standin.ca().display());
    let token = standin.token(site.engine, site.edition, "jane");
    let mut client = match site.engine {
        Engine::Postgres => {
            let mut psql = Command::new("psql");
            psql.args(["-XAtqw", "-c", &format!("select '{LET_IN}'"), "-d"]).arg(format!(
                "host={host} port={port} user=jane dbname=app gssencmode=disable \
                 sslmode=verify-full sslrootcert={ca}"
            ));
            psql
        }
        Engine::Mariadb => {
            let mut mariadb = Command::new("mariadb");
            mariadb.args(["--no-defaults", "--protocol=TCP", "--ssl", "--ssl-verify-server-cert"]);
            mariadb.arg(format!("--ssl-ca={ca}")).arg(format!("--host={host}"));
            mariadb.arg(format!("--port={port}")).args(["--user=jane", "app", "-NBe"]);
            mariadb.arg(format!("select '{LET_IN}'"));
            mariadb
        }
    };
    client.env("PGPASSWORD", &token).env("MYSQL_PWD", &token).envs(standin.name_env());
    let output = client.env("LC_ALL", "C").output().expect("the client starts");
    let (out, err) = text(&output);
    // MariaDB's words differ between versions; one of these is in all that were seen.
    let complaints: &[&str] = match site.edition {
        Edition::Good => &[""],
        Edition::WrongName => {
            &["does not match host name", "Validation of SSL server certificate failed", "Hostname verification failed"]
        }
        Edition::UnknownCa => &["certificate verify failed", "unable to get local issuer"],
        Edition::NoTls => &["server does not support SSL", "server does not support it"],
    };
    let complained = complaints.iter().any(|complaint| err.contains(complaint));
    assert!(complained, "{site:?} says: {err}");
    let good = site.edition == Edition::Good;
    assert_eq!(out == LET_IN, good, "{site:?}: {out}{err}");
    assert_eq!(standin.verifier().received(site).is_empty(), !good, "{site:?}");
}

#[test]
fn good_servers_behave_like_rds_and_leave_nothing_behind() {
    let standin = boot(Options { editions: vec![Edition::Good], ..Options::default() });
    for engine in [Engine::Postgres, Engine::Mariadb] {
        refuses_in_the_words_of_rds(&standin, engine);
        knows_odd_users_and_databases(&standin, engine);
        keeps_passwords_of_joe_out_of_sight(&standin, engine);
    }
    disappears_when_dropped(standin);
}

fn refuses_in_the_words_of_rds(standin: &Standin, engine: Engine) {
    let verifier = standin.verifier();
    let site = Site { engine, edition: Edition::Good };
    let refusal = match engine {
        Engine::Postgres => "PAM authentication failed for user \"jane\"",
        Engine::Mariadb => "Access denied for user 'jane'@'localhost' (using password: YES)",
    };
    let token = standin.token(engine, Edition::Good, "jane");
    let tried = |reason: Result<(), Reason>| {
        let (out, err) = text(&careless(standin, site, "jane", "app", &token));
        let last = verifier.record().pop().map(|login| login.verdict);
        assert_eq!(last, Some(reason.clone()), "{out}{err}");
        assert_eq!(out == LET_IN, reason.is_ok(), "{out}{err}");
        assert_eq!(err.contains(refusal), reason.is_err(), "{err}");
    };
    let rules = verifier.rules();
    tried(Ok(()));
    verifier.change(|rules| rules.clock_offset = 1000);
    tried(Err(Reason::Expired));
    verifier.change(|rules| rules.clock_offset = 0);
    verifier.change(|rules| rules.endpoint = Endpoint::Exactly("tunnel:1".to_owned()));
    let port = standin.port(engine, Edition::Good);
    tried(Err(Reason::Endpoint(format!("{}:{port}", standin.host()))));
    verifier.change(|rules| rules.endpoint = Endpoint::Any);
    verifier.change(|rules| rules.keys.clear());
    tried(Err(Reason::UnknownKey(ACCESS_KEY.to_owned())));
    verifier.change(|changed| *changed = rules);
    tried(Ok(()));
}

fn knows_odd_users_and_databases(standin: &Standin, engine: Engine) {
    let site = Site { engine, edition: Edition::Good };
    let let_in = (LET_IN.to_owned(), String::new());
    for user in ODD_USERS {
        let token = standin.token(engine, Edition::Good, user);
        let output = careless(standin, site, user, "app", &token);
        assert_eq!(text(&output), let_in, "{user} at {site:?}");
    }
    for database in ODD_DATABASES {
        let token = standin.token(engine, Edition::Good, "jane");
        let output = careless(standin, site, "jane", database, &token);
        assert_eq!(text(&output), let_in, "{database} at {site:?}");
    }
}

fn keeps_passwords_of_joe_out_of_sight(standin: &Standin, engine: Engine) {
    standin.verifier().clear();
    let site = Site { engine, edition: Edition::Good };
    let token = standin.token(engine, Edition::Good, "joe");
    let right = text(&careless(standin, site, "joe", "app", JOE_PASSWORD));
    let wrong = text(&careless(standin, site, "joe", "app", &token));
    match engine {
        Engine::Postgres => {
            assert_eq!(right, (LET_IN.to_owned(), String::new()));
            let refusal = "password authentication failed for user \"joe\"";
            assert!(wrong.1.ends_with(refusal), "{}", wrong.1);
        }
        // He may log in but was granted no database.
        Engine::Mariadb => {
            assert!(right.1.contains("ERROR 1044"), "{}", right.1);
            assert!(wrong.1.contains("ERROR 1045"), "{}", wrong.1);
        }
    }
    assert_eq!(standin.verifier().record(), []);
}

fn disappears_when_dropped(standin: Standin) {
    let dir = standin.dir().to_owned();
    let ports: BTreeSet<u16> =
        [Engine::Postgres, Engine::Mariadb].map(|engine| standin.port(engine, Edition::Good)).into();
    assert!(dir.is_dir());
    // So that the search below is known to find servers.
    assert_eq!(mentioning(&dir).is_empty(), !cfg!(target_os = "linux"));
    drop(standin);
    assert!(!dir.exists());
    for port in ports {
        let open = TcpStream::connect(("127.0.0.1", port)).is_ok();
        assert!(!open, "port {port} still answers");
    }
    assert_eq!(mentioning(&dir), Vec::<String>::new());
}

#[test]
fn the_ldap_method_judges_and_records_too() {
    let standin = boot(Options {
        engines: vec![Engine::Postgres],
        editions: vec![Edition::NoTls],
        postgres_auth: PostgresAuth::Ldap,
        ..Options::default()
    });
    let site = Site { engine: Engine::Postgres, edition: Edition::NoTls };
    let token = standin.token(site.engine, site.edition, "back\\slash");
    let output = careless(&standin, site, "back\\slash", "app", &token);
    assert_eq!(text(&output), (LET_IN.to_owned(), String::new()));
    let (_, err) = text(&careless(&standin, site, "jane", "app", &token));
    assert!(err.ends_with("LDAP authentication failed for user \"jane\""), "{err}");
    let record = standin.verifier().received(site);
    let verdicts: Vec<_> = record.into_iter().map(|login| login.verdict).collect();
    assert_eq!(verdicts, [Ok(()), Err(Reason::User("back\\slash".to_owned()))]);
}

/// Command lines of running processes that mention `dir` (Linux; empty elsewhere).
fn mentioning(dir: &Path) -> Vec<String> {
    let dir = dir.display().to_string();
    std::fs::read_dir("/proc")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(&dir))
        .collect()
}
