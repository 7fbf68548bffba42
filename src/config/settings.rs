//! `Settings`: the keys that a profile may have, each with the value it was given and where that
//! came from. The one list of keys; the file's reader, the flags and the documents follow it.

use crate::target::{
    Address, AwsProfile, Database, DbUser, Duration, Engine, Host, Invalid, OptionFiles, Port, Region, RoleArn,
    SessionName, Tls, TokenVia, plain,
};
use serde::Deserialize;

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub origin: Origin,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A flag of this run.
    Flag,
    /// An address such as `postgres://jane@host/app`.
    Address,
    /// The profile, at this line of the file.
    Profile(u32),
    /// A profile in an included file, by the file's number and the line in it.
    Included(u16, u32),
    /// `[defaults]`, at this line of the file.
    Defaults(u32),
}

/// What a key holds, as TOML has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// A string out of a closed set.
    Choice(&'static [&'static str]),
    /// A whole number.
    Number,
    /// A list of strings.
    List,
    /// True or false.
    Flag,
}

/// A text without control characters that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Text(pub String);

impl TryFrom<String> for Text {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        plain(&text).map(|()| Self(text))
    }
}

/// Arguments for the client: each without control characters; an empty one is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Arguments(pub Vec<String>);

impl TryFrom<Vec<String>> for Arguments {
    type Error = Invalid;

    fn try_from(arguments: Vec<String>) -> Result<Self, Invalid> {
        match arguments.iter().filter(|a| !a.is_empty()).try_for_each(|a| plain(a)) {
            Ok(()) => Ok(Self(arguments)),
            Err(problem) => Err(problem),
        }
    }
}

impl Settings {
    /// The keys that every included file may set. The others run programs or move trust, and are
    /// for the main file to grant.
    pub const SHARED: &'static [&'static str] =
        &["engine", "host", "port", "user", "database", "region", "production", "read_only", "description"];

    /// Takes what `self` leaves open from another. A mark that an included file takes back is open:
    /// only the main file itself says that a database deserves no care.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for (own, other) in [(&mut self.production, &other.production), (&mut self.read_only, &other.read_only)] {
            let taken_back = matches!(own, Some(At { value: false, origin: Origin::Included(..) }));
            if taken_back && other.as_ref().is_some_and(|other| other.value) {
                *own = None;
            }
        }
        self.or_key_by_key(other)
    }
}

macro_rules! settings {
    ($($(#[doc = $doc:literal])* $key:ident: $type:ty = $kind:expr),+ $(,)?) => {
        /// What a profile, `[defaults]`, the flags or an address say.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Settings {
            $($(#[doc = $doc])* pub $key: Option<At<$type>>,)+
        }

        impl Settings {
            /// Every key and what it holds.
            pub const KEYS: &'static [(&'static str, Kind)] = &[$((stringify!($key), $kind)),+];

            /// What each key is for, in the same order.
            pub const DOCS: &'static [&'static str] = &[$(concat!($($doc),*)),+];

            fn or_key_by_key(self, other: &Self) -> Self {
                Self { $($key: self.$key.or_else(|| other.$key.clone()),)+ }
            }

            /// Sets one key from its TOML value.
            ///
            /// # Errors
            /// The deserializer's, whose message is [`Invalid`]'s.
            ///
            /// # Panics
            /// Never for a key out of [`Settings::KEYS`].
            pub(super) fn set(
                &mut self,
                key: &'static str,
                value: toml::de::ValueDeserializer<'_>,
                origin: Origin,
            ) -> Result<(), toml::de::Error> {
                match key {
                    $(stringify!($key) => {
                        self.$key = Some(At { value: <$type>::deserialize(value)?, origin });
                    })+
                    _ => unreachable!("the key comes out of KEYS"),
                }
                Ok(())
            }
        }
    };
}

settings! {
    /// The database engine.
    engine: Engine = Kind::Choice(Engine::NAMES),
    /// The RDS endpoint.
    host: Host = Kind::Text,
    /// Its port.
    port: Port = Kind::Number,
    /// Where the TCP connection goes instead: a tunnel, a custom DNS name.
    connect_to: Address = Kind::Text,
    /// The database user.
    user: DbUser = Kind::Text,
    /// The database.
    database: Database = Kind::Text,
    /// The region to sign for.
    region: Region = Kind::Text,
    /// The AWS profile whose credentials sign.
    aws_profile: AwsProfile = Kind::Text,
    /// A role that is assumed with the credentials found.
    role_arn: RoleArn = Kind::Text,
    /// What the role's owner asks for.
    external_id: Text = Kind::Text,
    /// Under which name the role's session is logged.
    role_session_name: SessionName = Kind::Text,
    /// The MFA device whose code the role asks for.
    mfa_serial: Text = Kind::Text,
    /// How long the role's credentials last.
    duration_seconds: Duration = Kind::Number,
    /// Whether the AWS CLI's credential cache is used.
    credential_cache: bool = Kind::Flag,
    /// A CA bundle, or `system`.
    ca_bundle: Text = Kind::Text,
    /// How the server is verified.
    tls: Tls = Kind::Choice(Tls::NAMES),
    /// The client: a program's name or path.
    client: Text = Kind::Text,
    /// Arguments that the client always gets.
    client_args: Arguments = Kind::List,
    /// How the client receives the token.
    token_via: TokenVia = Kind::Choice(TokenVia::NAMES),
    /// What becomes of the user's own option files.
    option_files: OptionFiles = Kind::Choice(OptionFiles::NAMES),
    /// Whether the client starts with a warning and a marked prompt.
    production: bool = Kind::Flag,
    /// Whether the session starts read-only.
    read_only: bool = Kind::Flag,
    /// A word for the reader.
    description: Text = Kind::Text,
}
