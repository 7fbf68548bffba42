//! How the SDK's clients are set up: region, endpoint, time-outs, and the one HTTP client.

use super::endpoint;
use super::http::{Clock, OnFirstUse};
use crate::env::Env;
use crate::error::aws::AwsError;
use aws_config::profile::ProfileSet;
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::{SharedAsyncSleep, TokioSleep};
use aws_smithy_async::time::SystemTimeSource;
use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::Duration;

/// What all clients have in common.
#[derive(Debug)]
pub(super) struct Sdk<'a> {
    pub(super) env: &'a Env,
    pub(super) profiles: Option<&'a ProfileSet>,
    /// The region in which roles are assumed.
    pub(super) region: String,
    /// The certificates in place of the system's; read when a request is made.
    pub(super) bundle: Option<PathBuf>,
    pub(super) clock: &'a Clock,
    pub(super) http: OnceCell<OnFirstUse>,
}

/// A service, by its names in messages, in variables and in profiles.
#[derive(Debug, Clone, Copy)]
pub(super) struct Service {
    pub(super) name: &'static str,
    variable: &'static str,
    key: &'static str,
}

pub(super) const STS: Service = Service { name: "AWS STS", variable: "STS", key: "sts" };
pub(super) const SSO: Service = Service { name: "AWS SSO", variable: "SSO", key: "sso" };
pub(super) const SSO_OIDC: Service = Service { name: "AWS SSO", variable: "SSO_OIDC", key: "sso_oidc" };
pub(super) const SIGNIN: Service = Service { name: "AWS Sign-In", variable: "SIGNIN", key: "signin" };

impl Sdk<'_> {
    /// The configuration of a service's client, in its own region where it has one.
    pub(super) fn config(
        &self,
        service: Service,
        region: Option<&str>,
        credentials: Option<Credentials>,
    ) -> Result<SdkConfig, AwsError> {
        let region = region.unwrap_or(&self.region).to_owned();
        Ok(SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(region))
            .endpoint_url_maybe(self.endpoint(service)?)
            .credentials_provider_maybe(credentials)
            .use_fips(self.flag("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"))
            .use_dual_stack(self.flag("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"))
            .http_client(self.http()?)
            .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
            .time_source(SystemTimeSource::new())
            .retry_config(retries())
            .timeout_config(timeouts())
            .build())
    }

    /// The same for a provider of `aws-config`, which finds the endpoint by itself.
    pub(super) fn provider_config(&self, service: Service) -> Result<ProviderConfig, AwsError> {
        self.endpoint(service)?;
        Ok(self.near().with_http_client(self.http()?))
    }

    /// For what this machine itself has.
    pub(super) fn near(&self) -> ProviderConfig {
        ProviderConfig::empty()
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_region(Some(Region::new(self.region.clone())))
            .with_time_source(SystemTimeSource::new())
            .with_sleep_impl(TokioSleep::new())
            .with_http_client(OnFirstUse::near())
            .with_retry_config(retries())
            .with_timeout_config(timeouts())
    }

    fn http(&self) -> Result<OnFirstUse, AwsError> {
        if let Some(http) = self.http.get() {
            return Ok(http.clone());
        }
        let http = OnFirstUse::out(self.bundle.as_deref(), self.clock.clone())?;
        Ok(self.http.get_or_init(|| http).clone())
    }

    fn endpoint(&self, service: Service) -> Result<Option<String>, AwsError> {
        endpoint::of_service(service.variable, service.key, self.env, self.profiles)
    }

    fn flag(&self, variable: &str, key: &str) -> bool {
        let of_profile = || self.profiles.and_then(|profiles| profiles.get(key)).map(str::to_owned);
        let value = self.env.var(variable).map(|value| value.to_string_lossy().into_owned()).or_else(of_profile);
        value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }
}

/// One more attempt: whoever waits at a prompt would rather try again than wait.
fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::from_millis(200))
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .read_timeout(Duration::from_secs(5))
        .operation_timeout(Duration::from_secs(12))
        .build()
}

/// `SdkConfig`'s builder takes options in `set_…` methods alone, which do not chain.
trait Maybe {
    fn endpoint_url_maybe(self, url: Option<String>) -> Self;
    fn credentials_provider_maybe(self, credentials: Option<Credentials>) -> Self;
}

impl Maybe for aws_types::sdk_config::Builder {
    fn endpoint_url_maybe(mut self, url: Option<String>) -> Self {
        self.set_endpoint_url(url);
        self
    }

    fn credentials_provider_maybe(mut self, credentials: Option<Credentials>) -> Self {
        self.set_credentials_provider(credentials.map(SharedCredentialsProvider::new));
        self
    }
}
