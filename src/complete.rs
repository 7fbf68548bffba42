//! What a shell's completion asks for, and the answer. The shell starts the program with
//! `RDSCONNECT_COMPLETE` set and the words typed so far, so that profile names are those of the
//! moment. Nothing is ever said on standard error: it would land in the line that is being typed.

use crate::cli::{self, Shell};
use crate::config::Config;
use crate::config::settings::Settings;
use crate::env::Env;
use crate::error::OWN_FAILURE;
use crate::target::TokenVia;
use clap::{Arg, Command};
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};
use clap_complete::env::{Bash, EnvCompleter, Fish, Shells, Zsh};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Set by the script that the shell has read; its value is the shell.
const VARIABLE: &str = "RDSCONNECT_COMPLETE";

const NAME: &str = env!("CARGO_PKG_NAME");

/// What the library leaves out for zsh. As a file on zsh's path the script is the body of the function
/// `_rdsconnect`, which runs when zsh first asks and has to answer then.
const ZSH_ANSWERS_AT_ONCE: &str = "\
if [[ $funcstack[1] == _rdsconnect ]]; then _clap_dynamic_completer_rdsconnect \"$@\"; fi
";

/// Answers when a shell asks; nothing when it does not, which costs a look at a variable.
#[must_use]
pub fn answer(env: &Env) -> Option<ExitCode> {
    env.var(VARIABLE)?;
    let words: Vec<OsString> = std::env::args_os().collect();
    let asked = clap_complete::CompleteEnv::with_factory(|| command(&words, env))
        .var(VARIABLE)
        .shells(Shells(&[&WholeWords(env), &Zsh, &Fish, &PowerShell]))
        .try_complete(&words, env.directory().map(PathBuf::as_path));
    match asked {
        Ok(true) => Some(ExitCode::SUCCESS),
        Ok(false) => None,
        Err(_) => Some(OWN_FAILURE.into()),
    }
}

/// What a shell reads once to ask from then on; nothing for a shell that cannot.
///
/// # Panics
/// Never: a vector takes whatever is written.
#[must_use]
pub fn registration(shell: Shell) -> Option<Vec<u8>> {
    let completer: &dyn EnvCompleter = match shell {
        Shell::Sh => return None,
        Shell::Bash => &Bash,
        Shell::Zsh => &Zsh,
        Shell::Fish => &Fish,
        Shell::Powershell => &PowerShell,
    };
    let mut script = Vec::new();
    let written = completer.write_registration(VARIABLE, NAME, NAME, NAME, &mut script);
    written.expect("a vector takes whatever is written");
    if let Shell::Zsh = shell {
        script.extend_from_slice(b"\n");
        script.extend_from_slice(ZSH_ANSWERS_AT_ONCE.as_bytes());
    }
    Some(script)
}

fn command(words: &[OsString], env: &Env) -> Command {
    if is_for_the_client(words, env) {
        let words = Arg::new("words").num_args(0..).add(ArgValueCompleter::new(plain_paths));
        return Command::default().name(NAME).arg(words);
    }
    let (file, env) = (named_file(words, env), env.clone());
    let names = ArgValueCandidates::new(move || names(file.as_deref(), &env));
    with_values(cli::shown(), &names)
}

/// Whether the word that is completed stands behind the line's `--`: it is for the client then, and all that is
/// known of it is that it may be a file.
fn is_for_the_client(words: &[OsString], env: &Env) -> bool {
    let line: Vec<_> = words.iter().skip_while(|word| *word != "--").skip(1).collect();
    // Where the shell does not tell, the line ends at the cursor.
    let told = env.var("_CLAP_COMPLETE_INDEX").and_then(OsStr::to_str).and_then(|number| number.parse().ok());
    let at = told.unwrap_or(line.len().saturating_sub(1));
    line.iter().take(at).any(|word| *word == "--")
}

