//! Under which account a server runs: our own, or as root a powerless one, because servers refuse to be root.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// A numeric user and group, or nothing when the server simply runs as we do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account(Option<(u32, u32)>);

impl Account {
    /// The first of `names` that exists, when the owner of `ours` (a file just made) is root.
    pub(crate) fn of_server(ours: &Path, names: &[&str]) -> Result<Self, String> {
        let owner = fs::metadata(ours).map_err(|error| error.to_string())?.uid();
        if owner != 0 {
            return Ok(Self(None));
        }
        names
            .iter()
            .find_map(|name| Some((id("-u", name)?, id("-g", name)?)))
            .map(|ids| Self(Some(ids)))
            .ok_or_else(|| format!("as root, one of the users {} is needed", names.join(", ")))
    }

    /// Our own, whatever it is.
    pub(crate) fn ours() -> Self {
        Self(None)
    }

    /// Whether it is an account other than ours.
    pub(crate) fn is_another(self) -> bool {
        self.0.is_some()
    }

    /// Makes `command` run under this account (std also drops the supplementary groups then).
    pub(crate) fn applied_to(self, command: &mut Command) {
        if let Self(Some((user, group))) = self {
            command.uid(user).gid(group);
        }
    }

    /// Hands a file or directory over to this account.
    pub(crate) fn own(self, path: &Path) -> Result<(), String> {
        let Self(Some((user, group))) = self else { return Ok(()) };
        chown(path, Some(user), Some(group))
            .map_err(|error| format!("could not give `{}` away: {error}", path.display()))
    }
}

fn id(which: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([which, name]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
