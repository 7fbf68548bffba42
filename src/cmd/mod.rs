//! One file for each verb, and what they share: from the command line to a target.

pub mod aliases;
pub mod ca;
pub mod check;
pub mod config;
pub mod connect;
pub mod env;
pub mod exec;
pub mod generate;
pub mod init;
pub mod list;
pub mod overrides;
mod pick;
pub mod show;
pub mod token;

use crate::cli::Common;
use crate::config::settings::Settings;
use crate::config::{Config, address};
use crate::env::Env;
use crate::error::Error;
use crate::error::target::TargetError;
use crate::table::Reader;
use crate::target::Target;
use crate::{addresses, aws, endpoint};
use std::io::{IsTerminal as _, Write as _};

/// The target that a name and the flags stand for.
fn target(name: &str, common: &Common, env: &Env) -> Result<Target, Error> {
    let config = Config::load(common.config.as_deref(), env, address::is_address(name))?;
    target_of(&config, name, common, env)
}

/// The same, of a profile file that was read already.
fn target_of(config: &Config, name: &str, common: &Common, env: &Env) -> Result<Target, Error> {
    target_from(config, name, overrides::settings(&common.overrides)?, env)
}

/// The target that a name and the flags stand for, with what a verb changes in them.
fn target_with(name: &str, common: &Common, env: &Env, change: impl FnOnce(&mut Settings)) -> Result<Target, Error> {
    let config = Config::load(common.config.as_deref(), env, address::is_address(name))?;
    let mut flags = overrides::settings(&common.overrides)?;
    change(&mut flags);
    target_from(&config, name, flags, env)
}

fn target_from(config: &Config, name: &str, flags: Settings, env: &Env) -> Result<Target, Error> {
    let target = config.target(name, flags, |profile| aws::region(profile, env)).map_err(explain)?;
    tracing::info!(
        engine = target.engine.name(),
        host = %target.host,
        port = %target.port,
        user = %target.user,
        region = %target.region,
        "target"
    );
    Ok(target)
}

/// The same, with the settings that the target was made of, for a verb that explains it.
fn resolved(name: &str, common: &Common, env: &Env) -> Result<(Config, Settings, Target), Error> {
    let flags = overrides::settings(&common.overrides)?;
    let config = Config::load(common.config.as_deref(), env, address::is_address(name))?;
    let (name, settings) = config.settle(name, flags)?;
    let target = config.decide(&name, settings.clone(), |profile| aws::region(profile, env)).map_err(explain)?;
    Ok((config, settings, target))
}

/// Who reads standard output.
fn reader() -> Reader {
    let out = std::io::stdout();
    if out.is_terminal() {
        Reader::Person(terminal_size::terminal_size_of(out).map(|(width, _)| width.0.into()))
    } else {
        Reader::Program
    }
}

/// Writes the data that a verb is asked for.
fn print(data: &(impl AsRef<[u8]> + ?Sized)) -> Result<(), Error> {
    let mut out = std::io::stdout();
    out.write_all(data.as_ref()).and_then(|()| out.flush()).map_err(Error::Output)
}

/// Data as JSON, indented, with a newline at its end.
fn json(data: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(data).expect("texts, numbers and lists are always JSON") + "\n"
}

/// Adds what DNS says to a name that was refused because it is no endpoint.
fn explain(error: Error) -> Error {
    match error {
        Error::Target(TargetError::NoRegion { host, is_rds: false, .. }) => {
            let alias_of = addresses::alias_of(&host).filter(|name| endpoint::parse(name).is_some());
            TargetError::NoRegion { host, is_rds: false, alias_of }.into()
        }
        other => other,
    }
}
