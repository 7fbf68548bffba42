//! The shared AWS configuration files: which profiles there are, and what region they name.

use crate::env::Env;
use crate::error::aws::{AwsError, Causes};
use crate::error::nearest;
use crate::target::AwsProfile;
use aws_config::profile::{ProfileSet, load};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal;

/// Reads the files that `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name, else those in
/// `~/.aws`. The selected profile is the one given, else `AWS_PROFILE`, else `default`.
pub(super) async fn read(profile: Option<&AwsProfile>) -> Result<ProfileSet, AwsError> {
    parse(profile, &EnvConfigFiles::default()).await
}

/// Reads the credentials file alone.
pub(super) async fn read_credentials(profile: Option<&AwsProfile>) -> Result<ProfileSet, AwsError> {
    parse(profile, &EnvConfigFiles::builder().include_default_credentials_file(true).build()).await
}

async fn parse(profile: Option<&AwsProfile>, files: &EnvConfigFiles) -> Result<ProfileSet, AwsError> {
    let (fs, env) = (os_shim_internal::Fs::real(), os_shim_internal::Env::real());
    let name = profile.map(|profile| profile.to_string().into());
    load(&fs, &env, files, name).await.map_err(|error| AwsError::Files { source: Causes::of(&error) })
}

/// Refuses a profile that does not exist: without it the sources that follow would sign with an
/// identity that nobody asked for. A mere `AWS_PROFILE` counts when the environment holds no keys,
/// which would beat it.
pub(super) fn require(profiles: &ProfileSet, profile: Option<&AwsProfile>, env: &Env) -> Result<(), AwsError> {
    let by_variable = || env.var("AWS_PROFILE").filter(|_| env.var("AWS_ACCESS_KEY_ID").is_none());
    let named = match profile {
        Some(profile) => Some(profile.to_string()),
        None => by_variable().map(|name| name.to_string_lossy().into_owned()),
    };
    match named {
        Some(name) if profiles.get_profile(&name).is_none() => {
            let near = nearest(&name, profiles.profiles()).map(str::to_owned);
            Err(AwsError::UnknownProfile { near, name, files: files(env) })
        }
        Some(_) | None => Ok(()),
    }
}

/// The files that are read, as the user knows them.
fn files(env: &Env) -> Vec<String> {
    [("AWS_CONFIG_FILE", "~/.aws/config"), ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")]
        .map(|(variable, usual)| {
            let path = env.var(variable).map_or_else(|| usual.into(), |path| path.to_string_lossy());
            format!("`{path}`")
        })
        .into()
}