fn with_values(command: Command, names: &ArgValueCandidates) -> Command {
    command
        .mut_args(|argument| match argument.get_id().as_str() {
            "profile" | "profiles" => argument.add(names.clone()),
            "config" | "ca_bundle" => argument.add(ArgValueCompleter::new(plain_paths)),
            "token_via" => {
                argument.add(ArgValueCandidates::new(|| TokenVia::NAMES.iter().map(CompletionCandidate::new).collect()))
            }
            _ => argument,
        })
        .mut_subcommands(|verb| with_values(verb, names))
}

/// The profiles, with what they connect to. Without a right profile file there are none.
fn names(file: Option<&Path>, env: &Env) -> Vec<CompletionCandidate> {
    let Ok(config) = Config::load(file, env, true) else { return Vec::new() };
    config.profiles().map(|(name, profile)| CompletionCandidate::new(name).help(about(&profile))).collect()
}

fn about(profile: &Settings) -> Option<clap::builder::StyledStr> {
    let text = match (&profile.description, &profile.engine, &profile.host) {
        (Some(description), _, _) => description.value.0.clone(),
        (None, Some(engine), Some(host)) => format!("{} {}", engine.value.name(), host.value),
        _ => return None,
    };
    // The reader of the file has refused what would not print as it is.
    Some(text.into())
}

/// Files, but for those whose names a shell would read as more than a word: the name goes into the
/// line as it is.
fn plain_paths(current: &OsStr) -> Vec<CompletionCandidate> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-+,:@%~".contains(byte) || !byte.is_ascii();
    PathCompleter::any()
        .complete(current)
        .into_iter()
        .filter(|path| path.get_value().as_encoded_bytes().iter().all(plain))
        .collect()
}

/// The file named by `--config` among the words of the line, which follow the first `--`. The
/// words are as they were typed, quotes and tilde included (but fish takes the quotes away), and
/// bash makes `=` a word of its own.
fn named_file(words: &[OsString], env: &Env) -> Option<PathBuf> {
    let line = words.iter().skip_while(|word| *word != "--").skip(2).take_while(|word| *word != "--");
    let mut line = line.filter_map(|word| word.to_str());
    let mut named = None;
    while let Some(word) = line.next() {
        if word == "--config" {
            named = line.find(|word| *word != "=");
        } else if let Some(value) = word.strip_prefix("--config=") {
            named = Some(value);
        }
    }
    let typed = named?;
    if Path::new(typed).exists() {
        return Some(typed.into());
    }
    let mut read = shlex::split(typed)?;
    let path = (read.len() == 1).then(|| read.remove(0))?;
    Some(match (path.strip_prefix("~/"), env.home()) {
        (Some(below), Some(home)) => home.join(below),
        _ => path.into(),
    })
}

/// bash, with `--config=FILE` put together again: its words end at `=`, and the library would take
/// what follows for a word by itself.
struct WholeWords<'e>(&'e Env);

impl EnvCompleter for WholeWords<'_> {
    fn name(&self) -> &'static str {
        Bash.name()
    }

    fn is(&self, name: &str) -> bool {
        Bash.is(name)
    }

    fn write_registration(
        &self,
        variable: &str,
        name: &str,
        program: &str,
        completer: &str,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        Bash.write_registration(variable, name, program, completer, out)
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        directory: Option<&Path>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let told = |name| self.0.var(name).and_then(OsStr::to_str);
        let at = told("_CLAP_COMPLETE_INDEX").and_then(|number| number.parse().ok()).unwrap_or_default();
        let (words, at, flag) = whole_words(words, at);
        let answers = clap_complete::engine::complete(command, words, at, directory)?;
        let answers: Vec<_> = answers.iter().map(|answer| answer.get_value().to_string_lossy()).collect();
        // Only what follows the `=` is completed.
        let answers: Vec<_> = answers.iter().map(|answer| answer.strip_prefix(&flag).unwrap_or(answer)).collect();
        write!(out, "{}", answers.join(told("_CLAP_IFS").unwrap_or("\n")))
    }
}

