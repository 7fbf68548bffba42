//! Why the argument gate refuses an argument.

/// What a refused argument would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Choose another server.
    Host,
    /// Choose another port.
    Port,
    /// Connect through a socket file, a pipe or shared memory.
    Socket,
    /// Choose how to connect (`--protocol`, a network namespace).
    Protocol,
    /// Log in as someone else.
    User,
    /// Replace the token, or ask for a password.
    Password,
    /// Change what TLS checks, or whether it is used.
    Tls,
    /// Change how the client proves who it is, or load code into it.
    Plugins,
    /// Change which option files are read.
    OptionFiles,
    /// Replace the connection, or be ignored beside it (psql's names without an option).
    Database,
    /// Choose a server through Debian's wrapper.
    Cluster,
    /// Write a trace, which could hold the token.
    Trace,
    /// One thing or another: it is short for several options, and some of them would be refused.
    Abbreviated,
    /// Nothing that can be told: no client names an option like this.
    Malformed,
    /// Swallow the argument after it, or leave it to be an option that would be refused.
    Unclear,
    /// Swallow whatever argument comes next, because its own value is missing.
    NoValue,
    /// Replace the statement that makes the session read-only.
    ReadOnly,
}

impl Why {
    /// The thing that the argument is about, for messages ("a password").
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Host => "a host",
            Self::Port => "a port",
            Self::Socket => "a socket",
            Self::Protocol => "a protocol",
            Self::User => "a user",
            Self::Password => "a password",
            Self::Tls => "TLS settings",
            Self::Plugins => "authentication or plugin settings",
            Self::OptionFiles => "a choice of option files",
            Self::Database => "a database or connection string",
            Self::Cluster => "a cluster of Debian's wrapper",
            Self::Trace => "a trace",
            Self::ReadOnly => "a statement at the start of the session",
            Self::Abbreviated | Self::Malformed | Self::Unclear | Self::NoValue => {
                "settings that can be read in two ways"
            }
        }
    }

    /// What it would do, to follow "argument `x` ...".
    fn would(self) -> &'static str {
        match self {
            Self::Host => "would change the host",
            Self::Port => "would change the port",
            Self::Socket => "would connect through a socket",
            Self::Protocol => "would change the protocol or the network",
            Self::User => "would change the user",
            Self::Password => "would replace the token",
            Self::Tls => "would change how TLS is checked",
            Self::Plugins => "would change how the client logs in",
            Self::OptionFiles => "would change which option files are read",
            Self::Database => "would replace the connection or be ignored",
            Self::Cluster => "would choose another server",
            Self::Trace => "would write a trace that can hold the token",
            Self::Abbreviated => "is short for several options, not all of which may pass",
            Self::Malformed => "is not an option of any known client",
            Self::Unclear => "is not known, and the argument after it could be its value or an option of its own",
            Self::NoValue => "lacks its value",
            Self::ReadOnly => "would replace the statement that makes the session read-only",
        }
    }

    /// What to use instead, when there is something.
    fn instead(self) -> Option<&'static str> {
        match self {
            Self::Host => Some("set `host` in the profile (`connect_to` for a tunnel)"),
            Self::Port => Some("use `--port`, or `port` in the profile"),
            Self::User => Some("use `--user`, or `user` in the profile"),
            Self::Database => Some("use `--database`, or `database` in the profile"),
            Self::Tls => Some("use `--ca-bundle`, or `ca_bundle` in the profile, to trust other certificates"),
            Self::OptionFiles => Some("set `option_files` in the profile"),
            Self::Cluster => Some("set `host` and `port` in the profile"),
            Self::Unclear => Some("join the option and its value with `=`"),
            Self::Abbreviated => Some("write the option out in full"),
            Self::Malformed => Some("write the option as the client's manual does"),
            Self::NoValue => Some("give the option a value"),
            Self::ReadOnly => Some("write it as `--init-command=STATEMENT`"),
            Self::Socket | Self::Protocol | Self::Password | Self::Plugins | Self::Trace => None,
        }
    }
}

/// An argument that may not reach the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("argument `{argument}` {}", why.would())]
pub struct Refusal {
    /// The option as it was typed, never with its value, which may be a password.
    pub argument: String,
    /// What it would do.
    pub why: Why,
    /// What to use instead: one imperative sentence.
    pub instead: Option<&'static str>,
}

impl Refusal {
    /// What to do instead.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        self.instead.map(str::to_owned)
    }

    /// Refuses an option, shown without its value.
    #[must_use]
    pub fn new(argument: impl Into<String>, why: Why) -> Self {
        Self { argument: argument.into(), why, instead: why.instead() }
    }
}
