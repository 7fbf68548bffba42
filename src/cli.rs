//! The command line, as clap types. No I/O and nothing of ours: completions and manual pages are
//! made from it too.

use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

/// Connect to Amazon RDS with a fresh IAM token
///
/// Reads a profile, mints an IAM authentication token and becomes `mysql` or `psql`, over TLS
/// whose certificate and name are checked.
#[derive(Debug, Parser)]
#[command(
    name = "rdsconnect",
    version,
    max_term_width = 100,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    override_usage = "rdsconnect [FLAGS] PROFILE [-- CLIENT-ARGS...]\n       rdsconnect [FLAGS] VERB ...",
    after_help = "\
Exit status: the client's own once it runs; 125 when rdsconnect itself fails,
126 when the client cannot be started, 127 when it is not found,
130 when the picker is left without a choice."
)]
pub struct Cli {
    /// What to do instead of connecting.
    #[command(subcommand)]
    pub verb: Option<Verb>,
    /// What to connect to.
    #[command(flatten)]
    pub connect: Connect,
    /// Flags of every verb.
    #[command(flatten)]
    pub common: Common,
}

/// The definitions as help, manual pages and completions show them: the flags that override a profile are
/// hidden where they are refused.
#[must_use]
pub fn shown() -> clap::Command {
    let mut command = Cli::command();
    // Gives every verb the flags of all verbs, which can be hidden only then.
    command.build();
    WITHOUT_OVERRIDES.iter().fold(command, |command, verb| command.mut_subcommand(verb, without_overrides))
}

/// The verbs that are about no profile, or about all of them as they are.
pub const WITHOUT_OVERRIDES: &[&str] = &["list", "config", "ca", "aliases", "generate"];

fn without_overrides(verb: clap::Command) -> clap::Command {
    let overrides = Overrides::augment_args(clap::Command::default());
    let is_override = |id: &clap::Id| overrides.get_arguments().any(|argument| argument.get_id() == id);
    let verb = verb.mut_args(|argument| {
        let hide = is_override(argument.get_id());
        argument.hide(hide)
    });
    verb.mut_subcommands(without_overrides)
}

/// What to connect to, and with which arguments.
#[derive(Debug, Args)]
pub struct Connect {
    /// A profile, or an address.
    #[arg(value_name = "PROFILE", help = "A profile, or an address such as postgres://jane@HOST:5432/app")]
    pub profile: Option<String>,
    /// Print the command and the environment changes, the token masked, and stop
    #[arg(long)]
    pub dry_run: bool,
    /// Arguments for the client
    #[arg(last = true, value_name = "CLIENT-ARGS")]
    pub args: Vec<OsString>,
}

/// What the first profile is to say; the rest are the flags that override one.
#[derive(Debug, Args)]
pub struct Init {
    /// Name of the profile [default: the first part of the host's name]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// mysql, mariadb or postgres
    #[arg(long, value_name = "ENGINE")]
    pub engine: Option<String>,
    /// The RDS endpoint
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
}

/// Flags of every verb.
#[derive(Debug, Args)]
pub struct Common {
    /// The profile file [default: ~/.config/rdsconnect/config.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Say what is done, on standard error; twice for more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// What a profile says, overridden for this run.
    #[command(flatten)]
    pub overrides: Overrides,
}

/// What a profile says, overridden for this run.
#[derive(Debug, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Override the profile for one run")]
pub struct Overrides {
    /// Database user
    #[arg(long, global = true, value_name = "NAME")]
    pub user: Option<String>,
    /// Database
    #[arg(long, global = true, value_name = "NAME")]
    pub database: Option<String>,
    /// Port of the endpoint
    #[arg(long, global = true, value_name = "PORT")]
    pub port: Option<String>,
    /// Region to sign for
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// AWS profile whose credentials sign
    #[arg(long, global = true, value_name = "NAME")]
    pub aws_profile: Option<String>,
    /// CA bundle, or `system`
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_bundle: Option<String>,
    /// Client, by name or path
    #[arg(long, global = true, value_name = "PROGRAM")]
    pub client: Option<String>,
    /// Where the TCP connection goes: a tunnel or a custom DNS name
    #[arg(long, global = true, value_name = "HOST[:PORT]")]
    pub connect_to: Option<String>,
    /// Start the session read-only
    #[arg(long, global = true)]
    pub read_only: bool,
    /// How the client receives the token: `env` or `fd`
    #[arg(long, global = true, value_name = "WAY")]
    pub token_via: Option<String>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Connect, also to a profile that is named like a verb
    Connect(Connect),
    /// List the profiles
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Show every value that counts for a profile, and where it came from
    Show {
        /// A profile, or an address
        #[arg(value_name = "PROFILE")]
        profile: String,
    },
    /// Become another program, connected in the same way
    Exec(Exec),
    /// Print a token
    Token {
        /// As JSON, with where it is for and until when
        #[arg(long)]
        json: bool,
        /// A profile, or an address
        #[arg(value_name = "PROFILE")]
        profile: String,
    },
    /// Go the way of a launch step by step and say what is wrong
    Check(Check),
    /// Print shell commands that make any libpq program connect
    Env {
        /// The shell that is to read them [default: the one that SHELL names, else sh]
        #[arg(long, value_name = "SHELL")]
        shell: Option<Shell>,
        /// A profile, or an address
        #[arg(value_name = "PROFILE")]
        profile: String,
    },
    /// Write a first profile file, from flags or from answers
    Init(Init),
    /// The profile file: where it is, whether it is right, and what may stand in it
    Config {
        /// What to do with it.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// The built-in root certificates
    Ca {
        /// What to do with them.
        #[command(subcommand)]
        action: CaAction,
    },
    /// Print a short command for every profile, for a shell to read at start
    Aliases {
        /// The shell that is to read them
        #[arg(long, value_name = "SHELL")]
        shell: Shell,
        /// What the short commands begin with
        #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
        prefix: String,
    },
    /// Write manual pages, or what makes a shell complete
    Generate {
        /// What to write.
        #[command(subcommand)]
        what: Generate,
    },
}

/// What to become.
#[derive(Debug, Args)]
pub struct Exec {
    /// A profile, or an address
    #[arg(value_name = "PROFILE")]
    pub profile: String,
    /// Print the command and the environment changes, the token masked, and stop
    #[arg(long)]
    pub dry_run: bool,
    /// The program and its arguments
    #[arg(last = true, value_name = "PROGRAM")]
    pub command: Vec<OsString>,
}

/// What to check.
#[derive(Debug, Args)]
pub struct Check {
    /// Profiles or addresses; none: all profiles
    #[arg(value_name = "PROFILE")]
    pub profiles: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// What to do with the profile file.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum ConfigAction {
    /// Print where it is
    Path,
    /// Look for everything that is wrong with it, without a network
    Check,
    /// Print its JSON Schema, for editors
    Schema,
}

/// A shell, by the language that it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// Any POSIX shell.
    Sh,
    /// bash.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// `PowerShell`.
    Powershell,
}

/// What to do with the root certificates.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum CaAction {
    /// List the built-in root certificates and when they expire
    List,
}

/// What is made out of the command line's definitions, for packages and set-ups.
#[derive(Debug, Subcommand)]
pub enum Generate {
    /// Write the manual pages, one for each verb
    Man {
        /// Where; made if it does not exist
        #[arg(value_name = "DIRECTORY")]
        directory: PathBuf,
    },
    /// Print what a shell reads at start to complete, profile names included
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
}
