//! Asks, on standard error, for what the flags left open. An answer that cannot be is asked for
//! again.

use super::{carries_region, suggested};
use crate::config::file;
use crate::config::settings::{At, Origin, Settings};
use crate::error::Error;
use crate::printable::printable;
use crate::target::{Engine, Invalid};
use std::io::{self, BufRead as _, Write as _};
use std::path::Path;
use std::str::FromStr;

/// Asks for everything that is open, and returns the settings and the name of the profile.
pub(super) fn all(
    mut settings: Settings,
    mut name: Option<String>,
    path: &Path,
) -> Result<(Settings, Option<String>), Error> {
    say(&format!("This writes a first profile to `{}`.\n", printable(&path.to_string_lossy())))?;
    required(&mut settings.host, "Host of the RDS endpoint: ")?;
    required(&mut settings.engine, "Engine (mysql, mariadb or postgres): ")?;
    required(&mut settings.user, "Database user: ")?;
    match settings.engine.as_ref().map(|at| at.value) {
        Some(Engine::Postgres) => required(&mut settings.database, "Database: ")?,
        Some(Engine::MySql | Engine::MariaDb) | None => optional(&mut settings.database, "Database (may be empty): ")?,
    }
    if settings.host.as_ref().is_some_and(|host| !carries_region(&host.value)) {
        required(&mut settings.region, "Region to sign for, which this host name does not carry: ")?;
    }
    optional(&mut settings.aws_profile, "AWS profile (empty: credentials as the AWS CLI finds them): ")?;
    if name.is_none() {
        let suggestion = settings.host.as_ref().and_then(|host| suggested(&host.value));
        name = Some(profile_name(suggestion.as_deref())?);
    }
    Ok((settings, name))
}

fn required<T: FromStr<Err = Invalid>>(setting: &mut Option<At<T>>, question: &str) -> Result<(), Error> {
    while setting.is_none() {
        *setting = parsed(&answer(question)?)?;
    }
    Ok(())
}

fn optional<T: FromStr<Err = Invalid>>(setting: &mut Option<At<T>>, question: &str) -> Result<(), Error> {
    while setting.is_none() {
        let text = answer(question)?;
        if text.is_empty() {
            break;
        }
        *setting = parsed(&text)?;
    }
    Ok(())
}

/// The value, or a word about why there is none.
fn parsed<T: FromStr<Err = Invalid>>(text: &str) -> Result<Option<At<T>>, Error> {
    match text.parse() {
        Ok(value) => Ok(Some(At { value, origin: Origin::Flag })),
        Err(problem) => say(&format!("  {problem}\n")).map(|()| None),
    }
}

fn profile_name(suggestion: Option<&str>) -> Result<String, Error> {
    let question = match suggestion {
        Some(suggestion) => format!("Name of the profile [{suggestion}]: "),
        None => "Name of the profile: ".to_owned(),
    };
    loop {
        let text = answer(&question)?;
        match suggestion {
            Some(suggestion) if text.is_empty() => return Ok(suggestion.to_owned()),
            _ if file::is_profile_name(&text) => return Ok(text),
            _ => say("  must be letters, digits, `.`, `_` and `-`, and begin with a letter or a digit\n")?,
        }
    }
}

/// One line, without the blanks around it.
fn answer(question: &str) -> Result<String, Error> {
    let ended = || Error::Usage { text: "no answer; nothing was written".into(), hint: None };
    say(question)?;
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => Err(ended()),
        Ok(_) => Ok(line.trim().to_owned()),
    }
}

fn say(text: &str) -> Result<(), Error> {
    let mut err = io::stderr();
    err.write_all(text.as_bytes()).and_then(|()| err.flush()).map_err(Error::Output)
}
