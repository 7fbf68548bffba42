//! The AWS CLI's credential cache, `~/.aws/cli/cache`: read and written in botocore's format, so
//! that whoever has just used `aws` is not asked for an MFA code again, and the other way round.

use super::times;
use aws_credential_types::Credentials;
use serde_json::{Value, json};
use std::fs::{DirBuilder, File};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Credentials that end sooner are renewed, as botocore does; it is also the lifetime of a token.
pub(super) const ENOUGH: Duration = Duration::from_mins(15);

/// An entry is a few kilobytes.
const LIMIT: u64 = 1 << 20;

/// A directory of JSON files; none when the cache is switched off or there is no home.
#[derive(Debug)]
pub(super) struct Cache(Option<PathBuf>);

impl Cache {
    pub(super) fn new(directory: Option<PathBuf>) -> Self {
        Self(directory)
    }

    pub(super) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Credentials that last. What is damaged or over counts as absent, and is replaced later.
    pub(super) fn read(&self, key: &str, now: SystemTime) -> Option<Credentials> {
        let entry = read(&self.path(key)?)?;
        let credentials = decode(&entry)?;
        let lasts = credentials.expiry().is_some_and(|end| end >= now + ENOUGH);
        if lasts {
            tracing::debug!(key, "credentials out of the AWS CLI's cache");
        }
        lasts.then_some(credentials)
    }

    /// Writes an entry. That it cannot be written is no reason not to connect.
    pub(super) fn write(&self, key: &str, entry: &Value) {
        let Some(path) = self.path(key) else { return };
        if let Err(error) = replace(&path, entry) {
            tracing::info!(%error, "could not write the AWS CLI's cache");
        }
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        Some(self.0.as_ref()?.join(key).with_extension("json"))
    }
}

/// The entry of a role, as `AssumeRole` answers in Python.
pub(super) fn of_role(credentials: &Credentials, arn: &str, id: &str) -> Value {
    let account = arn.split(':').nth(4).unwrap_or_default();
    let end = credentials.expiry().map(times::text).unwrap_or_default();
    json!({
        // botocore writes the name of the time zone here, and `Z` for SSO.
        "Credentials": keys(credentials, &end.replace('Z', "UTC"), account),
        "AssumedRoleUser": { "AssumedRoleId": id, "Arn": arn },
    })
}

/// The entry of an SSO role.
pub(super) fn of_sso(credentials: &Credentials, account: &str) -> Value {
    let end = credentials.expiry().map(times::text).unwrap_or_default();
    json!({ "ProviderType": "sso", "Credentials": keys(credentials, &end, account) })
}

fn keys(credentials: &Credentials, end: &str, account: &str) -> Value {
    json!({
        "AccessKeyId": credentials.access_key_id(),
        "SecretAccessKey": credentials.secret_access_key(),
        "SessionToken": credentials.session_token(),
        "Expiration": end,
        "AccountId": account,
    })
}

fn decode(entry: &Value) -> Option<Credentials> {
    let keys = entry.get("Credentials")?;
    let text = |name: &str| keys.get(name).and_then(Value::as_str).map(str::to_owned);
    let end = times::parse(&text("Expiration")?)?;
    Some(Credentials::new(text("AccessKeyId")?, text("SecretAccessKey")?, text("SessionToken"), Some(end), "cache"))
}

/// A JSON file; `None` when it is absent or damaged.
pub(super) fn read(path: &Path) -> Option<Value> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LIMIT).read_to_end(&mut bytes).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Writes a JSON file that is there whole or not at all, whoever else writes it and whatever
/// happens to us. Only its owner can read it.
pub(super) fn replace(path: &Path, value: &Value) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    if !directory.is_dir() {
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    }
    let mut file = tempfile::Builder::new().suffix(".tmp").tempfile_in(directory)?;
    file.write_all(value.to_string().as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
