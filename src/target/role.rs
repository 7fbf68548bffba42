//! A role that is assumed for one database, and the types of its values.

use super::{Invalid, plain};
use serde::Deserialize;
use std::fmt;
use std::str::FromStr;

/// A role of IAM, and how it is assumed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Which one.
    pub arn: RoleArn,
    /// What the role's owner asks for.
    pub external_id: Option<String>,
    /// Under which name the session is logged.
    pub session_name: Option<SessionName>,
    /// The MFA device whose code is asked for.
    pub mfa_serial: Option<String>,
    /// How long the credentials last.
    pub duration: Option<Duration>,
}

text_type!(
    /// The ARN of a role of IAM.
    RoleArn,
    |text| {
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts.as_slice() {
            ["arn", partition, "iam", "", account, resource]
                if !partition.is_empty()
                    && account.bytes().all(|b| b.is_ascii_digit())
                    && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty()) =>
            {
                Ok(text)
            }
            _ => Err(Invalid::RoleArn),
        }
    }
);

text_type!(
    /// The name of a role's session.
    SessionName,
    |text| {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b);
        if (2..=64).contains(&text.len()) && text.bytes().all(fits) { Ok(text) } else { Err(Invalid::SessionName) }
    }
);

/// How long a role's credentials last, 900 to 43200 seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Duration(i32);

impl Duration {
    /// The number of seconds.
    #[must_use]
    pub fn seconds(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<i64> for Duration {
    type Error = Invalid;

    fn try_from(seconds: i64) -> Result<Self, Invalid> {
        i32::try_from(seconds).ok().filter(|s| (900..=43_200).contains(s)).map(Self).ok_or(Invalid::Duration)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_names_and_durations() {
        for good in ["arn:aws:iam::123456789012:role/a", "arn:aws-us-gov:iam::1:role/path/to/a"] {
            assert!(RoleArn::from_str(good).is_ok(), "{good}");
        }
        for bad in
            ["a", "arn:aws:iam::1:user/a", "arn:aws:iam::1:role/", "arn:aws:sts::1:role/a", "arn:aws:iam:x:1:role/a"]
        {
            assert_eq!(RoleArn::from_str(bad), Err(Invalid::RoleArn), "{bad}");
        }
        assert!(SessionName::from_str("jane.doe@example=1,2-3_4+5").is_ok());
        for bad in ["a", "a b", &"x".repeat(65)] {
            assert_eq!(SessionName::from_str(bad), Err(Invalid::SessionName), "{bad}");
        }
        assert_eq!(Duration::try_from(900).map(Duration::seconds), Ok(900));
        for bad in [899, 43_201, -1, i64::MAX] {
            assert_eq!(Duration::try_from(bad), Err(Invalid::Duration), "{bad}");
        }
    }
}
