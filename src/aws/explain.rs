//! From the SDK's errors to ours: which of the known failures it is, and never its debug text. Pure.

use super::plan::Assume;
use super::sdk::Service;
use crate::error::aws::{AwsError, Causes};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use std::error::Error;

/// What a service may say at most; what is longer is none of its sentences.
const LONGEST: usize = 300;

/// What is known about a request that failed.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) service: Service,
    pub(super) region: &'a str,
    /// Where the credentials that signed it came from.
    pub(super) origin: &'a str,
    /// The role that was asked for.
    pub(super) role: Option<&'a Assume>,
}

/// The failure of a request.
pub(super) fn failure<E>(error: &SdkError<E, HttpResponse>, asked: &Asked<'_>) -> AwsError
where
    E: Error + ProvideErrorMetadata + 'static,
{
    match error {
        SdkError::ServiceError(refusal) => {
            let code = refusal.err().code().unwrap_or_default();
            refused(code, refusal.err().message().unwrap_or_default(), asked)
        }
        SdkError::TimeoutError(_) => unreachable(asked.service, Causes::said("it did not answer in time")),
        other => unreachable(asked.service, Causes::innermost(other)),
    }
}

fn unreachable(service: Service, source: Causes) -> AwsError {
    AwsError::Unreachable { service: service.name, source }
}

/// The failure that an error code means.
fn refused(code: &str, message: &str, asked: &Asked<'_>) -> AwsError {
    let origin = asked.origin.to_owned();
    let region = asked.region.to_owned();
    match (code, asked.role) {
        ("AccessDenied" | "AccessDeniedException", Some(role)) => match &role.mfa_serial {
            Some(serial) if message.contains("MultiFactorAuthentication failed") => {
                AwsError::MfaRefused { role: role.arn.clone(), serial: serial.clone() }
            }
            serial => AwsError::RoleDenied {
                caller: caller(message).unwrap_or(asked.origin).to_owned(),
                role: role.arn.clone(),
                mfa: serial.is_some(),
            },
        },
        ("ExpiredToken" | "ExpiredTokenException" | "ExpiredIdentityToken", _) => AwsError::Expired { origin },
        ("InvalidClientTokenId" | "UnrecognizedClientException" | "SignatureDoesNotMatch", _) => {
            AwsError::UnknownKeys { origin, region }
        }
        ("RegionDisabledException", _) => AwsError::RegionOff { region },
        _ => AwsError::Refused {
            service: asked.service.name,
            message: match message {
                "" if code.is_empty() => "it gave no reason".to_owned(),
                "" => code.to_owned(),
                text => text.chars().take(LONGEST).collect(),
            },
        },
    }
}

/// `User: arn:aws:iam::123456789012:user/jane is not authorized to perform: …`
fn caller(message: &str) -> Option<&str> {
    let arn = message.strip_prefix("User: ")?.split_whitespace().next()?;
    arn.starts_with("arn:").then_some(arn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::sdk::STS;

    fn text(code: &str, message: &str, serial: Option<&str>) -> String {
        let role = Assume { arn: "arn:r".into(), mfa_serial: serial.map(str::to_owned), ..Assume::default() };
        let asked = Asked { service: STS, region: "eu-south-2", origin: "the environment", role: Some(&role) };
        refused(code, message, &asked).to_string()
    }

    #[test]
    fn codes_become_sentences() {
        let denied = "User: arn:aws:iam::1:user/jane is not authorized to perform: sts:AssumeRole on resource: arn:r";
        assert_eq!(text("AccessDenied", denied, None), "`arn:aws:iam::1:user/jane` may not assume role `arn:r`");
        assert_eq!(text("AccessDenied", "no", None), "`the environment` may not assume role `arn:r`");
        let wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code.";
        assert_eq!(text("AccessDenied", wrong, Some("s")), "role `arn:r`: the code of MFA device `s` was refused");
        assert_eq!(text("ExpiredToken", "x", None), "the credentials from the environment have expired");
        assert_eq!(text("InvalidClientTokenId", "x", None), "AWS does not know the keys from the environment");
        assert_eq!(
            text("RegionDisabledException", "x", None),
            "region `eu-south-2` is switched off in this AWS account"
        );
        assert_eq!(text("ValidationError", "too long", None), "AWS STS refused: too long");
        assert_eq!(text("ValidationError", "", None), "AWS STS refused: ValidationError");
        assert_eq!(text("X", &"y".repeat(1000), None).len(), "AWS STS refused: ".len() + LONGEST);
    }
}
