//! Builds the launch of `mysql` and `mariadb`, and of their sisters such as `mysqldump`.

use super::gate::{self, Named};
use super::tool::Tool;
use super::{Client, Dialect, Parts, from_user, marks, removals, variables};
use crate::error::client::ClientError;
use crate::launch::{Args, EnvChange, Launch};
use crate::secret::Secret;
use crate::target::{Database, Port, Target, Tls};
use std::ffi::OsString;
use std::net::IpAddr;
use std::path::Path;

/// What MariaDB reads of one line of an option file (10.11 and 11.8 cut it after 4,086
/// characters), less `password=""`.
const OPTION_LIMIT: usize = 4086 - "password=\"\"".len();

/// The launch. Nothing of the user's option files takes part: `--no-defaults` comes first.
pub(super) fn launch(parts: Parts<'_>) -> Result<Launch, ClientError> {
    let Parts { target, client, ca, addresses: _, token, token_file, mut carried, own, arguments } = parts;
    let mut env = removals(variables::MYSQL);
    env.insert("MYSQL_TEST_LOGIN_FILE", EnvChange::Set("/dev/null".into()));
    env.insert("LIBMYSQL_ENABLE_CLEARTEXT_PLUGIN", EnvChange::Set("1".into()));
    let (leading, token_file) = match token_file {
        None => {
            env.insert("MYSQL_PWD", EnvChange::SetSecret(token));
            (OsString::from("--no-defaults"), None)
        }
        Some(path) => {
            env.insert("MYSQL_PWD", EnvChange::Remove);
            (option("--defaults-file", path), Some(option_file(&token, client)?))
        }
    };

    let (host, port) = place(target);
    let mut ours = vec![
        option("--host", host),
        option("--port", port.to_string()),
        option("--user", target.user.as_str()),
        // Given the host `localhost`, mysql ignores the port and uses a Unix socket. Seen with
        // MariaDB 10.11 and MySQL 9.7.
        "--protocol=TCP".into(),
    ];
    ours.extend(tls(target, client, ca)?);
    let mut from_user = from_user(target, arguments);
    ours.extend(database(target, client, &from_user)?);
    if target.production && client.tool == Tool::MySql && !own.mysql_prompt {
        env.insert("MYSQL_PS1", EnvChange::Set(marks::mysql_prompt(&target.name, client.dialect)));
    }
    if target.read_only {
        if client.tool != Tool::MySql {
            return Err(ClientError::NoReadOnly { path: client.program.clone() });
        }
        ours.extend(marks::read_only(&mut carried, &mut from_user)?);
    }
    Ok(Launch {
        program: client.program.clone(),
        args: Args { leading: vec![leading], carried, ours, from_user },
        env,
        token_file,
    })
}

/// Where the connection goes.
pub(super) fn place(target: &Target) -> (&str, Port) {
    match &target.connect_to {
        Some(to) => (to.host.as_str(), to.port.unwrap_or(target.port)),
        None => (target.host.as_str(), target.port),
    }
}

/// The database as the program takes it. But for the shell it is the first name without an option,
/// and the user's names that follow are tables or files; `--databases` makes all of them databases.
fn database(target: &Target, client: &Client, from_user: &[OsString]) -> Result<Option<OsString>, ClientError> {
    let Some(database) = target.database.as_ref().map(Database::as_str) else { return Ok(None) };
    match client.tool {
        Tool::MySqlAdmin => return Ok(None),
        Tool::MySqlDump | Tool::MySqlCheck | Tool::MySqlImport | Tool::MySqlShow => {}
        _ => return Ok(Some(option("--database", database))),
    }
    let Named { databases, operands } = gate::named(client.tool, from_user)?;
    if databases {
        return Ok(None);
    }
    if database.starts_with('-') {
        return Err(ClientError::Database { path: client.program.clone(), database: database.to_owned() });
    }
    // mysqlshow takes the last name for a pattern.
    let is_pattern = client.tool == Tool::MySqlShow && !operands;
    let special = |c: char| is_pattern && matches!(c, '%' | '_' | '*' | '?' | '\\');
    let escape = |c: char| special(c).then_some('\\').into_iter().chain([c]);
    Ok(Some(database.chars().flat_map(escape).collect::<String>().into()))
}

/// The flags that make the client verify the server. Each family refuses the other's.
fn tls(target: &Target, client: &Client, ca: &Path) -> Result<Vec<OsString>, ClientError> {
    let ca = option("--ssl-ca", ca);
    match (client.dialect, target.tls) {
        (Dialect::MySql, Tls::VerifyFull) => {
            Ok(vec!["--ssl-mode=VERIFY_IDENTITY".into(), ca, "--enable-cleartext-plugin".into()])
        }
        (Dialect::MySql, Tls::VerifyCa) => {
            Ok(vec!["--ssl-mode=VERIFY_CA".into(), ca, "--enable-cleartext-plugin".into()])
        }
        // All three, always: without `--ssl-verify-server-cert` 10.11 falls back to plain text,
        // without `--ssl-ca` 11.8 takes any certificate. The cleartext flag would print a warning
        // into the results; MariaDB needs none.
        (Dialect::MariaDb(..), Tls::VerifyFull) => Ok(mariadb(ca)),
        (Dialect::MariaDb(major, minor), Tls::VerifyCa) if (major, minor) >= (11, 4) && is_loopback(target) => {
            Ok(mariadb(ca))
        }
        (Dialect::MariaDb(..) | Dialect::Psql | Dialect::Mycli, _) => Err(ClientError::NoVerifiedTunnel {
            path: client.program.clone(),
            version: client.dialect.to_string(),
            connect_to: target.connect_to.as_ref().map(ToString::to_string).unwrap_or_default(),
        }),
    }
}

fn mariadb(ca: OsString) -> Vec<OsString> {
    vec!["--ssl".into(), ca, "--ssl-verify-server-cert".into()]
}

/// MariaDB's client leaves the name unchecked, and the chain checked, for these addresses alone.
fn is_loopback(target: &Target) -> bool {
    let ip = target.connect_to.as_ref().and_then(crate::target::Address::ip);
    ip.is_some_and(|ip| match ip {
        IpAddr::V4(ip) => ip == std::net::Ipv4Addr::LOCALHOST,
        IpAddr::V6(ip) => ip == std::net::Ipv6Addr::LOCALHOST,
    })
}

/// An option file with the token alone. A token is made of characters that need no escape.
fn option_file(token: &Secret, client: &Client) -> Result<Secret, ClientError> {
    if token.len() > OPTION_LIMIT && matches!(client.dialect, Dialect::MariaDb(..)) {
        return Err(ClientError::TokenTooLong {
            path: client.program.clone(),
            length: token.len(),
            limit: OPTION_LIMIT,
        });
    }
    Ok(Secret::new(format!("[client]\npassword=\"{}\"\n", token.expose())))
}

pub(super) fn option(name: &str, value: impl AsRef<std::ffi::OsStr>) -> OsString {
    let mut option = OsString::from(name);
    option.push("=");
    option.push(value);
    option
}
