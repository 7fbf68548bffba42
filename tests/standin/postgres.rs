//! Boots `PostgreSQL` servers that take RDS tokens for every role in `rds_iam`, as RDS does.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::boot::{Kit, Server, home, patiently};
use super::programs::{self, append, tail};
use super::{Edition, Engine, JOE_PASSWORD, PostgresAuth, Site, keeper::Keeper, ldap};

/// Settings that make a server small and quick; nothing here has to survive a crash.
const SMALL: [&str; 13] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=8MB",
    "max_connections=40",
    "max_wal_senders=0",
    "wal_level=minimal",
    "autovacuum=off",
    "jit=off",
    "max_logical_replication_workers=0",
    // POSIX shared memory would stay behind when the server is killed.
    "dynamic_shared_memory_type=mmap",
    "log_connections=on",
    "lc_messages=C",
];

/// Makes the data directory that all editions are copies of.
pub(crate) fn prepare(kit: &Kit) -> Result<PathBuf, String> {
    let found = programs::postgres()?;
    let home = home(kit, Engine::Postgres)?;
    let data = home.join("template");
    let log = home.join("initdb.log");
    let initdb: [OsString; 9] = [
        found.initdb.into(),
        "-D".into(),
        data.clone().into(),
        "--username=postgres".into(),
        "--auth=trust".into(),
        "--encoding=UTF8".into(),
        "--locale=C".into(),
        "--wal-segsize=1".into(),
        "--no-sync".into(),
    ];
    programs::run(kit.account(Engine::Postgres), &log, &initdb, Stdio::null())?;
    single(kit, &found.server, &data, "template1", &accounts(kit))?;
    single(kit, &found.server, &data, "app", &kit.options.postgres_seed)?;
    Ok(data)
}

/// Runs statements without opening a port, before there is a server.
fn single(kit: &Kit, server: &Path, data: &Path, database: &str, statements: &[String]) -> Result<(), String> {
    if statements.is_empty() {
        return Ok(());
    }
    let script = data.with_extension("sql");
    let log = data.with_extension("log");
    // In this mode a statement ends with its line.
    let lines: String = statements.iter().map(|one| one.replace('\n', " ") + "\n").collect();
    let told = |error| format!("could not write `{}`: {error}", script.display());
    fs::write(&script, lines).map_err(told)?;
    let mut command: Vec<OsString> = vec![server.into(), "--single".into(), "-D".into(), data.into()];
    // Little write-ahead log, because it would be copied along.
    for setting in ["fsync=off", "min_wal_size=2MB", "max_wal_size=2MB", "wal_recycle=off"] {
        command.extend(["-c".into(), setting.into()]);
    }
    command.push(database.into());
    let input = File::open(&script).map_err(told)?;
    programs::run(kit.account(Engine::Postgres), &log, &command, input.into())?;
    // Errors do not end the server in this mode, nor do they show in its status.
    let said = fs::read_to_string(&log).unwrap_or_default();
    match said.lines().find(|line| line.contains("ERROR:")) {
        Some(line) => Err(format!("PostgreSQL refused a set-up statement: {line}")),
        None => Ok(()),
    }
}

fn accounts(kit: &Kit) -> Vec<String> {
    // Every database is 7 MB to copy for each edition: the one that is there becomes `app`, the spare one goes.
    let mut statements = vec![
        "UPDATE pg_database SET datistemplate = false WHERE datname = 'template0'".to_owned(),
        "DROP DATABASE template0".to_owned(),
        "ALTER DATABASE postgres RENAME TO app".to_owned(),
        "CREATE ROLE rds_iam".to_owned(),
        format!("CREATE ROLE joe LOGIN PASSWORD {}", literal(JOE_PASSWORD)),
    ];
    for user in &kit.options.users {
        statements.push(format!("CREATE ROLE {} LOGIN IN ROLE rds_iam", identifier(user)));
    }
    statements
}

/// The databases beside `app`, which the good edition alone has.
fn databases(kit: &Kit) -> Vec<String> {
    let more = kit.options.more_databases.iter();
    more.map(|name| format!("CREATE DATABASE {}", identifier(name))).collect()
}

