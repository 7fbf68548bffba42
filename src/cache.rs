//! The user's own cache directory: files that appear whole or not at all, and that count only when
//! nobody else could have written them.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::error::cache::CacheError;

/// A directory that is the user's alone.
#[derive(Debug)]
pub struct Cache {
    directory: PathBuf,
}

impl Cache {
    /// Opens the directory. It and the one around it are made when they are missing, but no more: a
    /// home that does not exist, such as the `/nonexistent` of a service, is not for us to make.
    ///
    /// # Errors
    ///
    /// [`CacheError`], when it cannot be made or others could change what is in it.
    pub fn open(directory: &Path) -> Result<Self, CacheError> {
        let failed = |source| CacheError::Write { path: directory.into(), source };
        make(directory).map_err(failed)?;
        let directory = fs::canonicalize(directory).map_err(failed)?;
        check(&directory)?;
        Ok(Self { directory })
    }

    /// Makes sure that a file with exactly these contents is there, and names it. What the name
    /// says is no promise: the contents are compared on every use.
    ///
    /// # Errors
    ///
    /// [`CacheError::Write`].
    pub fn keep(&self, name: &str, ending: &str, contents: &[u8]) -> Result<PathBuf, CacheError> {
        let path = self.directory.join(format!("{name}-{}.{ending}", hash(contents)));
        if self::read(&path, contents.len() as u64).is_none_or(|found| found != contents) {
            write(&path, contents)?;
        }
        Ok(path)
    }

    /// What was last written for a key, if it is no longer than `limit`. The caller sees to it that
    /// it is for that key: two may share a file.
    #[must_use]
    pub fn read(&self, name: &str, key: &[u8], limit: u64) -> Option<Vec<u8>> {
        read(&self.of_key(name, key), limit)
    }

    /// Writes what is to be read for a key.
    ///
    /// # Errors
    ///
    /// [`CacheError::Write`].
    pub fn write(&self, name: &str, key: &[u8], contents: &[u8]) -> Result<(), CacheError> {
        write(&self.of_key(name, key), contents)
    }

    fn of_key(&self, name: &str, key: &[u8]) -> PathBuf {
        self.directory.join(format!("{name}-{}.json", hash(key)))
    }
}

/// Makes the directory, and the one around it, unless they are there.
fn make(directory: &Path) -> io::Result<()> {
    let one = |directory: &Path| match DirBuilder::new().mode(0o700).create(directory) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        result => result,
    };
    match (one(directory), directory.parent()) {
        (Err(error), Some(around)) if error.kind() == ErrorKind::NotFound => {
            one(around)?;
            one(directory)
        }
        (result, _) => result,
    }
}

/// For the names of files. Two may share one, so what is in a file says what it is for.
fn hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn check(directory: &Path) -> Result<(), CacheError> {
    let facts = |path: &Path| fs::metadata(path).map_err(|source| CacheError::Write { path: path.into(), source });
    let path = directory.to_path_buf();
    let found = facts(directory)?;
    if found.uid() != rustix::process::getuid().as_raw() {
        return Err(CacheError::Owner { path, owner: found.uid() });
    }
    if found.mode() & 0o022 != 0 {
        return Err(CacheError::Open { path });
    }
    let around = directory.parent().map(facts).transpose()?;
    // Whoever owns the one around it, or may write to it, can put another in its place.
    let foreign = |uid| uid != 0 && uid != rustix::process::getuid().as_raw();
    if around.is_some_and(|around| around.mode() & 0o002 != 0 || foreign(around.uid())) {
        return Err(CacheError::Shared { path });
    }
    Ok(())
}

/// A file that is ours alone and no longer than `limit`.
fn read(path: &Path, limit: u64) -> Option<Vec<u8>> {
    let attempt = || -> io::Result<Option<Vec<u8>>> {
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)?;
        let facts = file.metadata()?;
        let ours = facts.uid() == rustix::process::getuid().as_raw();
        if !facts.is_file() || !ours || facts.mode() & 0o077 != 0 || facts.len() > limit {
            return Ok(None);
        }
        let mut found = Vec::new();
        file.take(limit + 1).read_to_end(&mut found)?;
        Ok((found.len() as u64 <= limit).then_some(found))
    };
    attempt().unwrap_or(None)
}

/// Writes the contents beside the file and renames the result over it.
fn write(path: &Path, contents: &[u8]) -> Result<(), CacheError> {
    let attempt = || -> io::Result<()> {
        let directory = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::Builder::new().suffix(".tmp").tempfile_in(directory)?;
        // The mode given at creation was narrowed by the umask, perhaps to nothing.
        file.as_file().set_permissions(Permissions::from_mode(0o600))?;
        // Without the random name, which says nothing, in the error.
        file.as_file_mut().write_all(contents)?;
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    attempt().map_err(|source| CacheError::Write { path: path.into(), source })
}

#[cfg(test)]
mod tests;
