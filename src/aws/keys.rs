//! Names of entries in the AWS CLI's caches, as botocore 1.44 computes them: a hash over the JSON
//! that Python would write. Pure.

use super::plan::{Assume, Sso};
use sha1::{Digest as _, Sha1};
use std::fmt::Write as _;

/// The entry of a role's credentials: the arguments of `AssumeRole`, those that are given alone,
/// in alphabetical order. Who asks is no part of it.
pub(super) fn of_role(role: &Assume) -> String {
    let text = |name: &str, value: &str| format!("{}: {}", quoted(name), quoted(value));
    let arguments: Vec<String> = [
        role.duration.map(|seconds| format!("\"DurationSeconds\": {seconds}")),
        role.external_id.as_deref().map(|value| text("ExternalId", value)),
        Some(text("RoleArn", &role.arn)),
        role.session_name.as_deref().map(|value| text("RoleSessionName", value)),
        role.mfa_serial.as_deref().map(|value| text("SerialNumber", value)),
    ]
    .into_iter()
    .flatten()
    .collect();
    hash(&format!("{{{}}}", arguments.join(", ")))
}

/// The entry of an SSO role's credentials; written without blanks, unlike the others.
pub(super) fn of_sso_role(sso: &Sso) -> String {
    let session = match &sso.session {
        Some(name) => format!("\"sessionName\":{}", quoted(name)),
        None => format!("\"startUrl\":{}", quoted(&sso.start_url)),
    };
    hash(&format!("{{\"accountId\":{},\"roleName\":{},{session}}}", quoted(&sso.account), quoted(&sso.role)))
}

/// The entry of an SSO session's token, in a cache of its own.
pub(super) fn of_sso_token(sso: &Sso) -> String {
    hash(sso.session.as_ref().unwrap_or(&sso.start_url))
}

fn hash(text: &str) -> String {
    Sha1::digest(text).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A text as Python's `json.dumps` writes it: everything but printable ASCII escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(b'"') => out.push_str("\\\""),
            Ok(b'\\') => out.push_str("\\\\"),
            Ok(b'\n') => out.push_str("\\n"),
            Ok(b'\r') => out.push_str("\\r"),
            Ok(b'\t') => out.push_str("\\t"),
            Ok(0x08) => out.push_str("\\b"),
            Ok(0x0c) => out.push_str("\\f"),
            Ok(byte @ b' '..=b'~') => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names on the right were computed by botocore 1.44.5.
    #[test]
    fn roles_are_named_as_botocore_names_them() {
        let plain = Assume { arn: "arn:aws:iam::123456789012:role/reader".into(), ..Assume::default() };
        assert_eq!(of_role(&plain), "b0b1ce16bb62e7ab13aa0f2f057f59d4d18ae346");
        let full = Assume {
            external_id: Some("a\"b\\c/é😀\u{7f}\t".into()),
            session_name: Some("jane@example".into()),
            mfa_serial: Some("arn:aws:iam::123456789012:mfa/jane".into()),
            duration: Some(3600),
            ..plain
        };
        assert_eq!(of_role(&full), "38f0d46a56ea86fe2cdaeea6593a12dfd3636ddc");
    }

    #[test]
    fn sso_roles_are_named_as_botocore_names_them() {
        let legacy = Sso {
            session: None,
            start_url: "https://d-123.awsapps.com/start".into(),
            region: "eu-west-1".into(),
            account: "123456789012".into(),
            role: "Reader".into(),
            profile: "p".into(),
        };
        assert_eq!(of_sso_role(&legacy), "0dbfdaf53db71ddbad38cbe491006175cc3b20c4");
        assert_eq!(of_sso_token(&legacy), "2b829a45f04c9828cb45b7d092d8e4aa30818393");
        let named = Sso { session: Some("dev".into()), ..legacy };
        assert_eq!(of_sso_role(&named), "c9558f7a0f55d82d9790db68c8ee0140b8b597e8");
        assert_eq!(of_sso_token(&named), "34c6fceca75e456f25e7e99531e2425c6c1de443");
    }
}
