//! `Target`: a connection that has been decided in full, and the types whose values are valid
//! once they exist.

use crate::printable::hides;
use serde::Deserialize;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::path::PathBuf;
use std::str::FromStr;

/// Gives a closed set of values its names, the same in the profile file and on the command line.
macro_rules! choice_type {
    ($name:ident { $($text:literal => $variant:ident),+ $(,)? }) => {
        impl $name {
            /// Every name, the preferred ones first.
            pub const NAMES: &'static [&'static str] = &[$($text),+];
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                plain(text)?;
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(Invalid::Choice(Self::NAMES)),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                text.parse()
            }
        }
    };
}

/// Everything that decides a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// How the user called it: the profile's name, or the host of an address.
    pub name: String,
    /// Which database it is.
    pub engine: Engine,
    /// The RDS endpoint: the token is signed for it and the certificate must bear it.
    pub host: Host,
    /// The endpoint's own port; the token is signed for it too.
    pub port: Port,
    /// Where the TCP connection goes when that is not the endpoint itself.
    pub connect_to: Option<Address>,
    /// The database user.
    pub user: DbUser,
    /// The database; always there for postgres.
    pub database: Option<Database>,
    /// The region that the token is signed for.
    pub region: Region,
    /// How the server is verified.
    pub tls: Tls,
    /// The root certificates it is verified with.
    pub trust: Trust,
    /// The AWS profile named by flag or file; it beats credentials in the environment.
    pub aws_profile: Option<AwsProfile>,
    /// The role that is assumed with the credentials found.
    pub role: Option<Role>,
    /// Whether the AWS CLI's credential cache is read and written.
    pub credential_cache: bool,
    /// The client named by flag or file.
    pub client: Option<Program>,
    /// Arguments that the profile always passes, after ours and before the user's.
    pub client_args: Vec<String>,
    /// How the client receives the token.
    pub token_via: TokenVia,
    /// What becomes of the user's own option files (mysql family).
    pub option_files: OptionFiles,
    /// Whether the client starts with a warning and a marked prompt.
    pub production: bool,
    /// Whether the session starts read-only.
    pub read_only: bool,
}

/// The database engine. The variants are matched without `_`, so that a new one is a list of
/// compile errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Engine {
    /// RDS or Aurora for MySQL.
    MySql,
    /// RDS for MariaDB: `mysql`, but MariaDB's own client is looked for first.
    MariaDb,
    /// RDS or Aurora for PostgreSQL.
    Postgres,
}

choice_type!(Engine {
    "mysql" => MySql,
    "postgres" => Postgres,
    "mariadb" => MariaDb,
    "aurora-mysql" => MySql,
    "postgresql" => Postgres,
    "aurora-postgresql" => Postgres,
});

impl Engine {
    /// Port used when none is named.
    #[must_use]
    pub fn default_port(self) -> Port {
        match self {
            Self::MySql | Self::MariaDb => Port::MYSQL,
            Self::Postgres => Port::POSTGRES,
        }
    }

    /// The clients that are looked for, in this order, when none is named.
    #[must_use]
    pub fn clients(self) -> &'static [&'static str] {
        match self {
            Self::MySql => &["mysql", "mariadb"],
            Self::MariaDb => &["mariadb", "mysql"],
            Self::Postgres => &["psql"],
        }
    }

    /// The name as it is written in a profile.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
            Self::Postgres => "postgres",
        }
    }
}

/// How the server's certificate is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum Tls {
    /// Chain and name. The only mode but for the exception below.
    #[default]
    VerifyFull,
    /// Chain alone, for a mysql tunnel, and only when the profile spells it out.
    VerifyCa,
}

choice_type!(Tls { "verify-full" => VerifyFull, "verify-ca" => VerifyCa });

/// Which root certificates a target trusts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Trust {
    /// Amazon's roots, compiled in: those of the target's region, or the proxy's.
    #[default]
    BuiltIn,
    /// The platform's store.
    System,
    /// A bundle named by path; absolute.
    File(PathBuf),
}

