//! Assumes roles: with credentials, or with the token of another identity provider.

use super::Found;
use super::cache::{self, Cache};
use super::explain::{Asked, failure};
use super::keys;
use super::mfa;
use super::plan::{Assume, WebIdentity};
use super::sdk::{STS, Sdk};
use crate::error::aws::AwsError;
use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::types::{AssumedRoleUser, Credentials as Keys};
use std::time::{SystemTime, UNIX_EPOCH};

/// Assumes roles one after the other. Those before one whose credentials are cached need not be.
pub(super) async fn roles(
    roles: &[Assume],
    base: impl AsyncFnOnce() -> Result<Found, AwsError>,
    sdk: &Sdk<'_>,
    cache: &Cache,
) -> Result<Found, AwsError> {
    let cached = roles.iter().enumerate().rev().find_map(|(at, role)| {
        let credentials = cache.read(&keys::of_role(role), SystemTime::now())?;
        Some((at + 1, Found { credentials, origin: origin(role) }))
    });
    let (done, mut found) = match cached {
        Some(cached) => cached,
        None => (0, base().await?),
    };
    for role in &roles[done..] {
        found = assume(role, &found, sdk, cache).await?;
    }
    Ok(found)
}

async fn assume(role: &Assume, with: &Found, sdk: &Sdk<'_>, cache: &Cache) -> Result<Found, AwsError> {
    tracing::info!(role = %role.arn, "assume");
    let client = Client::new(&sdk.config(STS, None, Some(with.credentials.clone()))?);
    let code = role.mfa_serial.as_ref().map(|serial| mfa::code(role, serial, cache.is_on())).transpose()?;
    let answer = client
        .assume_role()
        .role_arn(&role.arn)
        .role_session_name(session_name(role))
        .set_external_id(role.external_id.clone())
        .set_duration_seconds(role.duration)
        .set_serial_number(role.mfa_serial.clone())
        .set_token_code(code)
        .send()
        .await
        .map_err(|error| {
            let asked = Asked { service: STS, region: &sdk.region, origin: &with.origin, role: Some(role) };
            failure(&error, &asked)
        })?;
    keep(role, answer.credentials, answer.assumed_role_user, cache)
}

/// Assumes a role with a token out of a file; nothing is signed.
pub(super) async fn web_identity(identity: &WebIdentity, sdk: &Sdk<'_>, cache: &Cache) -> Result<Found, AwsError> {
    let WebIdentity { token_file: path, role } = identity;
    if let Some(credentials) = cache.read(&keys::of_role(role), SystemTime::now()) {
        return Ok(Found { credentials, origin: origin(role) });
    }
    let token = std::fs::read_to_string(path).map_err(|source| AwsError::TokenFile { path: path.clone(), source })?;
    let client = Client::new(&sdk.config(STS, None, None)?);
    let answer = client
        .assume_role_with_web_identity()
        .role_arn(&role.arn)
        .role_session_name(session_name(role))
        .web_identity_token(token)
        .send()
        .await
        .map_err(|error| {
            let origin = format!("the web identity token `{}`", path.display());
            failure(&error, &Asked { service: STS, region: &sdk.region, origin: &origin, role: Some(role) })
        })?;
    keep(role, answer.credentials, answer.assumed_role_user, cache)
}

fn keep(role: &Assume, keys: Option<Keys>, user: Option<AssumedRoleUser>, cache: &Cache) -> Result<Found, AwsError> {
    let keys = keys.ok_or(AwsError::Refused { service: STS.name, message: "it gave no credentials".into() })?;
    let end = SystemTime::try_from(keys.expiration).ok();
    let credentials =
        Credentials::new(keys.access_key_id, keys.secret_access_key, Some(keys.session_token), end, "role");
    let (arn, id) = user.map(|user| (user.arn, user.assumed_role_id)).unwrap_or_default();
    cache.write(&keys::of_role(role), &cache::of_role(&credentials, &arn, &id));
    Ok(Found { credentials, origin: origin(role) })
}

fn origin(role: &Assume) -> String {
    format!("role `{}`", role.arn)
}

/// The name under which `CloudTrail` logs the session.
fn session_name(role: &Assume) -> String {
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    role.session_name.clone().unwrap_or_else(|| format!("rdsconnect-{}", now()))
}
