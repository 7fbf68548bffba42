//! What can be wrong with the root certificates of a target.

use std::io;
use std::path::{Path, PathBuf};

use super::cache::CacheError;
use super::permissions::{PermissionError, quoted};

/// The root certificates cannot be used, or cannot be handed to the client.
#[derive(Debug, thiserror::Error)]
pub enum CaError {
    /// No roots for this region are compiled in.
    #[error("there are no built-in root certificates for the region `{region}`")]
    NotBuiltIn {
        /// The region.
        region: String,
        /// Where Amazon publishes the bundle of this region, if that is known.
        url: Option<String>,
    },

    /// There is no place for a file with the built-in roots.
    #[error("no place to keep the root certificates: neither `XDG_CACHE_HOME` nor `HOME` is set")]
    NoCache,

    /// The bundle does not exist.
    #[error("CA bundle `{}` does not exist", path.display())]
    Missing {
        /// The bundle.
        path: PathBuf,
    },

    /// The bundle exists and cannot be read.
    #[error("could not read CA bundle `{}`", path.display())]
    Unreadable {
        /// The bundle.
        path: PathBuf,
        /// Why the system refused.
        source: io::Error,
    },

    /// The bundle is a directory.
    #[error("CA bundle `{}` is a directory", path.display())]
    Directory {
        /// The bundle.
        path: PathBuf,
    },

    /// The bundle is a pipe, a socket or a device, which the client could not read again.
    #[error("CA bundle `{}` is not a regular file", path.display())]
    NotAFile {
        /// The bundle.
        path: PathBuf,
    },

    /// Others than the user may change the bundle.
    #[error("CA bundle `{}` is not safe to use", path.display())]
    Unsafe {
        /// The bundle.
        path: PathBuf,
        /// Who may change it.
        source: PermissionError,
    },

    /// The bundle is larger than any real one.
    #[error("CA bundle `{}` is larger than {} MiB", path.display(), limit >> 20)]
    TooLarge {
        /// The bundle.
        path: PathBuf,
        /// The largest size accepted, in bytes.
        limit: u64,
    },

    /// The bundle holds nothing.
    #[error("CA bundle `{}` is empty", path.display())]
    Empty {
        /// The bundle.
        path: PathBuf,
    },

    /// The bundle holds no PEM block at all.
    #[error("CA bundle `{}` is not a PEM file", path.display())]
    NotPem {
        /// The bundle.
        path: PathBuf,
        /// Whether it looks like one certificate in binary form.
        is_der: bool,
    },

    /// The bundle holds PEM blocks, none of which is a certificate.
    #[error("CA bundle `{}` contains no certificate", path.display())]
    NoCertificate {
        /// The bundle.
        path: PathBuf,
    },

    /// A certificate in the bundle cannot be decoded.
    #[error("the certificate at line {line} of CA bundle `{}` is damaged", path.display())]
    Damaged {
        /// The bundle.
        path: PathBuf,
        /// The line where the certificate begins, counted from 1.
        line: usize,
    },

    /// No certificate in the bundle is valid any more.
    #[error("every certificate in CA bundle `{}` has expired, the last one on {last}", path.display())]
    Expired {
        /// The bundle.
        path: PathBuf,
        /// The day on which the last one ended, as `2024-08-22`.
        last: String,
    },

    /// The platform keeps its trusted certificates in none of the usual places.
    #[error("found no file with the system's root certificates, looked at {}", listed(looked))]
    NoSystemStore {
        /// The files that do not exist.
        looked: Vec<PathBuf>,
    },

    /// The file that carries the built-in roots to the client.
    #[error(transparent)]
    Cache(#[from] CacheError),
}

impl CaError {
    /// What the user can do about it, as one imperative sentence.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NotBuiltIn { url: Some(url), .. } => {
                format!("download `{url}` and set `ca_bundle` to the file")
            }
            Self::NotBuiltIn { url: None, .. } => {
                "set `ca_bundle` to a file with the root certificates of that region".into()
            }
            Self::NoCache => "set `HOME`, or `ca_bundle` to a file with root certificates".into(),
            Self::Missing { .. } => "correct `ca_bundle`, or leave it out to use the built-in Amazon roots".into(),
            Self::Unreadable { path, source } => {
                return (source.kind() == io::ErrorKind::PermissionDenied)
                    .then(|| format!("make it readable, for example `chmod u+r {}`", quoted(path)));
            }
            Self::Directory { .. } => "set `ca_bundle` to a file in PEM form".into(),
            Self::NotAFile { .. } => "save the certificates in a file, because the client reads them once more".into(),
            Self::Unsafe { source, .. } => return source.hint(),
            Self::NotPem { path, is_der: true } => der_hint(path),
            Self::TooLarge { .. }
            | Self::Empty { .. }
            | Self::NotPem { is_der: false, .. }
            | Self::NoCertificate { .. } => {
                "set `ca_bundle` to a file with blocks that start with `-----BEGIN CERTIFICATE-----`".into()
            }
            Self::Damaged { .. } => "download or copy the bundle again".into(),
            Self::Expired { .. } => {
                "use a newer bundle, or leave `ca_bundle` out to use the built-in Amazon roots".into()
            }
            Self::NoSystemStore { .. } => "install the package `ca-certificates`, or set `ca_bundle` to a file".into(),
            Self::Cache(e) => return Some(e.hint()),
        };
        Some(text)
    }
}

fn der_hint(path: &Path) -> String {
    let path = quoted(path);
    format!("convert it with `openssl x509 -inform der -in {path} -out ca.pem`")
}

fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_that_is_not_built_in_names_the_source_and_the_key() {
        let url = "https://truststore.pki.rds.amazonaws.com/ap-east-2/ap-east-2-bundle.pem";
        let error = CaError::NotBuiltIn { region: "ap-east-2".into(), url: Some(url.into()) };
        assert_eq!(error.to_string(), "there are no built-in root certificates for the region `ap-east-2`");
        let hint = error.hint().unwrap();
        assert_eq!(hint, format!("download `{url}` and set `ca_bundle` to the file"));
    }

    #[test]
    fn an_unsafe_bundle_hands_on_the_command() {
        let path = PathBuf::from("/srv/ca.pem");
        let source = PermissionError::Everyone { path: path.clone() };
        let error = CaError::Unsafe { path, source };
        assert_eq!(error.hint().as_deref(), Some("run `chmod go-w /srv/ca.pem`"));
    }

    #[test]
    fn sizes_and_lists_read_well() {
        let error = CaError::TooLarge { path: "/dev/zero".into(), limit: 16 << 20 };
        assert_eq!(error.to_string(), "CA bundle `/dev/zero` is larger than 16 MiB");
        let error = CaError::NoSystemStore { looked: vec!["/a".into(), "/b".into()] };
        assert_eq!(error.to_string(), "found no file with the system's root certificates, looked at `/a`, `/b`");
    }
}
