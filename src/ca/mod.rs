//! Decides which root certificates a target trusts, checks them and hands them to the client.
//!
//! Nothing here takes part in verification: the client verifies. What is checked here would
//! otherwise be refused by the client later, in worse words and after a token was made.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::cache::Cache;
use crate::endpoint::{self, Kind};
use crate::error::ca::CaError;
use crate::handover::SealedFile;
use crate::target::{Target, Trust};

pub use builtin::{Listed, builtin_list};

mod builtin;
pub mod bundle;
mod file;
mod system;

/// Which root certificates a target trusts, as decided by the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaChoice {
    /// Amazon's own, compiled in.
    BuiltIn(BuiltIn),
    /// Those of the operating system.
    System,
    /// Those in a file named by the user.
    File(PathBuf),
}

/// Which of the built-in roots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuiltIn {
    /// The RDS roots of one region.
    Region(String),
    /// The RDS roots of all regions: an Aurora global writer endpoint may move between them.
    AllRegions,
    /// The Amazon Trust Services roots, to which certificates of RDS Proxy lead.
    Proxy,
}

/// Root certificates that were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// A file, named by its absolute path.
    File(PathBuf),
    /// Certificates that are compiled in.
    Bytes {
        /// PEM blocks with a comment line before each.
        pem: &'static [u8],
        /// For people: `3 built-in roots of us-west-2`.
        what: String,
    },
}

/// The file from which the client reads its root certificates.
///
/// It must be kept until `exec`.
#[derive(Debug)]
pub struct CaFile {
    /// What goes into `sslrootcert` or `--ssl-ca`; always absolute.
    pub path: PathBuf,
    _keep: Option<SealedFile>,
}

/// What a target trusts: its profile's bundle, else Amazon's roots for the kind of endpoint it is.
#[must_use]
pub fn choice(target: &Target) -> CaChoice {
    match &target.trust {
        Trust::File(path) => CaChoice::File(path.clone()),
        Trust::System => CaChoice::System,
        Trust::BuiltIn => CaChoice::BuiltIn(match endpoint::parse(target.host.as_str()).map(|e| e.kind) {
            Some(Kind::Proxy) => BuiltIn::Proxy,
            Some(Kind::GlobalWriter) => BuiltIn::AllRegions,
            Some(Kind::Instance | Kind::Cluster | Kind::ShardGroup) | None => {
                BuiltIn::Region(target.region.to_string())
            }
        }),
    }
}

/// Finds and checks the roots.
///
/// # Errors
///
/// [`CaError`].
pub fn load(choice: &CaChoice, now: SystemTime) -> Result<Roots, CaError> {
    match choice {
        CaChoice::BuiltIn(which) => builtin::select(which),
        CaChoice::File(path) => file::check(path, now).map(Roots::File),
        CaChoice::System => file::check(&system::find()?, now).map(Roots::File),
    }
}

/// What the roots are, when no path says it.
#[must_use]
pub fn describe(roots: &Roots) -> Option<String> {
    match roots {
        Roots::File(_) => None,
        Roots::Bytes { what, .. } => Some(what.clone()),
    }
}

/// What the roots are, how many, and the day on which the first of them expires.
#[must_use]
pub fn outlook(roots: &Roots, now: SystemTime) -> (String, (usize, Option<String>)) {
    match roots {
        Roots::File(path) => {
            (path.display().to_string(), bundle::outlook(&std::fs::read(path).unwrap_or_default(), now))
        }
        Roots::Bytes { pem, what } => (what.clone(), bundle::outlook(pem, now)),
    }
}

/// Makes the roots available to the client under a path.
///
/// Bytes go into a sealed file in memory, so that what was checked is what is used. Where there
/// is no such file, or `/dev/fd` is not mounted, they go into a file below `cache_dir`.
///
/// # Errors
///
/// [`CaError`], when that file is needed and cannot be written safely.
pub fn hand_over(roots: Roots, cache_dir: Option<&Path>) -> Result<CaFile, CaError> {
    match roots {
        Roots::File(path) => Ok(CaFile { path, _keep: None }),
        Roots::Bytes { pem, .. } => hand_over_bytes(pem, cache_dir),
    }
}

/// The roots in a file that stays, for programs that are started later.
///
/// # Errors
///
/// [`CaError`], when that file cannot be written safely; [`CaError::NoCache`] without a directory.
pub fn keep(roots: Roots, cache_dir: Option<&Path>) -> Result<PathBuf, CaError> {
    match roots {
        Roots::File(path) => Ok(path),
        Roots::Bytes { pem, .. } => keep_bytes(pem, cache_dir),
    }
}

fn hand_over_bytes(pem: &[u8], cache_dir: Option<&Path>) -> Result<CaFile, CaError> {
    let sealed = SealedFile::new("rdsconnect-ca", pem).ok().filter(SealedFile::works);
    let path = match &sealed {
        Some(file) => file.path(),
        None => keep_bytes(pem, cache_dir)?,
    };
    Ok(CaFile { path, _keep: sealed })
}

fn keep_bytes(pem: &[u8], cache_dir: Option<&Path>) -> Result<PathBuf, CaError> {
    Ok(Cache::open(cache_dir.ok_or(CaError::NoCache)?)?.keep("roots", "pem", pem)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn built_in_roots_never_touch_the_disk_on_linux() {
        let dir = tempfile::tempdir().unwrap();
        let choice = CaChoice::BuiltIn(BuiltIn::Region("us-west-2".into()));
        let roots = load(&choice, SystemTime::now()).unwrap();
        let Roots::Bytes { pem, .. } = roots.clone() else { panic!("{roots:?}") };
        let file = hand_over(roots, Some(&dir.path().join("cache"))).unwrap();
        assert!(file.path.starts_with("/dev/fd"), "{:?}", file.path);
        assert_eq!(std::fs::read(&file.path).unwrap(), pem);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_file_is_handed_over_by_its_path() {
        let file = hand_over(Roots::File("/etc/ca.pem".into()), None).unwrap();
        assert_eq!(file.path, Path::new("/etc/ca.pem"));
    }
}
