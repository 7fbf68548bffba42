//! `rdsconnect init`: writes the first profile file, from flags and, on a terminal, from answers.

mod ask;

use super::overrides;
use crate::ca;
use crate::cli::{Cli, Common, Init};
use crate::config::explain::explain;
use crate::config::settings::Settings;
use crate::config::{Config, create, file, locate, resolve};
use crate::endpoint;
use crate::env::Env;
use crate::error::Error;
use crate::error::config::ConfigError;
use crate::error::permissions::quoted;
use crate::report;
use crate::target::{Engine, Host};
use clap::CommandFactory as _;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::time::SystemTime;

/// Writes the file.
///
/// # Errors
/// When there is a file already, something is missing that nobody can be asked for, or the answers
/// make no connection.
pub fn run(init: &Init, common: &Common, env: &Env) -> Result<(), Error> {
    let path = locate::locate(common.config.as_deref(), env)?.path;
    if path.symlink_metadata().is_ok() {
        return Err(ConfigError::Exists { path }.into());
    }
    let mut settings = overrides::settings(&common.overrides)?;
    settings.engine = overrides::flag("--engine", init.engine.as_deref(), str::parse)?;
    settings.host = overrides::flag("--host", init.host.as_deref(), str::parse)?;
    let mut name = init.name.clone();
    let missing = missing(&settings);
    if !missing.is_empty() {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Err(Error::Usage {
                text: "there is no terminal to ask on, and not everything was said".into(),
                hint: Some(format!("add {}", missing.join(", "))),
            });
        }
        (settings, name) = ask::all(settings, name, &path)?;
    }
    let name = match name.or_else(|| settings.host.as_ref().and_then(|host| suggested(&host.value))) {
        Some(name) if file::is_profile_name(&name) => name,
        _ => {
            return Err(Error::Usage {
                text: "`--name` must be letters, digits, `.`, `_` and `-`, and begin with a letter or a digit".into(),
                hint: None,
            });
        }
    };
    let text = text(&name, &settings, env)?;
    create::create(&path, &text)?;
    // Reads it as it will be read, and so finds a directory that others could write to.
    Config::load(Some(&path), env, false)?;
    let _ = report::notice(&done(&path, &name, common), &mut io::stderr());
    Ok(())
}

/// The flags for what a connection cannot do without.
fn missing(settings: &Settings) -> Vec<&'static str> {
    let engine = settings.engine.as_ref().map(|at| at.value);
    let has_region = settings.region.is_some() || settings.host.as_ref().is_none_or(|host| carries_region(&host.value));
    let needed = [
        ("`--engine`", engine.is_some()),
        ("`--host`", settings.host.is_some()),
        ("`--user`", settings.user.is_some()),
        ("`--database`", settings.database.is_some() || engine != Some(Engine::Postgres)),
        ("`--region`", has_region),
    ];
    needed.into_iter().filter(|(_, is_there)| !is_there).map(|(flag, _)| flag).collect()
}

fn carries_region(host: &Host) -> bool {
    endpoint::parse(host.as_str()).is_some_and(|endpoint| endpoint.region.is_some())
}

/// A name for the profile: the first part of the host's.
fn suggested(host: &Host) -> Option<String> {
    let label = host.as_str().split('.').next().unwrap_or_default().to_owned();
    file::is_profile_name(&label).then_some(label)
}

/// The file's text, when the settings make a connection. Paths become absolute: they were relative
/// to the working directory, and the file is elsewhere.
fn text(name: &str, settings: &Settings, env: &Env) -> Result<String, Error> {
    let working = env.directory().cloned().unwrap_or_default();
    let home = env.home();
    let bases = resolve::Bases { file: &working, included: &[], working: &working, home: home.as_deref() };
    let target = resolve::resolve(name, settings.clone(), &bases, |_| Ok(None))?;
    resolve::check_connectable(&target)?;
    ca::load(&ca::choice(&target), SystemTime::now())?;
    Ok(create::text(name, &explain(settings, &target)))
}

/// What to do next.
fn done(path: &Path, name: &str, common: &Common) -> String {
    let verb = if Cli::command().find_subcommand(name).is_some() { "connect " } else { "" };
    let config = if common.config.is_some() { format!(" --config {}", quoted(path)) } else { String::new() };
    format!("wrote `{}`; connect with `rdsconnect {verb}{name}{config}`", path.display())
}
