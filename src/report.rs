//! The one renderer of what goes wrong: error, causes, hint. Everything is escaped for a terminal,
//! wherever it came from.

use crate::cli::{self, Cli};
use crate::error::{Error, OWN_FAILURE};
use crate::printable::printable;
use crate::usage;
use clap::CommandFactory as _;
use clap::error::ErrorKind;
use std::error::Error as _;
use std::io::{self, Write};
use std::process::ExitCode;

/// Writes an error, what caused it, and what to do about it.
///
/// # Errors
/// Those of the stream.
pub fn error(error: &Error, to: &mut impl Write) -> io::Result<()> {
    if matches!(error, Error::Left) {
        return Ok(());
    }
    writeln!(to, "error: {}", printable(&error.to_string()))?;
    if matches!(error, Error::NoProfile) {
        // As the command line's parser says it.
        return writeln!(to, "\n{}\n\nFor more information, try '--help'.", Cli::command().render_usage());
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        writeln!(to, "  caused by: {}", printable(&error.to_string()))?;
        cause = error.source();
    }
    match error.hint() {
        Some(hint) => writeln!(to, "hint: {}", printable(&hint)),
        None => Ok(()),
    }
}

/// Where the lines of `-v` go: standard error, each escaped like everything else. Line ends are left,
/// so a value that may hold one is made printable where it is logged.
#[derive(Debug)]
pub struct LogLines;

impl Write for LogLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<_> = text.split('\n').map(printable).collect();
        io::stderr().write_all(lines.join("\n").as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Writes a line that the user should know of although nothing failed.
///
/// # Errors
/// Those of the stream.
pub fn notice(text: &str, to: &mut impl Write) -> io::Result<()> {
    writeln!(to, "note: {}", printable(text))
}

/// Writes what the command line's parser has to say: help and version to standard output, with
/// status 0; the rest to standard error, with status 125, and in our own words where there are such.
#[must_use]
pub fn usage(message: &clap::Error) -> ExitCode {
    let words: Vec<_> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    if let Some(found) = usage::explain(message, &words) {
        let _ = error(&found, &mut io::stderr());
        return found.exit_code();
    }
    let text = match message.kind() {
        // Asked again where it says less, which is not worth the time of every run.
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let again = cli::shown().try_get_matches_from(std::env::args_os());
            again.err().map_or_else(|| message.render(), |help| help.render()).to_string()
        }
        _ => message.render().to_string(),
    };
    let text: Vec<_> = text.lines().map(printable).collect();
    let text = text.join("\n") + "\n";
    if message.use_stderr() {
        let _ = io::stderr().write_all(text.as_bytes());
        return OWN_FAILURE.into();
    }
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(source) => {
            let _ = error(&Error::Output(source), &mut io::stderr());
            OWN_FAILURE.into()
        }
    }
}
