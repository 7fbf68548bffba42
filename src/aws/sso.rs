//! IAM Identity Center (SSO): the session that `aws sso login` made, its renewal, and the
//! credentials of a role.

use super::Found;
use super::cache::{self, Cache, ENOUGH};
use super::explain::{Asked, failure};
use super::keys;
use super::login;
use super::plan::Sso;
use super::sdk::{SSO, SSO_OIDC, Sdk};
use super::times;
use crate::error::aws::AwsError;
use crate::secret::Secret;
use aws_credential_types::Credentials;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_smithy_types::DateTime;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The credentials of the role; on a terminal a login is offered once.
pub(super) async fn credentials(sso: &Sso, sdk: &Sdk<'_>, cache: &Cache) -> Result<Found, AwsError> {
    let origin = format!("SSO role `{}` in account `{}`", sso.role, sso.account);
    let key = keys::of_sso_role(sso);
    if let Some(credentials) = cache.read(&key, SystemTime::now()) {
        return Ok(Found { credentials, origin });
    }
    let credentials = match fetch(sso, sdk, &origin).await {
        Err(AwsError::SsoSession { profile, expired, .. }) => {
            login::offer(&profile, expired, sdk.env)?;
            fetch(sso, sdk, &origin).await
        }
        other => other,
    }?;
    cache.write(&key, &cache::of_sso(&credentials, &sso.account));
    Ok(Found { credentials, origin })
}

async fn fetch(sso: &Sso, sdk: &Sdk<'_>, origin: &str) -> Result<Credentials, AwsError> {
    let token = token(sso, sdk).await?;
    let client = aws_sdk_sso::Client::new(&sdk.config(SSO, Some(&sso.region), None)?);
    let request = client.get_role_credentials().role_name(&sso.role).account_id(&sso.account);
    let answer = request.access_token(token.expose()).send().await.map_err(|error| match error.as_service_error() {
        Some(GetRoleCredentialsError::UnauthorizedException(_)) => no_session(sso, true),
        Some(GetRoleCredentialsError::ResourceNotFoundException(_)) => no_role(sso),
        Some(other) if other.meta().code() == Some("ForbiddenException") => no_role(sso),
        _ => failure(&error, &Asked { service: SSO, region: &sso.region, origin, role: None }),
    })?;
    let incomplete = || AwsError::Refused { service: SSO.name, message: "it gave no credentials".into() };
    let keys = answer.role_credentials.ok_or_else(incomplete)?;
    let end = SystemTime::try_from(DateTime::from_millis(keys.expiration)).ok();
    match (keys.access_key_id, keys.secret_access_key) {
        (Some(id), Some(secret)) => Ok(Credentials::new(id, secret, keys.session_token, end, "sso")),
        _ => Err(incomplete()),
    }
}

/// The session's token, renewed when it soon ends and can be.
async fn token(sso: &Sso, sdk: &Sdk<'_>) -> Result<Secret, AwsError> {
    let path = token_path(sso, sdk).ok_or_else(|| no_session(sso, false))?;
    let entry = cache::read(&path).ok_or_else(|| no_session(sso, false))?;
    let now = SystemTime::now();
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let end = text("expiresAt").and_then(times::parse);
    let (Some(token), Some(end)) = (text("accessToken"), end) else { return Err(no_session(sso, false)) };
    if end < now + ENOUGH
        && sso.session.is_some()
        && let Some(renewed) = renew(sso, sdk, &entry, &path, now).await?
    {
        return Ok(renewed);
    }
    if end <= now { Err(no_session(sso, true)) } else { Ok(Secret::new(token.to_owned())) }
}

/// Renews the session, when it has what that takes. A refusal is none of ours: the old token may
/// still be good.
async fn renew(
    sso: &Sso,
    sdk: &Sdk<'_>,
    entry: &Value,
    path: &Path,
    now: SystemTime,
) -> Result<Option<Secret>, AwsError> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).map(str::to_owned);
    let registered = text("registrationExpiresAt").and_then(|end| times::parse(&end)).is_some_and(|end| end > now);
    let (true, Some(id), Some(secret), Some(refresh)) =
        (registered, text("clientId"), text("clientSecret"), text("refreshToken"))
    else {
        return Ok(None);
    };
    let client = aws_sdk_ssooidc::Client::new(&sdk.config(SSO_OIDC, Some(&sso.region), None)?);
    let request = client.create_token().grant_type("refresh_token").client_id(id).client_secret(secret);
    let Ok(answer) = request.refresh_token(refresh).send().await else {
        tracing::info!("the SSO session could not be renewed");
        return Ok(None);
    };
    let Some(token) = answer.access_token else { return Ok(None) };
    let lasts = Duration::from_secs(u64::try_from(answer.expires_in).unwrap_or_default());
    let mut entry = entry.clone();
    entry["accessToken"] = token.as_str().into();
    entry["expiresAt"] = times::text(now + lasts).into();
    if let Some(refresh) = answer.refresh_token {
        entry["refreshToken"] = refresh.into();
    }
    // An unwritable cache costs another renewal, nothing more.
    if let Err(error) = cache::replace(path, &entry) {
        tracing::info!(%error, "could not write the AWS CLI's SSO cache");
    }
    Ok(Some(Secret::new(token)))
}

fn token_path(sso: &Sso, sdk: &Sdk<'_>) -> Option<PathBuf> {
    Some(sdk.env.home()?.join(".aws/sso/cache").join(keys::of_sso_token(sso)).with_extension("json"))
}

fn no_session(sso: &Sso, expired: bool) -> AwsError {
    AwsError::SsoSession { profile: sso.profile.clone(), expired, login: None }
}

fn no_role(sso: &Sso) -> AwsError {
    AwsError::SsoRole { role: sso.role.clone(), account: sso.account.clone(), profile: sso.profile.clone() }
}
