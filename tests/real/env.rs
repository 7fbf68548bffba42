//! `rdsconnect env`: libpq programs that know nothing of rdsconnect log in, over verified TLS.

use crate::standin::{ACCESS_KEY, Edition, Engine, HOST, Options, SECRET_KEY, Site, Standin};
use std::fs;
use std::process::{Command, Output};

/// What a shell says that evaluates the output of `env` and then runs a program.
fn evaluated(standin: &Standin, edition: Edition, then: &str) -> Output {
    let (host, port) = (standin.host(), standin.port(Engine::Postgres, edition));
    let ca = standin.ca().display();
    let config = standin.dir().join("env.toml");
    fs::write(
        &config,
        format!(
            "[profiles.app]\nengine = \"postgres\"\nhost = \"{host}\"\nport = {port}\nuser = \"o'hara\"\n\
             database = \"my db\"\nregion = \"us-west-2\"\nca_bundle = \"{ca}\"\n"
        ),
    )
    .unwrap();
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("eval \"$(\"$0\" env app --shell sh)\"; {then}"));
    shell.arg(env!("CARGO_BIN_EXE_rdsconnect")).env("RDSCONNECT_CONFIG", config).envs(standin.name_env());
    shell.env("AWS_ACCESS_KEY_ID", ACCESS_KEY).env("AWS_SECRET_ACCESS_KEY", SECRET_KEY).env("LC_ALL", "C");
    // What would lead elsewhere, or give up the verification.
    shell.env("PGSERVICE", "evil").env("PGHOSTADDR", "192.0.2.1").env("PGSSLMODE", "disable");
    shell.output().unwrap()
}

#[test]
fn programs_of_libpq_log_in_and_check_the_server() {
    let editions = vec![Edition::Good, Edition::WrongName, Edition::NoTls];
    let options = Options { engines: vec![Engine::Postgres], editions, ..Options::default() };
    let standin = Standin::start(options).unwrap_or_else(|error| panic!("{error}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();

    let query = "psql -XAtqw -c \"select current_user || ' in ' || current_database() || ' over ' || \
                 (select version from pg_stat_ssl where pid = pg_backend_pid())\"";
    let output = evaluated(&standin, Edition::Good, query);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).ends_with("o'hara in my db over TLSv1.3\n"), "{}", text(&output.stdout));
    let output = evaluated(&standin, Edition::Good, "pg_dump --schema-only -w");
    assert!(text(&output.stdout).contains("PostgreSQL database dump"), "{}", text(&output.stderr));

    for (edition, complaint) in
        [(Edition::WrongName, "does not match host name"), (Edition::NoTls, "server does not support SSL")]
    {
        let site = Site { engine: Engine::Postgres, edition };
        let output = evaluated(&standin, edition, query);
        assert!(!output.status.success());
        assert!(text(&output.stderr).contains(complaint), "{}", text(&output.stderr));
        assert_eq!(standin.verifier().received(site), [], "no token may be sent to {HOST} as {edition:?}");
    }
}
