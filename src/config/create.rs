//! Writes the first profile file: whole or not at all, for its owner alone, and never over
//! anything that is there.

use super::explain::{Explained, Source};
use super::settings::{Kind, Settings};
use crate::error::config::ConfigError;
use std::fmt::Write as _;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// The text of a file with one profile, of which every value that was given is written down.
#[must_use]
pub fn text(name: &str, values: &[Explained]) -> String {
    let mut text = format!("[profiles.{}]\n", key(name));
    for value in values.iter().filter(|value| matches!(value.source, Source::Given(_))) {
        let is_number = Settings::KEYS.contains(&(value.key, Kind::Number));
        let shown = if is_number { value.value.clone() } else { quoted(&value.value) };
        let _ = writeln!(text, "{} = {shown}", value.key);
    }
    text
}

/// A name with a dot in it would be two keys.
fn key(name: &str) -> String {
    if name.contains('.') { quoted(name) } else { name.to_owned() }
}

/// A basic string of TOML. Values hold no control characters, which would need an escape too.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Writes the file, and makes the directories that are missing.
///
/// # Errors
/// [`ConfigError::Exists`] when there is something of that name, even a link that leads nowhere;
/// [`ConfigError::Unwritable`].
pub fn create(path: &Path, text: &str) -> Result<(), ConfigError> {
    let unwritable = |source| ConfigError::Unwritable { path: path.to_owned(), source };
    let temporary = beside(path, text).map_err(unwritable)?;
    // Unlike a renaming, a link never replaces.
    let linked = fs::hard_link(&temporary, path);
    // It is of no use to anybody any more, whether there is a link to its contents or not.
    let _ = fs::remove_file(&temporary);
    linked.map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => ConfigError::Exists { path: path.to_owned() },
        _ => unwritable(source),
    })
}

/// Writes the text into a file of another name in the same directory.
fn beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    if let Some(directory) = directory {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
    let mut write = || -> io::Result<()> {
        // The mode given at creation was narrowed by the umask, perhaps to nothing.
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().inspect_err(|_| {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    })?;
    Ok(temporary)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file;

    #[test]
    fn what_is_written_is_read_back() {
        let row = |key, value: &str, source| Explained { key, value: value.to_owned(), source };
        let given = Source::Given(crate::config::settings::Origin::Flag);
        let values = [
            row("user", "a\"b\\c é", given),
            row("port", "5433", given),
            row("region", "us-west-2", Source::HostName),
            row("database", "", Source::NotSet),
        ];
        let text = text("eu.orders", &values);
        assert_eq!(text, "[profiles.\"eu.orders\"]\nuser = \"a\\\"b\\\\c é\"\nport = 5433\n");
        let read = file::parse(&text, Path::new("c.toml")).unwrap();
        assert_eq!(read.profiles["eu.orders"].user.as_ref().unwrap().value.as_str(), "a\"b\\c é");
    }

    #[test]
    fn nothing_is_ever_replaced_and_nothing_left_behind() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a/b/config.toml");
        create(&path, "x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert!(matches!(create(&path, "y"), Err(ConfigError::Exists { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "x");
        let link = path.with_file_name("link.toml");
        std::os::unix::fs::symlink("/nonexistent/elsewhere", &link).unwrap();
        assert!(matches!(create(&link, "y"), Err(ConfigError::Exists { .. })));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 2);
    }
}
