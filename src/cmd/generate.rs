//! `rdsconnect generate`: what packages and set-ups need, made from the command line's definitions.

use crate::cli::Shell;
use crate::error::Error;
use crate::{complete, manual};
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// Writes the manual pages into a directory, which is made if it does not exist.
///
/// # Errors
/// [`Error::Write`] with the file that could not be written.
pub fn man(directory: &Path) -> Result<(), Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Write { path, source }
    };
    fs::create_dir_all(directory).map_err(failed(directory))?;
    for page in manual::pages() {
        let path = directory.join(&page.file);
        fs::write(&path, &page.text).map_err(failed(&path))?;
    }
    Ok(())
}

/// Prints what makes a shell complete.
///
/// # Errors
/// Those of standard output, and a shell that has no completions.
pub fn completions(shell: Shell) -> Result<(), Error> {
    let script = complete::registration(shell).ok_or_else(|| Error::Usage {
        text: "a plain `sh` completes nothing".into(),
        hint: Some("name `bash`, `zsh`, `fish` or `powershell`".into()),
    })?;
    let mut out = std::io::stdout();
    out.write_all(&script).and_then(|()| out.flush()).map_err(Error::Output)
}
