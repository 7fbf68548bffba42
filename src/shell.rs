//! Assignments to environment variables as each shell reads them, whatever their values hold. Pure.

use crate::cli::Shell;
use crate::launch::EnvChange;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// The shell that `SHELL` names; the plain one when it names none of ours.
#[must_use]
pub fn detected(shell: Option<&OsStr>) -> Shell {
    match shell.and_then(|path| Path::new(path).file_name()).and_then(OsStr::to_str) {
        Some("bash") => Shell::Bash,
        Some("zsh") => Shell::Zsh,
        Some("fish") => Shell::Fish,
        Some("pwsh" | "powershell") => Shell::Powershell,
        _ => Shell::Sh,
    }
}

/// One command for each change. Every line ends in `;`, so that it survives an `eval` that joins
/// lines. `inherited` is asked where the inherited value decides.
#[must_use]
pub fn script(
    shell: Shell,
    changes: &BTreeMap<&'static str, EnvChange>,
    inherited: impl Fn(&str) -> Option<OsString>,
) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, change) in changes {
        match change {
            EnvChange::Set(value) => out.extend(assignment(shell, name, value)),
            EnvChange::SetSecret(secret) => out.extend(assignment(shell, name, OsStr::new(secret.expose()))),
            EnvChange::KeepNumber | EnvChange::Remove if change.removes(inherited(name).as_deref()) => {
                out.extend(removal(shell, name).as_bytes());
            }
            EnvChange::KeepNumber | EnvChange::Remove => {}
        }
    }
    out
}

/// The command that exports a variable. No shell has a value with a NUL.
#[must_use]
pub fn assignment(shell: Shell, name: &str, value: &OsStr) -> Vec<u8> {
    let (before, quoted) = match shell {
        Shell::Sh | Shell::Bash | Shell::Zsh => (format!("export {name}="), posix(value.as_bytes())),
        Shell::Fish => (format!("set -gx {name} "), fish(value.as_bytes())),
        Shell::Powershell => (format!("$env:{name} = "), powershell(&value.to_string_lossy())),
    };
    [before.as_bytes(), &quoted, b";\n"].concat()
}

/// The command that makes sure that programs do not see a variable.
fn removal(shell: Shell, name: &str) -> String {
    match shell {
        Shell::Sh | Shell::Bash | Shell::Zsh => format!("unset {name};\n"),
        // A universal variable is a setting of the user's that outlives the session: it is not ours
        // to erase, and nothing can hide it (fish 3.6).
        Shell::Fish => format!(
            "set -eg {name}; \
             set -qUx {name}; and echo 'warning: run `set -eU {name}`: programs still see this universal variable' >&2;\n"
        ),
        Shell::Powershell => format!("$env:{name} = $null;\n"),
    }
}

/// In single quotes nothing is special but the quote itself (POSIX, 2.2.2). Every quote within is
/// followed by a backslash, so that zsh's `RC_QUOTES` finds no two in a row.
fn posix(value: &[u8]) -> Vec<u8> {
    quoted(value, |byte| if byte == b'\'' { b"'\\''" } else { b"" })
}

/// In single quotes `\\` and `\'` are escapes, and nothing else is special (fish manual, "Quotes").
fn fish(value: &[u8]) -> Vec<u8> {
    quoted(value, |byte| match byte {
        b'\'' => b"\\'",
        b'\\' => b"\\\\",
        _ => b"",
    })
}

/// In quotes, with some bytes replaced.
fn quoted(value: &[u8], replaced: impl Fn(u8) -> &'static [u8]) -> Vec<u8> {
    let mut out = vec![b'\''];
    for byte in value {
        match replaced(*byte) {
            [] => out.push(*byte),
            instead => out.extend(instead),
        }
    }
    out.push(b'\'');
    out
}

/// A quote is doubled, and `PowerShell` takes the typographic ones for quotes too (`about_Quoting_Rules`;
/// `CharTraits.IsSingleQuote` in its source).
fn powershell(value: &str) -> Vec<u8> {
    let mut out = String::from("'");
    for c in value.chars() {
        out.push(c);
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            out.push(c);
        }
    }
    out.push('\'');
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn the_shell_is_the_one_that_the_variable_names() {
        let shell = |text: &str| detected(Some(OsStr::new(text)));
        assert_eq!(shell("/usr/bin/fish"), Shell::Fish);
        assert_eq!(shell("/opt/homebrew/bin/bash"), Shell::Bash);
        assert_eq!(shell("zsh"), Shell::Zsh);
        assert_eq!(shell("/usr/bin/pwsh"), Shell::Powershell);
        assert_eq!(shell("/bin/dash"), Shell::Sh);
        assert_eq!(detected(None), Shell::Sh);
    }

    #[test]
    fn every_shell_has_its_own_words() {
        let changes = BTreeMap::from([
            ("A", EnvChange::Set("it's\\".into())),
            ("B", EnvChange::Remove),
            ("C", EnvChange::KeepNumber),
            ("D", EnvChange::SetSecret(Secret::new("t".into()))),
        ]);
        let text = |shell, inherited: &str| {
            String::from_utf8(script(shell, &changes, |name| (name == "C").then(|| inherited.into()))).unwrap()
        };
        assert_eq!(text(Shell::Sh, "10"), "export A='it'\\''s\\';\nunset B;\nexport D='t';\n");
        assert_eq!(text(Shell::Zsh, "x"), "export A='it'\\''s\\';\nunset B;\nunset C;\nexport D='t';\n");
        assert!(text(Shell::Fish, "10").starts_with("set -gx A 'it\\'s\\\\';\nset -eg B; "));
        assert_eq!(text(Shell::Powershell, "10"), "$env:A = 'it''s\\';\n$env:B = $null;\n$env:D = 't';\n");
    }

    #[test]
    fn powershell_takes_typographic_quotes_for_quotes() {
        let quoted = |text| String::from_utf8(powershell(text)).unwrap();
        assert_eq!(quoted("a‘b’c‚d‛e'f"), "'a‘‘b’’c‚‚d‛‛e''f'");
        assert_eq!(quoted("$x `n \"y\" “z”\n"), "'$x `n \"y\" “z”\n'");
    }
}
