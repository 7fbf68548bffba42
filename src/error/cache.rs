//! Why the user's cache directory cannot be used.

use super::permissions::quoted;
use std::io;
use std::path::PathBuf;

/// Why nothing can be kept in the cache directory.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// A file or the directory cannot be written.
    #[error("could not write to the cache `{}`", path.display())]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// Why the system refused.
        source: io::Error,
    },

    /// The directory belongs to somebody else.
    #[error("cache directory `{}` belongs to user id `{owner}`, not to you", path.display())]
    Owner {
        /// The directory.
        path: PathBuf,
        /// The owner's number.
        owner: u32,
    },

    /// Others may write to the directory.
    #[error("cache directory `{}` can be written by others", path.display())]
    Open {
        /// The directory.
        path: PathBuf,
    },

    /// The directory lies in one that everyone may write to, or that belongs to another user.
    #[error("cache directory `{}` lies in a directory of others", path.display())]
    Shared {
        /// The directory.
        path: PathBuf,
    },
}

impl CacheError {
    /// What the user can do about it, as one imperative sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Write { .. } | Self::Owner { .. } | Self::Shared { .. } => {
                "let `XDG_CACHE_HOME` name a directory that only you can write to".into()
            }
            Self::Open { path } => format!("run `chmod go-w {}`", quoted(path)),
        }
    }
}
