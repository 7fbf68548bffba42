//! What psql is started with.

use crate::sandbox::{HOST, Sandbox};
use std::collections::BTreeMap;

const PROFILE: &str = r#"
[profiles.pg]
engine = "postgres"
host = "mydb.abc123.us-west-2.rds.amazonaws.com"
user = "jane"
database = "app"
"#;

/// Every variable that could move or break a launch, set to something hostile, and some that the
/// user keeps.
pub(crate) const HOSTILE: &[(&str, &str)] = &[
    ("PGHOST", "evil.example"),
    ("PGHOSTADDR", "192.0.2.1"),
    ("PGPORT", "1"),
    ("PGDATABASE", "host=evil.example sslmode=disable"),
    ("PGUSER", "evil"),
    ("PGPASSWORD", "evil"),
    ("PGSSLMODE", "disable"),
    ("PGSSLROOTCERT", "system"),
    ("PGGSSENCMODE", "require"),
    ("PGSSLCERT", "/x"),
    ("PGSSLCRL", "/x"),
    ("PGSERVICE", "evil"),
    ("PGSERVICEFILE", "/x"),
    ("PGREQUIRESSL", "0"),
    ("PGSSLNEGOTIATION", "direct"),
    ("PGSSLKEY", "/x"),
    ("PGSSLCERTMODE", "require"),
    ("PGSSLCRLDIR", "/x"),
    ("PGSSLCOMPRESSION", "1"),
    ("PGSSLSNI", "0"),
    ("PGSSLMINPROTOCOLVERSION", "TLSv1"),
    ("PGSSLMAXPROTOCOLVERSION", "TLSv1.1"),
    ("PGREQUIREAUTH", "scram-sha-256"),
    ("PGCHANNELBINDING", "require"),
    ("PGREQUIREPEER", "root"),
    ("PGTARGETSESSIONATTRS", "standby"),
    ("PGLOADBALANCEHOSTS", "bogus"),
    ("PGMINPROTOCOLVERSION", "3.2"),
    ("PGMAXPROTOCOLVERSION", "bogus"),
    ("PGOAUTHDEBUG", "UNSAFE"),
    ("SSLKEYLOGFILE", "/x"),
    ("PGCLUSTER", "15/evil.example:5432"),
    ("PG_CLUSTER_CONF_ROOT", "/x"),
    ("PGCONNECT_TIMEOUT", "abc"),
];

pub(crate) const KEPT: &[(&str, &str)] = &[
    ("PGOPTIONS", "-c work_mem=8MB"),
    ("PGAPPNAME", "me"),
    ("PSQLRC", "/x"),
    ("PGPASSFILE", "/x"),
    ("LD_LIBRARY_PATH", "/x"),
];