/// The words with `--flag`, `=` and the value as one, where the one being completed is now, and
/// what of it stands before the value.
fn whole_words(words: Vec<OsString>, at: usize) -> (Vec<OsString>, usize, String) {
    let (mut whole, mut now, mut before) = (Vec::<OsString>::new(), 0, String::new());
    for (old, word) in words.into_iter().enumerate() {
        let text = word.to_str().unwrap_or_default();
        let last = whole.last_mut().filter(|last| last.as_encoded_bytes().starts_with(b"--") && *last != "--");
        let is_value = last.as_ref().is_some_and(|last| last.as_encoded_bytes().ends_with(b"="));
        let mut flag = String::new();
        match last {
            Some(last) if is_value || (text == "=" && !last.as_encoded_bytes().contains(&b'=')) => {
                flag = last.to_string_lossy().into_owned();
                last.push(&word);
            }
            _ => whole.push(word),
        }
        if old == at {
            (now, before) = (whole.len() - 1, flag);
        }
    }
    (whole, now, before)
}

/// The library's own script hands the typed line to `Invoke-Expression`, so that completing
/// `rdsconnect $(...)` would run what stands in the parentheses. Here the words go over as they
/// are.
struct PowerShell;

impl EnvCompleter for PowerShell {
    fn name(&self) -> &'static str {
        "powershell"
    }

    fn is(&self, name: &str) -> bool {
        matches!(name, "powershell" | "pwsh")
    }

    fn write_registration(
        &self,
        variable: &str,
        _: &str,
        program: &str,
        completer: &str,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let completer = completer.replace('\'', "''");
        writeln!(
            out,
            "\
Register-ArgumentCompleter -Native -CommandName '{program}' -ScriptBlock {{
    param($word, $line, $cursor)
    $words = @($line.CommandElements | Where-Object {{ $_.Extent.StartOffset -lt $cursor }} | ForEach-Object {{ $_.Extent.Text }})
    if ($word -eq '') {{ $words += '' }}
    $before = $env:{variable}
    $env:{variable} = 'powershell'
    try {{ $answers = & '{completer}' -- @words }} finally {{ $env:{variable} = $before }}
    $answers | ForEach-Object {{
        $name, $about = $_ -split \"`t\", 2
        if (-not $about) {{ $about = $name }}
        [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $about)
    }}
}}"
        )
    }

    fn write_complete(
        &self,
        command: &mut Command,
        words: Vec<OsString>,
        directory: Option<&Path>,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        clap_complete::env::Powershell.write_complete(command, words, directory, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_gets_a_flag_and_its_value_together() {
        let whole = |words: &[&str], at| {
            let (words, at, before) = whole_words(words.iter().map(OsString::from).collect(), at);
            (words.iter().map(|word| word.to_str().unwrap().to_owned()).collect::<Vec<_>>().join("|"), at, before)
        };
        assert_eq!(whole(&["r", "--config", "=", "/f", "pr"], 4), ("r|--config=/f|pr".into(), 2, String::new()));
        assert_eq!(whole(&["r", "--config", "=", "/f"], 3), ("r|--config=/f".into(), 1, "--config=".into()));
        assert_eq!(whole(&["r", "--config", "/f", "pr"], 3), ("r|--config|/f|pr".into(), 3, String::new()));
        assert_eq!(whole(&["r", "pr"], 1), ("r|pr".into(), 1, String::new()));
    }

    #[test]
    fn the_file_is_the_one_that_the_line_names() {
        let env = Env::from_pairs(&[("HOME", "/home/jane")]);
        let file = |words: &[&str]| {
            let words: Vec<OsString> = ["x", "--", "rdsconnect"].iter().chain(words).map(OsString::from).collect();
            named_file(&words, &env)
        };
        assert_eq!(file(&["--config", "/f", "pr"]), Some("/f".into()));
        assert_eq!(file(&["--config=/f", "pr"]), Some("/f".into()));
        assert_eq!(file(&["token", "--config", "=", "'/a b'", "pr"]), Some("/a b".into()));
        assert_eq!(file(&["--config", "~/f", "pr"]), Some("/home/jane/f".into()));
        assert_eq!(file(&["pr", "--", "--config", "/f"]), None);
        assert_eq!(file(&["--config"]), None);
    }
}