/// How the client receives the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum TokenVia {
    /// `MYSQL_PWD` or `PGPASSWORD`.
    #[default]
    Env,
    /// An inherited descriptor: in neither argv, environment nor disk.
    Fd,
}

choice_type!(TokenVia { "env" => Env, "fd" => Fd });

/// What becomes of the user's own option files (mysql family).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub enum OptionFiles {
    /// Harmless settings (prompt, pager and their like) are carried over as arguments.
    #[default]
    Harmless,
    /// Nothing is carried over.
    None,
}

choice_type!(OptionFiles { "harmless" => Harmless, "none" => None });

/// The client as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// A name to look for on `PATH`.
    Name(String),
    /// A path; absolute.
    Path(PathBuf),
}

/// A TCP address for `connect_to`: a name or an IP address, and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Name or IP address, an IPv6 address without its brackets.
    pub host: String,
    /// The port, when one was given.
    pub port: Option<Port>,
}

impl Address {
    /// The address itself, when it is one and not a name.
    #[must_use]
    pub fn ip(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }
}

/// Why a text is no valid value. `Display` is a clause that follows the key: "must not be empty".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Nothing in it.
    #[error("must not be empty")]
    Empty,
    /// A control character, or one that hides or reorders text.
    #[error("must not contain control characters")]
    Control,
    /// Not a DNS name.
    #[error("must be a host name: letters, digits, `-`, `_` and `.`")]
    Host,
    /// A host and a port in one.
    #[error("must be a host name alone; the port has a key of its own, `port`")]
    HostWithPort,
    /// Not shaped like a region.
    #[error("must be an AWS region such as `us-west-2`")]
    Region,
    /// An availability zone.
    #[error("must be an AWS region such as `us-west-2`, not an availability zone")]
    Zone,
    /// Not a port.
    #[error("must be a port from 1 to 65535")]
    Port,
    /// Not `HOST[:PORT]`.
    #[error("must be `HOST`, `HOST:PORT` or `[IPV6]:PORT`")]
    Address,
    /// Not the ARN of a role.
    #[error("must be the ARN of a role such as `arn:aws:iam::123456789012:role/reader`")]
    RoleArn,
    /// Not a name for a role's session.
    #[error("must be 2 to 64 letters, digits and characters of `_+=,.@-`")]
    SessionName,
    /// Not a duration that a role's credentials can have.
    #[error("must be a number of seconds from 900 to 43200")]
    Duration,
    /// None of a closed set.
    #[error("must be {}", one_of(.0))]
    Choice(&'static [&'static str]),
}

/// "`a`, `b` or `c`".
fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        _ => quoted.concat(),
    }
}

/// Refuses what no value may hold.
///
/// # Errors
/// [`Invalid::Empty`] and [`Invalid::Control`].
pub fn plain(text: &str) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::Empty);
    }
    if text.chars().any(hides) {
        return Err(Invalid::Control);
    }
    Ok(())
}

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(try_from = "String")]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = Invalid;

            fn try_from(text: String) -> Result<Self, Invalid> {
                plain(&text)?;
                let check: fn(String) -> Result<String, Invalid> = $check;
                check(text).map(Self)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::try_from(text.to_owned())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

mod port;
mod role;
pub use port::Port;
pub use role::{Duration, Role, RoleArn, SessionName};

text_type!(
    /// A host name. Nothing else passes: libpq would take a comma for a list of hosts and a
    /// leading `/` or `@` for a socket. A trailing dot is dropped, upper and lower case are kept.
    Host,
    dns_name
);
text_type!(
    /// A database user; any characters but control characters.
    DbUser,
    Ok
);
text_type!(
    /// A database; any characters but control characters. `host=evil` is a name like any other.
    Database,
    Ok
);
text_type!(
    /// An AWS region.
    Region,
    |text| {
        if crate::endpoint::is_region(&text) {
            Ok(text)
        } else if text.strip_suffix(|c: char| c.is_ascii_lowercase()).is_some_and(crate::endpoint::is_region) {
            Err(Invalid::Zone)
        } else {
            Err(Invalid::Region)
        }
    }
);
text_type!(
    /// The name of an AWS profile.
    AwsProfile,
    Ok
);

#[expect(clippy::needless_pass_by_value, reason = "the shape of every check")]
fn dns_name(text: String) -> Result<String, Invalid> {
    let name = text.strip_suffix('.').unwrap_or(&text);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if name.len() <= 253 && name.split('.').all(is_label) {
        return Ok(name.to_owned());
    }
    match name.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) => {
            Err(Invalid::HostWithPort)
        }
        _ => Err(Invalid::Host),
    }
}

