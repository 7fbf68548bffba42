//! Builds the launch of `mycli`. It is written in Python and shares no code with the mysql clients;
//! it reads their variables, and of their files only `~/.mylogin.cnf`. What its own `~/.myclirc` says
//! of the connection counts where no flag says it. Seen with 2.30.

use super::mysql::{option, place};
use super::psql::NO_KEYRING;
use super::{Parts, from_user, marks, removals, variables};
use crate::error::client::ClientError;
use crate::launch::{Args, EnvChange, Launch};
use crate::secret::Secret;
use crate::target::Tls;

/// The launch.
pub(super) fn launch(parts: Parts<'_>) -> Result<Launch, ClientError> {
    let Parts { target, client, ca, addresses: _, token, token_file, carried: _, own: _, arguments } = parts;
    if target.tls == Tls::VerifyCa {
        return Err(ClientError::NoVerifiedTunnel {
            path: client.program.clone(),
            version: client.dialect.to_string(),
            connect_to: target.connect_to.as_ref().map(ToString::to_string).unwrap_or_default(),
        });
    }
    let mut env = removals(variables::MYSQL);
    // Each would lead elsewhere; the last is a whole address.
    for name in ["MYSQL_USER", "MYSQL_UNIX_SOCKET", "MYSQL_DSN"] {
        env.insert(name, EnvChange::Remove);
    }
    env.insert(NO_KEYRING.0, EnvChange::Set(NO_KEYRING.1.into()));
    // No password out of ~/.mylogin.cnf. Of a file that is there it would complain.
    env.insert("MYSQL_TEST_LOGIN_FILE", EnvChange::Set("/nonexistent".into()));

    let (host, port) = place(target);
    let mut ours = vec![
        option("--host", host),
        option("--port", port.to_string()),
        option("--user", target.user.as_str()),
        // `auto` would fall back to plain text; without the last, the name is not checked.
        "--ssl-mode=on".into(),
        option("--ssl-ca", ca),
        // A directory in ~/.myclirc would add authorities, unless one is named here. It has to be there,
        // and only files named by a hash count in it.
        "--ssl-capath=/".into(),
        "--ssl-verify-server-cert".into(),
    ];
    if let Some(database) = &target.database {
        if database.as_str().contains("://") {
            return Err(ClientError::Database { path: client.program.clone(), database: database.to_string() });
        }
        ours.push(option("--database", database.as_str()));
    }
    if target.production {
        ours.push(marks::mycli_prompt(&target.name));
    }
    let mut from_user = from_user(target, arguments);
    if target.read_only {
        ours.push(marks::mycli_read_only(&mut from_user)?);
    }
    let token_file = match token_file {
        None => {
            env.insert("MYSQL_PWD", EnvChange::SetSecret(token));
            None
        }
        Some(path) => {
            env.insert("MYSQL_PWD", EnvChange::Remove);
            ours.push(option("--password-file", path));
            Some(Secret::new(format!("{}\n", token.expose())))
        }
    };
    Ok(Launch { program: client.program.clone(), args: Args { ours, from_user, ..Args::default() }, env, token_file })
}
