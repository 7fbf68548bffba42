//! What an AWS profile leads to: a source of credentials, and the roles that are assumed with them.
//! Pure; the order of precedence is botocore's.

use crate::error::aws::AwsError;
use aws_config::profile::{Profile, ProfileSet};
use aws_credential_types::Credentials;
use std::path::PathBuf;

/// A source, and the roles that are assumed one after the other.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) base: Base,
    pub(super) roles: Vec<Assume>,
}

/// Where credentials come from.
#[derive(Debug)]
pub(super) enum Base {
    /// Keys that stand in the profile.
    Keys { credentials: Credentials, profile: String },
    /// `credential_source = Environment`.
    Environment,
    /// `credential_source = EcsContainer`.
    Container,
    /// `credential_source = Ec2InstanceMetadata`.
    Instance,
    /// A token that another identity provider made.
    WebIdentity(WebIdentity),
    /// IAM Identity Center.
    Sso(Sso),
    /// A program that prints credentials.
    Process { command: String, profile: String },
    /// `aws login`.
    Login { session: String, profile: String },
    /// The profile has none: what this machine has follows.
    Machine,
}

/// A role, and how it is assumed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Assume {
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    pub(super) mfa_serial: Option<String>,
    pub(super) duration: Option<i32>,
    /// The AWS profile that names it; none for the role of a database.
    pub(super) profile: Option<String>,
}

/// A role that is assumed with a token out of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub(super) token_file: PathBuf,
    pub(super) role: Assume,
}

/// A role that a user of IAM Identity Center has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sso {
    /// The name of its `sso-session`; none in the legacy form.
    pub(super) session: Option<String>,
    pub(super) start_url: String,
    pub(super) region: String,
    pub(super) account: String,
    pub(super) role: String,
    pub(super) profile: String,
}

/// The AWS files: both together, and the credentials file alone, whose keys have a rank of their own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) both: &'a ProfileSet,
    pub(super) credentials: &'a ProfileSet,
}

/// What the selected profile leads to. `of_environment` is the web identity that the environment
/// describes; it comes after a role of the profile and before everything else in it.
pub(super) fn plan(files: Files<'_>, of_environment: Option<WebIdentity>) -> Result<Plan, AwsError> {
    let profiles = files.both;
    let mut roles = Vec::new();
    let mut visited: Vec<&str> = Vec::new();
    let mut name = profiles.selected_profile();
    let base = loop {
        let Some(profile) = profiles.get_profile(name) else {
            match visited.last() {
                Some(parent) => {
                    return Err(wrong(parent, format!("names the `source_profile` `{name}`, which does not exist")));
                }
                None => break of_environment.map_or(Base::Machine, Base::WebIdentity),
            }
        };
        let first = visited.is_empty();
        if visited.contains(&name) {
            return Err(wrong(name, "is its own `source_profile` by a detour".into()));
        }
        visited.push(name);
        // Past the first profile, keys in a profile come before its role.
        let takes_role = profile.get("role_arn").is_some()
            && profile.get("web_identity_token_file").is_none()
            && (first || !has_keys(profile));
        if !takes_role {
            let source = match of_environment {
                Some(identity) if first => Base::WebIdentity(identity),
                _ => source(files, profile)?,
            };
            if matches!(source, Base::Machine) && !first {
                return Err(wrong(name, "has no credentials, and is a `source_profile`".into()));
            }
            break source;
        }
        roles.push(role(profile)?);
        match (profile.get("source_profile"), profile.get("credential_source")) {
            (Some(_), Some(_)) => return Err(wrong(name, "has both `source_profile` and `credential_source`".into())),
            (None, None) => {
                return Err(wrong(name, "has `role_arn` but neither `source_profile` nor `credential_source`".into()));
            }
            (Some(own), None) if own == name => match source(files, profile)? {
                Base::Machine => return Err(wrong(name, "is its own `source_profile`, and has no keys".into())),
                source => break source,
            },
            (Some(next), None) => name = next,
            (None, Some(source)) => break machine_source(name, source)?,
        }
    };
    roles.reverse();
    Ok(Plan { base, roles })
}