impl FromStr for Address {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        plain(text)?;
        let port = |text: &str| text.parse().map_err(|_| Invalid::Address);
        if let Some(rest) = text.strip_prefix('[') {
            let (ip, rest) = rest.split_once(']').ok_or(Invalid::Address)?;
            ip.parse::<Ipv6Addr>().map_err(|_| Invalid::Address)?;
            let port = match rest.strip_prefix(':') {
                Some(digits) => Some(port(digits)?),
                None if rest.is_empty() => None,
                None => return Err(Invalid::Address),
            };
            return Ok(Self { host: ip.to_owned(), port });
        }
        if text.parse::<Ipv6Addr>().is_ok() {
            return Ok(Self { host: text.to_owned(), port: None });
        }
        let (host, port) = match text.split_once(':') {
            Some((host, digits)) => (host, Some(port(digits)?)),
            None => (text, None),
        };
        let host = Host::from_str(host).map_err(|_| Invalid::Address)?;
        Ok(Self { host: host.0, port })
    }
}

impl TryFrom<String> for Address {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.ip(), self.port) {
            (Some(IpAddr::V6(ip)), Some(port)) => write!(f, "[{ip}]:{port}"),
            (_, Some(port)) => write!(f, "{}:{port}", self.host),
            (_, None) => f.write_str(&self.host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts() {
        let host = |text: &str| Host::from_str(text).map(|h| h.0);
        assert_eq!(host("MyDB.c1.us-west-2.rds.amazonaws.com."), Ok("MyDB.c1.us-west-2.rds.amazonaws.com".into()));
        assert_eq!(host("localhost"), Ok("localhost".into()));
        assert_eq!(host("db:3306"), Err(Invalid::HostWithPort));
        assert_eq!(host(""), Err(Invalid::Empty));
        assert_eq!(host("a\nb"), Err(Invalid::Control));
        for bad in ["a,b", "/tmp", "@x", "a b", "a..b", ".", "a.", "-a", "::1", "é.example", "a/b", "user@host"] {
            let want = if bad == "a." { Ok("a".into()) } else { Err(Invalid::Host) };
            assert_eq!(host(bad), want, "{bad}");
        }
    }

    #[test]
    fn addresses() {
        let address =
            |text: &str| Address::from_str(text).map(|a| (a.host.clone(), a.port.map(Port::number), a.to_string()));
        assert_eq!(address("127.0.0.1:15432"), Ok(("127.0.0.1".into(), Some(15432), "127.0.0.1:15432".into())));
        assert_eq!(address("[::1]:5432"), Ok(("::1".into(), Some(5432), "[::1]:5432".into())));
        assert_eq!(address("[::1]"), Ok(("::1".into(), None, "::1".into())));
        assert_eq!(address("::1"), Ok(("::1".into(), None, "::1".into())));
        assert_eq!(address("db.corp"), Ok(("db.corp".into(), None, "db.corp".into())));
        for bad in ["", "a:b", "a:0", "a:70000", "[::1", "[::1]x", "[a]:1", "/tmp:1", "a,b:1", "a:", "a:+1"] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn regions_and_ports() {
        assert_eq!(Region::from_str("us-west-2a"), Err(Invalid::Zone));
        assert_eq!(Region::from_str("oregon"), Err(Invalid::Region));
        assert!(Region::from_str("us-gov-west-1").is_ok());
        for bad in [0, -1, 65536, i64::MAX] {
            assert_eq!(Port::try_from(bad), Err(Invalid::Port), "{bad}");
        }
        for bad in ["", "+1", "0", "65536", "1 ", "x"] {
            assert_eq!(Port::from_str(bad), Err(Invalid::Port), "{bad}");
        }
    }
}
