//! Why a profile does not make a connection.

use crate::target::Invalid;

/// Why a profile, or an address, does not make a connection.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// A key without which nothing can be connected to.
    #[error("{} `{name}` has no `{key}`", kind(*.address))]
    MissingKey {
        /// The profile, or the host of an address.
        name: String,
        /// Whether it is an address.
        address: bool,
        /// The key.
        key: &'static str,
    },
    /// A value given on the command line.
    #[error("`{flag}` {problem}")]
    Flag {
        /// The flag.
        flag: &'static str,
        /// Why.
        problem: Invalid,
    },
    /// An address that is none.
    #[error("`{part}` of the address {problem}")]
    AddressPart {
        /// The part.
        part: &'static str,
        /// Why.
        problem: Invalid,
    },
    /// Something that an address may not have.
    #[error("an address must not have {what}")]
    AddressHas {
        /// "a password", "a query" and so on; never the text itself.
        what: &'static str,
        /// What to do instead.
        instead: &'static str,
    },
    /// Percent-encoding that does not decode to UTF-8.
    #[error("`{part}` of the address is not percent-encoded UTF-8")]
    AddressEncoding {
        /// The part.
        part: &'static str,
    },
    /// A key that means nothing without a role.
    #[error("profile `{profile}` has `{key}` but no `role_arn`")]
    NeedsRole {
        /// The profile.
        profile: String,
        /// The key.
        key: &'static str,
    },
    /// postgres without a database.
    #[error("{} `{name}` names no database", kind(*.address))]
    NoDatabase {
        /// The profile, or the host of an address.
        name: String,
        /// Whether it is an address.
        address: bool,
    },
    /// A region that the host name contradicts.
    #[error("region `{given}` contradicts the host name, which says `{of_host}`")]
    RegionConflict {
        /// As given by flag or key.
        given: String,
        /// As the host name says.
        of_host: String,
    },
    /// No region to sign for.
    #[error("no region to sign for: `{host}` does not carry one")]
    NoRegion {
        /// The host.
        host: String,
        /// Whether it is an RDS endpoint (a global writer) or another name.
        is_rds: bool,
        /// The RDS endpoint that the name is an alias of, as DNS claims.
        alias_of: Option<String>,
    },
    /// `tls = "verify-ca"` where it is not allowed.
    #[error("`tls = \"verify-ca\"` is refused: {why}")]
    VerifyCa {
        /// Why.
        why: &'static str,
    },
    /// An address in place of the endpoint, for a mysql client.
    #[error("`host` is `{host}`, which is an address, and a mysql client must know the server by its name")]
    HostIsAddress {
        /// The address.
        host: String,
    },
    /// A tunnel through which a mysql client cannot check the server's name.
    #[error("`connect_to` leads to `{connect_to}`, where a mysql client cannot check that the server is `{host}`")]
    UnverifiableTunnel {
        /// Where the connection goes.
        connect_to: String,
        /// The endpoint.
        host: String,
    },
    /// A name that cannot be resolved: that of `connect_to`, or of the endpoint when it is checked.
    #[error("could not resolve `{name}`")]
    Unresolvable {
        /// The name.
        name: String,
        /// Why.
        source: std::io::Error,
    },
    /// A `~` without a home directory.
    #[error("`{key}` begins with `~`, but `HOME` is not set")]
    NoHome {
        /// The key.
        key: &'static str,
    },
    /// Variables for a client that takes no TLS settings from them.
    #[error("`{name}` is for {engine}, whose clients take no TLS settings from variables")]
    NoVariables {
        /// The profile, or the host of an address.
        name: String,
        /// The engine.
        engine: &'static str,
        /// The profile, when it is one.
        profile: Option<String>,
    },
    /// A database's name that libpq programs would not take for one.
    #[error("programs would take the database name `{database}` for a connection string")]
    ExpandedDatabase {
        /// The name.
        database: String,
    },
    /// `token_via = "fd"` where it cannot work.
    #[error("`token_via = \"fd\"` cannot work here: {why}")]
    TokenViaFd {
        /// Why.
        why: &'static str,
    },
}

fn kind(address: bool) -> &'static str {
    if address { "address" } else { "profile" }
}

impl TargetError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::MissingKey { address: true, key: "user", .. } => {
                Some("write it before the host, as in `postgres://USER@HOST/DATABASE`, or use `--user`".into())
            }
            Self::MissingKey { address: true, .. } => Some("write it as in `postgres://USER@HOST/DATABASE`".into()),
            Self::MissingKey { address: false, key, .. } => Some(match *key {
                "user" => "set `user` in the profile or use `--user`".into(),
                key => format!("set `{key}` in the profile or in `[defaults]`"),
            }),
            Self::AddressHas { instead, .. } => Some((*instead).into()),
            Self::NoDatabase { address: true, .. } => Some(
                "write it behind the host, as in `postgres://USER@HOST/DATABASE`, or use `--database` \
                 (psql would try a database named like the user)"
                    .into(),
            ),
            Self::NoDatabase { address: false, .. } => Some(
                "set `database` in the profile or use `--database` (psql would try a database named like the user)"
                    .into(),
            ),
            Self::RegionConflict { .. } => Some("leave `region` and `--region` out: the host name carries it".into()),
            Self::NoRegion { is_rds: true, .. } => {
                Some("set `region` in the profile to the writer's present region, or use `--region`".into())
            }
            Self::NoRegion { is_rds: false, host, alias_of: Some(endpoint) } => Some(format!(
                "if you know it to be `{endpoint}`, as DNS claims, set `host = \"{endpoint}\"` and `connect_to = \"{host}\"`, \
                 because RDS refuses tokens for other names"
            )),
            Self::NoRegion { is_rds: false, alias_of: None, .. } => Some(
                "set `region` in the profile or use `--region`; better, set `host` to the RDS endpoint \
                 and `connect_to` to this name, because RDS refuses tokens for other names"
                    .into(),
            ),
            Self::HostIsAddress { host } => {
                Some(format!("set `host` to the RDS endpoint; `connect_to` is for the address, such as `{host}:PORT`"))
            }
            Self::UnverifiableTunnel { host, .. } => Some(format!(
                "let `{host}` resolve to the tunnel (a line in /etc/hosts) and set `connect_to = \"{host}:PORT\"`, \
                 or set `tls = \"verify-ca\"`, which checks the certificate but not the name"
            )),
            Self::NoVariables { profile: Some(profile), .. } => Some(format!(
                "run `rdsconnect {profile}`, or `rdsconnect exec {profile} -- PROGRAM`: with the token in a variable alone, clients would send it in clear"
            )),
            Self::NoVariables { profile: None, .. } => {
                Some("leave out `env`: with the token in a variable alone, clients would send it in clear".into())
            }
            Self::ExpandedDatabase { .. } => Some("connect without `env`: psql gets the name as a name".into()),
            Self::NeedsRole { .. } => Some("set `role_arn`, or leave the key out".into()),
            Self::TokenViaFd { .. } => Some("set `token_via = \"env\"`".into()),
            Self::Flag { .. }
            | Self::AddressPart { .. }
            | Self::AddressEncoding { .. }
            | Self::VerifyCa { .. }
            | Self::NoHome { .. }
            | Self::Unresolvable { .. } => None,
        }
    }
}
