//! Finds the operating system's root certificates as a concrete file.
//!
//! `SSL_CERT_FILE` and `SSL_CERT_DIR` are not asked: whoever sets a variable must not choose whom
//! the client trusts. Leaving the option out is no way either: `MariaDB` 11.8 then trusts
//! anybody.

use std::path::{Path, PathBuf};

use crate::error::ca::CaError;

/// Where systems keep their bundle, with one that has it.
const PLACES: [&str; 9] = [
    // Debian, Ubuntu, Arch, Alpine, Gentoo, NixOS
    "/etc/ssl/certs/ca-certificates.crt",
    // Fedora, RHEL and their relatives; the second since RHEL 7
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    // SUSE
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    // macOS, FreeBSD, OpenBSD, Alpine
    "/etc/ssl/cert.pem",
    // FreeBSD's ca_root_nss
    "/usr/local/share/certs/ca-root-nss.crt",
    // Homebrew, on Apple's own processors and on Intel's
    "/opt/homebrew/etc/ca-certificates/cert.pem",
    "/usr/local/etc/ca-certificates/cert.pem",
];

/// The first of the usual places where there is something.
pub(super) fn find() -> Result<PathBuf, CaError> {
    first(Path::new("/"))
}

fn first(root: &Path) -> Result<PathBuf, CaError> {
    let places = || PLACES.iter().map(|place| root.join(place.trim_start_matches('/')));
    places().find(|path| path.exists()).ok_or_else(|| CaError::NoSystemStore { looked: places().collect() })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_first_that_exists_is_taken() {
        let dir = tempfile::tempdir().unwrap();
        for place in ["etc/ssl/cert.pem", "etc/ssl/ca-bundle.pem"] {
            let path = dir.path().join(place);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            assert_eq!(first(dir.path()).unwrap(), path);
        }
    }

    #[test]
    fn a_machine_without_any_tells_where_it_looked() {
        let dir = tempfile::tempdir().unwrap();
        match first(dir.path()) {
            Err(CaError::NoSystemStore { looked }) => {
                assert_eq!(looked.len(), PLACES.len());
                assert_eq!(looked[0], dir.path().join("etc/ssl/certs/ca-certificates.crt"));
            }
            other => panic!("{other:?}"),
        }
    }
}
