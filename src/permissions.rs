//! Judges whether anybody but the user could change a file that decides where a launch goes.
//!
//! The judgement is pure; only [`open`], [`inspect`] and [`Accounts::read`] look at the system.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use crate::error::permissions::PermissionError;

pub use accounts::Accounts;

mod accounts;

const GROUP_WRITE: u32 = 0o020;
const EVERYONE_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// How strictly a file is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Refused when everyone can write to it or replace it: a CA bundle, a client program.
    Everyone,
    /// Also refused when it belongs to somebody else, or when a group other than the owner's
    /// private one can write to it or replace it: a profile file.
    ///
    /// This is the rule of OpenSSH as Debian ships it (patch `user-group-modes`), so that files
    /// made under a umask of 002 pass where every user has a group of their own.
    Owned,
}

/// Owner, group and mode of a file or directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// The owner's number.
    pub uid: u32,
    /// The group's number.
    pub gid: u32,
    /// The mode; bits above 0o7777 are ignored.
    pub mode: u32,
}

impl From<&Metadata> for FileFacts {
    fn from(metadata: &Metadata) -> Self {
        Self { uid: metadata.uid(), gid: metadata.gid(), mode: metadata.mode() }
    }
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The file belongs to neither the user nor root.
    Owner,
    /// Everyone can write to the file.
    Everyone,
    /// A group that is not the file owner's own can write to the file.
    Group,
    /// Everyone can write to the directory, so that everyone can replace the file.
    DirectoryEveryone,
    /// A group that is not the directory owner's own can write to the directory.
    DirectoryGroup,
}

/// Judges a file, and the directory it lies in unless it lies in none (a pipe).
///
/// `user` is who runs this program. `accounts` is asked only when a group may write.
///
/// # Errors
///
/// The first problem found: the owner, then the file's mode, then the directory's.
pub fn judge(
    file: &FileFacts,
    directory: Option<&FileFacts>,
    rule: Rule,
    user: u32,
    accounts: &Accounts,
) -> Result<(), Problem> {
    let shared_group = |facts: &FileFacts| {
        rule == Rule::Owned && facts.mode & GROUP_WRITE != 0 && !accounts.is_private(facts.gid, facts.uid)
    };
    if rule == Rule::Owned && file.uid != user && file.uid != 0 {
        return Err(Problem::Owner);
    }
    if file.mode & EVERYONE_WRITE != 0 {
        return Err(Problem::Everyone);
    }
    if shared_group(file) {
        return Err(Problem::Group);
    }
    // In a sticky directory only the owner of a file, or of the directory, can replace it.
    let Some(directory) = directory.filter(|facts| facts.mode & STICKY == 0) else {
        return Ok(());
    };
    if directory.mode & EVERYONE_WRITE != 0 {
        return Err(Problem::DirectoryEveryone);
    }
    if shared_group(directory) {
        return Err(Problem::DirectoryGroup);
    }
    Ok(())
}

/// A file that is open for reading, with what there is to know about it.
#[derive(Debug)]
pub struct Opened {
    /// The open file; what is read from it is what was judged.
    pub file: File,
    /// What `fstat` says about the open file.
    pub metadata: Metadata,
    /// The file itself, symbolic links followed.
    pub path: PathBuf,
    directory: Option<Metadata>,
}

impl Opened {
    /// Judges the open file and its directory.
    ///
    /// # Errors
    ///
    /// [`PermissionError`], but never [`PermissionError::Open`].
    pub fn check(&self, rule: Rule) -> Result<(), PermissionError> {
        verdict(&self.path, &self.metadata, self.directory.as_ref(), rule)
    }
}

/// Opens a file for reading without waiting for a pipe's other end; judges nothing yet.
///
/// Symbolic links are resolved first, and the file is then opened by its own name. A pipe
/// (`/dev/fd/63`) has no name of its own: it is opened as given and lies in no directory.
///
/// # Errors
///
/// [`PermissionError::Open`].
pub fn open(path: &Path) -> Result<Opened, PermissionError> {
    let attempt = || -> io::Result<Opened> {
        match fs::canonicalize(path) {
            Ok(path) => {
                let file = open_waiting_for_nobody(&path, OFlags::NOFOLLOW)?;
                let metadata = file.metadata()?;
                let directory = path.parent().map(fs::metadata).transpose()?;
                Ok(Opened { file, metadata, path, directory })
            }
            Err(error) => {
                let file = open_waiting_for_nobody(path, OFlags::empty())?;
                let metadata = file.metadata()?;
                // A file with a name has a directory that must be judged: it came into being
                // only just now.
                if metadata.is_file() && metadata.nlink() > 0 {
                    return Err(error);
                }
                Ok(Opened { file, metadata, path: path.into(), directory: None })
            }
        }
    };
    attempt().map_err(|source| PermissionError::Open { path: path.into(), source })
}

/// Opens a file for reading and judges it.
///
/// # Errors
///
/// [`PermissionError`].
pub fn open_checked(path: &Path, rule: Rule) -> Result<Opened, PermissionError> {
    let opened = open(path)?;
    opened.check(rule)?;
    Ok(opened)
}

/// Judges a file that is not read by this program, and that the user may not even read.
///
/// A client program is such a file: it is executed by its name.
///
/// # Errors
///
/// [`PermissionError`]; [`PermissionError::Open`] when the file cannot be found.
pub fn inspect(path: &Path, rule: Rule) -> Result<(), PermissionError> {
    let attempt = || -> io::Result<_> {
        let own = fs::canonicalize(path)?;
        let metadata = fs::metadata(&own)?;
        let directory = own.parent().map(fs::metadata).transpose()?;
        Ok((own, metadata, directory))
    };
    let (own, metadata, directory) = attempt().map_err(|source| PermissionError::Open { path: path.into(), source })?;
    verdict(&own, &metadata, directory.as_ref(), rule)
}

fn open_waiting_for_nobody(path: &Path, flags: OFlags) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY | flags;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

fn verdict(path: &Path, metadata: &Metadata, directory: Option<&Metadata>, rule: Rule) -> Result<(), PermissionError> {
    let file = FileFacts::from(metadata);
    let around = directory.map(FileFacts::from);
    let groups_matter =
        rule == Rule::Owned && [Some(file), around].iter().flatten().any(|facts| facts.mode & GROUP_WRITE != 0);
    let accounts = if groups_matter { Accounts::read() } else { Accounts::default() };
    let user = rustix::process::getuid().as_raw();

    let path = path.to_path_buf();
    let parent = || path.parent().unwrap_or(&path).to_path_buf();
    let group = |facts: FileFacts| accounts.group_name(facts.gid);
    match judge(&file, around.as_ref(), rule, user, &accounts) {
        Ok(()) => Ok(()),
        Err(Problem::Owner) => Err(PermissionError::Owner { path, owner: file.uid, user }),
        Err(Problem::Everyone) => Err(PermissionError::Everyone { path }),
        Err(Problem::Group) => Err(PermissionError::Group { path, group: group(file) }),
        Err(Problem::DirectoryEveryone) => Err(PermissionError::DirectoryEveryone { directory: parent(), path }),
        Err(Problem::DirectoryGroup) => Err(PermissionError::DirectoryGroup {
            directory: parent(),
            group: around.map(group).unwrap_or_default(),
            path,
        }),
    }
}

#[cfg(test)]
mod tests;