/// The source that a profile itself describes.
fn source(files: Files<'_>, profile: &Profile) -> Result<Base, AwsError> {
    let name = profile.name().to_owned();
    if let Some(file) = profile.get("web_identity_token_file") {
        if profile.get("role_arn").is_none() {
            return Err(wrong(&name, "has `web_identity_token_file` but no `role_arn`".into()));
        }
        // A web identity cannot be asked for what `AssumeRole` alone knows.
        let role = Assume { external_id: None, mfa_serial: None, duration: None, ..role(profile)? };
        return Ok(Base::WebIdentity(WebIdentity { token_file: file.into(), role }));
    }
    if let Some(sso) = sso(files.both, profile)? {
        return Ok(Base::Sso(sso));
    }
    if files.credentials.get_profile(&name).is_some_and(has_keys) {
        return keys(profile);
    }
    if let Some(session) = profile.get("login_session") {
        return Ok(Base::Login { session: session.to_owned(), profile: name });
    }
    if let Some(command) = profile.get("credential_process") {
        return Ok(Base::Process { command: command.to_owned(), profile: name });
    }
    if has_keys(profile) { keys(profile) } else { Ok(Base::Machine) }
}

/// The keys that stand in a profile.
fn keys(profile: &Profile) -> Result<Base, AwsError> {
    let name = profile.name().to_owned();
    let given = ("aws_access_key_id", "aws_secret_access_key");
    let (key, secret) = match (profile.get(given.0), profile.get(given.1)) {
        (Some(key), Some(secret)) => (key, secret),
        (Some(_), None) => return Err(AwsError::PartialKeys { given: given.0, missing: given.1, profile: Some(name) }),
        (None, _) => return Err(AwsError::PartialKeys { given: given.1, missing: given.0, profile: Some(name) }),
    };
    let token = profile.get("aws_session_token").or(profile.get("aws_security_token")).map(str::to_owned);
    // Written by tools that fetch credentials and keep them here.
    let expiry = profile.get("x_security_token_expires").and_then(super::times::parse);
    Ok(Base::Keys { credentials: Credentials::new(key, secret, token, expiry, "profile"), profile: name })
}

fn has_keys(profile: &Profile) -> bool {
    profile.get("aws_access_key_id").is_some() || profile.get("aws_secret_access_key").is_some()
}

fn role(profile: &Profile) -> Result<Assume, AwsError> {
    let text = |key| profile.get(key).map(str::to_owned);
    let duration = match profile.get("duration_seconds").map(|seconds| seconds.trim().parse()) {
        Some(Err(_)) => return Err(wrong(profile.name(), "has a `duration_seconds` that is no number".into())),
        Some(Ok(seconds)) => Some(seconds),
        None => None,
    };
    Ok(Assume {
        arn: text("role_arn").unwrap_or_default(),
        external_id: text("external_id"),
        session_name: text("role_session_name"),
        mfa_serial: text("mfa_serial"),
        duration,
        profile: Some(profile.name().to_owned()),
    })
}

fn machine_source(profile: &str, source: &str) -> Result<Base, AwsError> {
    match source {
        "Environment" => Ok(Base::Environment),
        "EcsContainer" => Ok(Base::Container),
        "Ec2InstanceMetadata" => Ok(Base::Instance),
        other => Err(wrong(
            profile,
            format!("has the unknown `credential_source` `{other}` (Environment, EcsContainer or Ec2InstanceMetadata)"),
        )),
    }
}

/// `sso_role_name` or `sso_account_id` tell that a profile means SSO.
fn sso(profiles: &ProfileSet, profile: &Profile) -> Result<Option<Sso>, AwsError> {
    let name = profile.name();
    if profile.get("sso_role_name").is_none() && profile.get("sso_account_id").is_none() {
        return Ok(None);
    }
    let session = profile.get("sso_session");
    let section = match session.map(|session| (session, profiles.sso_session(session))) {
        Some((session, None)) => {
            return Err(wrong(name, format!("names the `sso_session` `{session}`, which does not exist")));
        }
        Some((_, section)) => section,
        None => None,
    };
    let value = |key: &str| match (profile.get(key), section.and_then(|section| section.get(key))) {
        (Some(own), Some(shared)) if own != shared => {
            Err(wrong(name, format!("contradicts its `sso_session` in `{key}`")))
        }
        (own, shared) => own.or(shared).map(str::to_owned).ok_or_else(|| wrong(name, format!("has no `{key}`"))),
    };
    Ok(Some(Sso {
        session: session.map(str::to_owned),
        start_url: value("sso_start_url")?,
        region: value("sso_region")?,
        account: value("sso_account_id")?,
        role: value("sso_role_name")?,
        profile: name.to_owned(),
    }))
}

fn wrong(profile: &str, problem: String) -> AwsError {
    AwsError::Profile { profile: profile.to_owned(), problem }
}
