//! `rdsconnect exec PROFILE -- PROGRAM`: becomes another program than the profile's client.

use super::{connect, target_with};
use crate::cli::{Common, Exec};
use crate::client::tool::Tool;
use crate::config::settings::{At, Origin, Text};
use crate::env::Env;
use crate::error::Error;
use crate::error::client::ClientError;
use crate::error::target::TargetError;
use crate::target::Engine;

/// Becomes the program; returns only when that failed, or after a dry run.
///
/// # Errors
/// Whatever keeps the program from being started.
pub fn run(exec: &Exec, dry_run: bool, common: &Common, env: &Env) -> Result<(), Error> {
    let Some((program, arguments)) = exec.command.split_first() else {
        return usage("no program named", "write it after `--`");
    };
    if common.overrides.client.is_some() {
        return usage("`--client` is for connecting", "name the program after `--`");
    }
    let Some(program) = program.to_str() else {
        return usage("the program's name is not UTF-8", "name it by a link");
    };
    let client =
        Text::try_from(program.to_owned()).map_err(|problem| TargetError::Flag { flag: "PROGRAM", problem })?;
    let target = target_with(&exec.profile, common, env, |flags| {
        flags.client = Some(At { value: client, origin: Origin::Flag });
    })?;
    let tool = match (Tool::named(program), target.engine) {
        (Some(_), engine) => Tool::of(engine, target.client.as_ref())?,
        (None, Engine::Postgres) => Tool::LibPq,
        (None, engine @ (Engine::MySql | Engine::MariaDb)) => {
            return Err(ClientError::NoVariables { name: program.to_owned(), known: Tool::known(engine) }.into());
        }
    };
    connect::start(&target, tool, arguments, exec.dry_run || dry_run, env)
}

fn usage<T>(text: &str, hint: &str) -> Result<T, Error> {
    Err(Error::Usage { text: text.to_owned(), hint: Some(hint.to_owned()) })
}
