//! Flags that override a profile for one run, as settings.

use crate::cli::Overrides;
use crate::config::settings::{At, Origin, Settings, Text};
use crate::error::target::TargetError;
use crate::target::Invalid;

/// The settings that the flags make.
///
/// # Errors
/// [`TargetError::Flag`] for a value that the key cannot have.
pub(super) fn settings(flags: &Overrides) -> Result<Settings, TargetError> {
    let text = |text: &str| Text::try_from(text.to_owned());
    Ok(Settings {
        user: flag("--user", flags.user.as_deref(), str::parse)?,
        database: flag("--database", flags.database.as_deref(), str::parse)?,
        port: flag("--port", flags.port.as_deref(), str::parse)?,
        region: flag("--region", flags.region.as_deref(), str::parse)?,
        aws_profile: flag("--aws-profile", flags.aws_profile.as_deref(), str::parse)?,
        ca_bundle: flag("--ca-bundle", flags.ca_bundle.as_deref(), text)?,
        client: flag("--client", flags.client.as_deref(), text)?,
        connect_to: flag("--connect-to", flags.connect_to.as_deref(), str::parse)?,
        token_via: flag("--token-via", flags.token_via.as_deref(), str::parse)?,
        read_only: flags.read_only.then_some(At { value: true, origin: Origin::Flag }),
        ..Settings::default()
    })
}

/// The setting that a flag makes.
pub(super) fn flag<T>(
    flag: &'static str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Result<T, Invalid>,
) -> Result<Option<At<T>>, TargetError> {
    text.map(parse)
        .transpose()
        .map(|value| value.map(|value| At { value, origin: Origin::Flag }))
        .map_err(|problem| TargetError::Flag { flag, problem })
}
