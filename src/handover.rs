//! Descriptors that outlive `exec`, through which the client reads what must not lie in a file.
//!
//! Nothing else in the program leaves a descriptor open for the client. All of them are numbered
//! 3 or higher: 0, 1 and 2 are the client's own input and output, even if they were closed.

mod token;

pub use token::{FilledTokenFile, TokenFile};

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::io::{Errno, FdFlags};

/// The lowest number that a descriptor handed over may have.
const LOWEST: RawFd = 3;

/// A file in memory that nobody can change any more.
///
/// Linux only: elsewhere [`SealedFile::new`] fails with [`ErrorKind::Unsupported`]. Whoever opens
/// its path reads from the beginning, as often as wanted; so can every child of the client.
#[derive(Debug)]
pub struct SealedFile {
    descriptor: OwnedFd,
}

/// The empty file behind a number that is already known, filled later.
///
/// Until it is filled, no program started meanwhile inherits it.
#[derive(Debug)]
pub struct ReservedFile {
    descriptor: OwnedFd,
}

impl SealedFile {
    /// Makes a file of mode 0600 with the given contents, seals it and lets it outlive `exec`.
    ///
    /// `name` is for people who look at `/proc`; it need not be unique.
    ///
    /// # Errors
    ///
    /// Those of the system; the kernel may lack `memfd_create` or a sandbox may forbid it.
    pub fn new(name: &str, bytes: &[u8]) -> io::Result<Self> {
        Self::reserve(name)?.fill_and_seal(bytes)
    }

    /// Makes the file without its contents, so that its path can be used in arguments first.
    ///
    /// # Errors
    ///
    /// As for [`SealedFile::new`].
    pub fn reserve(name: &str) -> io::Result<ReservedFile> {
        let descriptor = at_least(memory::file(name)?, LOWEST)?;
        // The mode is 0777 at first, which MariaDB and libpq refuse for option and password files.
        rustix::fs::fchmod(&descriptor, rustix::fs::Mode::from_raw_mode(0o600))?;
        Ok(ReservedFile { descriptor })
    }

    /// The name by which the client opens the file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        path_of(&self.descriptor)
    }

    /// Tells whether the path really leads to this file: `/dev/fd` may be missing in a container.
    #[must_use]
    pub fn works(&self) -> bool {
        leads_to(&self.path(), &self.descriptor)
    }
}

impl ReservedFile {
    /// The name by which the client will open the file.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        path_of(&self.descriptor)
    }

    /// Tells whether the path really leads to this file.
    #[must_use]
    pub fn works(&self) -> bool {
        leads_to(&self.path(), &self.descriptor)
    }

    /// Writes the contents, seals the file and lets it outlive `exec`.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn fill_and_seal(self, bytes: &[u8]) -> io::Result<SealedFile> {
        let mut file = File::from(self.descriptor);
        file.write_all(bytes)?;
        memory::seal(&file)?;
        let descriptor = OwnedFd::from(file);
        outlive_exec(&descriptor)?;
        Ok(SealedFile { descriptor })
    }
}

/// A pipe that is filled before the client starts, and that can be read only once.
#[derive(Debug)]
pub struct Pipe {
    reader: OwnedFd,
    writer: OwnedFd,
}

/// The end of a filled pipe that the client reads.
///
/// It must be kept until `exec`; dropping it closes it.
#[derive(Debug)]
pub struct ReadEnd {
    descriptor: OwnedFd,
}

impl Pipe {
    /// Makes an empty pipe; until it is filled, no program started meanwhile inherits it.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn new() -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        Ok(Self { reader: at_least(reader.into(), LOWEST)?, writer: at_least(writer.into(), LOWEST)? })
    }

    /// The name by which the client will open the reading end.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        path_of(&self.reader)
    }

    /// Tells whether the path really leads to this pipe: `/dev/fd` may be missing in a container.
    #[must_use]
    pub fn works(&self) -> bool {
        leads_to(&self.path(), &self.reader)
    }

    /// Writes everything, closes the writing end and lets the reading end outlive `exec`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::FileTooLarge`] when the pipe cannot hold it all: nobody reads yet, so that
    /// waiting would be for ever. A pipe holds 64 KiB on Linux, but only 4 KiB for a user with
    /// very many pipes. Also those of the system.
    pub fn fill(self, bytes: &[u8]) -> io::Result<ReadEnd> {
        let flags = rustix::fs::fcntl_getfl(&self.writer)?;
        rustix::fs::fcntl_setfl(&self.writer, flags | OFlags::NONBLOCK)?;
        let mut writer = File::from(self.writer);
        writer.write_all(bytes).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock => ErrorKind::FileTooLarge.into(),
            _ => error,
        })?;
        drop(writer);
        outlive_exec(&self.reader)?;
        Ok(ReadEnd { descriptor: self.reader })
    }
}

impl ReadEnd {
    /// The name by which the client opens the pipe.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        path_of(&self.descriptor)
    }
}

/// Moves a descriptor up when its number is below `lowest`.
fn at_least(descriptor: OwnedFd, lowest: RawFd) -> io::Result<OwnedFd> {
    if descriptor.as_raw_fd() >= lowest {
        return Ok(descriptor);
    }
    Ok(rustix::io::fcntl_dupfd_cloexec(&descriptor, lowest)?)
}

fn outlive_exec(descriptor: &OwnedFd) -> io::Result<()> {
    let flags = rustix::io::fcntl_getfd(descriptor)?;
    Ok(rustix::io::fcntl_setfd(descriptor, flags - FdFlags::CLOEXEC)?)
}

fn path_of(descriptor: &OwnedFd) -> PathBuf {
    format!("/dev/fd/{}", descriptor.as_raw_fd()).into()
}

/// Opens the path once and compares what was found with the descriptor.
fn leads_to(path: &Path, descriptor: &OwnedFd) -> bool {
    let same = || -> io::Result<bool> {
        let found = match File::open(path) {
            // With no descriptor left for the trial, what the name leads to must do.
            Err(error) if error.raw_os_error() == Some(Errno::MFILE.raw_os_error()) => rustix::fs::stat(path)?,
            opened => rustix::fs::fstat(opened?.as_fd())?,
        };
        let own = rustix::fs::fstat(descriptor)?;
        Ok((found.st_dev, found.st_ino) == (own.st_dev, own.st_ino))
    };
    same().unwrap_or(false)
}

#[cfg(target_os = "linux")]
mod memory {
    //! Sealed files in memory.

    use std::fs::File;
    use std::io;
    use std::os::fd::OwnedFd;

    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use rustix::io::Errno;

    pub(super) fn file(name: &str) -> io::Result<OwnedFd> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        // With `vm.memfd_noexec=2` only files that cannot be executed are allowed; kernels before
        // 6.3 do not know the flag.
        match memfd_create(name, flags | MemfdFlags::NOEXEC_SEAL) {
            Err(Errno::INVAL) => Ok(memfd_create(name, flags)?),
            made => Ok(made?),
        }
    }

    pub(super) fn seal(file: &File) -> io::Result<()> {
        let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
        Ok(fcntl_add_seals(file, seals)?)
    }
}

#[cfg(not(target_os = "linux"))]
mod memory {
    //! Stands in where there are no sealed files.

    use std::fs::File;
    use std::io::{self, ErrorKind};
    use std::os::fd::OwnedFd;

    pub(super) fn file(_name: &str) -> io::Result<OwnedFd> {
        Err(ErrorKind::Unsupported.into())
    }

    pub(super) fn seal(_file: &File) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests;
