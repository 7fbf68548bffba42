//! Credentials from the AWS SDK. Owns the async runtime; nothing outside this room knows that
//! there is one.

mod http;
pub mod token;

use crate::error::Error;
use crate::error::aws::{AwsError, Causes};
use crate::target::{AwsProfile, Region};
use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::meta::region::ProvideRegion as _;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
pub use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_async::time::SystemTimeSource;
use std::error::Error as _;
use std::future::Future;
use std::time::Duration;

/// How long to wait for the metadata service, which answers at once where there is one.
const METADATA_TIMEOUT: Duration = Duration::from_secs(1);

/// Finds credentials as the AWS CLI does: a profile named by flag or file beats credentials in the
/// environment, `AWS_PROFILE` does not.
///
/// # Errors
/// [`AwsError`] when no source has any, or a source fails.
pub fn credentials(profile: Option<&AwsProfile>) -> Result<Credentials, AwsError> {
    block_on(async {
        let found = match profile {
            Some(profile) => of_profile(profile).provide_credentials().await,
            None => default_chain().await.provide_credentials().await,
        };
        found.map_err(|error| explain(&error, profile))
    })?
}

/// The region of an AWS profile, or of the environment, for an endpoint that carries none.
///
/// # Errors
/// [`AwsError`] when the runtime cannot be started.
pub fn region(profile: Option<&AwsProfile>) -> Result<Option<Region>, Error> {
    let region = block_on(async {
        if let Some(region) = EnvironmentVariableRegionProvider::new().region().await {
            return Some(region);
        }
        let mut of_profile = ProfileFileRegionProvider::builder().configure(&configuration());
        if let Some(profile) = profile {
            of_profile = of_profile.profile_name(profile.as_str());
        }
        of_profile.build().region().await
    })?;
    Ok(region.and_then(|region| region.as_ref().parse().ok()))
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

async fn default_chain() -> DefaultCredentialsChain {
    DefaultCredentialsChain::builder().configure(configuration()).imds_client(metadata()).build().await
}

/// The sources that a named profile may lead to, as in the AWS CLI: the profile itself, else the
/// container's or the instance's role. The SDK's own chain would take the environment first and
/// sign with the wrong identity.
fn of_profile(profile: &AwsProfile) -> CredentialsProviderChain {
    let configuration = configuration();
    let own =
        ProfileFileCredentialsProvider::builder().configure(&configuration).profile_name(profile.as_str()).build();
    let container = EcsCredentialsProvider::builder().configure(&configuration).build();
    let instance = ImdsCredentialsProvider::builder().configure(&configuration).imds_client(metadata()).build();
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
