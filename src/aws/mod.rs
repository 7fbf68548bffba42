//! AWS credentials, found as the AWS CLI finds them. Owns the async runtime; nothing outside this
//! room knows that there is one.

mod cache;
mod caller;
mod endpoint;
mod environment;
mod explain;
mod http;
mod keys;
mod login;
mod machine;
mod mfa;
mod plan;
mod process;
mod profiles;
mod sdk;
mod sso;
mod sts;
mod terminal;
mod times;
pub mod token;

pub use caller::{Caller, caller};

use crate::env::Env;
use crate::error::Error;
use crate::error::aws::{AwsError, Causes};
use crate::target::{AwsProfile, Region, Role, Target};
use aws_config::login::LoginCredentialsProvider;
use aws_config::profile::ProfileSet;
pub use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials as _;
use cache::Cache;
use http::Clock;
use plan::{Assume, Base, Files, Plan};
use sdk::Sdk;
use std::cell::OnceCell;
use std::future::Future;
use std::path::PathBuf;
use std::time::SystemTime;

/// Credentials, and what to call the place they came from.
#[derive(Debug)]
struct Found {
    credentials: Credentials,
    origin: String,
}

/// Finds credentials as the AWS CLI does: a profile named by flag or file beats credentials in the
/// environment, `AWS_PROFILE` does not. The target's role, if it has one, is assumed with them.
///
/// # Errors
/// [`AwsError`] when no source has any, or a source fails.
pub fn credentials(target: &Target, env: &Env) -> Result<Credentials, AwsError> {
    Ok(found(target, env)?.credentials)
}

fn found(target: &Target, env: &Env) -> Result<Found, AwsError> {
    let of_environment = match target.aws_profile {
        None => environment::keys(env, SystemTime::now())?,
        Some(_) => None,
    };
    match of_environment {
        // Nothing else is asked, so no file has to be read.
        Some(found) if target.role.is_none() => Ok(found),
        of_environment => block_on(find(target, env, of_environment))?,
    }
}

async fn find(target: &Target, env: &Env, of_environment: Option<Found>) -> Result<Found, AwsError> {
    let explicit = target.aws_profile.as_ref();
    let profiles = profiles::read(explicit).await?;
    profiles::require(&profiles, explicit, env)?;
    // A home that does not exist is not for us to make.
    let home = env.home().filter(|home| target.credential_cache && home.is_dir());
    let directory = home.map(|home| home.join(".aws/cli/cache"));
    let cache = Cache::new(directory);
    let clock = Clock::default();
    let sdk = sdk(target, env, Some(&profiles), &clock);
    let credentials = profiles::read_credentials(explicit).await?;
    let files = Files { both: &profiles, credentials: &credentials };
    let Plan { base, mut roles } = match (&of_environment, explicit) {
        (Some(_), _) => Plan { base: Base::Environment, roles: Vec::new() },
        (None, Some(_)) => plan::plan(files, None)?,
        (None, None) => plan::plan(files, environment::web_identity(env)?)?,
    };
    roles.extend(target.role.as_ref().map(role_of_target));
    let base = async || match of_environment {
        Some(found) => Ok(found),
        None => of_base(&base, &sdk, &cache, explicit).await,
    };
    let found = sts::roles(&roles, base, &sdk, &cache).await;
    // A clock that is off explains whatever failed, and would make a good token worthless.
    clock.check()?;
    found.inspect(|found| tracing::info!(from = found.origin, "credentials"))
}

/// What it takes to ask AWS's services.
fn sdk<'a>(target: &Target, env: &'a Env, profiles: Option<&'a ProfileSet>, clock: &'a Clock) -> Sdk<'a> {
    let of_profile = |key| profiles.and_then(|profiles| profiles.get(key)).map(str::to_owned);
    let bundle = env.var("AWS_CA_BUNDLE").map(PathBuf::from).or_else(|| of_profile("ca_bundle").map(PathBuf::from));
    // Roles are assumed in the region of the AWS profile; one without a region has that of the
    // target, because STS answers alike in all of them.
    let region = environment::region(env).or_else(|| of_profile("region"));
    let region = region.unwrap_or_else(|| target.region.to_string());
    Sdk { env, profiles, region, bundle, clock, http: OnceCell::new() }
}

fn role_of_target(role: &Role) -> Assume {
    Assume {
        arn: role.arn.to_string(),
        external_id: role.external_id.clone(),
        session_name: role.session_name.as_ref().map(ToString::to_string),
        mfa_serial: role.mfa_serial.clone(),
        duration: role.duration.map(crate::target::Duration::seconds),
        profile: None,
    }
}

