//! Opens a CA bundle and checks what it holds.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::bundle::{self, Fault};
use crate::error::ca::CaError;
use crate::error::permissions::PermissionError;
use crate::permissions::{self, Rule};

/// The largest bundle that is read; Mozilla's whole list takes 0.2 MiB.
const LIMIT: u64 = 16 << 20;

/// Checks a bundle named by path and returns the path made absolute, symbolic links kept.
///
/// The client opens it again by that path. It may be a link on purpose, one that an update
/// changes; who could change it now was judged at its target.
pub(super) fn check(path: &Path, now: SystemTime) -> Result<PathBuf, CaError> {
    let path = std::path::absolute(path).map_err(|source| CaError::Unreadable { path: path.into(), source })?;
    let opened = match permissions::open(&path) {
        Ok(opened) => opened,
        Err(error) => return Err(unopened(path, error)),
    };
    if opened.metadata.is_dir() {
        return Err(CaError::Directory { path });
    }
    if !opened.metadata.is_file() {
        return Err(CaError::NotAFile { path });
    }
    if let Err(source) = opened.check(Rule::Everyone) {
        return Err(CaError::Unsafe { path, source });
    }
    let bytes = match read(opened.file, opened.metadata.len()) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            return Err(CaError::TooLarge { path, limit: LIMIT });
        }
        Err(source) => return Err(CaError::Unreadable { path, source }),
    };
    match bundle::check(&bytes, now) {
        Ok(_) => Ok(path),
        Err(Fault::Empty) => Err(CaError::Empty { path }),
        Err(Fault::NotPem { is_der }) => Err(CaError::NotPem { path, is_der }),
        Err(Fault::NoCertificate) => Err(CaError::NoCertificate { path }),
        Err(Fault::Damaged { line }) => Err(CaError::Damaged { path, line }),
        Err(Fault::Expired { last }) => Err(CaError::Expired { path, last }),
    }
}

fn unopened(path: PathBuf, error: PermissionError) -> CaError {
    match error {
        PermissionError::Open { source, .. } if source.kind() == ErrorKind::NotFound => CaError::Missing { path },
        // A socket, or a device without a driver, cannot be opened at all.
        PermissionError::Open { source, .. }
            if source.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) =>
        {
            CaError::NotAFile { path }
        }
        PermissionError::Open { source, .. } => CaError::Unreadable { path, source },
        source => CaError::Unsafe { path, source },
    }
}

/// Reads no more than the limit, whatever the size in the directory says.
fn read(file: File, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(LIMIT)).unwrap_or_default() + 1);
    file.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
