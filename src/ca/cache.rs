//! Keeps built-in roots in a file of the user's own, where the client cannot read a descriptor.
//!
//! The file's name is no promise: its contents are compared with what is wanted on every use.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::error::ca::CaError;

/// Makes sure that a file with exactly these contents lies in the directory, and names it.
///
/// The directory is made when it is missing. Concurrent calls are safe: a file appears whole or
/// not at all.
///
/// # Errors
///
/// [`CaError::Cache`], and [`CaError::CacheOwner`], [`CaError::CacheOpen`] or
/// [`CaError::CacheShared`] when others could change the file.
pub fn store(directory: &Path, contents: &[u8]) -> Result<PathBuf, CaError> {
    let failed = |source| CaError::Cache { path: directory.into(), source };
    DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(failed)?;
    let directory = fs::canonicalize(directory).map_err(failed)?;
    check_directory(&directory)?;

    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    let path = directory.join(format!("roots-{:016x}.pem", hasher.finish()));
    if !holds(&path, contents) {
        replace(&path, contents).map_err(|source| CaError::Cache { path: path.clone(), source })?;
    }
    Ok(path)
}

fn check_directory(directory: &Path) -> Result<(), CaError> {
    let facts = |path: &Path| fs::metadata(path).map_err(|source| CaError::Cache { path: path.into(), source });
    let path = directory.to_path_buf();
    let found = facts(directory)?;
    if found.uid() != rustix::process::getuid().as_raw() {
        return Err(CaError::CacheOwner { path, owner: found.uid() });
    }
    if found.mode() & 0o022 != 0 {
        return Err(CaError::CacheOpen { path });
    }
    let around = directory.parent().map(facts).transpose()?;
    if around.is_some_and(|around| around.mode() & 0o002 != 0) {
        return Err(CaError::CacheShared { path });
    }
    Ok(())
}

/// Tells whether the file is ours alone and holds exactly these contents.
fn holds(path: &Path, contents: &[u8]) -> bool {
    let attempt = || -> io::Result<bool> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
        let facts = file.metadata()?;
        let ours = facts.uid() == rustix::process::getuid().as_raw();
        if !facts.is_file() || !ours || facts.mode() & 0o077 != 0 {
            return Ok(false);
        }
        let mut found = Vec::with_capacity(contents.len() + 1);
        file.take(contents.len() as u64 + 1).read_to_end(&mut found)?;
        Ok(found == contents)
    };
    attempt().unwrap_or(false)
}

/// Writes the contents beside the file and renames the result over it.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let (mut file, temporary) = beside(path)?;
    let mut write = || -> io::Result<()> {
        // The mode given at creation was narrowed by the umask, perhaps to nothing.
        file.set_permissions(Permissions::from_mode(0o600))?;
        file.write_all(contents)?;
        fs::rename(&temporary, path)
    };
    write().inspect_err(|_| {
        // It is of no use to anybody; the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    })
}

/// Makes a new file in the same directory, under a name that nobody has.
fn beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let process = std::process::id();
    for attempt in 0..u16::MAX {
        let temporary = path.with_extension(format!("{process}-{attempt}.tmp"));
        match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (file, temporary)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests;
