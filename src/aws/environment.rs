//! Credentials that stand in the environment. Pure.

use super::Found;
use super::plan::{Assume, WebIdentity};
use super::times;
use crate::env::Env;
use crate::error::aws::AwsError;
use aws_credential_types::Credentials;
use std::ffi::OsStr;
use std::time::SystemTime;

const KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";

/// The key pair of the environment. As in the AWS CLI, a key without its secret is an error, and a
/// secret without a key is nothing.
pub(super) fn keys(env: &Env, now: SystemTime) -> Result<Option<Found>, AwsError> {
    let Some(key) = exactly(env, KEY)? else { return Ok(None) };
    let secret = exactly(env, SECRET)?.ok_or(AwsError::PartialKeys { given: KEY, missing: SECRET, profile: None })?;
    let token = match exactly(env, "AWS_SESSION_TOKEN")? {
        None => exactly(env, "AWS_SECURITY_TOKEN")?,
        token => token,
    };
    let end = text(env, "AWS_CREDENTIAL_EXPIRATION").and_then(|end| times::parse(&end));
    let origin = "the environment".to_owned();
    if end.is_some_and(|end| end <= now) {
        return Err(AwsError::Expired { origin });
    }
    Ok(Some(Found { credentials: Credentials::new(key, secret, token, end, "environment"), origin }))
}

/// The web identity that a cluster gives to its containers.
pub(super) fn web_identity(env: &Env) -> Result<Option<WebIdentity>, AwsError> {
    let (file, role) = ("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN");
    let Some(token_file) = env.var(file) else { return Ok(None) };
    let arn = text(env, role).ok_or(AwsError::PartialKeys { given: file, missing: role, profile: None })?;
    let role = Assume { arn, session_name: text(env, "AWS_ROLE_SESSION_NAME"), ..Assume::default() };
    Ok(Some(WebIdentity { token_file: token_file.into(), role }))
}

/// The region for AWS's services.
pub(super) fn region(env: &Env) -> Option<String> {
    text(env, "AWS_REGION").or_else(|| text(env, "AWS_DEFAULT_REGION"))
}

/// A part of a key: with a character replaced it would sign, and the server would refuse.
fn exactly(env: &Env, name: &'static str) -> Result<Option<String>, AwsError> {
    let text = |value: &OsStr| value.to_str().map(str::to_owned).ok_or(AwsError::NotText { variable: name });
    env.var(name).map(text).transpose()
}

fn text(env: &Env, name: &str) -> Option<String> {
    env.var(name).map(|value| value.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    fn said(pairs: &[(&str, &str)]) -> Result<Option<String>, String> {
        keys(&Env::from_pairs(pairs), UNIX_EPOCH + std::time::Duration::from_secs(2_000_000_000))
            .map(|found| found.map(|found| format!("{:?}", found.credentials.session_token())))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn half_a_pair_is_an_error_and_a_lone_secret_is_nothing() {
        let (key, secret) = ((KEY, "A"), (SECRET, "s"));
        assert_eq!(said(&[key]), Err("`AWS_ACCESS_KEY_ID` is set, `AWS_SECRET_ACCESS_KEY` is not".into()));
        assert_eq!(said(&[key, (SECRET, "")]), said(&[key]));
        assert_eq!(said(&[secret]), Ok(None));
        assert_eq!(said(&[key, secret]), Ok(Some("None".into())));
        assert_eq!(said(&[key, secret, ("AWS_SECURITY_TOKEN", "t")]), Ok(Some("Some(\"t\")".into())));
        let over = ("AWS_CREDENTIAL_EXPIRATION", "2030-01-01T00:00:00Z");
        assert_eq!(said(&[key, secret, over]), Err("the credentials from the environment have expired".into()));
    }
}
