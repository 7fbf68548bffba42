//! Signs the IAM authentication token: a presigned `rds-db` URL without its `https://`. Pure.

use crate::error::aws::{AwsError, Causes};
use crate::secret::Secret;
use crate::target::Target;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign as sign_request,
};
use aws_sigv4::sign::v4;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long RDS accepts a token (RDS User Guide, "IAM database authentication").
pub const LIFETIME: Duration = Duration::from_mins(15);

/// Everything but the unreserved characters of RFC 3986, as `SigV4` encodes a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The order in which botocore writes what signing adds.
const ADDED: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
];

/// Mints the token for a target's own name and port, never a tunnel's.
///
/// The token keeps the host's upper and lower case; the signature is over the lower-case name, and
/// without the port when that is 443, the default of `https` (botocore 1.43 does the same).
///
/// # Errors
/// [`AwsError::Sign`] when the signer refuses.
pub fn sign(target: &Target, credentials: &Credentials, now: SystemTime) -> Result<Secret, AwsError> {
    let failed = |error: &(dyn std::error::Error + 'static)| AwsError::Sign { source: Causes::of(error) };
    let query = format!("Action=connect&DBUser={}", utf8_percent_encode(target.user.as_str(), ENCODED));
    let name = target.host.as_str().to_ascii_lowercase();
    let signed_url = match target.port.number() {
        443 => format!("https://{name}/?{query}"),
        port => format!("https://{name}:{port}/?{query}"),
    };

    let mut settings = SigningSettings::default();
    settings.expires_in = Some(LIFETIME);
    settings.signature_location = SignatureLocation::QueryParams;
    let identity = credentials.clone().into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(target.region.as_str())
        .name("rds-db")
        .time(now)
        .settings(settings)
        .build()
        .map_err(|e| failed(&e))?
        .into();
    let request = SignableRequest::new("GET", &signed_url, std::iter::empty(), SignableBody::Bytes(b""))
        .map_err(|e| failed(&e))?;
    let (instructions, _) = sign_request(request, &params).map_err(|e| failed(&e))?.into_parts();
    let added = instructions.into_parts().1;

    let mut token = format!("{}:{}/?{query}", target.host, target.port);
    for wanted in ADDED {
        for (_, value) in added.iter().filter(|(name, _)| *name == wanted) {
            token.push('&');
            token.push_str(wanted);
            token.push('=');
            token.extend(utf8_percent_encode(value, ENCODED));
        }
    }
    Ok(Secret::new(token))
}

/// Until when a token signed now opens connections: its own lifetime, or that of the credentials
/// when they end sooner. Whole seconds, as in the signature.
#[must_use]
pub fn expiry(credentials: &Credentials, now: SystemTime) -> SystemTime {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let own = UNIX_EPOCH + Duration::from_secs(since.as_secs()) + LIFETIME;
    credentials.expiry().map_or(own, |end| end.min(own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_with_its_credentials_or_after_a_quarter_of_an_hour() {
        let now = time("2026-01-02T03:04:05+00:00") + Duration::from_millis(700);
        let ending = |end: Option<&str>| {
            let credentials = Credentials::new("a", "b", None, end.map(time), "test");
            crate::aws::rfc3339(expiry(&credentials, now))
        };
        assert_eq!(ending(None), "2026-01-02T03:19:05Z");
        assert_eq!(ending(Some("2026-01-02T03:19:06+00:00")), "2026-01-02T03:19:05Z");
        assert_eq!(ending(Some("2026-01-02T03:05:00+00:00")), "2026-01-02T03:05:00Z");
    }

    use crate::target::{Engine, OptionFiles, Tls, TokenVia, Trust};
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vector {
        host: String,
        port: i64,
        user: String,
        region: String,
        access_key: String,
        secret_key: String,
        session_token: Option<String>,
        time: String,
        expected_token: String,
        note: String,
    }

    /// `2026-01-02T03:04:05+00:00`; every vector is in UTC.
    fn time(text: &str) -> SystemTime {
        let text = text.replace("+00:00", "Z");
        let parsed = aws_smithy_types::DateTime::from_str(&text, aws_smithy_types::date_time::Format::DateTime);
        SystemTime::try_from(parsed.unwrap()).unwrap()
    }

    #[test]
    fn every_golden_token_of_botocore_is_made_byte_for_byte() {
        let vectors: Vec<Vector> =
            serde_json::from_str(include_str!("../../tests/fixtures/token_vectors.json")).unwrap();
        assert_eq!(vectors.len(), 30);
        for v in vectors {
            let target = Target {
                name: "x".into(),
                engine: Engine::MySql,
                host: v.host.parse().unwrap(),
                port: v.port.try_into().unwrap(),
                connect_to: Some("127.0.0.1:1".parse().unwrap()),
                user: v.user.parse().unwrap(),
                database: None,
                region: v.region.parse().unwrap(),
                tls: Tls::VerifyFull,
                trust: Trust::BuiltIn,
                aws_profile: None,
                role: None,
                credential_cache: true,
                client: None,
                client_args: Vec::new(),
                token_via: TokenVia::Env,
                option_files: OptionFiles::None,
                production: false,
                read_only: false,
            };
            let credentials = Credentials::new(v.access_key, v.secret_key, v.session_token, None, "test");
            let token = sign(&target, &credentials, time(&v.time)).unwrap();
            assert_eq!(token.expose(), v.expected_token, "{}", v.note);
        }
    }
}
