//! `TokenFile`: the descriptor that hands the token to the client. Its number is part of the
//! launch; its content comes last.

use super::{Pipe, ReadEnd, ReservedFile, SealedFile};
use crate::secret::Secret;
use std::io;
use std::path::PathBuf;

/// The descriptor, still empty.
#[derive(Debug)]
pub enum TokenFile {
    /// Can be read once: whoever the client starts finds it drained.
    Pipe(Pipe),
    /// Can be read again, by the client and by its children.
    Sealed(ReservedFile),
}

/// The descriptor, filled. It must be kept until `exec`.
#[derive(Debug)]
pub enum FilledTokenFile {
    /// The end that the client reads.
    Pipe(ReadEnd),
    /// The sealed file.
    Sealed(SealedFile),
}

impl TokenFile {
    /// A descriptor that can be read once.
    ///
    /// # Errors
    /// Those of the system.
    pub fn pipe() -> io::Result<Self> {
        Pipe::new().map(Self::Pipe)
    }

    /// A descriptor that can be read again (Linux).
    ///
    /// # Errors
    /// Those of the system.
    pub fn sealed() -> io::Result<Self> {
        SealedFile::reserve("rdsconnect-token").map(Self::Sealed)
    }

    /// The name by which the client opens it.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match self {
            Self::Pipe(pipe) => pipe.path(),
            Self::Sealed(file) => file.path(),
        }
    }

    /// Tells whether the path really leads to the descriptor.
    #[must_use]
    pub fn works(&self) -> bool {
        match self {
            Self::Pipe(pipe) => pipe.works(),
            Self::Sealed(file) => file.works(),
        }
    }

    /// Puts the token in and lets the descriptor outlive `exec`.
    ///
    /// # Errors
    /// Those of the system.
    pub fn fill(self, content: &Secret) -> io::Result<FilledTokenFile> {
        let bytes = content.expose().as_bytes();
        match self {
            Self::Pipe(pipe) => pipe.fill(bytes).map(FilledTokenFile::Pipe),
            Self::Sealed(file) => file.fill_and_seal(bytes).map(FilledTokenFile::Sealed),
        }
    }
}
