//! Who the credentials belong to, as STS says. For `check` alone: a launch asks nobody.

use super::{Credentials, block_on, credentials};
use crate::env::Env;
use crate::error::aws::{AwsError, Causes};
use crate::target::Target;
use aws_smithy_types::timeout::TimeoutConfig;
use std::time::{Duration, SystemTime};

/// How long STS may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The identity that signs.
#[derive(Debug)]
pub struct Caller {
    /// Its credentials.
    pub credentials: Credentials,
    /// The account, when STS said it.
    pub account: Option<String>,
    arn: Option<String>,
    source: String,
}

impl Caller {
    /// The identity in words: source, ARN, expiry.
    #[must_use]
    pub fn describe(&self, now: SystemTime) -> String {
        let arn = self.arn.as_deref().unwrap_or("whose they are is not known, STS could not be asked");
        let expiry = match self.credentials.expiry().map(|end| end.duration_since(now)) {
            None => "they do not expire".to_owned(),
            Some(Ok(left)) => format!("they expire in {} minutes", left.as_secs() / 60),
            Some(Err(_)) => "they have expired".to_owned(),
        };
        format!("{}: {arn}; {expiry}", self.source)
    }
}

/// Finds the credentials of a target and asks STS whose they are.
///
/// # Errors
/// [`AwsError`] when there are none, or STS refuses them. When STS cannot be reached, the identity is
/// left open: a database can be reachable where STS is not.
pub fn caller(target: &Target, env: &Env) -> Result<Caller, AwsError> {
    let found = credentials(target, env)?;
    let source = match &target.aws_profile {
        Some(profile) => format!("AWS profile `{profile}`"),
        None if super::has_keys(env) => "the environment".to_owned(),
        None => "the default sources".to_owned(),
    };
    let mut config = aws_sdk_sts::Config::builder()
        .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
        .region(aws_sdk_sts::config::Region::new(target.region.to_string()))
        .credentials_provider(found.clone())
        .http_client(super::http::OnFirstUse::default())
        .timeout_config(TimeoutConfig::builder().operation_timeout(PATIENCE).build());
    if let Some(url) = env.var("AWS_ENDPOINT_URL_STS").and_then(|url| url.to_str()) {
        config = config.endpoint_url(url);
    }
    let answer = block_on(async { aws_sdk_sts::Client::from_conf(config.build()).get_caller_identity().send().await })?;
    match answer {
        Ok(identity) => Ok(Caller {
            credentials: found,
            account: identity.account().map(str::to_owned),
            arn: identity.arn().map(str::to_owned),
            source,
        }),
        Err(error) if error.as_service_error().is_some() => Err(AwsError::Source {
            profile: target.aws_profile.as_ref().map(ToString::to_string),
            source: Causes::of(&error.into_service_error()),
        }),
        Err(_) => Ok(Caller { credentials: found, account: None, arn: None, source }),
    }
}
