//! Lets RDS host names mean 127.0.0.1 for single child processes, without root and without /etc/hosts.

use std::fs;
use std::path::{Path, PathBuf};

/// A hosts file and the library (of Debian's `libnss-wrapper`) that makes a process read it.
#[derive(Debug)]
pub(crate) struct Names {
    library: PathBuf,
    hosts: PathBuf,
}

impl Names {
    /// Writes `dir/hosts` for all of `names`.
    pub(crate) fn create(dir: &Path, names: &[String]) -> Result<Self, String> {
        let library = library().ok_or(
            "libnss_wrapper.so is missing: install the Debian package libnss-wrapper \
             (it exists for Linux only)",
        )?;
        let hosts = dir.join("hosts");
        let lines: Vec<String> = names.iter().map(|name| format!("127.0.0.1 {name}\n")).collect();
        fs::write(&hosts, lines.concat()).map_err(|error| format!("could not write hosts: {error}"))?;
        Ok(Self { library, hosts })
    }

    /// The variables that a child needs to see the names.
    pub(crate) fn env(&self) -> Vec<(String, String)> {
        [("LD_PRELOAD", &self.library), ("NSS_WRAPPER_HOSTS", &self.hosts)]
            .map(|(name, path)| (name.to_owned(), path.display().to_string()))
            .into()
    }
}

fn library() -> Option<PathBuf> {
    let below: Vec<PathBuf> = fs::read_dir("/usr/lib")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    ["/usr/lib", "/usr/lib64", "/usr/local/lib"]
        .into_iter()
        .map(PathBuf::from)
        .chain(below)
        .map(|dir| dir.join("libnss_wrapper.so"))
        .find(|path| path.exists())
}
