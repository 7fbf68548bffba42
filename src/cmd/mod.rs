//! One file for each verb, and what they share: from the command line to a target.

pub mod ca;
pub mod check;
pub mod connect;
pub mod overrides;
pub mod token;

use crate::cli::Common;
use crate::config::{Config, address};
use crate::env::Env;
use crate::error::Error;
use crate::error::target::TargetError;
use crate::target::Target;
use crate::{addresses, aws, endpoint};

/// The target that a name and the flags stand for.
fn target(name: &str, common: &Common, env: &Env) -> Result<Target, Error> {
    let config = Config::load(common.config.as_deref(), env, address::is_address(name))?;
    target_of(&config, name, common, env)
}

/// The same, of a profile file that was read already.
fn target_of(config: &Config, name: &str, common: &Common, env: &Env) -> Result<Target, Error> {
    let flags = overrides::settings(&common.overrides)?;
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
