//! What can be wrong with the owner or the mode of a file that decides where a launch goes.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

/// A file was not opened, or others than the user may change it.
#[derive(Debug, thiserror::Error)]
pub enum PermissionError {
    /// The file is missing, or may not be read.
    #[error("could not open `{}`", path.display())]
    Open {
        /// The file as the user named it.
        path: PathBuf,
        /// Why the system refused.
        source: io::Error,
    },

    /// The file belongs to somebody who is neither the user nor root.
    #[error("`{}` belongs to user id `{owner}`, not to you or root", path.display())]
    Owner {
        /// The file itself, symbolic links followed.
        path: PathBuf,
        /// The owner's number.
        owner: u32,
        /// The number of the user who runs this program.
        user: u32,
    },

    /// Everyone may write to the file.
    #[error("`{}` can be written by everyone", path.display())]
    Everyone {
        /// The file itself, symbolic links followed.
        path: PathBuf,
    },

    /// A group that is not the owner's own may write to the file.
    #[error("`{}` can be written by the group `{group}`", path.display())]
    Group {
        /// The file itself, symbolic links followed.
        path: PathBuf,
        /// The group's name, or its number when it has none.
        group: String,
    },

    /// Everyone may replace the file.
    #[error("the directory `{}` of `{}` can be written by everyone", directory.display(), path.display())]
    DirectoryEveryone {
        /// The file itself, symbolic links followed.
        path: PathBuf,
        /// The directory it lies in.
        directory: PathBuf,
    },

    /// A group that is not the directory owner's own may replace the file.
    #[error(
        "the directory `{}` of `{}` can be written by the group `{group}`",
        directory.display(), path.display()
    )]
    DirectoryGroup {
        /// The file itself, symbolic links followed.
        path: PathBuf,
        /// The directory it lies in.
        directory: PathBuf,
        /// The group's name, or its number when it has none.
        group: String,
    },
}

impl PermissionError {
    /// The system's own error, when the file could not be opened at all.
    #[must_use]
    pub fn kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Open { source, .. } => Some(source.kind()),
            _ => None,
        }
    }

    /// What the user can do about it, as one imperative sentence.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Open { .. } => None,
            Self::Owner { path, user, .. } => {
                let path = quoted(path);
                Some(format!("read `{path}`, and if it is yours run `sudo chown {user} {path}`"))
            }
            Self::Everyone { path } | Self::Group { path, .. } => Some(format!("run `chmod go-w {}`", quoted(path))),
            Self::DirectoryEveryone { directory, .. } | Self::DirectoryGroup { directory, .. } => {
                Some(format!("run `chmod go-w {}`, or move the file to a directory of your own", quoted(directory)))
            }
        }
    }
}

/// Renders a path so that a shell reads it as one word.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    // Quoting fails on a NUL alone, and no path of an existing file holds one.
    shlex::try_quote(&text).unwrap_or(Cow::Borrowed("FILE")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_spaces_is_quoted_in_the_command() {
        let error = PermissionError::Everyone { path: "/home/joe/my ca.pem".into() };
        assert_eq!(error.to_string(), "`/home/joe/my ca.pem` can be written by everyone");
        assert_eq!(error.hint().as_deref(), Some("run `chmod go-w '/home/joe/my ca.pem'`"));
    }

    #[test]
    fn the_directory_is_what_the_command_changes() {
        let error = PermissionError::DirectoryGroup {
            path: "/srv/team/config.toml".into(),
            directory: "/srv/team".into(),
            group: "team".into(),
        };
        assert_eq!(
            error.to_string(),
            "the directory `/srv/team` of `/srv/team/config.toml` can be written by the group `team`"
        );
        assert_eq!(
            error.hint().as_deref(),
            Some("run `chmod go-w /srv/team`, or move the file to a directory of your own")
        );
    }

    #[test]
    fn a_foreign_file_is_read_before_it_is_taken_over() {
        let error = PermissionError::Owner { path: "/tmp/c.toml".into(), owner: 1001, user: 1000 };
        assert_eq!(error.to_string(), "`/tmp/c.toml` belongs to user id `1001`, not to you or root");
        assert_eq!(
            error.hint().as_deref(),
            Some("read `/tmp/c.toml`, and if it is yours run `sudo chown 1000 /tmp/c.toml`")
        );
    }
}