/// Starts one edition on the data directory `data`, which it keeps.
pub(crate) fn start(kit: &Kit, edition: Edition, data: &Path) -> Result<Server, String> {
    let site = Site { engine: Engine::Postgres, edition };
    let found = programs::postgres()?;
    let dir = data.parent().ok_or("a data directory has a parent")?.to_owned();
    let log = dir.join("log");
    let access = dir.join("pg_hba.conf");
    fs::write(&access, access_rules(kit, site))
        .map_err(|error| format!("could not write `{}`: {error}", access.display()))?;
    kit.account(Engine::Postgres).own(&access)?;
    if edition == Edition::Good {
        single(kit, &found.server, data, "app", &databases(kit))?;
    }
    let identity = kit.identity(edition, &dir, Engine::Postgres)?;

    patiently(kit, site, |port| {
        let mut command: Vec<OsString> = vec!["env".into()];
        command.extend(kit.plugin_env(site));
        if kit.options.postgres_auth == PostgresAuth::Pam {
            command.push(variable("LD_PRELOAD", &kit.pam));
        }
        if let Some(realm) = &kit.realm {
            command.push(variable("KRB5_CONFIG", &realm.config()));
        }
        command.extend([found.server.clone().into(), "-D".into(), data.into()]);
        let mut set = |setting: OsString| command.extend(["-c".into(), setting]);
        for setting in SMALL {
            set(setting.into());
        }
        set("listen_addresses=127.0.0.1".into());
        set(format!("port={port}").into());
        set(variable("unix_socket_directories", &dir));
        set(variable("hba_file", &access));
        if let Some(realm) = &kit.realm {
            set(variable("krb_server_keyfile", &realm.server_keys()));
        }
        if let Some(identity) = &identity {
            set("ssl=on".into());
            set(variable("ssl_cert_file", &identity.certificate));
            set(variable("ssl_key_file", &identity.key));
        }
        // Quit is the "immediate" stop, which still removes shared memory.
        let account = kit.account(Engine::Postgres);
        let keeper = Keeper::hold(account, "QUIT", append(&log)?, &kit.path, command)
            .map_err(|error| format!("could not start PostgreSQL: {error}"))?;
        let pid_file = data.join("postmaster.pid");
        let ready = move || {
            let state = fs::read_to_string(&pid_file).unwrap_or_default();
            // Line 4 is the port, line 8 the state; pg_ctl waits for the same.
            let lines: Vec<&str> = state.lines().map(str::trim).collect();
            lines.get(3) == Some(&port.to_string().as_str()) && lines.get(7) == Some(&"ready")
        };
        let socket = dir.join(format!(".s.PGSQL.{port}"));
        Ok((Server::new(keeper, port, dir.clone(), socket), Box::new(ready)))
    })
    .map_err(|error| format!("{error}\n{}", tail(&log)))
}

fn access_rules(kit: &Kit, site: Site) -> String {
    let host = match site.edition {
        Edition::NoTls if kit.realm.is_some() => "hostgssenc",
        Edition::NoTls => "host",
        Edition::Good | Edition::WrongName | Edition::UnknownCa => "hostssl",
    };
    let method = match kit.options.postgres_auth {
        PostgresAuth::Pam => "pam pamservice=rds-iam".to_owned(),
        PostgresAuth::Ldap => format!(
            "ldap ldapserver=127.0.0.1 ldapport={} ldapprefix=\"{}\" ldapsuffix=\"{}{}\"",
            kit.verifier.ldap_port(),
            ldap::PREFIX,
            ldap::SUFFIX,
            site.label(),
        ),
    };
    format!(
        "local all postgres trust\n\
         {host} all +rds_iam 127.0.0.1/32 {method}\n\
         {host} all all 127.0.0.1/32 scram-sha-256\n"
    )
}

fn variable(name: &str, value: &Path) -> OsString {
    let mut text = OsString::from(name);
    text.push("=");
    text.push(value);
    text
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
