//! `rdsconnect generate`: what packages and set-ups need, made from the command line's definitions.

use crate::error::Error;
use crate::manual;
use std::fs;
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
