//! The steps of a check, each in the way a launch takes it.

use super::explain::{NETWORK, judge};
use super::{Outcome, Step};
use crate::addresses::{self, Known};
use crate::cli::Common;
use crate::client::tool::Tool;
use crate::client::{self, Client, Dialect, Parts};
use crate::cmd::{self, connect};
use crate::config::{Config, address, resolve};
use crate::endpoint;
use crate::env::Env;
use crate::error::Error;
use crate::launch::EnvChange;
use crate::probe;
use crate::target::{OptionFiles, Target, TokenVia};
use crate::trial::{self, Said};
use crate::{aws, ca};
use std::ffi::OsString;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How long a server may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Goes through all steps; one that fails lets those that need it be skipped.
pub(super) fn all(name: &str, common: &Common, env: &Env) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut add = |step, outcome| steps.push(Step { step, outcome });

    let config = match Config::load(common.config.as_deref(), env, address::is_address(name)) {
        Ok(config) => {
            add("profile file", passed(config.describe()));
            config
        }
        Err(error) => {
            add("profile file", failed(&error));
            return steps;
        }
    };
    let target = match cmd::target_of(&config, name, common, env)
        .and_then(|target| resolve::check_connectable(&target).map(|()| target).map_err(Into::into))
    {
        Ok(target) => {
            add("profile", passed(describe(&target)));
            target
        }
        Err(error) => {
            add("profile", failed(&error));
            return steps;
        }
    };
    add("region", region(&target));
    // A trial asks one question: what the user's own arguments and settings add is left out.
    let target =
        Target { client_args: Vec::new(), option_files: OptionFiles::None, token_via: TokenVia::Env, ..target };
    // The question is for the engine's shell.
    let shell = Tool::shell(target.engine);
    let own = Tool::of(target.engine, target.client.as_ref()).is_ok_and(|tool| tool == shell);
    let target = Target { client: target.client.filter(|_| own), ..target };
    let client = probe::probe(&target, shell, env).map(|found| found.client);
    add("client", outcome(&client, about));
    let roots = ca::load(&ca::choice(&target), SystemTime::now()).map_err(Error::from);
    add("CA", outcome(&roots, certificates));
    let caller = aws::caller(&target, env).map_err(Error::from);
    add("credentials", outcome(&caller, |caller| caller.describe(SystemTime::now())));
    let tcp = match name_resolution(&target) {
        Ok((outcome, addresses)) => {
            add("name", outcome);
            tcp(&target, addresses)
        }
        Err(outcome) => {
            add("name", outcome);
            skipped("the name has no address")
        }
    };
    let connects = matches!(tcp, Outcome::Passed { .. });
    add("TCP", tcp);

    match (client, roots, caller) {
        _ if !connects => {
            add("TLS", skipped("nothing answers there"));
            add("login", skipped("nothing answers there"));
        }
        (Ok(client), Ok(roots), Ok(caller)) => {
            let said = log_in(&target, &client, roots, &caller.credentials, env);
            let (tls, login) = match said {
                Ok(said) => judge(&target, &said, caller.account.as_deref()),
                Err(error) => (skipped("the client did not run"), failed(&error)),
            };
            add("TLS", tls);
            add("login", login);
        }
        _ => {
            add("TLS", skipped("a step before it failed"));
            add("login", skipped("a step before it failed"));
        }
    }
    steps
}

pub(super) fn passed(detail: String) -> Outcome {
    Outcome::Passed { detail }
}

pub(super) fn skipped(why: &str) -> Outcome {
    Outcome::Skipped { detail: why.to_owned() }
}

fn failed(error: &Error) -> Outcome {
    let mut detail = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        detail = format!("{detail}: {error}");
        cause = error.source();
    }
    Outcome::Failed { detail, hints: error.hint().into_iter().collect() }
}

fn outcome<T>(result: &Result<T, Error>, describe: impl FnOnce(&T) -> String) -> Outcome {
    match result {
        Ok(value) => passed(describe(value)),
        Err(error) => failed(error),
    }
}

fn describe(target: &Target) -> String {
    let database = target.database.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
    format!("{} {}@{}:{}{database}", target.engine.name(), target.user, target.host, target.port)
}

