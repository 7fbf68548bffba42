//! Builds the launch of `psql` and its sisters: the programs of PostgreSQL, and pgcli.

use super::tool::Tool;
use super::{Own, Parts, from_user, marks, removals, variables};
use crate::launch::{Args, EnvChange, Launch};
use crate::secret::Secret;
use crate::target::Target;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;

/// A file that cannot exist, for settings that libpq would otherwise fill from ~/.postgresql. An
/// empty value does not do (psql 15).
pub(super) const NOWHERE: &str = "/nonexistent";

/// Keeps pgcli and mycli from storing the token in the user's keyring, and from taking a password
/// out of there.
pub(super) const NO_KEYRING: (&str, &str) = ("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring");

/// The launch. Everything is in the conninfo, which wins over the environment; and the same in the
/// environment, so that `\c CONNINFO`, which forgets the old conninfo, stays verified.
pub(super) fn launch(parts: Parts<'_>) -> Launch {
    let Parts { target, client, ca, addresses, token, token_file, carried: _, own, arguments } = parts;
    let mut parameters = vec![("host", hosts(target, addresses))];
    if !addresses.is_empty() {
        parameters.push(("hostaddr", addresses.join(",")));
    }
    let database = database(target);
    parameters.extend([
        ("port", port(target)),
        ("dbname", database.clone()),
        ("user", target.user.to_string()),
        ("sslmode", "verify-full".into()),
        ("sslrootcert", ca.to_string_lossy().into_owned()),
        ("gssencmode", "disable".into()),
    ]);
    let conninfo = OsString::from(conninfo(&parameters));

    let mut env = environment(target, ca, addresses, own);
    let mut ours = match client.tool {
        // pgbench has neither option. pgcli would take PGDATABASE for the user beside a `-d`.
        Tool::Pgbench => vec![conninfo],
        Tool::Pgcli => vec![conninfo, "-w".into()],
        _ => vec!["-d".into(), conninfo, "-w".into()],
    };
    match client.tool {
        Tool::Psql if target.production => ours.push(marks::psql_prompt(&target.name)),
        // It takes all but the database from the conninfo. It would expand this name, and then send
        // the token in clear to wherever it says (15 and 18).
        Tool::PgDumpall if !database.is_empty() && !is_expanded(&database) => {
            ours.push(format!("--database={database}").into());
        }
        Tool::Pgcli => {
            env.insert(NO_KEYRING.0, EnvChange::Set(NO_KEYRING.1.into()));
            // An alias of ~/.config/pgcli/config, which would replace the connection (4.7).
            env.insert("DSN", EnvChange::Remove);
            if target.production {
                ours.push(marks::pgcli_prompt(&target.name));
            }
        }
        _ => {}
    }
    let token_file = hand_over(&mut env, token, token_file, target);

    Launch {
        program: client.program.clone(),
        args: Args { ours, from_user: from_user(target, arguments), ..Args::default() },
        env,
        token_file,
    }
}

/// What any libpq program's environment must be for a verified connection, the token aside.
#[must_use]
pub fn environment(target: &Target, ca: &Path, addresses: &[String], own: Own) -> BTreeMap<&'static str, EnvChange> {
    let mut env = removals(variables::POSTGRES);
    let mut set = |name, value: OsString| {
        env.insert(name, EnvChange::Set(value));
    };
    set("PGHOST", hosts(target, addresses).into());
    set("PGPORT", port(target).into());
    set("PGUSER", target.user.as_str().into());
    set("PGSSLMODE", "verify-full".into());
    set("PGSSLROOTCERT", ca.into());
    set("PGGSSENCMODE", "disable".into());
    set("PGSSLCERT", NOWHERE.into());
    set("PGSSLCRL", NOWHERE.into());
    let optional = |value: String, wanted: bool| if wanted { EnvChange::Set(value.into()) } else { EnvChange::Remove };
    env.insert("PGHOSTADDR", optional(addresses.join(","), !addresses.is_empty()));
    let database = database(target);
    let is_name = !is_expanded(&database);
    env.insert("PGDATABASE", optional(database, is_name));
    if target.read_only {
        env.insert("PGOPTIONS", EnvChange::Set(marks::pg_options(own.pg_options)));
    }
    env
}

/// libpq takes as many names as there are addresses, and tries them in order.
fn hosts(target: &Target, addresses: &[String]) -> String {
    vec![target.host.as_str(); addresses.len().max(1)].join(",")
}

/// Where the connection goes.
fn port(target: &Target) -> String {
    target.connect_to.as_ref().and_then(|to| to.port).unwrap_or(target.port).to_string()
}

fn database(target: &Target) -> String {
    target.database.as_ref().map_or_else(String::new, ToString::to_string)
}

/// Puts the token into the environment, or into the password file that a descriptor carries.
pub(super) fn hand_over(
    env: &mut BTreeMap<&'static str, EnvChange>,
    token: Secret,
    file: Option<&Path>,
    target: &Target,
) -> Option<Secret> {
    let Some(path) = file else {
        env.insert("PGPASSWORD", EnvChange::SetSecret(token));
        return None;
    };
    env.insert("PGPASSWORD", EnvChange::Remove);
    env.insert("PGPASSFILE", EnvChange::Set(OsString::from(path)));
    let port = port(target);
    let line = [target.host.as_str(), &port, "*", target.user.as_str(), token.expose()]
        .map(|field| if field == "*" { field.to_owned() } else { passfile_field(field) })
        .join(":");
    Some(Secret::new(line + "\n"))
}

/// A field of a password file (libpq manual, section 34.16).
fn passfile_field(text: &str) -> String {
    text.replace('\\', "\\\\").replace(':', "\\:")
}

/// Whether libpq programs would take a database name for a conninfo and follow it (`vacuumdb`,
/// `reindexdb`, `clusterdb` and `pg_dumpall` 15 and 18, `pgbench` 15).
#[must_use]
pub fn is_expanded(database: &str) -> bool {
    database.contains('=') || database.starts_with("postgres://") || database.starts_with("postgresql://")
}

/// A conninfo that says exactly this: every value quoted, `\` and `'` escaped (libpq manual,
/// section 34.1.1.1).
#[must_use]
pub fn conninfo(parameters: &[(&str, String)]) -> String {
    let pair = |(key, value): &(&str, String)| format!("{key}='{}'", value.replace('\\', "\\\\").replace('\'', "\\'"));
    parameters.iter().map(pair).collect::<Vec<_>>().join(" ")
}
