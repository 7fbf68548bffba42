//! `Launch`: the child process as plain data, compared with `==` in tests, printed masked by the
//! dry run, and only then carried out.

use crate::printable::{hides, printable};
use crate::secret::{MASK, Secret};
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::process::Command;

/// A program, its arguments, and how its environment differs from ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The program; absolute.
    pub program: PathBuf,
    /// Its arguments, in slots whose order is a security decision.
    pub args: Args,
    /// What changes in the environment it inherits.
    pub env: BTreeMap<&'static str, EnvChange>,
    /// What is written into the descriptor that hands over the token, with `token_via = "fd"`.
    pub token_file: Option<Secret>,
}

/// The arguments in the order in which they are passed. A [`Secret`] does not fit into them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args {
    /// What the client accepts in first place alone (`--no-defaults`).
    pub leading: Vec<OsString>,
    /// Harmless settings from the user's own option files.
    pub carried: Vec<OsString>,
    /// Ours: where to connect and how to verify it.
    pub ours: Vec<OsString>,
    /// `client_args`, then what the user wrote after `--`; both have passed the gate.
    pub from_user: Vec<OsString>,
}

impl Args {
    /// All of them in order.
    pub fn iter(&self) -> impl Iterator<Item = &OsStr> {
        [&self.leading, &self.carried, &self.ours, &self.from_user].into_iter().flatten().map(OsString::as_os_str)
    }
}

/// What happens to one variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnvChange {
    /// The client must not inherit it.
    Remove,
    /// The client keeps it when it is a whole number and loses it otherwise, because it would
    /// refuse to start.
    KeepNumber,
    /// Set to a text that may be seen.
    Set(OsString),
    /// Set to the token.
    SetSecret(Secret),
}

impl EnvChange {
    /// Whether the variable is gone afterwards, given the value that would be inherited.
    #[must_use]
    pub fn removes(&self, inherited: Option<&OsStr>) -> bool {
        match self {
            Self::Remove => true,
            Self::KeepNumber => !inherited.is_some_and(is_number),
            Self::Set(_) | Self::SetSecret(_) => false,
        }
    }
}

impl Launch {
    /// The command, ready to be executed. Reads the inherited value where a decision needs it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place that makes the client's command")]
    pub fn to_command(&self, inherited: impl Fn(&str) -> Option<OsString>) -> Command {
        let mut command = Command::new(&self.program);
        command.args(self.args.iter());
        for (name, change) in &self.env {
            match change {
                EnvChange::Remove | EnvChange::KeepNumber => {
                    if change.removes(inherited(name).as_deref()) {
                        command.env_remove(name);
                    }
                }
                EnvChange::Set(value) => _ = command.env(name, value),
                EnvChange::SetSecret(secret) => _ = command.env(name, secret.expose()),
            }
        }
        command
    }
}

/// libpq reads integers with surrounding blanks and a sign (`parse_int_param`).
fn is_number(text: &OsStr) -> bool {
    text.to_str().is_some_and(|t| t.trim().parse::<i32>().is_ok())
}

/// One shell command that does what the launch would do, but for the token, which is masked.
impl fmt::Display for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("env")?;
        for (name, change) in &self.env {
            if matches!(change, EnvChange::Remove) {
                write!(f, " -u {name}")?;
            }
        }
        for (name, change) in &self.env {
            match change {
                EnvChange::Remove | EnvChange::KeepNumber => {}
                EnvChange::Set(value) => write!(f, " \\\n  {name}={}", quoted(value))?,
                EnvChange::SetSecret(_) => write!(f, " \\\n  {name}='{MASK}'")?,
            }
        }
        write!(f, " \\\n  {}", quoted(self.program.as_os_str()))?;
        self.args.iter().try_for_each(|arg| write!(f, " \\\n    {}", quoted(arg)))?;
        if self.token_file.is_some() {
            write!(f, "\n# the token is read from the descriptor named above: {MASK}")?;
        }
        Ok(())
    }
}

/// A word as a POSIX shell reads it, and as a terminal may show it: what would not print is
/// written as bash, zsh and ksh read it, `$'\x1b'`.
#[must_use]
pub fn quoted(word: &OsStr) -> String {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-_=+:,./@%".contains(&b);
    if let Some(text) = word.to_str()
        && printable(text) == text
    {
        // `shlex` is more careful than a shell needs, and would quote every `--name=value`.
        if !text.is_empty() && text.bytes().all(is_plain) {
            return text.to_owned();
        }
        if let Ok(quoted) = shlex::try_quote(text) {
            return quoted.into_owned();
        }
    }
    let mut out = String::from("$'");
    for chunk in word.as_bytes().utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' | '\'' => out.extend(['\\', c]),
                c if hides(c) => escape(c.to_string().as_bytes(), &mut out),
                c => out.push(c),
            }
        }
        escape(chunk.invalid(), &mut out);
    }
    out + "'"
}

fn escape(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "\\x{byte:02x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch() -> Launch {
        Launch {
            program: "/usr/bin/psql".into(),
            args: Args {
                ours: vec!["-d".into(), "host='my db'".into()],
                from_user: vec!["-c".into(), "select 1".into()],
                ..Args::default()
            },
            env: BTreeMap::from([
                ("PGPASSWORD", EnvChange::SetSecret(Secret::new("s3cret".into()))),
                ("PGHOST", EnvChange::Set("a b".into())),
                ("PGSERVICE", EnvChange::Remove),
                ("PGCONNECT_TIMEOUT", EnvChange::KeepNumber),
            ]),
            token_file: None,
        }
    }

    #[test]
    fn display_is_a_shell_command_with_the_token_masked() {
        assert_eq!(
            launch().to_string(),
            "env -u PGSERVICE \\\n  PGHOST='a b' \\\n  PGPASSWORD='[token]' \\\n  /usr/bin/psql \\\n    -d \\\n    \"host='my db'\" \\\n    -c \\\n    'select 1'"
        );
        assert!(!format!("{:?}", launch()).contains("s3cret"));
    }

    #[test]
    fn a_number_is_kept_and_anything_else_removed() {
        let changed = |value: &str| {
            let value = OsString::from(value);
            let command = launch().to_command(|_| Some(value.clone()));
            command.get_envs().any(|(name, value)| name == "PGCONNECT_TIMEOUT" && value.is_none())
        };
        assert!(!changed("10"));
        assert!(changed("abc"));
        assert!(changed(""));
    }

    #[test]
    fn words_that_would_not_print_are_quoted_in_ansi_c_form() {
        assert_eq!(quoted(OsStr::new("a\u{1b}[m'\\")), "$'a\\x1b[m\\'\\\\'");
        assert_eq!(quoted(OsStr::from_bytes(b"x\xff")), "$'x\\xff'");
        assert_eq!(quoted(OsStr::new("")), "''");
    }
}
