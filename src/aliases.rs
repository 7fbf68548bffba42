//! A short command for every profile, as each shell has them, whatever the path of the profile
//! file holds. Pure.

use crate::cli::Shell;
use std::fmt::Write as _;

/// Reserved words and builtins of bash, dash, zsh and fish, as far as profiles can be named so. A
/// shell, or the scripts that it came with, would trip over an alias of such a name.
const TAKEN: &str = "\
    abbr alias and argparse autoload begin bg bind bindkey block break breakpoint builtin bye caller case cd \
    chdir command commandline compadd comparguments compcall compctl compdescribe compfiles compgen \
    compgroups complete compopt compquote compset comptags comptry compvalues contains continue coproc count \
    declare dirs disable disown do done echo echotc echoti elif else emit emulate enable end esac eval exec \
    exit export false fc fg fi float for foreach function functions getln getopts hash help history if in \
    integer jobs kill let limit local log logout mapfile math nocorrect noglob not or path popd print printf \
    private pushd pushln pwd r random read readarray readonly realpath rehash repeat return sched select set \
    set_color setopt shift shopt source status string suspend switch test then time times trap true ttyctl \
    type typeset ulimit umask unalias unfunction unhash unlimit unset unsetopt until vared wait whence where \
    which while zcompile zformat zle zmodload zparseopts zregexparse zstyle";

/// The keywords of `PowerShell` (`about_Reserved_Words`), the aliases that it has from the start
/// (`about_Aliases`), which win over functions, and functions of its own. It is not sensitive to case.
const TAKEN_IN_POWERSHELL: &str = "\
    begin break catch class clean continue data define do dynamicparam else elseif end enum exit filter \
    finally for foreach from function hidden if in param process return static switch throw trap try until \
    using var while \
    ac cat cd chdir clc clear clhy cli clp cls clv cnsn compare copy cp cpi cpp curl cvpa dbp del diff dir dnsn \
    ebp echo epal epcsv erase etsn exsn fc fhx fl ft fw gal gbp gc gci gcm gcs gdr gerr ghy gi gin gjb gl gm \
    gmo gp gps gpv group gsn gsv gtz gu gv gwmi h help history icm iex ihy ii ipal ipcsv ipmo irm ise iwmi iwr \
    kill lp ls man md measure mi mkdir more mount move mp mv nal ndr ni nmo npssc nsn nv ogv oh oss pause popd \
    prompt ps pushd pwd r rbp rcjb rcsn rd rdr ren ri rjb rm rmdir rmo rni rnp rp rsn rsnp rujb rv rvpa rwmi \
    sajb sal saps sasv sbp sc scb select set shcm si sl sleep sls sort sp spjb spps spsv start stz sujb sv swmi \
    tee trcm type wget where wjb write";

/// Whether a name means something to the shell itself, or to the short commands.
#[must_use]
pub fn is_taken(shell: Shell, name: &str) -> bool {
    let (words, name) = match shell {
        Shell::Sh | Shell::Bash | Shell::Zsh | Shell::Fish => (TAKEN, name.to_owned()),
        Shell::Powershell => (TAKEN_IN_POWERSHELL, name.to_ascii_lowercase()),
    };
    let is_value = matches!(shell, Shell::Powershell) && is_number_in_powershell(&name);
    name == "rdsconnect" || is_value || words.split(' ').any(|word| word == name)
}

/// Numbers are values there, and printed; a type and a multiplier may follow (`about_Numeric_Literals`).
fn is_number_in_powershell(name: &str) -> bool {
    let name = ["kb", "mb", "gb", "tb", "pb"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let name = name.trim_end_matches(['u', 'y', 's', 'l', 'n', 'd']);
    name.parse::<f64>().is_ok_and(f64::is_finite) || name.starts_with("0x") || name.starts_with("0b")
}

/// The commands that make the short ones, each the prefix and the name of a profile. `config` is
/// the profile file, where it has to be named.
#[must_use]
pub fn script<'n>(
    shell: Shell,
    prefix: &str,
    names: impl IntoIterator<Item = &'n str>,
    config: Option<&str>,
) -> String {
    let quote = match shell {
        Shell::Sh | Shell::Bash | Shell::Zsh => posix,
        Shell::Fish => fish,
        Shell::Powershell => powershell,
    };
    let program = config.map_or_else(|| "rdsconnect".to_owned(), |file| format!("rdsconnect --config {}", quote(file)));
    let mut out = String::new();
    for name in names {
        // A verb, so that a profile that is named like another verb is reached too. Names need no
        // quotes: the reader of the file has seen to that.
        let (short, long) = (format!("{prefix}{name}"), format!("{program} connect {name}"));
        let _ = match shell {
            Shell::Sh | Shell::Bash | Shell::Zsh => writeln!(out, "alias {short}={}", posix(&long)),
            Shell::Fish => writeln!(out, "function {short} --wraps {}; {long} $argv; end", fish(&long)),
            Shell::Powershell => writeln!(out, "function {short} {{ {long} @args }}"),
        };
    }
    out
}

/// In single quotes nothing is special but the quote itself (POSIX, 2.2.2).
fn posix(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// In single quotes `\\` and `\'` are escapes, and nothing else is special (fish manual, "Quotes").
fn fish(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// A quote is doubled; the typographic ones are quotes too (`about_Quoting_Rules`).
fn powershell(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        out.extend(std::iter::repeat_n(c, if matches!(c, '\'' | '\u{2018}'..='\u{201b}') { 2 } else { 1 }));
    }
    out + "'"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_has_its_own_words() {
        let text = |shell| script(shell, "db-", ["prod"], Some("/it's"));
        let posix = "alias db-prod='rdsconnect --config '\\''/it'\\''\\'\\'''\\''s'\\'' connect prod'\n";
        assert_eq!(text(Shell::Sh), posix);
        assert_eq!(text(Shell::Bash), posix);
        assert_eq!(text(Shell::Zsh), posix);
        assert_eq!(
            text(Shell::Fish),
            "function db-prod --wraps 'rdsconnect --config \\'/it\\\\\\'s\\' connect prod'; \
             rdsconnect --config '/it\\'s' connect prod $argv; end\n"
        );
        assert_eq!(text(Shell::Powershell), "function db-prod { rdsconnect --config '/it''s' connect prod @args }\n");
    }

    #[test]
    fn powershell_takes_typographic_quotes_for_quotes_and_capitals_for_small_letters() {
        assert_eq!(powershell("a\u{2019}b"), "'a\u{2019}\u{2019}b'");
        assert!(is_taken(Shell::Powershell, "Process") && !is_taken(Shell::Bash, "process"));
        assert!(is_taken(Shell::Powershell, "Sort") && is_taken(Shell::Powershell, "help"));
        for number in ["1", "1.5", "1e3", "7GB", "10ul", "0x1F"] {
            assert!(is_taken(Shell::Powershell, number) && !is_taken(Shell::Bash, number), "{number}");
        }
        for name in ["orders", "7z", "1st-db", "nan", "u", "infinity"] {
            assert!(!is_taken(Shell::Powershell, name), "{name}");
        }
    }
}