fn region(target: &Target) -> Outcome {
    match endpoint::parse(target.host.as_str()) {
        Some(endpoint) if endpoint.region.is_some() => passed(format!("{}, as the host name has it", target.region)),
        Some(_) => passed(format!("{}; a global writer endpoint carries none", target.region)),
        None => Outcome::Failed {
            detail: format!("`{}` is no RDS endpoint, and RDS refuses tokens for other names", target.host),
            hints: vec![match addresses::alias_of(target.host.as_str()) {
                Some(alias) => format!("DNS claims that it is `{alias}`: {}", alias_hint(target, &alias)),
                None => "set `host` to the RDS endpoint and `connect_to` to this name".into(),
            }],
        },
    }
}

fn alias_hint(target: &Target, alias: &str) -> String {
    format!("if you know it to be, set `host = \"{alias}\"` and `connect_to = \"{}\"`", target.host)
}

/// Where a client is, its family and its version.
fn about(client: &Client) -> String {
    let version = probe::version(client).map(|version| format!(" {version}")).unwrap_or_default();
    format!("{}, {}{version}", client.program.display(), client.dialect)
}

fn certificates(roots: &ca::Roots) -> String {
    let (what, (count, next)) = ca::outlook(roots, SystemTime::now());
    let next = next.map(|day| format!(", the first expires on {day}")).unwrap_or_default();
    let plural = if count == 1 { "" } else { "s" };
    match roots {
        ca::Roots::File(_) => format!("{what}: {count} certificate{plural}{next}"),
        // How many they are is said already.
        ca::Roots::Bytes { .. } => format!("{what}{next}"),
    }
}

/// Where the TCP connection goes.
fn place(target: &Target) -> (String, u16) {
    match &target.connect_to {
        Some(to) => (to.host.clone(), to.port.unwrap_or(target.port).number()),
        None => (target.host.to_string(), target.port.number()),
    }
}

fn name_resolution(target: &Target) -> Result<(Outcome, Vec<IpAddr>), Outcome> {
    let (name, _) = place(target);
    match addresses::known(&name) {
        Ok(Known { addresses, alias_of }) => {
            let alias = alias_of.map(|alias| format!(", an alias of `{alias}`")).unwrap_or_default();
            let shown: Vec<_> = addresses.iter().map(ToString::to_string).collect();
            Ok((passed(format!("`{name}` is {}{alias}", shown.join(", "))), addresses))
        }
        Err(error) => Err(Outcome::Failed {
            detail: format!("could not resolve `{name}`: {error}"),
            hints: vec![format!(
                "check the name and this machine's name server{}",
                if target.connect_to.is_none() { "; a private endpoint may be known inside its VPC alone" } else { "" }
            )],
        }),
    }
}

fn tcp(target: &Target, addresses: Vec<IpAddr>) -> Outcome {
    let (name, port) = place(target);
    let mut last = None;
    for address in addresses {
        let address = SocketAddr::new(address, port);
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(_) => return passed(format!("{address} accepts connections")),
            Err(error) => last = Some(format!("{address}: {error}")),
        }
    }
    Outcome::Failed { detail: last.unwrap_or_else(|| format!("`{name}` has no address")), hints: vec![NETWORK.into()] }
}

/// Runs the real client with a token and a trivial query.
fn log_in(
    target: &Target,
    client: &Client,
    roots: ca::Roots,
    credentials: &aws::Credentials,
    env: &Env,
) -> Result<Said, Error> {
    let ca = ca::hand_over(roots, env.cache_directory().as_deref())?;
    let addresses = connect::tunnel_addresses(target, false)?;
    let token = aws::token::sign(target, credentials, SystemTime::now())?;
    let mut launch = client::launch(Parts {
        target,
        client,
        ca: &ca.path,
        addresses: &addresses,
        token,
        token_file: None::<&Path>,
        carried: Vec::new(),
        own: connect::own(env),
        arguments: &question(client.dialect),
    })?;
    if client.dialect == Dialect::Psql && EnvChange::KeepNumber.removes(env.var("PGCONNECT_TIMEOUT")) {
        // As the others have it; it takes no option for this.
        launch.env.insert("PGCONNECT_TIMEOUT", EnvChange::Set("10".into()));
    }
    Ok(trial::run(&launch, env)?)
}

fn question(dialect: Dialect) -> Vec<OsString> {
    let words: &[&str] = match dialect {
        Dialect::Psql => &["-X", "-q", "-c", "select 1"],
        Dialect::MySql | Dialect::MariaDb(..) | Dialect::Mycli => &["--connect-timeout=10", "-e", "select 1"],
    };
    words.iter().map(OsString::from).collect()
}
