//! `Stage`: a home directory with a profile file, and an environment in which little but rdsconnect is found.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _, symlink};
use std::path::Path;

use tempfile::TempDir;

/// Where the profile file is, from the home directory.
pub(crate) const CONFIG: &str = ".config/rdsconnect/config.toml";

/// Where the home is. Both paths have the same length, so that what is shown of them looks the same.
#[derive(Clone, Copy)]
pub(crate) enum Home {
    /// `/tmp/jane`, which the pictures show, and which can only be there once.
    Jane,
    /// As many as there have to be.
    Random,
}

pub(crate) struct Stage {
    home: TempDir,
    variables: BTreeMap<OsString, OsString>,
}

impl Stage {
    /// A home with a profile file; `program` is found as `rdsconnect`, before the system's programs.
    pub(crate) fn set(home: Home, program: &Path, profiles: &str) -> Result<Self, String> {
        let mut named = tempfile::Builder::new();
        match home {
            Home::Jane => named.prefix("jane").rand_bytes(0),
            Home::Random => named.prefix("").rand_bytes(4),
        };
        // Not TMPDIR, which is another path on every machine.
        let home = named.tempdir_in("/tmp").map_err(|error| format!("could not make a home: {error}"))?;
        let told = |error| format!("could not prepare `{}`: {error}", home.path().display());
        let (bin, config) = (home.path().join("bin"), home.path().join(CONFIG));
        fs::create_dir(&bin).and_then(|()| symlink(program, bin.join("rdsconnect"))).map_err(told)?;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(config.parent().unwrap_or(home.path()))
            .and_then(|()| fs::write(&config, profiles))
            .and_then(|()| fs::set_permissions(&config, Permissions::from_mode(0o600)))
            .map_err(told)?;
        let mut path = bin.into_os_string();
        path.push(":/usr/local/bin:/usr/bin:/bin");
        let variables = BTreeMap::from([
            ("PATH".into(), path),
            ("HOME".into(), home.path().into()),
            ("LC_ALL".into(), "C.UTF-8".into()),
            ("AWS_EC2_METADATA_DISABLED".into(), "true".into()),
        ]);
        Ok(Self { home, variables })
    }

    pub(crate) fn variable(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.variables.insert(name.into(), value.into());
    }

    pub(crate) fn variables(&self) -> &BTreeMap<OsString, OsString> {
        &self.variables
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }
}
