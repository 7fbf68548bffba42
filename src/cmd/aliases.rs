//! `rdsconnect aliases`: a short command for every profile, as commands for a shell.

use crate::aliases;
use crate::cli::{Common, Shell};
use crate::config::Config;
use crate::config::file::is_profile_name;
use crate::env::Env;
use crate::error::Error;
use crate::report;
use std::io::Write as _;

/// Prints them; what the shell itself has a use for is left out, and said.
///
/// # Errors
/// What is wrong with the profile file, and a prefix that a name may not have.
pub fn run(shell: Shell, prefix: &str, common: &Common, env: &Env) -> Result<(), Error> {
    let usage = |text: &str, hint: &str| Err(Error::Usage { text: text.into(), hint: Some(hint.into()) });
    if !prefix.is_empty() && !is_profile_name(prefix) {
        return usage(
            "`--prefix` must begin with a letter or digit and hold only letters, digits, `.`, `_` and `-`",
            "name a prefix such as `db-`",
        );
    }
    let config = Config::load(common.config.as_deref(), env, false)?;
    // The short commands work from any directory.
    let named = common.config.as_ref().map(|file| env.directory().map_or(file.clone(), |here| here.join(file)));
    let named = match named.as_deref().map(|file| file.to_str()) {
        Some(None) => return usage("`--config` is no text", "give the profile file a name in UTF-8"),
        named => named.flatten(),
    };
    let (taken, free): (Vec<_>, Vec<_>) =
        config.names().partition(|name| aliases::is_taken(shell, &format!("{prefix}{name}")));
    if !taken.is_empty() {
        let taken: Vec<_> = taken.iter().map(|name| format!("`{prefix}{name}`")).collect();
        let text =
            format!("left out, because shells or these commands need the name: {}; try `--prefix`", taken.join(", "));
        let _ = report::notice(&text, &mut std::io::stderr());
    }
    let text = aliases::script(shell, prefix, free, named);
    let mut out = std::io::stdout();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)
}
