//! What is wrong with the command line, in our own words: the parser's finding as an error with a hint. Pure.

use crate::cli::Cli;
use crate::error::{Error, did_you_mean, nearest};
use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The parser's finding as an error of ours. Nothing for what the parser says best itself, help above all.
/// `words` are those of the command line, which tell what stood before a mistake.
#[must_use]
pub fn explain(found: &clap::Error, words: &[String]) -> Option<Error> {
    let command = command(found);
    let argument = texts(found, ContextKind::InvalidArg);
    let argument = argument.iter().map(|text| flag(text)).next().unwrap_or_default();
    let value = texts(found, ContextKind::InvalidValue).concat();
    let help = || Some(format!("run `{command} --help` to see what it takes"));
    let (text, hint) = match found.kind() {
        ErrorKind::UnknownArgument => {
            let near = texts(found, ContextKind::SuggestedArg).concat();
            let near = (!near.is_empty()).then(|| flag(&near));
            let verb = (command == "rdsconnect").then(|| verb_before(argument, words)).flatten();
            let hint = verb.or_else(|| did_you_mean(near)).or_else(|| match command.as_str() {
                "rdsconnect" | "rdsconnect connect" => Some("arguments for the client follow `--`".to_owned()),
                "rdsconnect exec" => Some("the program and its arguments follow `--`".to_owned()),
                _ => help(),
            });
            (format!("unexpected argument `{argument}`"), hint)
        }
        ErrorKind::MissingRequiredArgument if argument == "<PROFILE>" => (
            format!("`{command}` lacks the name of a profile"),
            Some("run `rdsconnect list` to see the profiles".to_owned()),
        ),
        ErrorKind::MissingRequiredArgument => (format!("`{command}` lacks `{argument}`"), help()),
        ErrorKind::InvalidValue if value.is_empty() => (format!("`{argument}` lacks its value"), None),
        ErrorKind::InvalidValue => {
            let known = texts(found, ContextKind::ValidValue);
            (format!("`{argument}` must be {}, not `{value}`", one_of(&known)), None)
        }
        ErrorKind::TooManyValues => (format!("`{argument}` takes no value"), Some(format!("write `{argument}` alone"))),
        ErrorKind::ArgumentConflict => (format!("`{argument}` stands there twice"), Some("write it once".to_owned())),
        ErrorKind::InvalidSubcommand => {
            let given = texts(found, ContextKind::InvalidSubcommand).concat();
            let known = verbs(&command);
            let hint = did_you_mean(nearest(&given, known.iter().map(String::as_str)));
            (format!("`{command}` does not know `{given}`"), hint.or_else(|| Some(format!("use {}", one_of(&known)))))
        }
        _ => return None,
    };
    Some(Error::Usage { text, hint })
}

/// The verb that the word before a mistake could have been: `rdsconnect shw orders`.
fn verb_before(argument: &str, words: &[String]) -> Option<String> {
    let at = words.iter().position(|word| word == argument || word.split('=').next() == Some(argument))?;
    let before = words.get(at.checked_sub(1)?)?;
    Some(format!("did you mean the verb `{}`?", verb_near(before)?))
}

/// The verb that a word is near to, without being one.
#[must_use]
pub fn verb_near(word: &str) -> Option<String> {
    let verbs = verbs("rdsconnect");
    nearest(word, verbs.iter().map(String::as_str)).filter(|near| *near != word).map(str::to_owned)
}

/// The verbs of a command, such as `rdsconnect config`.
fn verbs(command: &str) -> Vec<String> {
    let cli = Cli::command();
    let inner = command.split(' ').skip(1).try_fold(&cli, |command, verb| command.find_subcommand(verb));
    inner.into_iter().flat_map(clap::Command::get_subcommands).map(|verb| verb.get_name().to_owned()).collect()
}

/// The command that the parser was at, as it stands in its usage: the words before the arguments.
fn command(found: &clap::Error) -> String {
    let usage = match found.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => usage.to_string(),
        _ => String::new(),
    };
    let usage = usage.strip_prefix("Usage: ").unwrap_or("rdsconnect");
    let is_name = |word: &&str| word.bytes().all(|byte| byte.is_ascii_lowercase());
    usage.split_whitespace().take_while(is_name).collect::<Vec<_>>().join(" ")
}

fn texts(found: &clap::Error, kind: ContextKind) -> Vec<String> {
    match found.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

/// "`a`, `b` or `c`".
fn one_of(names: &[String]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// A flag without the name of its value.
fn flag(argument: &str) -> &str {
    argument.split([' ', '=']).next().unwrap_or(argument)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    fn said(line: &str) -> String {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let found = Cli::try_parse_from(&words).expect_err(line);
        let error = explain(&found, &words).expect(line);
        assert_eq!(error.status(), 125);
        error.hint().map_or_else(|| error.to_string(), |hint| format!("{error} | {hint}"))
    }

    #[test]
    fn each_mistake_is_named_with_what_to_write_instead() {
        for (line, wanted) in [
            ("rdsconnect --bogus", "unexpected argument `--bogus` | arguments for the client follow `--`"),
            ("rdsconnect orders -e x", "unexpected argument `-e` | arguments for the client follow `--`"),
            ("rdsconnect connect orders x", "unexpected argument `x` | arguments for the client follow `--`"),
            ("rdsconnect orders --usr=x", "unexpected argument `--usr` | did you mean `--user`?"),
            ("rdsconnect shw orders", "unexpected argument `orders` | did you mean the verb `show`?"),
            ("rdsconnect lst --json", "unexpected argument `--json` | did you mean the verb `list`?"),
            (
                "rdsconnect exec orders mysqldump",
                "unexpected argument `mysqldump` | the program and its arguments follow `--`",
            ),
            (
                "rdsconnect list --bogus",
                "unexpected argument `--bogus` | run `rdsconnect list --help` to see what it takes",
            ),
            ("rdsconnect show a b", "unexpected argument `b` | run `rdsconnect show --help` to see what it takes"),
            (
                "rdsconnect token",
                "`rdsconnect token` lacks the name of a profile | run `rdsconnect list` to see the profiles",
            ),
            (
                "rdsconnect aliases",
                "`rdsconnect aliases` lacks `--shell` | run `rdsconnect aliases --help` to see what it takes",
            ),
            (
                "rdsconnect generate man",
                "`rdsconnect generate man` lacks `<DIRECTORY>` | run `rdsconnect generate man --help` to see what it takes",
            ),
            ("rdsconnect orders --user", "`--user` lacks its value"),
            ("rdsconnect --config= orders", "`--config` lacks its value"),
            (
                "rdsconnect env a --shell csh",
                "`--shell` must be `sh`, `bash`, `zsh`, `fish` or `powershell`, not `csh`",
            ),
            ("rdsconnect a --read-only=yes", "`--read-only` takes no value | write `--read-only` alone"),
            ("rdsconnect list --json --json", "`--json` stands there twice | write it once"),
            ("rdsconnect config chekc", "`rdsconnect config` does not know `chekc` | did you mean `check`?"),
            ("rdsconnect config frob", "`rdsconnect config` does not know `frob` | use `path`, `check` or `schema`"),
            ("rdsconnect ca frob", "`rdsconnect ca` does not know `frob` | use `list`"),
        ] {
            assert_eq!(said(line), wanted, "{line}");
        }
    }

    #[test]
    fn help_stays_the_parsers_own() {
        for line in ["rdsconnect --help", "rdsconnect --version", "rdsconnect config"] {
            let found = Cli::try_parse_from(line.split(' ')).expect_err(line);
            assert!(explain(&found, &[]).is_none(), "{line}");
        }
    }
}
