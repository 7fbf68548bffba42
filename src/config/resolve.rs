//! From settings to a [`Target`]: what is missing is refused, what is left open is filled in, what
//! contradicts itself is named. Pure but for the region of the AWS profile, which the caller reads.

use super::settings::{At, Origin, Settings};
use crate::endpoint::{self, Kind};
use crate::error::Error;
use crate::error::target::TargetError;
use crate::target::{Address, AwsProfile, Engine, Host, Program, Region, Role, Target, Tls, Trust};
use std::net::IpAddr;
use std::path::{Path, PathBuf};

/// The directories that paths in values are relative to.
#[derive(Debug, Clone)]
pub struct Bases<'a> {
    /// The profile file's directory, for values of the file.
    pub file: &'a Path,
    /// The directories of the included files, by their numbers, for values of theirs.
    pub included: &'a [PathBuf],
    /// The working directory, for values of flags.
    pub working: &'a Path,
    /// The home directory, for a leading `~`.
    pub home: Option<&'a Path>,
}

/// Decides a connection.
///
/// `aws_region` is asked for the AWS profile's region, and only when neither a setting nor the
/// host name has one.
///
/// # Errors
/// [`TargetError`] for what is missing or contradicts itself, and whatever `aws_region` gives.
pub fn resolve(
    name: &str,
    settings: Settings,
    bases: &Bases<'_>,
    aws_region: impl FnOnce(Option<&AwsProfile>) -> Result<Option<Region>, Error>,
) -> Result<Target, Error> {
    let address = settings.engine.as_ref().is_some_and(|at| at.origin == Origin::Address);
    let missing = |key| TargetError::MissingKey { name: name.to_owned(), address, key };
    let role = role(name, &settings)?;
    let engine = settings.engine.ok_or_else(|| missing("engine"))?.value;
    let host = settings.host.ok_or_else(|| missing("host"))?.value;
    let user = settings.user.ok_or_else(|| missing("user"))?.value;
    let port = settings.port.map_or(engine.default_port(), |at| at.value);
    let database = settings.database.map(|at| at.value);
    let trust = settings.ca_bundle.map_or(Ok(Trust::BuiltIn), |at| match at.value.0.as_str() {
        "system" => Ok(Trust::System),
        _ => path("ca_bundle", &at.value.0, at.origin, bases).map(Trust::File),
    })?;
    let client = settings
        .client
        .map(|at| match at.value.0 {
            name if !name.contains('/') => Ok(Program::Name(name)),
            text => path("client", &text, at.origin, bases).map(Program::Path),
        })
        .transpose()?;
    let aws_profile = settings.aws_profile.map(|at| at.value);
    let connect_to = settings.connect_to.map(|at| at.value);
    let tls = settings.tls.map(|at| at.value).unwrap_or_default();
    let region = region(&host, settings.region.map(|at| at.value), || aws_region(aws_profile.as_ref()))?;
    Ok(Target {
        name: name.to_owned(),
        engine,
        host,
        port,
        connect_to,
        user,
        database,
        region,
        tls,
        trust,
        aws_profile,
        role,
        credential_cache: settings.credential_cache.is_none_or(|at| at.value),
        client,
        client_args: settings.client_args.map(|at| at.value.0).unwrap_or_default(),
        token_via: settings.token_via.map(|at| at.value).unwrap_or_default(),
        option_files: settings.option_files.map(|at| at.value).unwrap_or_default(),
        production: settings.production.is_some_and(|at| at.value),
        read_only: settings.read_only.is_some_and(|at| at.value),
    })
}

