//! `rdsconnect list`: the profiles there are.

use super::{print, reader, without_overrides};
use crate::cli::Common;
use crate::config::Config;
use crate::config::explain::{Outline, outline};
use crate::env::Env;
use crate::error::Error;
use crate::table::{Reader, table};
use serde::Serialize;

/// The columns for people. For programs the description follows, and new columns only ever come
/// last.
const HEADER: &[&str] = &["PROFILE", "ENGINE", "HOST", "PORT", "USER", "DATABASE", "REGION", "AWS PROFILE"];

/// What `--json` prints. Keys are added, never renamed or removed; an absent value is `null`.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    name: &'a str,
    engine: Option<&'static str>,
    host: Option<&'a str>,
    port: Option<u16>,
    user: Option<&'a str>,
    database: Option<&'a str>,
    region: Option<&'a str>,
    aws_profile: Option<&'a str>,
    description: Option<&'a str>,
}

/// Prints the profiles in the order of their names.
///
/// # Errors
/// What is wrong with the profile file.
pub fn run(json: bool, common: &Common, env: &Env) -> Result<(), Error> {
    without_overrides(common, "list")?;
    let config = Config::load(common.config.as_deref(), env, false)?;
    let profiles: Vec<(&str, Outline)> = config.profiles().map(|(name, settings)| (name, outline(&settings))).collect();
    if json {
        return print(&as_json(&profiles));
    }
    let reader = reader();
    let rows: Vec<Vec<String>> = profiles.iter().map(|(name, profile)| row(name, profile, reader)).collect();
    print(&table(HEADER, &rows, reader))
}

fn row(name: &str, profile: &Outline, reader: Reader) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut row = vec![
        name.to_owned(),
        profile.engine.unwrap_or_default().to_owned(),
        text(&profile.host),
        profile.port.map(|port| port.to_string()).unwrap_or_default(),
        text(&profile.user),
        text(&profile.database),
        text(&profile.region),
        text(&profile.aws_profile),
    ];
    if reader == Reader::Program {
        row.push(text(&profile.description));
    }
    row
}

fn as_json(profiles: &[(&str, Outline)]) -> String {
    let listed: Vec<Listed<'_>> = profiles
        .iter()
        .map(|(name, profile)| Listed {
            name,
            engine: profile.engine,
            host: profile.host.as_deref(),
            port: profile.port,
            user: profile.user.as_deref(),
            database: profile.database.as_deref(),
            region: profile.region.as_deref(),
            aws_profile: profile.aws_profile.as_deref(),
            description: profile.description.as_deref(),
        })
        .collect();
    super::json(&listed)
}
