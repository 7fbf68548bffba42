//! One error of every variant, and more where its text or hint has several forms. A variant that is
//! missing does not compile.

use rdsconnect::error::Error;
use rdsconnect::error::aws::{AwsError, Causes};
use rdsconnect::error::ca::CaError;
use rdsconnect::error::cache::CacheError;
use rdsconnect::error::client::ClientError;
use rdsconnect::error::config::ConfigError;
use rdsconnect::error::include::IncludeError;
use rdsconnect::error::permissions::PermissionError;
use rdsconnect::error::place::Place;
use rdsconnect::error::refusal::{Refusal, Why};
use rdsconnect::error::target::TargetError;
use rdsconnect::target::{Port, Region};
use std::io;
use std::path::PathBuf;

/// A variant's name, and an error of it.
pub(crate) type Sample = (&'static str, Error);

macro_rules! samples {
    ($kind:ident: $($variant:ident => $($sample:expr),+;)+) => {{
        let _every_variant = |error: &$kind| match error { $($kind::$variant { .. } => {}),+ };
        let mut all: Vec<Sample> = Vec::new();
        $($({
            let sample: $kind = $sample;
            assert!(matches!(sample, $kind::$variant { .. }), "{sample:?}");
            all.push((concat!(stringify!($kind), "::", stringify!($variant)), wrap(sample)));
        })+)+
        all
    }};
}

pub(crate) fn all() -> Vec<Sample> {
    let kinds = [own(), config(), include(), permissions(), target(), arguments(), client(), ca(), cache(), aws()];
    kinds.into_iter().flatten().collect()
}

fn path(text: &str) -> PathBuf {
    text.into()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn denied() -> io::Error {
    io::ErrorKind::PermissionDenied.into()
}

fn place() -> Place {
    Place { path: path("/c.toml"), line: 7 }
}

fn own() -> Vec<Sample> {
    fn wrap(error: Error) -> Error {
        error
    }
    samples!(Error:
        Usage => Error::Usage { text: text("a verb follows the profile `orders`"), hint: Some(text("write the verb first")) },
                 Error::Usage { text: text("no answer; nothing was written"), hint: None };
        NoProfile => Error::NoProfile;
        Left => Error::Left;
        Terminal => Error::Terminal(denied());
        Config => ConfigError::NoPlace.into();
        Permission => PermissionError::Everyone { path: path("/c.toml") }.into();
        Profile => Error::Profile { name: text("orders"), source: Box::new(TargetError::NoDatabase { name: text("orders"), address: false }.into()) };
        Target => TargetError::NoDatabase { name: text("orders"), address: false }.into();
        Argument => Refusal::new("-h", Why::Host).into();
        Client => ClientError::NotMySql { path: path("/bin/mysql") }.into();
        Ca => CaError::NoCache.into();
        Aws => AwsError::Clock.into();
        Checked => Error::Checked { failed: 1, of: 1 }, Error::Checked { failed: 2, of: 3 };
        Write => Error::Write { path: path("/man"), source: denied() };
        Output => Error::Output(io::ErrorKind::BrokenPipe.into());
    )
}

fn config() -> Vec<Sample> {
    fn wrap(error: ConfigError) -> Error {
        error.into()
    }
    let unknown = |near: Option<&str>, known: &[&str], more| ConfigError::UnknownProfile {
        name: text("odrers"),
        path: path("/c.toml"),
        near: near.map(text),
        known: known.iter().map(|name| text(name)).collect(),
        more,
    };
    let table = || text("[profiles.x]");
    samples!(ConfigError:
        NoPlace => ConfigError::NoPlace;
        Missing => ConfigError::Missing { path: path("/c.toml"), named_by: None },
                   ConfigError::Missing { path: path("/c.toml"), named_by: Some("--config") };
        Exists => ConfigError::Exists { path: path("/c.toml") };
        Unwritable => ConfigError::Unwritable { path: path("/c.toml"), source: denied() };
        Unreadable => ConfigError::Unreadable { path: path("/c.toml"), source: denied() };
        NotAFile => ConfigError::NotAFile { path: path("/c.toml") };
        TooLarge => ConfigError::TooLarge { path: path("/c.toml"), limit: 64 };
        NotText => ConfigError::NotText { place: place() };
        Syntax => ConfigError::Syntax { place: place(), problem: text("unclosed table, expected `]`") };
        UnknownKey => ConfigError::UnknownKey { place: place(), table: table(), key: text("hots"), near: Some("host") },
                      ConfigError::UnknownKey { place: place(), table: table(), key: text("x"), near: None },
                      ConfigError::UnknownKey { place: place(), table: table(), key: text("password"), near: None },
                      ConfigError::UnknownKey { place: place(), table: table(), key: text("sslmode"), near: None },
                      ConfigError::UnknownKey { place: place(), table: text("the file"), key: text("x"), near: None };
        WrongType => ConfigError::WrongType { place: place(), table: table(), key: text("port"), wanted: "a number", found: "a string" };
        Malformed => ConfigError::Malformed { place: place(), table: table(), key: text("engine"), problem: text("must be one of these"), near: Some("mysql") },
                     ConfigError::Malformed { place: place(), table: table(), key: text("user"), problem: text("must not be empty"), near: None };
        ProfileName => ConfigError::ProfileName { place: place(), name: text("a b") };
        ClientArgs => ConfigError::ClientArgs { place: place(), table: table(), refusal: Refusal::new("-h", Why::Host) };
        Include => ConfigError::Include(Box::new(IncludeError::Defaults { place: place() }));
        Problems => ConfigError::Problems { path: path("/c.toml"), count: 1 }, ConfigError::Problems { path: path("/c.toml"), count: 2 };
        UnknownProfile => unknown(None, &[], 0), unknown(Some("orders"), &["orders"], 0), unknown(None, &["orders"], 0),
                          unknown(Some("orders"), &["orders", "reports"], 0), unknown(None, &["a", "b"], 37);
    )
}

fn include() -> Vec<Sample> {
    fn wrap(error: IncludeError) -> Error {
        error.into()
    }
    samples!(IncludeError:
        Mistyped => IncludeError::Mistyped { place: place(), key: "allow", wanted: "a list of keys" };
        Missing => IncludeError::Missing { place: place(), path: path("/t.toml") };
        Pattern => IncludeError::Pattern { place: place(), pattern: text("a***"), problem: "wildcards are either regular or recursive" };
        Unreadable => IncludeError::Unreadable { place: place(), source: denied() };
        Cycle => IncludeError::Cycle { place: place(), path: path("/t.toml") };
        Depth => IncludeError::Depth { place: place(), limit: 8 };
        Number => IncludeError::Number { place: place(), limit: 1000 };
        NotGranted => IncludeError::NotGranted { place: place(), table: text("[profiles.x]"), key: text("client"), named: text("t.toml"), main: path("/c.toml") };
        GrantElsewhere => IncludeError::GrantElsewhere { place: place() };
        Defaults => IncludeError::Defaults { place: place() };
    )
}

fn permissions() -> Vec<Sample> {
    fn wrap(error: PermissionError) -> Error {
        error.into()
    }
    samples!(PermissionError:
        Open => PermissionError::Open { path: path("/c.toml"), source: denied() };
        Owner => PermissionError::Owner { path: path("/c.toml"), owner: 1001, user: 1000 };
        Everyone => PermissionError::Everyone { path: path("/my c.toml") };
        Group => PermissionError::Group { path: path("/c.toml"), group: text("users") };
        DirectoryEveryone => PermissionError::DirectoryEveryone { path: path("/d/c.toml"), directory: path("/d") };
        DirectoryGroup => PermissionError::DirectoryGroup { path: path("/d/c.toml"), directory: path("/d"), group: text("users") };
    )
}

fn target() -> Vec<Sample> {
    fn wrap(error: TargetError) -> Error {
        error.into()
    }
    let profile = || text("orders");
    let no_region = |is_rds, alias_of: Option<&str>| TargetError::NoRegion {
        host: text("db.example"),
        is_rds,
        alias_of: alias_of.map(text),
    };
    samples!(TargetError:
        MissingKey => TargetError::MissingKey { name: profile(), address: false, key: "user" },
                      TargetError::MissingKey { name: profile(), address: false, key: "host" },
                      TargetError::MissingKey { name: text("mydb.example"), address: true, key: "user" },
                      TargetError::MissingKey { name: text("mysql://"), address: true, key: "host" };
        Flag => TargetError::Flag { flag: "--port", problem: "x".parse::<Port>().unwrap_err() };
        AddressPart => TargetError::AddressPart { part: "region", problem: "us-west-2a".parse::<Region>().unwrap_err() };
        AddressHas => TargetError::AddressHas { what: "a query", instead: "use flags" };
        AddressEncoding => TargetError::AddressEncoding { part: "user" };
        NeedsRole => TargetError::NeedsRole { profile: profile(), key: "mfa_serial" };
        NoDatabase => TargetError::NoDatabase { name: profile(), address: false },
                      TargetError::NoDatabase { name: text("mydb.example"), address: true };
        RegionConflict => TargetError::RegionConflict { given: text("eu-west-1"), of_host: text("us-west-2") };
        NoRegion => no_region(true, None), no_region(false, None), no_region(false, Some("mydb.abc123.us-west-2.rds.amazonaws.com"));
        VerifyCa => TargetError::VerifyCa { why: "without `connect_to` the name can be verified" };
        HostIsAddress => TargetError::HostIsAddress { host: text("127.0.0.1") };
        UnverifiableTunnel => TargetError::UnverifiableTunnel { connect_to: text("127.0.0.1:13306"), host: text("mydb.example") };
        Unresolvable => TargetError::Unresolvable { name: text("tunnel.example"), source: io::Error::other("no such name") };
        NoHome => TargetError::NoHome { key: "ca_bundle" };
        NoVariables => TargetError::NoVariables { name: profile(), engine: "mysql", profile: Some(profile()) },
                       TargetError::NoVariables { name: text("db.example"), engine: "mysql", profile: None };
        ExpandedDatabase => TargetError::ExpandedDatabase { database: text("a=b") };
        TokenViaFd => TargetError::TokenViaFd { why: "psql needs a sealed in-memory file, which Linux alone has" };
    )
}

fn arguments() -> Vec<Sample> {
    fn wrap(why: Why) -> Error {
        Refusal::new("-x", why).into()
    }
    samples!(Why:
        Host => Why::Host;
        Port => Why::Port;
        Socket => Why::Socket;
        Protocol => Why::Protocol;
        User => Why::User;
        Password => Why::Password;
        Tls => Why::Tls;
        Plugins => Why::Plugins;
        OptionFiles => Why::OptionFiles;
        Database => Why::Database;
        Cluster => Why::Cluster;
        Trace => Why::Trace;
        Abbreviated => Why::Abbreviated;
        Malformed => Why::Malformed;
        Unclear => Why::Unclear;
        NoValue => Why::NoValue;
        ReadOnly => Why::ReadOnly;
    )
}

fn client() -> Vec<Sample> {
    fn wrap(error: ClientError) -> Error {
        error.into()
    }
    let program = || path("/bin/mysql");
    samples!(ClientError:
        NotFound => ClientError::NotFound { names: vec![text("mysql"), text("mariadb")], install: Some("install it with `apt install mariadb-client`") },
                    ClientError::NotFound { names: vec![text("psql-9")], install: None };
        Unknown => ClientError::Unknown { name: text("mysqlslap"), engine: "mysql", known: vec!["mysql", "mariadb"] },
                   ClientError::Unknown { name: text("createdb"), engine: "postgres", known: vec!["psql"] };
        NoVariables => ClientError::NoVariables { name: text("thing"), known: vec!["mysql", "mariadb"] };
        Database => ClientError::Database { path: program(), database: text("--host=x") };
        NoReadOnly => ClientError::NoReadOnly { path: path("/bin/mysqldump") };
        CannotStart => ClientError::CannotStart { path: program(), source: denied() };
        NotMySql => ClientError::NotMySql { path: program() };
        NoVerifiedTunnel => ClientError::NoVerifiedTunnel { path: program(), version: text("MariaDB 10.11"), connect_to: text("127.0.0.1:13306") };
        TokenTooLong => ClientError::TokenTooLong { path: program(), length: 5000, limit: 4075 };
        Argument => ClientError::Argument(Refusal::new("-h", Why::Host));
        Descriptor => ClientError::Descriptor(denied());
    )
}

fn ca() -> Vec<Sample> {
    fn wrap(error: CaError) -> Error {
        error.into()
    }
    let bundle = || path("/ca.pem");
    samples!(CaError:
        NotBuiltIn => CaError::NotBuiltIn { region: text("us-gov-west-1"), url: Some(text("https://example/us-gov-west-1-bundle.pem")) },
                      CaError::NotBuiltIn { region: text("xx-new-1"), url: None };
        NoCache => CaError::NoCache;
        Missing => CaError::Missing { path: bundle() };
        Unreadable => CaError::Unreadable { path: bundle(), source: denied() },
                      CaError::Unreadable { path: bundle(), source: io::Error::other("input/output error") };
        Directory => CaError::Directory { path: bundle() };
        NotAFile => CaError::NotAFile { path: bundle() };
        Unsafe => CaError::Unsafe { path: bundle(), source: PermissionError::Everyone { path: bundle() } };
        TooLarge => CaError::TooLarge { path: bundle(), limit: 16 << 20 };
        Empty => CaError::Empty { path: bundle() };
        NotPem => CaError::NotPem { path: bundle(), is_der: true }, CaError::NotPem { path: bundle(), is_der: false };
        NoCertificate => CaError::NoCertificate { path: bundle() };
        Damaged => CaError::Damaged { path: bundle(), line: 3 };
        Expired => CaError::Expired { path: bundle(), last: text("2024-08-22") };
        NoSystemStore => CaError::NoSystemStore { looked: vec![path("/a.pem"), path("/b.pem")] };
        Cache => CaError::Cache(CacheError::Shared { path: path("/cache") });
    )
}

fn cache() -> Vec<Sample> {
    fn wrap(error: CacheError) -> Error {
        CaError::from(error).into()
    }
    samples!(CacheError:
        Write => CacheError::Write { path: path("/cache"), source: denied() };
        Owner => CacheError::Owner { path: path("/cache"), owner: 1001 };
        Open => CacheError::Open { path: path("/cache") };
        Shared => CacheError::Shared { path: path("/cache") };
    )
}

fn aws() -> Vec<Sample> {
    fn wrap(error: AwsError) -> Error {
        error.into()
    }
    let (profile, role, serial) =
        (|| text("prod"), || text("arn:aws:iam::1:role/r"), || text("arn:aws:iam::1:mfa/jane"));
    let why = || Causes::said("the connection was closed");
    let mfa = |cached, profile: Option<&str>| AwsError::MfaNoTerminal {
        role: role(),
        serial: serial(),
        cached,
        profile: profile.map(text),
    };
    let environment = || text("the environment");
    samples!(AwsError:
        None => AwsError::None { profile: Some(text("my prod")), tried: vec![text("AWS profile `prod` (has none)"), text("EC2 metadata (no answer)")] },
                AwsError::None { profile: None, tried: vec![text("the environment (AWS_ACCESS_KEY_ID is not set)")] };
        PartialKeys => AwsError::PartialKeys { given: "AWS_ACCESS_KEY_ID", missing: "AWS_SECRET_ACCESS_KEY", profile: None },
                       AwsError::PartialKeys { given: "aws_access_key_id", missing: "aws_secret_access_key", profile: Some(profile()) };
        NotText => AwsError::NotText { variable: "AWS_SECRET_ACCESS_KEY" };
        UnknownProfile => AwsError::UnknownProfile { name: text("pord"), near: Some(profile()), files: vec![text("`~/.aws/config`"), text("`~/.aws/credentials`")] },
                          AwsError::UnknownProfile { name: text("x"), near: None, files: vec![text("`~/.aws/config`")] };
        Profile => AwsError::Profile { profile: profile(), problem: text("names itself as `source_profile`") };
        SsoSession => AwsError::SsoSession { profile: profile(), expired: true, login: None },
                      AwsError::SsoSession { profile: text("my prod"), expired: false, login: Some(text("`aws` was not found")) };
        LoginSession => AwsError::LoginSession { profile: profile() };
        SsoRole => AwsError::SsoRole { role: text("Reader"), account: text("123456789012"), profile: profile() };
        MfaNoTerminal => mfa(true, Some("prod")), mfa(true, None), mfa(false, Some("prod"));
        MfaCancelled => AwsError::MfaCancelled { serial: serial() };
        MfaRefused => AwsError::MfaRefused { role: role(), serial: serial() };
        Terminal => AwsError::Terminal(denied());
        RoleDenied => AwsError::RoleDenied { caller: text("arn:aws:iam::1:user/jane"), role: role(), mfa: false },
                      AwsError::RoleDenied { caller: text("arn:aws:iam::1:user/jane"), role: role(), mfa: true };
        Expired => AwsError::Expired { origin: environment() };
        UnknownKeys => AwsError::UnknownKeys { origin: environment(), region: text("us-west-2") };
        RegionOff => AwsError::RegionOff { region: text("ap-east-1") };
        ClockOff => AwsError::ClockOff { seconds: -420 }, AwsError::ClockOff { seconds: 420 };
        Refused => AwsError::Refused { service: "AWS STS", message: text("Throttling: rate exceeded") };
        Unreachable => AwsError::Unreachable { service: "AWS STS", source: why() };
        Endpoint => AwsError::Endpoint { setting: text("AWS_ENDPOINT_URL"), url: text("http://example") };
        CaBundle => AwsError::CaBundle { path: path("/ca.pem"), why: text("it holds no certificate") };
        Process => AwsError::Process { profile: profile(), problem: text("ended with status 1") };
        TokenFile => AwsError::TokenFile { path: path("/token"), source: denied() };
        Source => AwsError::Source { origin: text("EC2 metadata"), source: why() };
        Files => AwsError::Files { source: why() };
        Sign => AwsError::Sign { source: why() };
        Clock => AwsError::Clock;
        Runtime => AwsError::Runtime(denied());
    )
}
