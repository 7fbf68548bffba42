//! Why there are no AWS credentials, or no token.

use super::did_you_mean;

/// Why there are no AWS credentials, or no token.
#[derive(Debug, thiserror::Error)]
pub enum AwsError {
    /// No source has any.
    #[error("no AWS credentials found{}", of(.profile.as_deref()))]
    None {
        /// The AWS profile named, if any.
        profile: Option<String>,
    },
    /// The AWS profile named does not exist.
    #[error("no AWS profile named `{name}`")]
    UnknownProfile {
        /// Its name.
        name: String,
        /// The nearest name.
        near: Option<String>,
    },
    /// A source failed.
    #[error("could not get AWS credentials{}", of(.profile.as_deref()))]
    Source {
        /// The AWS profile named, if any.
        profile: Option<String>,
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

fn of(profile: Option<&str>) -> String {
    profile.map(|name| format!(" for AWS profile `{name}`")).unwrap_or_default()
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
        match self {
            Self::None { profile: Some(name) } => {
                Some(format!("run `aws configure --profile {name}` or `aws sso login --profile {name}`"))
            }
            Self::None { profile: None } => Some(
                "set `aws_profile` in the profile or use `--aws-profile`, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".into(),
            ),
            Self::UnknownProfile { near: Some(near), .. } => did_you_mean(Some(near)),
            Self::UnknownProfile { near: None, .. } => Some("run `aws configure list-profiles` to see the profiles there are".into()),
            Self::Clock => Some("set the system clock".into()),
            Self::Source { .. } | Self::Files { .. } | Self::Sign { .. } | Self::Runtime(_) => None,
        }
    }
}
