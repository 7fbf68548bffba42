//! Boots `MariaDB` servers whose users log in with RDS tokens, through the plugin `aws_iam.c`.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::boot::{Kit, Server, home, patiently};
use super::keeper::Keeper;
use super::programs::{self, append, tail};
use super::{Edition, Engine, JOE_PASSWORD, Site};

/// Makes the data directory that all editions are copies of.
pub(crate) fn prepare(kit: &Kit) -> Result<PathBuf, String> {
    let found = programs::mariadb()?;
    let home = home(kit, Engine::Mariadb)?;
    let data = home.join("template");
    let option = |name: &str, value: &Path| {
        let mut option = OsString::from(format!("--{name}="));
        option.push(value);
        option
    };
    let command: [OsString; 8] = [
        found.install.into(),
        "--no-defaults".into(),
        option("datadir", &data),
        // In a shared one, every server that starts removes the temporary tables of the others.
        option("tmpdir", &home),
        "--auth-root-authentication-method=normal".into(),
        "--skip-test-db".into(),
        // Machines without DNS know no address of their own.
        "--skip-name-resolve".into(),
        "--innodb-log-file-size=4M".into(),
    ];
    let account = kit.account(Engine::Mariadb);
    programs::run(account, &home.join("install.log"), &command, Stdio::null())?;
    Ok(data)
}

/// Starts one edition on the data directory `data`, which it keeps.
pub(crate) fn start(kit: &Kit, edition: Edition, data: &Path) -> Result<Server, String> {
    let site = Site { engine: Engine::Mariadb, edition };
    let found = programs::mariadb()?;
    let dir = data.parent().ok_or("a data directory has a parent")?.to_owned();
    let log = dir.join("log");
    let setup = dir.join("setup.sql");
    fs::write(&setup, statements(kit, edition))
        .map_err(|error| format!("could not write `{}`: {error}", setup.display()))?;
    kit.account(Engine::Mariadb).own(&setup)?;
    let identity = kit.identity(edition, &dir, Engine::Mariadb)?;
    let socket = dir.join("sock");

    let server = patiently(kit, site, |port| {
        let mut command: Vec<OsString> = vec!["env".into()];
        command.extend(kit.plugin_env(site));
        command.extend([found.server.clone().into(), "--no-defaults".into()]);
        let mut set = |name: &str, value: &Path| {
            let mut option = OsString::from(format!("--{name}="));
            option.push(value);
            command.push(option);
        };
        set("datadir", data);
        set("socket", &socket);
        set("pid-file", &dir.join("pid"));
        set("tmpdir", &dir);
        set("init-file", &setup);
        set("plugin-dir", &kit.plugins);
        if let Some(identity) = &identity {
            set("ssl-cert", &identity.certificate);
            set("ssl-key", &identity.key);
        } else {
            command.push("--skip-ssl".into());
        }
        command.extend(
            [
                "--bind-address=127.0.0.1",
                "--plugin-load-add=aws_iam.so",
                "--plugin-maturity=experimental",
                "--character-set-server=utf8mb4",
                "--skip-log-bin",
                "--innodb-log-file-size=4M",
                "--innodb-buffer-pool-size=16M",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0",
                "--key-buffer-size=1M",
                "--aria-pagecache-buffer-size=1M",
            ]
            .map(OsString::from),
        );
        command.push(format!("--port={port}").into());
        let account = kit.account(Engine::Mariadb);
        let keeper = Keeper::hold(account, "KILL", append(&log)?, &kit.path, command)
            .map_err(|error| format!("could not start MariaDB: {error}"))?;
        // The greeting comes once the set-up statements are done. The socket cannot be another server's.
        let greeting = socket.clone();
        let ready = move || {
            UnixStream::connect(&greeting).is_ok_and(|mut stream| {
                stream.set_read_timeout(Some(Duration::from_secs(1))).is_ok() && stream.read_exact(&mut [0]).is_ok()
            })
        };
        Ok((Server::new(keeper, port, dir.clone(), socket.clone()), Box::new(ready)))
    })
    .map_err(|error| format!("{error}\n{}", tail(&log)))?;
    let said = fs::read_to_string(&log).unwrap_or_default();
    match said.lines().find(|line| line.contains("ERROR")) {
        Some(line) => Err(format!("MariaDB refused a set-up statement: {line}")),
        None => Ok(server),
    }
}

/// What the server runs before it takes its first connection.
fn statements(kit: &Kit, edition: Edition) -> String {
    let options = &kit.options;
    let require = if edition == Edition::NoTls { "" } else { " REQUIRE SSL" };
    // A nameless user at localhost would be preferred to jane at any host.
    let mut sql = "DELETE FROM mysql.global_priv WHERE User = '';\nFLUSH PRIVILEGES;\n".to_owned();
    let more = options.more_databases.iter().map(String::as_str);
    let databases: Vec<&str> = ["app"].into_iter().chain(more).collect();
    for database in &databases {
        let _ = writeln!(sql, "CREATE DATABASE {};", identifier(database));
    }
    for user in &options.users {
        let user = literal(user);
        let _ = writeln!(sql, "CREATE USER {user} IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS'{require};");
        for database in &databases {
            // `_` and `%` are wildcards in a grant; no database of the stand-in has one.
            let _ = writeln!(sql, "GRANT ALL ON {}.* TO {user};", identifier(database));
        }
    }
    let _ = writeln!(sql, "CREATE USER joe IDENTIFIED BY {};", literal(JOE_PASSWORD));
    let _ = writeln!(sql, "USE app;");
    for statement in &options.mariadb_seed {
        let _ = writeln!(sql, "{};", statement.replace('\n', " "));
    }
    sql
}

fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', "''"))
}