/// The credentials that come before any role.
async fn of_base(base: &Base, sdk: &Sdk<'_>, cache: &Cache, explicit: Option<&AwsProfile>) -> Result<Found, AwsError> {
    let none = |origin: &str, why: &str| AwsError::Source { origin: origin.into(), source: Causes::said(why) };
    let of_profile = |profile: &str| format!("AWS profile `{profile}`");
    let lasting = |found: Found| match found.credentials.expiry() {
        Some(end) if end <= SystemTime::now() => Err(AwsError::Expired { origin: found.origin }),
        _ => Ok(found),
    };
    match base {
        Base::Keys { credentials, profile } => {
            lasting(Found { credentials: credentials.clone(), origin: of_profile(profile) })
        }
        Base::Environment => environment::keys(sdk.env, SystemTime::now())?
            .ok_or_else(|| none("the environment", "AWS_ACCESS_KEY_ID is not set")),
        Base::Container => machine::container(sdk).await?.ok_or_else(|| {
            none("the container's role", &format!("{} is not set", machine::CONTAINER_VARIABLES.join(" or ")))
        }),
        Base::Instance => machine::instance(sdk).await?.map_err(|why| none("EC2 metadata", why)),
        Base::WebIdentity(identity) => sts::web_identity(identity, sdk, cache).await,
        Base::Sso(sso) => sso::credentials(sso, sdk, cache).await,
        Base::Process { command, profile } => {
            let credentials = process::credentials(command, profile).await?;
            lasting(Found { credentials, origin: format!("`credential_process` of {}", of_profile(profile)) })
        }
        Base::Login { session, profile } => of_login(session, profile, sdk).await,
        Base::Machine => of_machine(sdk, explicit).await,
    }
}

/// The session that `aws login` made.
async fn of_login(session: &str, profile: &str, sdk: &Sdk<'_>) -> Result<Found, AwsError> {
    let configuration = sdk.provider_config(sdk::SIGNIN)?;
    let provider = LoginCredentialsProvider::builder(session).configure(&configuration).build();
    let origin = format!("the login session of AWS profile `{profile}`");
    match provider.provide_credentials().await {
        Ok(credentials) => Ok(Found { credentials, origin }),
        Err(_) => Err(AwsError::LoginSession { profile: profile.to_owned() }),
    }
}

/// What is left when neither environment nor profile have anything.
async fn of_machine(sdk: &Sdk<'_>, explicit: Option<&AwsProfile>) -> Result<Found, AwsError> {
    if let Some(found) = machine::container(sdk).await? {
        return Ok(found);
    }
    let why = match machine::instance(sdk).await? {
        Ok(found) => return Ok(found),
        Err(why) => why,
    };
    let mut tried = Vec::new();
    if explicit.is_none() {
        tried.push("the environment (AWS_ACCESS_KEY_ID is not set)".to_owned());
    }
    if let Some(profiles) = sdk.profiles {
        let name = profiles.selected_profile();
        let lack = if profiles.get_profile(name).is_some() { "has none" } else { "does not exist" };
        tried.push(format!("AWS profile `{name}` ({lack})"));
    }
    if explicit.is_none() {
        tried.push("a web identity (AWS_WEB_IDENTITY_TOKEN_FILE is not set)".to_owned());
    }
    tried.push("a container's role (AWS_CONTAINER_CREDENTIALS_... is not set)".to_owned());
    tried.push(format!("EC2 metadata ({why})"));
    Err(AwsError::None { profile: explicit.map(ToString::to_string), tried })
}

/// The region as the SDKs find it: the environment's, else the selected profile's.
fn region_of(env: &Env, profiles: &ProfileSet) -> Option<String> {
    environment::region(env).or_else(|| profiles.get("region").map(str::to_owned))
}

/// The region of an AWS profile, or of the environment, for an endpoint that carries none.
///
/// # Errors
/// [`AwsError`] when the files cannot be read, or have no such profile.
pub fn region(profile: Option<&AwsProfile>, env: &Env) -> Result<Option<Region>, Error> {
    let region = block_on(async {
        let profiles = profiles::read(profile).await?;
        profiles::require(&profiles, profile, env)?;
        Ok::<_, AwsError>(region_of(env, &profiles))
    })??;
    Ok(region.and_then(|region| region.parse().ok()))
}

/// A time as RFC 3339 has it: `2026-01-02T03:04:05Z`, whole seconds.
///
/// # Panics
/// For times beyond the year 9999.
#[must_use]
pub fn rfc3339(time: SystemTime) -> String {
    times::text(time)
}

fn block_on<T>(future: impl Future<Output = T>) -> Result<T, AwsError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AwsError::Runtime)?;
    let result = runtime.block_on(future);
    // A name server that does not answer would be waited for otherwise.
    runtime.shutdown_background();
    Ok(result)
}
