//! Who the credentials belong to, as STS says. For `check` alone: a launch asks nobody.

use super::explain::{Asked, failure};
use super::http::Clock;
use super::sdk::STS;
use super::{Credentials, block_on, found, profiles};
use crate::env::Env;
use crate::error::aws::AwsError;
use crate::target::Target;
use std::time::SystemTime;

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
/// [`AwsError`] when there are none, STS refuses them, or the clock is off. When STS cannot be
/// reached, the identity is left open: a database can be reachable where STS is not.
pub fn caller(target: &Target, env: &Env) -> Result<Caller, AwsError> {
    let found = found(target, env)?;
    block_on(async {
        // Keys in the environment do without the files, so these may be broken.
        let profiles = profiles::read(target.aws_profile.as_ref()).await.ok();
        let clock = Clock::default();
        let sdk = super::sdk(target, env, profiles.as_ref(), &clock);
        let client = aws_sdk_sts::Client::new(&sdk.config(STS, None, Some(found.credentials.clone()))?);
        let answer = client.get_caller_identity().send().await;
        clock.check()?;
        let (account, arn) = match answer {
            Ok(identity) => (identity.account, identity.arn),
            Err(error) if error.as_service_error().is_some() => {
                let asked = Asked { service: STS, region: &sdk.region, origin: &found.origin, role: None };
                return Err(failure(&error, &asked));
            }
            Err(_) => (None, None),
        };
        Ok(Caller { credentials: found.credentials, account, arn, source: found.origin })
    })?
}
