//! The order of work: which verb runs. The only file that knows all the others.

use crate::cli::{CaAction, Cli, Common, Connect, Generate, Overrides, Verb};
use crate::cmd;
use crate::env::Env;
use crate::error::Error;
use crate::error::config::ConfigError;
use crate::{report, usage};
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Runs what the command line asks for.
///
/// # Errors
/// Every failure of rdsconnect itself.
pub fn run(cli: Cli, env: &Env) -> Result<(), Error> {
    let Cli { verb, connect, common } = cli;
    log(common.verbose);
    if let Some(verb) = &verb {
        without_overrides(verb, &common)?;
    }
    match verb {
        None => {
            let name = connect.profile.as_deref().unwrap_or_default();
            cmd::connect::run(&connect, &common, env).map_err(|error| meant_otherwise(error, name))
        }
        Some(verb) => {
            let dry_run = alone(&connect, &verb)?;
            match verb {
                Verb::Connect(inner) => {
                    cmd::connect::run(&Connect { dry_run: inner.dry_run || dry_run, ..inner }, &common, env)
                }
                Verb::List { json } => cmd::list::run(json, &common, env),
                Verb::Show { profile } => cmd::show::run(&profile, &common, env),
                Verb::Exec(exec) => cmd::exec::run(&exec, dry_run, &common, env),
                Verb::Check(check) => cmd::check::run(&check, &common, env),
                Verb::Token { json, profile } => cmd::token::run(&profile, json, &common, env),
                Verb::Env { shell, profile } => cmd::env::run(&profile, shell, &common, env),
                Verb::Init(init) => cmd::init::run(&init, &common, env),
                Verb::Config { action } => cmd::config::run(action, &common, env),
                Verb::Ca { action: CaAction::List } => cmd::ca::list(),
                Verb::Aliases { shell, prefix } => cmd::aliases::run(shell, &prefix, &common, env),
                Verb::Generate { what: Generate::Man { directory } } => cmd::generate::man(&directory),
                Verb::Generate { what: Generate::Completions { shell } } => cmd::generate::completions(shell),
            }
        }
    }
}

/// A verb stands alone: what was written before it, and belongs to connecting, is refused. Only
/// `--dry-run` may stand before `connect` and `exec`.
fn alone(before: &Connect, verb: &Verb) -> Result<bool, Error> {
    let usage = |text: String, hint: &str| Err(Error::Usage { text, hint: Some(hint.to_owned()) });
    match (&before.profile, before.dry_run, verb) {
        (Some(profile), _, _) => usage(
            format!("a verb follows the profile `{profile}`"),
            "write the verb first; arguments for the client follow `--`",
        ),
        (None, dry_run, Verb::Connect(_) | Verb::Exec(_)) => Ok(dry_run),
        (None, true, _) => usage("`--dry-run` is for connecting".into(), "leave it out"),
        (None, false, _) => Ok(false),
    }
}

/// Refuses flags that override a profile, for a verb that is about none.
fn without_overrides(verb: &Verb, common: &Common) -> Result<(), Error> {
    let name = match verb {
        Verb::List { .. } => "list",
        Verb::Config { .. } => "config",
        Verb::Ca { .. } => "ca",
        Verb::Aliases { .. } => "aliases",
        Verb::Generate { .. } => "generate",
        Verb::Connect(_)
        | Verb::Show { .. }
        | Verb::Exec(_)
        | Verb::Token { .. }
        | Verb::Check(_)
        | Verb::Env { .. }
        | Verb::Init(_) => return Ok(()),
    };
    if common.overrides == Overrides::default() {
        return Ok(());
    }
    Err(Error::Usage {
        text: format!("`rdsconnect {name}` takes no flags that override a profile"),
        hint: Some(format!("run `rdsconnect {name} --help` to see what it takes")),
    })
}

/// What there is no profile for may have been meant as a verb, or as a cry for help.
fn meant_otherwise(error: Error, name: &str) -> Error {
    let Error::Config(ConfigError::UnknownProfile { near: None, .. } | ConfigError::Missing { .. }) = &error else {
        return error;
    };
    let meant = match name {
        "help" => "for help, run `rdsconnect --help`; ".to_owned(),
        "version" => "for the version, run `rdsconnect --version`; ".to_owned(),
        name => match usage::verb_near(name) {
            Some(verb) => format!("did you mean the verb `{verb}`? "),
            None => return error,
        },
    };
    let hint = meant + &error.hint().unwrap_or_default();
    Error::Usage { text: error.to_string(), hint: Some(hint.trim_end_matches([';', ' ']).to_owned()) }
}

/// `-v` and `-vv`: our own words alone, because those of the libraries may hold secrets.
fn log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => Level::INFO,
        _ => Level::DEBUG,
    };
    let ours = tracing_subscriber::filter::Targets::new().with_target(env!("CARGO_PKG_NAME"), level);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(|| report::LogLines)
        .with_ansi(false)
        .without_time()
        .with_target(false);
    // The second of two subscribers is refused; there is one.
    let _ = tracing_subscriber::registry().with(lines).with(ours).with(LevelFilter::from_level(level)).try_init();
}
