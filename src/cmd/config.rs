//! `rdsconnect config`: where the profile file is, whether it is right, and what may stand in it.

use super::{json, print};
use crate::cli::{Common, ConfigAction};
use crate::config::check::{Checked, check};
use crate::config::{locate, schema};
use crate::env::Env;
use crate::error::Error;
use crate::error::config::ConfigError;
use crate::printable::printable;
use crate::{aws, report};
use std::io::IsTerminal as _;
use std::os::unix::ffi::OsStrExt as _;

/// Does one of the three.
///
/// # Errors
/// What is wrong with the profile file.
pub fn run(action: ConfigAction, common: &Common, env: &Env) -> Result<(), Error> {
    match action {
        ConfigAction::Path => path(common, env),
        ConfigAction::Check => checked(common, env),
        ConfigAction::Schema => print(&json(&schema::schema())),
    }
}

/// The path, for programs as it is, and whether it leads to a file or not.
fn path(common: &Common, env: &Env) -> Result<(), Error> {
    let location = locate::locate(common.config.as_deref(), env)?;
    if std::io::stdout().is_terminal() {
        return print(&format!("{}\n", printable(&location.path.to_string_lossy())));
    }
    print(&[location.path.as_os_str().as_bytes(), b"\n"].concat())
}

fn checked(common: &Common, env: &Env) -> Result<(), Error> {
    let Checked { config, problems } = check(common.config.as_deref(), env, |profile| aws::region(profile, env))?;
    if problems.is_empty() {
        let path = config.path().to_string_lossy();
        let and = match config.included().len() {
            0 => String::new(),
            files => format!(" and {}", counted(files, "included file")),
        };
        let profiles = counted(config.profiles().count(), "profile");
        return print(&format!("ok: {profiles} in `{}`{and}\n", printable(&path)));
    }
    for problem in &problems {
        let _ = report::error(problem, &mut std::io::stderr());
    }
    Err(ConfigError::Problems { path: config.path().to_owned(), count: problems.len() }.into())
}

fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}
