//! `rdsconnect PROFILE`: checks everything that can be checked here, mints the token last, and
//! becomes the client.

use super::{pick, target};
use crate::cli::{Common, Connect};
use crate::client::option_files::{self, Lines};
use crate::client::tool::Tool;
use crate::client::{self, Client, Own, Parts, gate};
use crate::config::resolve;
use crate::endpoint::{self, Kind};
use crate::env::Env;
use crate::error::Error;
use crate::error::target::TargetError;
use crate::exec::become_client;
use crate::handover::TokenFile;
use crate::launch::Launch;
use crate::printable::printable;
use crate::probe::{self, Found};
use crate::secret::Secret;
use crate::target::{Engine, Target, Tls, TokenVia};
use crate::{addresses, aws, ca, report};
use std::ffi::OsString;
use std::io::Write as _;
use std::time::SystemTime;

/// Connects; returns only when that failed, or after a dry run.
///
/// # Errors
/// Whatever keeps the client from being started.
pub fn run(connect: &Connect, common: &Common, env: &Env) -> Result<(), Error> {
    let target = match &connect.profile {
        Some(name) => target(name, common, env)?,
        None => target(&pick::profile(common, env)?, common, env)?,
    };
    let tool = Tool::of(target.engine, target.client.as_ref())?;
    start(&target, tool, &connect.args, connect.dry_run, env)
}

/// The same, for a target and a program that have been decided.
pub(super) fn start(
    target: &Target,
    tool: Tool,
    arguments: &[OsString],
    dry_run: bool,
    env: &Env,
) -> Result<(), Error> {
    resolve::check_connectable(target)?;
    gate::check(tool, &client::from_user(target, arguments))?;
    let Found { client, defaults, lines } = probe::probe(target, tool, env)?;
    tracing::info!(program = %printable(&client.program.to_string_lossy()), dialect = %client.dialect, "client");
    let carried = carry_over(&defaults, &lines, &client);
    let roots = ca::load(&ca::choice(target), SystemTime::now())?;
    let what = ca::describe(&roots);
    let ca = ca::hand_over(roots, env.cache_directory().as_deref())?;
    tracing::info!(file = %printable(&ca.path.to_string_lossy()), "root certificates");
    for text in notices(target) {
        let _ = report::notice(&text, &mut std::io::stderr());
    }
    let addresses = tunnel_addresses(target, dry_run)?;
    let token_file = token_file(target)?;
    let token_path = token_file.as_ref().map(TokenFile::path);

    let build = |token: Secret| {
        client::launch(Parts {
            target,
            client: &client,
            ca: &ca.path,
            addresses: &addresses,
            token,
            token_file: token_path.as_deref(),
            carried: carried.clone(),
            own: own(env),
            arguments,
        })
    };
    if dry_run {
        let notes = what.map(|what| format!("# {}: {what}\n", ca.path.display()));
        return print(&build(Secret::new(String::new()))?, &notes.unwrap_or_default());
    }
    // What this client cannot do must cost no request, so the launch is built once without a token.
    build(Secret::new(String::new()))?;
    let credentials = aws::credentials(target, env)?;
    let launch = build(aws::token::sign(target, &credentials, SystemTime::now())?)?;
    tracing::debug!(command = %launch, "launch");
    let _open = match (token_file, &launch.token_file) {
        (Some(file), Some(content)) => Some(file.fill(content).map_err(crate::error::client::ClientError::Descriptor)?),
        _ => None,
    };
    Err(become_client(&launch, env).into())
}

/// Harmless settings from the user's option files, as arguments. The output that they come from may
/// hold a password; only the kinds of what was dropped are said.
fn carry_over(defaults: &[u8], lines: &Lines, client: &Client) -> Vec<OsString> {
    let Some(family) = client.dialect.family() else { return Vec::new() };
    let carried = option_files::carry_over(defaults, Some(lines), family);
    for kind in &carried.dropped {
        tracing::info!("left out of the option files: {kind}");
    }
    carried.args
}

/// What the environment has of what a launch adds to.
pub(super) fn own(env: &Env) -> Own {
    Own { pg_options: env.var("PGOPTIONS").map(Into::into), mysql_prompt: env.var("MYSQL_PS1").is_some() }
}

/// What the user should know before the client starts.
pub(super) fn notices(target: &Target) -> Vec<String> {
    let mut notices = Vec::new();
    if target.production {
        notices.push(format!("`{}` is marked as production", target.name));
    }
    let endpoint = endpoint::parse(target.host.as_str());
    if target.read_only && target.engine == Engine::Postgres && endpoint.as_ref().is_some_and(|e| e.kind == Kind::Proxy)
    {
        notices.push("RDS Proxy may refuse the start-up option that makes the session read-only".into());
    }
    if endpoint.is_none() {
        notices.push(format!(
            "`{}` is no RDS endpoint, and RDS refuses tokens made for other names: \
             set `host` to the endpoint and `connect_to` to this name",
            target.host
        ));
    }
    if target.tls == Tls::VerifyCa {
        notices.push(format!(
            "`tls = \"verify-ca\"`: the server's certificate is checked, its name is not; \
             any server with a certificate of these roots could answer for `{}`",
            target.host
        ));
    }
    notices
}

/// The addresses that psql connects to instead of the endpoint. A dry run asks no name server.
pub(super) fn tunnel_addresses(target: &Target, dry_run: bool) -> Result<Vec<String>, TargetError> {
    match (&target.connect_to, target.engine) {
        (Some(to), Engine::Postgres) => match to.ip() {
            Some(ip) => Ok(vec![ip.to_string()]),
            None if dry_run => Ok(vec![format!("[addresses of {}]", to.host)]),
            None => addresses::behind(&to.host),
        },
        (None, Engine::Postgres) | (_, Engine::MySql | Engine::MariaDb) => Ok(Vec::new()),
    }
}

/// The descriptor that will hand the token over. Its number is part of the launch, its content
/// comes last.
fn token_file(target: &Target) -> Result<Option<TokenFile>, Error> {
    let made = match (target.token_via, target.engine) {
        (TokenVia::Env, _) => return Ok(None),
        // mysql reads it once and for all: a shell opened from inside the client finds it drained.
        (TokenVia::Fd, Engine::MySql | Engine::MariaDb) => TokenFile::pipe(),
        // psql reads its password file again at every `\c`, and takes nothing but a regular file.
        (TokenVia::Fd, Engine::Postgres) if cfg!(target_os = "linux") => TokenFile::sealed(),
        (TokenVia::Fd, Engine::Postgres) => {
            return Err(
                TargetError::TokenViaFd { why: "psql needs a sealed in-memory file, which Linux alone has" }.into()
            );
        }
    };
    let file = made.map_err(crate::error::client::ClientError::Descriptor)?;
    if !file.works() {
        let why = "`/dev/fd` does not lead to descriptors, perhaps because `/proc` is not mounted";
        return Err(TargetError::TokenViaFd { why }.into());
    }
    Ok(Some(file))
}

/// The command, and below it, as a comment, what no name in it tells.
fn print(launch: &Launch, notes: &str) -> Result<(), Error> {
    let mut out = std::io::stdout();
    write!(out, "{launch}\n{notes}").and_then(|()| out.flush()).map_err(Error::Output)
}