/// The role to assume. What belongs to a role may stand in `[defaults]` without one, not in a
/// profile.
fn role(name: &str, settings: &Settings) -> Result<Option<Role>, TargetError> {
    fn value<T: Clone>(at: Option<&At<T>>) -> Option<T> {
        at.map(|at| at.value.clone())
    }
    let in_profile = |origin: Option<Origin>| matches!(origin, Some(Origin::Profile(_) | Origin::Included(..)));
    let Some(arn) = value(settings.role_arn.as_ref()) else {
        let needing = [
            ("external_id", settings.external_id.as_ref().map(|at| at.origin)),
            ("role_session_name", settings.role_session_name.as_ref().map(|at| at.origin)),
            ("mfa_serial", settings.mfa_serial.as_ref().map(|at| at.origin)),
            ("duration_seconds", settings.duration_seconds.as_ref().map(|at| at.origin)),
        ];
        return match needing.into_iter().find(|(_, origin)| in_profile(*origin)) {
            Some((key, _)) => Err(TargetError::NeedsRole { profile: name.to_owned(), key }),
            None => Ok(None),
        };
    };
    Ok(Some(Role {
        arn,
        external_id: value(settings.external_id.as_ref()).map(|text| text.0),
        session_name: value(settings.role_session_name.as_ref()),
        mfa_serial: value(settings.mfa_serial.as_ref()).map(|text| text.0),
        duration: value(settings.duration_seconds.as_ref()),
    }))
}

/// The region to sign for: as given, else as the host name has it, else the AWS profile's, and
/// never a silent default.
fn region(
    host: &Host,
    given: Option<Region>,
    of_aws_profile: impl FnOnce() -> Result<Option<Region>, Error>,
) -> Result<Region, Error> {
    let endpoint = endpoint::parse(host.as_str());
    let is_rds = endpoint.is_some();
    let of_host = endpoint.and_then(|e| e.region);
    match (given, of_host) {
        (Some(given), Some(of_host)) if given.as_str() != of_host => {
            Err(TargetError::RegionConflict { given: given.to_string(), of_host }.into())
        }
        (Some(given), _) => Ok(given),
        (None, Some(of_host)) => Ok(Region::try_from(of_host).expect("an endpoint's region has the shape of a region")),
        (None, None) if is_rds => of_aws_profile()?
            .ok_or_else(|| TargetError::NoRegion { host: host.to_string(), is_rds, alias_of: None }.into()),
        (None, None) => Err(TargetError::NoRegion { host: host.to_string(), is_rds, alias_of: None }.into()),
    }
}

/// What a client needs besides what a token needs: a database for psql, which would try one named
/// like the user, and a way to verify the server.
///
/// # Errors
/// [`TargetError::NoDatabase`], [`TargetError::HostIsAddress`], [`TargetError::UnverifiableTunnel`] and
/// [`TargetError::VerifyCa`].
pub fn check_connectable(target: &Target) -> Result<(), TargetError> {
    let Target { engine, host, connect_to, tls, trust, .. } = target;
    if target.database.is_none() && *engine == Engine::Postgres {
        // An address goes by its host.
        let address = target.name == host.as_str();
        return Err(TargetError::NoDatabase { name: target.name.clone(), address });
    }
    check_tunnel(*engine, host, connect_to.as_ref(), *tls, trust)
}

/// The rules of `connect_to` and `tls`. The clients of the mysql family cannot check a name other
/// than the one they connect to (MariaDB 10.11 and 11.8, MySQL 9.7).
fn check_tunnel(
    engine: Engine,
    host: &Host,
    connect_to: Option<&Address>,
    tls: Tls,
    trust: &Trust,
) -> Result<(), TargetError> {
    let refused = |why| Err(TargetError::VerifyCa { why });
    // MariaDB's client leaves the name unchecked where it is told `127.0.0.1` (11.8), and no certificate
    // of RDS names an address.
    let is_address = host.as_str().parse::<IpAddr>().is_ok();
    match (engine, tls, connect_to) {
        (Engine::MySql | Engine::MariaDb, _, _) if is_address => {
            Err(TargetError::HostIsAddress { host: host.to_string() })
        }
        (Engine::Postgres, Tls::VerifyFull, _) | (Engine::MySql | Engine::MariaDb, Tls::VerifyFull, None) => Ok(()),
        (Engine::MySql | Engine::MariaDb, Tls::VerifyFull, Some(to)) => {
            if to.host.eq_ignore_ascii_case(host.as_str()) {
                Ok(())
            } else {
                Err(TargetError::UnverifiableTunnel { connect_to: to.to_string(), host: host.to_string() })
            }
        }
        (Engine::Postgres, Tls::VerifyCa, _) => refused("psql verifies the name through a tunnel too"),
        (Engine::MySql | Engine::MariaDb, Tls::VerifyCa, None) => {
            refused("without `connect_to` the name can be verified")
        }
        (Engine::MySql | Engine::MariaDb, Tls::VerifyCa, Some(_)) => match trust {
            Trust::System => refused("any public certificate would pass with the system's roots"),
            Trust::File(_) => Ok(()),
            Trust::BuiltIn => match endpoint::parse(host.as_str()).map(|e| e.kind) {
                Some(Kind::Proxy) => refused("any public certificate would pass with the roots of RDS Proxy"),
                Some(Kind::GlobalWriter) => refused("a global writer endpoint has no region whose roots could be used"),
                Some(Kind::Instance | Kind::Cluster | Kind::ShardGroup) | None => Ok(()),
            },
        },
    }
}

