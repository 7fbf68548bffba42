//! The manual pages: one for the program and one for each verb, out of the command line's
//! definitions and the few sections that those do not hold. Pure.

mod examples;

pub use examples::EXAMPLES;

use crate::cli;
use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

/// A manual page.
#[derive(Debug)]
pub struct Page {
    /// The name of its file, such as `rdsconnect-token.1`.
    pub file: String,
    /// Its text, as `man` reads it.
    pub text: Vec<u8>,
}

/// Terms and what they mean.
type Terms = &'static [(&'static str, &'static str)];

/// Of every page.
const STATUS: Terms = &[
    ("the client's own", "Once the client runs, it is the process."),
    ("0", "Help, version, and every verb that does not connect, when it succeeds."),
    ("125", "rdsconnect itself failed: usage, profile file, credentials, certificates, a refused argument."),
    ("126", "The client was found and cannot be started."),
    ("127", "The client was not found."),
    ("130", "The picker was left without a choice."),
];

const ENVIRONMENT: Terms = &[
    ("RDSCONNECT_CONFIG", "The profile file, unless --config names one."),
    ("RDSCONNECT_COMPLETE", "Set by the script of `rdsconnect generate completions` when the shell completes."),
    ("XDG_CONFIG_HOME, HOME", "Where the profile file is otherwise."),
    ("XDG_CACHE_HOME", "Where rdsconnect keeps what it need not ask twice, and what `env` leaves for other programs."),
    ("PATH", "Where the client is looked for; empty and relative entries are skipped."),
    ("NO_COLOR", "Nothing is coloured."),
    ("TERM", "With `dumb`, or without it, there is no picker."),
    (
        "AWS_*",
        "Read by the AWS SDK: AWS_PROFILE, AWS_ACCESS_KEY_ID, AWS_CONFIG_FILE and so on. AWS_REGION counts only for \
         an endpoint that carries no region.",
    ),
];

const FILES: Terms = &[
    ("$XDG_CONFIG_HOME/rdsconnect/config.toml", "The profile file."),
    ("~/.config/rdsconnect/config.toml", "The profile file, when XDG_CONFIG_HOME is not set."),
    ("~/.aws/config, ~/.aws/credentials", "Read by the AWS SDK."),
];

/// All pages: the program's first, and every verb's.
#[must_use]
pub fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    add(&cli::shown(), None, &mut pages);
    pages
}

fn add(command: &Command, above: Option<&str>, pages: &mut Vec<Page>) {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    pages.push(Page { file: format!("{name}.1"), text: page(command, name, above) });
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        add(verb, Some(name), pages);
    }
}

fn page(command: &Command, name: &str, above: Option<&str>) -> Vec<u8> {
    let mut text = Vec::new();
    // No date: the same version always makes the same pages.
    let man = Man::new(command.clone())
        .title(name.to_uppercase())
        .source(concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")))
        .manual("rdsconnect manual");
    let verbs = command.has_subcommands();
    let written = man
        .render_title(&mut text)
        .and_then(|()| man.render_name_section(&mut text))
        .and_then(|()| man.render_synopsis_section(&mut text))
        .and_then(|()| man.render_description_section(&mut text))
        .and_then(|()| man.render_options_section(&mut text))
        .and_then(|()| if verbs { man.render_subcommands_section(&mut text) } else { Ok(()) })
        .and_then(|()| own_sections(command, name, above).to_writer(&mut text));
    written.expect("a vector takes whatever is written");
    text
}

/// What the definitions do not hold.
fn own_sections(command: &Command, name: &str, above: Option<&str>) -> Roff {
    let mut roff = Roff::new();
    section(&mut roff, "EXIT STATUS", STATUS);
    if above.is_none() {
        section(&mut roff, "ENVIRONMENT", ENVIRONMENT);
        section(&mut roff, "FILES", FILES);
    }
    for (_, example) in EXAMPLES.iter().filter(|(page, _)| *page == name) {
        roff.control("SH", ["EXAMPLES"]).control("nf", []);
        for line in example.lines() {
            roff.text([roman(line)]);
        }
        roff.control("fi", []);
    }
    let mut others: Vec<String> = above.into_iter().map(str::to_owned).collect();
    let below = command.get_subcommands().filter(|verb| !verb.is_hide_set());
    others.extend(below.map(|verb| format!("{name}-{}", verb.get_name())));
    if above.is_none() {
        others.extend(["psql".to_owned(), "mysql".to_owned(), "mariadb".to_owned()]);
    }
    roff.control("SH", ["SEE ALSO"]);
    let last = others.len() - 1;
    for (at, other) in others.iter().enumerate() {
        roff.text([bold(other), roman(if at == last { "(1)" } else { "(1)," })]);
    }
    roff
}

fn section(roff: &mut Roff, heading: &str, terms: Terms) {
    roff.control("SH", [heading]);
    for (term, meaning) in terms {
        roff.control("TP", []).text([bold(*term)]).text([roman(*meaning)]);
    }
}
