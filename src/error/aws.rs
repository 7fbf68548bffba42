//! Why there are no AWS credentials, or no token.

use super::did_you_mean;
use std::path::PathBuf;

/// Why there are no AWS credentials, or no token.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// No source has any.
    #[error("no AWS credentials in {}", .tried.join(", "))]
    None {
        /// The AWS profile named, if any.
        profile: Option<String>,
        /// What was tried, in order, each with why it had none.
        tried: Vec<String>,
    },
    /// Half of a key pair.
    #[error("`{given}` is set{}, `{missing}` is not", .profile.as_ref().map(|p| format!(" in AWS profile `{p}`")).unwrap_or_default())]
    PartialKeys {
        /// What is set.
        given: &'static str,
        /// What is not.
        missing: &'static str,
        /// The AWS profile that they are in; none for the environment.
        profile: Option<String>,
    },
    /// A variable that should be plain text.
    #[error("`{variable}` is not UTF-8 text")]
    NotText {
        /// The variable.
        variable: &'static str,
    },
    /// The AWS profile named does not exist.
    #[error("no AWS profile named `{name}` in {}", .files.join(" or "))]
    UnknownProfile {
        /// Its name.
        name: String,
        /// The nearest name.
        near: Option<String>,
        /// The files that were read.
        files: Vec<String>,
    },
    /// The AWS profile contradicts itself or lacks something.
    #[error("AWS profile `{profile}` {problem}")]
    Profile {
        /// Its name.
        profile: String,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no SSO session, or it is over.
    #[error("the SSO session of AWS profile `{profile}` {}", if *.expired { "has expired" } else { "does not exist yet" })]
    SsoSession {
        /// The profile.
        profile: String,
        /// Whether there was one.
        expired: bool,
        /// Why `aws sso login` did not help, when it was run.
        login: Option<String>,
    },
    /// There is no session of `aws login`, or it is over.
    #[error("the login session of AWS profile `{profile}` does not exist or has expired")]
    LoginSession {
        /// The profile.
        profile: String,
    },
    /// The SSO user does not have the role.
    #[error("SSO gives no access to role `{role}` in account `{account}`")]
    SsoRole {
        /// The role.
        role: String,
        /// The account.
        account: String,
        /// The AWS profile.
        profile: String,
    },
    /// An MFA code is asked for, and there is nobody to ask.
    #[error("role `{role}` needs a code of MFA device `{serial}`, and there is no terminal to ask on")]
    MfaNoTerminal {
        /// The role.
        role: String,
        /// The device.
        serial: String,
        /// Whether the AWS CLI's cache is used.
        cached: bool,
        /// The AWS profile, when the role is one's.
        profile: Option<String>,
    },
    /// The prompt for an MFA code was left.
    #[error("no code of MFA device `{serial}` was given")]
    MfaCancelled {
        /// The device.
        serial: String,
    },
    /// The MFA code was wrong.
    #[error("role `{role}`: the code of MFA device `{serial}` was refused")]
    MfaRefused {
        /// The role.
        role: String,
        /// The device.
        serial: String,
    },
    /// The terminal could not be used.
    #[error("could not ask on the terminal")]
    Terminal(#[source] std::io::Error),
    /// The role may not be assumed.
    #[error("`{caller}` may not assume role `{role}`")]
    RoleDenied {
        /// Who asked.
        caller: String,
        /// The role.
        role: String,
        /// Whether an MFA device was named.
        mfa: bool,
    },
    /// Credentials that are over.
    #[error("the credentials from {origin} have expired")]
    Expired {
        /// Where they came from.
        origin: String,
    },
    /// Keys that AWS does not know.
    #[error("AWS does not know the keys from {origin}")]
    UnknownKeys {
        /// Where they came from.
        origin: String,
        /// The region that was asked.
        region: String,
    },
    /// The region is switched off.
    #[error("region `{region}` is switched off in this AWS account")]
    RegionOff {
        /// The region.
        region: String,
    },
    /// The clock is wrong.
    #[error("this machine's clock is {} minutes {} AWS's", .seconds.unsigned_abs() / 60, if *.seconds < 0 { "behind" } else { "ahead of" })]
    ClockOff {
        /// Our time less theirs.
        seconds: i64,
    },
    /// A service refused.
    #[error("{service} refused: {message}")]
    Refused {
        /// The service.
        service: &'static str,
        /// What it said.
        message: String,
    },
    /// A service did not answer.
    #[error("could not reach {service}")]
    Unreachable {
        /// The service.
        service: &'static str,
        /// Why, without the SDK's debug text.
        source: Causes,
    },
    /// An endpoint that would receive credentials in clear.
    #[error("`{setting}` would send credentials unencrypted to another machine: `{url}`")]
    Endpoint {
        /// The variable or key.
        setting: String,
        /// Its value.
        url: String,
    },
    /// The CA bundle for AWS's services.
    #[error("cannot use the CA bundle `{}` for AWS: {why}", .path.display())]
    CaBundle {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// `credential_process` failed.
    #[error("`credential_process` of AWS profile `{profile}` {problem}")]
    Process {
        /// The profile.
        profile: String,
        /// What happened; nothing of what the process wrote.
        problem: String,
    },
    /// A file that holds a token.
    #[error("could not read the web identity token `{}`", .path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A source failed.
    #[error("could not get AWS credentials from {origin}")]
    Source {
        /// Which one.
        origin: String,
        /// What the source said, without the SDK's debug text.
        source: Causes,
    },
    /// The AWS configuration files cannot be read.
    #[error("could not read the AWS configuration files")]
    Files {
        /// Why.
        source: Causes,
    },
    /// The token could not be signed.
    #[error("could not sign the token")]
    Sign {
        /// Why.
        source: Causes,
    },
    /// The clock stands before 1970.
    #[error("the system clock stands before 1970")]
    Clock,
    /// The runtime of the SDK could not be started.
    #[error("could not start the AWS SDK")]
    Runtime(#[source] std::io::Error),
}

/// A profile's name as a shell takes it.
fn quoted(name: &str) -> String {
    shlex::try_quote(name).map_or_else(|_| name.to_owned(), std::borrow::Cow::into_owned)
}

/// The causes of a foreign error as plain sentences, outermost first.
#[derive(Debug, thiserror::Error)]
#[error("{text}")]
pub struct Causes {
    text: String,
    source: Option<Box<Causes>>,
}

impl Causes {
    /// Takes the `Display` texts of an error and of what caused it, dropping repetitions.
    #[must_use]
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut texts: Vec<String> = Vec::new();
        let mut next = Some(error);
        while let Some(error) = next {
            let text = error.to_string();
            // Some foreign errors repeat their cause in their own text.
            if let Some(outer) = texts.last_mut()
                && outer.ends_with(&text)
            {
                let end = outer.len() - text.len();
                outer.truncate(outer[..end].trim_end_matches([':', ' ']).len());
            }
            texts.push(text);
            next = error.source();
        }
        texts.retain(|text| !text.is_empty());
        Self::chain(texts)
    }

    /// The innermost cause alone: of an HTTP client's layers it is the one that says what happened.
    #[must_use]
    pub fn innermost(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut last = error;
        while let Some(inner) = last.source() {
            last = inner;
        }
        Self::said(last.to_string())
    }

    /// A sentence of our own.
    #[must_use]
    pub fn said(text: impl Into<String>) -> Self {
        Self::chain(vec![text.into()])
    }

    fn chain(texts: Vec<String>) -> Self {
        texts
            .into_iter()
            .rev()
            .fold(None, |source: Option<Box<Self>>, text| Some(Box::new(Self { text, source })))
            .map_or(Self { text: "unknown".into(), source: None }, |boxed| *boxed)
    }
}

impl AwsError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let login = |profile: &str| format!("aws sso login --profile {}", quoted(profile));
        Some(match self {
            Self::None { profile: Some(name), .. } => {
                format!("run `aws configure --profile {0}` or `{1}`", quoted(name), login(name))
            }
            Self::None { profile: None, .. } => "set `aws_profile` in the profile or use `--aws-profile`, \
                 or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                .into(),
            Self::PartialKeys { missing, .. } => format!("set both, or neither: `{missing}` is what is missing"),
            Self::UnknownProfile { near: Some(near), .. } => return did_you_mean(Some(near)),
            Self::UnknownProfile { near: None, .. } => {
                "run `aws configure list-profiles` to see the profiles there are".into()
            }
            Self::SsoSession { profile, login: None, .. } => format!("run `{}`", login(profile)),
            Self::SsoSession { profile, login: Some(why), .. } => format!("{why}; run `{}`", login(profile)),
            Self::LoginSession { profile } => {
                format!("run `aws login --profile {}`", quoted(profile))
            }
            Self::SsoRole { profile, .. } => {
                format!("check `sso_role_name` and `sso_account_id` of AWS profile `{profile}`")
            }
            Self::MfaNoTerminal { cached: true, profile: Some(profile), .. } => format!(
                "run `aws sts get-caller-identity --profile {}` in a terminal first; its credentials are used here too",
                quoted(profile)
            ),
            Self::MfaNoTerminal { .. } => "run it in a terminal once".into(),
            Self::MfaRefused { .. } => "wait for the device's next code: each works once".into(),
            Self::RoleDenied { mfa: false, .. } => {
                "let the role's trust policy name that identity, and that identity's own policy \
                 allow `sts:AssumeRole`; a role that asks for MFA needs `mfa_serial`"
                    .into()
            }
            Self::RoleDenied { mfa: true, .. } => {
                "let the role's trust policy name that identity, and that identity's own policy allow `sts:AssumeRole`"
                    .into()
            }
            Self::Expired { .. } => "renew them where they came from, or unset them".into(),
            Self::UnknownKeys { region, .. } => {
                format!("check that the keys still exist, and that region `{region}` is switched on in the account")
            }
            Self::RegionOff { region } => {
                format!("enable `{region}` in the account, or set another `region` for AWS (AWS_REGION)")
            }
            Self::ClockOff { .. } | Self::Clock => "set the system clock".into(),
            Self::Endpoint { .. } => "use https, or a loopback address".into(),
            Self::NotText { .. } => "set it again, with nothing but the key in it".into(),
            Self::Process { .. } => "run the command by itself to see what it says".into(),
            Self::Profile { .. }
            | Self::MfaCancelled { .. }
            | Self::Terminal(_)
            | Self::Refused { .. }
            | Self::Unreachable { .. }
            | Self::CaBundle { .. }
            | Self::TokenFile { .. }
            | Self::Source { .. }
            | Self::Files { .. }
            | Self::Sign { .. }
            | Self::Runtime(_) => return None,
        })
    }
}
