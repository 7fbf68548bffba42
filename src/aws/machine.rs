//! What the machine itself may have: the role of a container, the role of an EC2 instance.

use super::Found;
use super::endpoint;
use super::sdk::Sdk;
use crate::env::Env;
use crate::error::aws::{AwsError, Causes};
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_credential_types::provider::ProvideCredentials as _;
use std::time::Duration;

/// How long to wait for the metadata service's connection and for each answer, and for all of them;
/// where there is one, it answers at once.
const METADATA: Duration = Duration::from_secs(1);
const ALL_METADATA: Duration = Duration::from_secs(2);
const CONTAINER: Duration = Duration::from_secs(5);

/// The variables that tell a container where its credentials are.
pub(super) const CONTAINER_VARIABLES: [&str; 2] =
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];

/// The container's role; `None` outside of one.
pub(super) async fn container(sdk: &Sdk<'_>) -> Result<Option<Found>, AwsError> {
    if CONTAINER_VARIABLES.iter().all(|name| sdk.env.var(name).is_none()) {
        return Ok(None);
    }
    let full = CONTAINER_VARIABLES[1];
    if let (None, Some(url)) = (sdk.env.var(CONTAINER_VARIABLES[0]), text(sdk.env, full)) {
        endpoint::check(full, &url)?;
    }
    let origin = "the container's role".to_owned();
    let configuration = sdk.near();
    let provider = EcsCredentialsProvider::builder().configure(&configuration).build();
    match tokio::time::timeout(CONTAINER, provider.provide_credentials()).await {
        Ok(Ok(credentials)) => Ok(Some(Found { credentials, origin })),
        Ok(Err(error)) => Err(AwsError::Source { origin, source: Causes::innermost(&error) }),
        Err(_) => Err(AwsError::Source { origin, source: Causes::said("no answer within 5 seconds") }),
    }
}

/// The instance's role, or why there is none.
pub(super) async fn instance(sdk: &Sdk<'_>) -> Result<Result<Found, &'static str>, AwsError> {
    if text(sdk.env, "AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(Err("switched off by AWS_EC2_METADATA_DISABLED"));
    }
    let (variable, key) = ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    if let Some(url) = text(sdk.env, variable) {
        endpoint::check(variable, &url)?;
    } else if let Some(url) = sdk.profiles.and_then(|profiles| profiles.get(key)) {
        endpoint::check(key, url)?;
    }
    let configuration = sdk.near();
    let client = imds::Client::builder()
        .configure(&configuration)
        .max_attempts(1)
        .connect_timeout(METADATA)
        .read_timeout(METADATA)
        .build();
    let provider = ImdsCredentialsProvider::builder().configure(&configuration).imds_client(client).build();
    Ok(match tokio::time::timeout(ALL_METADATA, provider.provide_credentials()).await {
        Ok(Ok(credentials)) => Ok(Found { credentials, origin: "the instance's role".into() }),
        Ok(Err(error)) => {
            tracing::debug!(error = %Causes::innermost(&error), "EC2 metadata");
            Err("no answer, or no role")
        }
        Err(_) => Err("no answer"),
    })
}

fn text(env: &Env, name: &str) -> Option<String> {
    env.var(name).map(|value| value.to_string_lossy().into_owned())
}
