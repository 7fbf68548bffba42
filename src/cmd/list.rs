//! `rdsconnect list`: the profiles there are.

use super::{print, reader};
use crate::cli::Common;
use crate::config::Config;
use crate::config::explain::{Outline, outline};
use crate::env::Env;
use crate::error::Error;
use crate::table::{Reader, room_for, table};
use serde::Serialize;

/// The columns for people; the marks only where some profile has one. For programs the description
/// comes before the marks, and new columns only ever come last.
const HEADER: &[&str] = &["PROFILE", "ENGINE", "HOST", "PORT", "USER", "DATABASE", "REGION", "AWS PROFILE", "MARKS"];

/// The columns that a narrow terminal does without, in this order: AWS profile, port, region, user, database.
const SPARE: [usize; 5] = [7, 3, 6, 4, 5];

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
    production: bool,
    read_only: bool,
}

/// Prints the profiles in the order of their names.
///
/// # Errors
/// What is wrong with the profile file.
pub fn run(json: bool, common: &Common, env: &Env) -> Result<(), Error> {
    let config = Config::load(common.config.as_deref(), env, false)?;
    let profiles: Vec<(&str, Outline)> = config.profiles().map(|(name, settings)| (name, outline(&settings))).collect();
    if json {
        return print(&as_json(&profiles));
    }
    let reader = reader();
    let marked = profiles.iter().any(|(_, profile)| profile.production || profile.read_only);
    let header = if marked { HEADER } else { &HEADER[..HEADER.len() - 1] };
    let rows: Vec<Vec<String>> = profiles.iter().map(|(name, profile)| row(name, profile, reader)).collect();
    if reader == Reader::Program {
        return print(&table(header, &rows, reader));
    }
    let columns = room_for(header, &rows, reader, &SPARE);
    let shown = |row: Vec<String>| columns.iter().map(|column| row[*column].clone()).collect();
    let header: Vec<&str> = columns.iter().map(|column| header[*column]).collect();
    print(&table(&header, &rows.into_iter().map(shown).collect::<Vec<_>>(), reader))
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
    row.push(marks(profile));
    row
}

/// `production`, `read-only`, both or nothing.
pub(super) fn marks(profile: &Outline) -> String {
    let marks = [(profile.production, "production"), (profile.read_only, "read-only")];
    marks.iter().filter(|(set, _)| *set).map(|(_, mark)| *mark).collect::<Vec<_>>().join(",")
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
            production: profile.production,
            read_only: profile.read_only,
        })
        .collect();
    super::json(&listed)
}