/// The environment that the client must end with, the token aside.
fn expected(sandbox: &Sandbox, changes: &[(&str, &str)]) -> BTreeMap<String, String> {
    let base = [
        ("PGHOST", HOST),
        ("PGPORT", "5432"),
        ("PGDATABASE", "app"),
        ("PGUSER", "jane"),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", "/dev/fd/N"),
        ("PGGSSENCMODE", "disable"),
        ("PGSSLCERT", "/nonexistent"),
        ("PGSSLCRL", "/nonexistent"),
    ];
    let mut env = sandbox.inherited();
    env.extend(base.iter().chain(changes).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    env
}

#[test]
fn the_whole_environment_is_as_decided_whatever_was_inherited() {
    let mut sandbox = Sandbox::with_config(PROFILE);
    for (name, value) in HOSTILE.iter().chain(KEPT) {
        sandbox.set(name, value);
    }
    sandbox.run(&["pg"]).gives("", "", 0);
    let mut record = sandbox.record("psql").unwrap();
    let token = record.env.remove("PGPASSWORD").unwrap();
    assert!(token.starts_with("mydb.abc123.us-west-2.rds.amazonaws.com:5432/?Action=connect&DBUser=jane&"), "{token}");
    for (name, _) in HOSTILE {
        sandbox.unset(name);
    }
    assert_eq!(record.env, expected(&sandbox, &[]));
}

#[test]
fn every_hostile_variable_is_tried_alone_too() {
    for (name, value) in HOSTILE {
        let mut sandbox = Sandbox::with_config(PROFILE);
        sandbox.set(name, value);
        sandbox.run(&["pg"]).gives("", "", 0);
        let mut record = sandbox.record("psql").unwrap();
        assert!(record.env.remove("PGPASSWORD").unwrap().contains("X-Amz-Signature="));
        sandbox.unset(name);
        assert_eq!(record.env, expected(&sandbox, &[]), "{name}");
    }
}

#[test]
fn every_variable_of_the_table_is_tried() {
    use rdsconnect::client::variables::{Decision, POSTGRES};
    for row in POSTGRES {
        let tried = |list: &[(&str, &str)]| list.iter().any(|(name, _)| *name == row.name);
        match row.decision {
            Decision::Removed | Decision::KeptIfNumber => assert!(tried(HOSTILE), "{}", row.name),
            Decision::Set => assert!(tried(HOSTILE) || row.name == "PGPASSFILE", "{}", row.name),
            Decision::Kept => assert!(!tried(HOSTILE), "{}", row.name),
        }
    }
}

#[test]
fn a_sensible_time_out_is_kept() {
    let mut sandbox = Sandbox::with_config(PROFILE);
    sandbox.set("PGCONNECT_TIMEOUT", "10");
    sandbox.run(&["pg"]).gives("", "", 0);
    assert_eq!(sandbox.record("psql").unwrap().env["PGCONNECT_TIMEOUT"], "10");
}

#[test]
fn arguments_follow_ours_and_client_args_come_before_them() {
    let sandbox = Sandbox::with_config(&format!("{PROFILE}client_args = [\"-q\", \"-X\"]\n"));
    sandbox.run(&["pg", "--", "-c", "select 1"]).gives("", "", 0);
    let conninfo = format!(
        "host='{HOST}' port='5432' dbname='app' user='jane' sslmode='verify-full' sslrootcert='/dev/fd/N' gssencmode='disable'"
    );
    assert_eq!(sandbox.record("psql").unwrap().args, ["-d", &conninfo, "-w", "-q", "-X", "-c", "select 1"]);
}

#[test]
fn names_are_data_and_never_a_conninfo() {
    let sandbox = Sandbox::with_config(PROFILE);
    for (name, quoted, variable) in [
        ("host=evil", "host=evil", None),
        ("postgres://evil/x", "postgres://evil/x", None),
        ("postgresql://evil/x", "postgresql://evil/x", None),
        ("-x", "-x", Some("-x")),
        ("a b", "a b", Some("a b")),
        ("q'uo\\te", "q\\'uo\\\\te", Some("q'uo\\te")),
    ] {
        sandbox.run(&["pg", &format!("--database={name}")]).gives("", "", 0);
        let record = sandbox.record("psql").unwrap();
        assert!(record.args[1].contains(&format!(" dbname='{quoted}' ")), "{}", record.args[1]);
        assert_eq!(record.env.get("PGDATABASE").map(String::as_str), variable, "{name}");
    }
}

#[test]
fn a_tunnel_changes_where_the_connection_goes_and_nothing_else() {
    let sandbox = Sandbox::with_config(PROFILE);
    for (to, address, port) in
        [("127.0.0.1:15432", "127.0.0.1", "15432"), ("[::1]:15432", "::1", "15432"), ("127.0.0.1", "127.0.0.1", "5432")]
    {
        sandbox.run(&["pg", "--connect-to", to]).gives("", "", 0);
        let record = sandbox.record("psql").unwrap();
        assert!(
            record.args[1].starts_with(&format!("host='{HOST}' hostaddr='{address}' port='{port}' ")),
            "{}",
            record.args[1]
        );
        assert_eq!((record.env["PGHOSTADDR"].as_str(), record.env["PGPORT"].as_str()), (address, port));
        assert!(record.env["PGPASSWORD"].starts_with(&format!("{HOST}:5432/?")), "the token is for the endpoint");
    }
}

#[test]
fn the_dry_run_shows_the_command_and_needs_no_credentials() {
    let mut sandbox = Sandbox::with_config(PROFILE);
    sandbox.unset("AWS_ACCESS_KEY_ID").unset("AWS_SECRET_ACCESS_KEY");
    let run = sandbox.run(&["pg", "--dry-run", "--", "-c", "select 'é' \u{1b}[m"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", Some(0)));
    let shown = run.stdout;
    assert!(shown.contains("  PGPASSWORD='[token]' \\\n"), "{shown}");
    assert!(shown.contains("\n  [dir]/bin/psql \\\n    -d \\\n    \"host='mydb.abc123"), "{shown}");
    assert!(shown.contains("\n    -c \\\n    $'select \\'é\\' \\x1b[m'"), "{shown}");
    assert_eq!(sandbox.record("psql"), None);
}
