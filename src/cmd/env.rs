//! `rdsconnect env`: the variables by which any program of libpq's connects, as shell commands.

use super::connect::{notices, own, tunnel_addresses};
use super::{print, target};
use crate::cli::{Common, Shell};
use crate::client::psql;
use crate::config::{address, resolve};
use crate::env::Env;
use crate::error::Error;
use crate::error::target::TargetError;
use crate::launch::EnvChange;
use crate::printable::printable;
use crate::target::{Engine, Target};
use crate::{aws, ca, report, shell};
use std::time::SystemTime;

/// Prints the commands. What is decided here is what connecting decides, but for the certificates:
/// they must be in a file that outlives this process.
///
/// # Errors
/// Whatever keeps the profile from being connected to by variables.
pub fn run(profile: &str, shell: Option<Shell>, common: &Common, env: &Env) -> Result<(), Error> {
    let target = target(profile, common, env)?;
    check(&target, profile)?;
    let roots = ca::load(&ca::choice(&target), SystemTime::now())?;
    let ca = ca::keep(roots, env.cache_directory().as_deref())?;
    tracing::info!(file = %printable(&ca.to_string_lossy()), "root certificates");
    for text in notices(&target) {
        let _ = report::notice(&text, &mut std::io::stderr());
    }
    let addresses = tunnel_addresses(&target, false)?;
    let mut changes = psql::environment(&target, &ca, &addresses, own(env));
    let credentials = aws::credentials(&target, env)?;
    changes.insert("PGPASSWORD", EnvChange::SetSecret(aws::token::sign(&target, &credentials, SystemTime::now())?));
    let shell = shell.unwrap_or_else(|| shell::detected(env.var("SHELL")));
    print(&shell::script(shell, &changes, |name| env.var(name).map(Into::into)))
}

/// What variables cannot say.
fn check(target: &Target, profile: &str) -> Result<(), TargetError> {
    match target.engine {
        Engine::MySql | Engine::MariaDb => {
            let engine = target.engine.name();
            let profile = (!address::is_address(profile)).then(|| profile.to_owned());
            return Err(TargetError::NoVariables { name: target.name.clone(), engine, profile });
        }
        Engine::Postgres => {}
    }
    resolve::check_connectable(target)?;
    match &target.database {
        Some(database) if psql::is_expanded(database.as_str()) => {
            Err(TargetError::ExpandedDatabase { database: database.to_string() })
        }
        Some(_) | None => Ok(()),
    }
}
