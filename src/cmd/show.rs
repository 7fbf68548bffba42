//! `rdsconnect show`: every value that counts, and where it came from.

use super::{print, reader, resolved};
use crate::cli::Common;
use crate::config::Config;
use crate::config::explain::{Source, explain};
use crate::config::settings::Origin;
use crate::env::Env;
use crate::error::Error;
use crate::table::uncut;

/// Prints key, value and source, one key a line.
///
/// # Errors
/// Whatever keeps the profile from being a connection.
pub fn run(profile: &str, common: &Common, env: &Env) -> Result<(), Error> {
    let (config, settings, target) = resolved(profile, common, env)?;
    let rows: Vec<Vec<String>> = explain(&settings, &target)
        .into_iter()
        .map(|row| vec![row.key.to_owned(), row.value, said(row.source, row.key, &config)])
        .collect();
    // Whoever asks for the values wants them whole, however narrow the terminal is.
    print(&uncut(&["KEY", "VALUE", "FROM"], &rows, reader()))
}

/// A source in words.
fn said(source: Source, key: &str, config: &Config) -> String {
    match source {
        Source::Given(Origin::Flag) => format!("flag --{}", key.replace('_', "-")),
        Source::Given(Origin::Address) => "address".into(),
        Source::Given(Origin::Profile(line)) => format!("profile (line {line})"),
        Source::Given(Origin::Included(number, line)) => {
            format!("profile ({} line {line})", config.included_file(number).display())
        }
        Source::Given(Origin::Defaults(line)) => format!("defaults (line {line})"),
        Source::HostName => "host name".into(),
        Source::Aws => "AWS profile or AWS_REGION".into(),
        Source::BuiltIn => "built in".into(),
        Source::NotSet => "not set".into(),
    }
}