/// An absolute path from a value.
fn path(key: &'static str, text: &str, origin: Origin, bases: &Bases<'_>) -> Result<PathBuf, TargetError> {
    if let Some(rest) = text.strip_prefix('~')
        && (rest.is_empty() || rest.starts_with('/'))
    {
        let home = bases.home.ok_or(TargetError::NoHome { key })?;
        return Ok(home.join(rest.trim_start_matches('/')));
    }
    let base = match origin {
        Origin::Profile(_) | Origin::Defaults(_) => bases.file,
        Origin::Included(number, _) => bases.included.get(usize::from(number)).map_or(bases.file, PathBuf::as_path),
        Origin::Flag | Origin::Address => bases.working,
    };
    Ok(base.join(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file;

    fn target(keys: &str, region_of_profile: Option<&str>) -> Result<Target, String> {
        let text = format!("[profiles.x]\nuser = \"jane\"\n{keys}");
        let file = file::parse(&text, Path::new("/etc/rds/c.toml")).map_err(|e| e.to_string())?;
        let bases = Bases {
            file: Path::new("/etc/rds"),
            included: &[],
            working: Path::new("/work"),
            home: Some(Path::new("/home/jane")),
        };
        let target = resolve("x", file.profiles["x"].clone(), &bases, |_| {
            Ok(region_of_profile.map(|r| r.parse().expect("a region")))
        })
        .map_err(|e| e.to_string())?;
        check_connectable(&target).map(|()| target).map_err(|e| e.to_string())
    }

    const MYSQL: &str = "engine = \"mysql\"\nhost = \"db.c1.us-west-2.rds.amazonaws.com\"\n";
    const GLOBAL: &str = "engine = \"mysql\"\nhost = \"g.global-c1.global.rds.amazonaws.com\"\n";
    const OTHER: &str = "engine = \"mysql\"\nhost = \"db.corp.example\"\n";

    #[test]
    fn the_region_is_never_guessed() {
        let region = |keys: &str, of_profile| target(keys, of_profile).map(|t| t.region.to_string());
        let with = |keys: &str, region: &str| format!("{keys}region = \"{region}\"\n");
        assert_eq!(region(MYSQL, Some("eu-west-1")), Ok("us-west-2".into()));
        assert_eq!(region(&with(MYSQL, "us-west-2"), None), Ok("us-west-2".into()));
        assert_eq!(
            region(&with(MYSQL, "eu-west-1"), None),
            Err("region `eu-west-1` contradicts the host name, which says `us-west-2`".into())
        );
        assert_eq!(region(GLOBAL, Some("eu-west-1")), Ok("eu-west-1".into()));
        assert_eq!(region(&with(GLOBAL, "us-east-1"), Some("eu-west-1")), Ok("us-east-1".into()));
        assert!(region(GLOBAL, None).is_err());
        assert_eq!(
            region(OTHER, Some("eu-west-1")),
            Err("no region to sign for: `db.corp.example` does not carry one".into())
        );
        assert_eq!(region(&with(OTHER, "eu-west-1"), None), Ok("eu-west-1".into()));
    }

    #[test]
    fn paths_are_relative_to_the_file_and_take_a_tilde() {
        let paths = |bundle: &str, client: &str| {
            target(&format!("{MYSQL}ca_bundle = \"{bundle}\"\nclient = \"{client}\"\n"), None)
                .map(|t| (t.trust, t.client))
        };
        assert_eq!(
            paths("ca.pem", "bin/mysql"),
            Ok((Trust::File("/etc/rds/ca.pem".into()), Some(Program::Path("/etc/rds/bin/mysql".into()))))
        );
        assert_eq!(
            paths("~/ca.pem", "mysql"),
            Ok((Trust::File("/home/jane/ca.pem".into()), Some(Program::Name("mysql".into()))))
        );
        assert_eq!(paths("system", "/opt/mysql").map(|p| p.0), Ok(Trust::System));
        assert_eq!(paths("~other/ca.pem", "m").map(|p| p.0), Ok(Trust::File("/etc/rds/~other/ca.pem".into())));
    }

    #[test]
    fn a_tunnel_is_verified_or_refused() {
        let ok = |keys: &str| target(keys, None).map(|_| ());
        let pg = MYSQL.replace("mysql", "postgres") + "database = \"app\"\n";
        let tunnel = "connect_to = \"127.0.0.1:13306\"\n";
        let ca = "tls = \"verify-ca\"\n";
        let proxy = MYSQL.replace(".c1.", ".proxy-c1.");
        assert!(ok(&format!("{pg}{tunnel}")).is_ok());
        assert!(ok(&format!("{pg}{tunnel}{ca}")).is_err());
        assert!(ok(&format!("{MYSQL}{tunnel}")).is_err());
        assert!(ok(&format!("{MYSQL}connect_to = \"DB.c1.us-west-2.rds.amazonaws.com:13306\"\n")).is_ok());
        assert!(ok(&format!("{MYSQL}{tunnel}{ca}")).is_ok());
        assert!(ok(&format!("{MYSQL}{ca}")).is_err());
        assert!(ok(&format!("{MYSQL}{tunnel}{ca}ca_bundle = \"system\"\n")).is_err());
        assert!(ok(&format!("{MYSQL}{tunnel}{ca}ca_bundle = \"ca.pem\"\n")).is_ok());
        assert!(ok(&format!("{proxy}{tunnel}{ca}")).is_err());
        assert!(ok(&format!("{proxy}{tunnel}{ca}ca_bundle = \"ca.pem\"\n")).is_ok());
        assert!(ok(&format!("{GLOBAL}{tunnel}{ca}region = \"us-east-1\"\n")).is_err());
    }

    #[test]
    fn an_address_is_no_name_that_a_mysql_client_could_verify() {
        let of = |engine: &str, host: &str, more: &str| {
            let keys = "database = \"app\"\nregion = \"us-west-2\"\n";
            target(&format!("engine = \"{engine}\"\nhost = \"{host}\"\n{keys}{more}"), None).map(|_| ())
        };
        for engine in ["mysql", "mariadb"] {
            for host in ["127.0.0.1", "127.0.0.1.", "10.1.2.3"] {
                let refusal = of(engine, host, "").unwrap_err();
                assert!(refusal.contains("which is an address"), "{refusal}");
                assert!(of(engine, host, &format!("connect_to = \"{host}:13306\"\n")).is_err());
            }
            let verify_ca = "connect_to = \"127.0.0.1:13306\"\ntls = \"verify-ca\"\n";
            assert!(of(engine, "127.0.0.1", verify_ca).is_err());
            assert!(of(engine, "localhost", "").is_ok());
        }
        // It compares addresses too.
        assert!(of("postgres", "127.0.0.1", "").is_ok());
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = |keys: &str| target(keys, None).unwrap_err();
        assert_eq!(error("host = \"h\"\n"), "profile `x` has no `engine`");
        assert_eq!(error("engine = \"mysql\"\n"), "profile `x` has no `host`");
        assert_eq!(error(&MYSQL.replace("mysql", "postgres")), "profile `x` names no database");
    }
}
