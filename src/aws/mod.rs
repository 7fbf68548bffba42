//! Credentials from the AWS SDK. Owns the async runtime; nothing outside this room knows that
//! there is one.

mod caller;
mod http;
mod profiles;
pub mod token;

pub use caller::{Caller, caller};

use crate::env::Env;
use crate::error::Error;
use crate::error::aws::{AwsError, Causes};
use crate::target::{AwsProfile, Region, Target};
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::credentials::EnvironmentVariableCredentialsProvider;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::ProvideRegion as _;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
pub use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use std::error::Error as _;
use std::future::Future;
use std::time::{Duration, SystemTime};

/// How long to wait for the metadata service, which answers at once where there is one.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// Finds credentials as the AWS CLI does: a profile named by flag or file beats credentials in the
/// environment, `AWS_PROFILE` does not.
///
/// # Errors
/// [`AwsError`] when no source has any, or a source fails.
pub fn credentials(target: &Target, env: &Env) -> Result<Credentials, AwsError> {
    let profile = target.aws_profile.as_ref();
    block_on(async {
        if profile.is_none() && has_keys(env) {
            // Nothing else is asked, so no file has to be read.
            return EnvironmentVariableCredentialsProvider::new()
                .provide_credentials()
                .await
                .map_err(|error| explain(&error, None));
        }
        let profiles = profiles::read(profile).await?;
        profiles::require(&profiles, profile, env)?;
        // Roles are assumed in the region of the AWS profile; one without a region has that of the
        // target, because STS answers alike in all of them.
        let region = of_environment_or(&profiles).await.unwrap_or_else(|| target.region.to_string());
        let configuration = configuration().with_region(Some(aws_config::Region::new(region)));
        let found = match profile {
            Some(profile) => of_profile(profile, &configuration).provide_credentials().await,
            None => default_chain(configuration).await.provide_credentials().await,
        };
        found.map_err(|error| explain(&error, profile))
    })?
}

/// Whether the environment holds a whole key pair.
fn has_keys(env: &Env) -> bool {
    env.var("AWS_ACCESS_KEY_ID").is_some() && env.var("AWS_SECRET_ACCESS_KEY").is_some()
}

/// The region as the SDKs find it: the environment's, else the selected profile's.
async fn of_environment_or(profiles: &ProfileSet) -> Option<String> {
    match EnvironmentVariableRegionProvider::new().region().await {
        Some(region) => Some(region.to_string()),
        None => profiles.get("region").map(str::to_owned),
    }
}

/// The region of an AWS profile, or of the environment, for an endpoint that carries none.
///
/// # Errors
/// [`AwsError`] when the files cannot be read, or have no such profile.
pub fn region(profile: Option<&AwsProfile>, env: &Env) -> Result<Option<Region>, Error> {
    let region = block_on(async {
        let profiles = profiles::read(profile).await?;
        profiles::require(&profiles, profile, env)?;
        Ok::<_, AwsError>(of_environment_or(&profiles).await)
    })??;
    Ok(region.and_then(|region| region.parse().ok()))
}

/// A time as RFC 3339 has it: `2026-01-02T03:04:05Z`, whole seconds.
///
/// # Panics
/// For times beyond the year 9999.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    let seconds = DateTime::from_secs(DateTime::from(time).secs());
    seconds.fmt(Format::DateTime).expect("the year has four digits")
}

fn block_on<T>(future: impl Future<Output = T>) -> Result<T, AwsError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AwsError::Runtime)?;
    Ok(runtime.block_on(future))
}

fn configuration() -> ProviderConfig {
    ProviderConfig::empty()
        .with_time_source(SystemTimeSource::new())
        .with_sleep_impl(TokioSleep::new())
        .with_http_client(http::OnFirstUse::default())
}

fn metadata() -> imds::Client {
    imds::Client::builder()
        .configure(&configuration())
        .max_attempts(1)
        .connect_timeout(METADATA_TIMEOUT)
        .read_timeout(METADATA_TIMEOUT)
        .build()
}

async fn default_chain(configuration: ProviderConfig) -> DefaultCredentialsChain {
    DefaultCredentialsChain::builder().configure(configuration).imds_client(metadata()).build().await
}

/// The sources that a named profile may lead to, as in the AWS CLI: the profile itself, else the
/// container's or the instance's role. The SDK's own chain would take the environment first and
/// sign with the wrong identity.
fn of_profile(profile: &AwsProfile, configuration: &ProviderConfig) -> CredentialsProviderChain {
    let own = ProfileFileCredentialsProvider::builder().configure(configuration).profile_name(profile.as_str()).build();
    let container = EcsCredentialsProvider::builder().configure(configuration).build();
    let instance = ImdsCredentialsProvider::builder().configure(configuration).imds_client(metadata()).build();
    CredentialsProviderChain::first_try("AwsProfile", own).or_else("Container", container).or_else("Instance", instance)
}

fn explain(error: &CredentialsError, profile: Option<&AwsProfile>) -> AwsError {
    let profile = profile.map(ToString::to_string);
    match error {
        CredentialsError::CredentialsNotLoaded(_) => AwsError::None { profile },
        // The outer text only names the kind of error; what happened is in its source.
        other => AwsError::Source { profile, source: Causes::of(other.source().unwrap_or(other)) },
    }
}
