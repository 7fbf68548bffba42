//! Conninfo quoting, and the launch of psql around it: an own small reader of conninfos must find exactly
//! what was meant. Values are separated by NUL, which no text for a C library can hold.

use rdsconnect::client::psql::{conninfo, is_expanded};
use rdsconnect::client::tool::Tool;
use rdsconnect::client::{Client, Dialect, Own, Parts, launch};
use rdsconnect::launch::{EnvChange, Launch};
use rdsconnect::secret::Secret;
use rdsconnect::target::{Address, Database, DbUser, Engine, Host, OptionFiles, Target, Tls, TokenVia, Trust};
use std::path::Path;

const KEYS: [&str; 8] = ["host", "hostaddr", "port", "dbname", "user", "sslmode", "sslrootcert", "gssencmode"];
const TOKEN: &str = "db:5432/?Action=connect&X-Amz-Signature=00";

/// Reads a conninfo as libpq's manual describes it (34.1.1.1); `None` if it is malformed.
pub fn read(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start_matches(is_blank);
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let name = name.trim_end_matches(is_blank);
        if name.is_empty() || name.contains(is_blank) {
            return None;
        }
        let (value, after) = value(after.trim_start_matches(is_blank))?;
        pairs.push((name.to_owned(), value));
        rest = after.trim_start_matches(is_blank);
    }
    Some(pairs)
}

fn value(text: &str) -> Option<(String, &str)> {
    let quoted = text.strip_prefix('\'');
    let mut value = String::new();
    let mut rest = quoted.unwrap_or(text).chars();
    loop {
        let before = rest.as_str();
        match rest.next() {
            None => return quoted.is_none().then_some((value, "")),
            Some('\\') => value.push(rest.next()?),
            Some('\'') if quoted.is_some() => return Some((value, rest.as_str())),
            Some(c) if quoted.is_none() && is_blank(c) => return Some((value, before)),
            Some(c) => value.push(c),
        }
    }
}

/// C's `isspace`.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

/// Reads one line of a password file (libpq manual, 34.16): five fields.
pub fn passfile_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        let field = fields.last_mut().expect("there is one from the start");
        match c {
            ':' => fields.push(String::new()),
            '\\' => field.extend(rest.next()),
            c => field.push(c),
        }
    }
    fields
}

/// Runs the body.
///
/// # Panics
/// When a rule does not hold.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let values: Vec<&str> = text.split('\0').collect();
    let given: Vec<(&str, String)> = KEYS.iter().zip(&values).map(|(key, value)| (*key, (*value).to_owned())).collect();
    let found = read(&conninfo(&given)).expect("well formed");
    assert!(found.iter().map(|(key, value)| (key.as_str(), value)).eq(given.iter().map(|(key, value)| (*key, value))));

    let value = |at: usize| values.get(at).copied().unwrap_or_default();
    // Below, the token may be found in one place alone.
    if text.contains("X-Amz-Signature") {
        return;
    }
    let (Ok(user), Ok(database)) = (value(0).parse::<DbUser>(), value(1).parse::<Database>()) else { return };
    let host = value(2).parse().unwrap_or_else(|_| "db.c1.us-west-2.rds.amazonaws.com".parse().expect("a host"));
    let connect_to = value(3).parse::<Address>().ok();
    let addresses: Vec<String> = match connect_to.as_ref().and_then(Address::ip) {
        Some(ip) => vec![ip.to_string(), "192.0.2.7".into()],
        None => Vec::new(),
    };
    let ca = format!("/{}", value(4));
    let target = target(host, user, database, connect_to);
    for file in [None, Some(Path::new("/dev/fd/9"))] {
        check(&target, &psql(&target, &ca, &addresses, file), &ca, &addresses);
    }
}

/// A postgres target.
pub fn target(host: Host, user: DbUser, database: Database, connect_to: Option<Address>) -> Target {
    Target {
        name: "x".into(),
        engine: Engine::Postgres,
        host,
        port: 5432.try_into().expect("a port"),
        connect_to,
        user,
        database: Some(database),
        region: "us-west-2".parse().expect("a region"),
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
    }
}

fn psql(target: &Target, ca: &str, addresses: &[String], token_file: Option<&Path>) -> Launch {
    let client = Client { program: "/usr/bin/psql".into(), tool: Tool::Psql, dialect: Dialect::Psql };
    launch(Parts {
        target,
        client: &client,
        ca: Path::new(ca),
        addresses,
        token: Secret::new(TOKEN.into()),
        token_file,
        carried: Vec::new(),
        own: Own::default(),
        arguments: &[],
    })
    .expect("psql can do all that a target asks for")
}

/// The launch says what the target says, in the conninfo and in the environment, and the token is in the
/// one place for it.
fn check(target: &Target, launch: &Launch, ca: &str, addresses: &[String]) {
    let args: Vec<&str> = launch.args.iter().map(|arg| arg.to_str().expect("text went in")).collect();
    let [flag, given, no_prompt] = args.as_slice() else { panic!("{args:?}") };
    assert_eq!((*flag, *no_prompt), ("-d", "-w"));

    let port = target.connect_to.as_ref().and_then(|to| to.port).unwrap_or(target.port).to_string();
    let database = target.database.as_ref().expect("it was given").as_str();
    let hosts = vec![target.host.as_str(); addresses.len().max(1)].join(",");
    let mut wanted = vec![("host", hosts.as_str())];
    let listed = addresses.join(",");
    if !addresses.is_empty() {
        wanted.push(("hostaddr", &listed));
    }
    wanted.extend([
        ("port", port.as_str()),
        ("dbname", database),
        ("user", target.user.as_str()),
        ("sslmode", "verify-full"),
        ("sslrootcert", ca),
        ("gssencmode", "disable"),
    ]);
    let found = read(given).expect("well formed");
    let found: Vec<_> = found.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(found, wanted);

    let set = |name: &str| match launch.env.get(name) {
        Some(EnvChange::Set(value)) => value.to_str(),
        _ => None,
    };
    assert_eq!(set("PGSSLMODE"), Some("verify-full"));
    assert_eq!((set("PGUSER"), set("PGHOST")), (Some(target.user.as_str()), Some(hosts.as_str())));
    let follows =
        database.contains('=') || database.starts_with("postgres://") || database.starts_with("postgresql://");
    assert_eq!(is_expanded(database), follows);
    assert_eq!(set("PGDATABASE"), (!follows).then_some(database));

    match &launch.token_file {
        None => assert!(matches!(launch.env.get("PGPASSWORD"), Some(EnvChange::SetSecret(s)) if s.expose() == TOKEN)),
        Some(line) => {
            assert_eq!(launch.env.get("PGPASSWORD"), Some(&EnvChange::Remove));
            let line = line.expose().strip_suffix('\n').expect("a line");
            let fields = passfile_fields(line);
            assert_eq!(fields, [target.host.as_str(), &port, "*", target.user.as_str(), TOKEN]);
        }
    }
    let shown = format!("{launch} {launch:?}");
    assert!(!shown.contains("X-Amz-Signature"), "{shown}");
    assert!(!launch.to_string().lines().any(|line| line.chars().any(super::steers)), "{launch}");
}
