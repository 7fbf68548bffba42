//! The picker: which profile, when none was named and there is a terminal to ask on. Everything is
//! drawn on standard error, so that standard output stays the client's.

use super::list::marks;
use crate::cli::Common;
use crate::config::Config;
use crate::config::explain::{Outline, outline};
use crate::env::Env;
use crate::error::Error;
use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{FuzzySelect, console};
use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const PROMPT: &str = "Connect to:";

/// Asks which profile is meant. The terminal is as it was when this returns.
///
/// # Errors
/// [`Error::NoProfile`] without a terminal, [`Error::Left`] when nothing was picked, and whatever
/// is wrong with the profile file.
pub(super) fn profile(common: &Common, env: &Env) -> Result<String, Error> {
    let can_draw = env.var("TERM").is_some_and(|kind| kind != "dumb");
    if !(can_draw && io::stdin().is_terminal() && io::stderr().is_terminal()) {
        return Err(Error::NoProfile);
    }
    let config = Config::load(common.config.as_deref(), env, false)?;
    let mut names: Vec<String> = config.names().map(str::to_owned).collect();
    if names.is_empty() {
        return Err(Error::Usage {
            text: format!("there is no profile in {}", config.describe()),
            hint: Some("write one into it, or name an address".into()),
        });
    }
    let terminal = Term::buffered_stderr();
    let width = usize::from(terminal.size().1);
    let profiles: Vec<_> = config.profiles().map(|(name, profile)| (name, about(outline(&profile)))).collect();
    let keys = Keys::of(io::stdin()).map_err(Error::Terminal)?;
    let picked = draw(&terminal, &rows(&profiles, width));
    let shown = terminal.show_cursor().and_then(|()| terminal.flush());
    drop(keys);
    let picked = picked?.ok_or(Error::Left)?;
    shown.map_err(Error::Terminal)?;
    Ok(names.swap_remove(picked))
}

fn draw(terminal: &Term, rows: &[String]) -> Result<Option<usize>, Error> {
    // The library makes a signal of Ctrl-C, which must not end the process before the terminal is as
    // it was. Afterwards it ends it as ever.
    let over = Arc::new(AtomicBool::new(false));
    signal_hook::flag::register_conditional_default(signal_hook::consts::SIGINT, Arc::clone(&over))
        .map_err(Error::Terminal)?;
    let coloured = coloured();
    let (theme, prompt): (&dyn Theme, _) =
        if console::colors_enabled_stderr() { (&coloured, "") } else { (&SimpleTheme, PROMPT) };
    let picked = FuzzySelect::with_theme(theme)
        .with_prompt(prompt)
        .items(rows)
        .default(0)
        .report(false)
        .interact_on_opt(terminal);
    over.store(true, Ordering::Relaxed);
    match picked {
        Ok(picked) => Ok(picked),
        Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => Ok(None),
        Err(dialoguer::Error::IO(error)) => Err(Error::Terminal(error)),
    }
}

/// A terminal that hands over every key and shows none, until this is dropped. The library has it
/// so only while it waits for a key: what was typed faster would stand on the screen.
struct Keys {
    terminal: io::Stdin,
    before: Termios,
}

impl Keys {
    fn of(terminal: io::Stdin) -> io::Result<Self> {
        let before = termios::tcgetattr(&terminal)?;
        let mut keys = before.clone();
        // Without signals too, so that Ctrl-C waits for its turn.
        keys.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        keys.special_codes[SpecialCodeIndex::VMIN] = 1;
        keys.special_codes[SpecialCodeIndex::VTIME] = 0;
        termios::tcsetattr(&terminal, OptionalActions::Drain, &keys)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // What was typed already stays for the client.
        let _ = termios::tcsetattr(&self.terminal, OptionalActions::Drain, &self.before);
    }
}

/// The library's colours, with signs that every terminal has. The prompt is the suffix of none.
fn coloured() -> ColorfulTheme {
    ColorfulTheme {
        prompt_suffix: console::style(PROMPT.to_owned()).for_stderr().bold(),
        active_item_prefix: console::style(">".to_owned()).for_stderr().green(),
        ..ColorfulTheme::default()
    }
}

/// What stands beside the name: marks, which a narrow terminal must not cut off, engine, host and
/// database.
fn about(profile: Outline) -> [String; 4] {
    let marks = marks(&profile);
    let engine = profile.engine.unwrap_or_default().to_owned();
    [marks, engine, profile.host.unwrap_or_default(), profile.database.unwrap_or_default()]
}

/// One line for each profile, the columns aligned, those that are all empty left out. What does not
/// fit is cut off, but never the name: the library tells rows apart by their text.
fn rows(profiles: &[(&str, [String; 4])], width: usize) -> Vec<String> {
    let widest = |column: usize| profiles.iter().map(|(_, about)| console::measure_text_width(&about[column])).max();
    let names = profiles.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let widths = [0, 1, 2, 3].map(|column| widest(column).unwrap_or_default());
    // Two columns are the library's, and the last one makes some terminals begin a new line.
    let room = width.saturating_sub(3);
    profiles
        .iter()
        .map(|(name, about)| {
            let mut row = format!("{name:names$}");
            for (text, width) in about.iter().zip(widths).filter(|(_, width)| *width > 0) {
                row += "  ";
                row += &console::pad_str(text, width, console::Alignment::Left, None);
            }
            let row = console::truncate_str(row.trim_end(), room.max(name.len()), "");
            row.trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(engine: &str, host: &str, database: &str) -> [String; 4] {
        ["", engine, host, database].map(str::to_owned)
    }

    #[test]
    fn columns_are_aligned_and_cut_at_the_edge_of_the_terminal() {
        let profiles = [
            ("a", profile("mysql", "h.example", "shop")),
            ("bcd", profile("postgres", "名.example", "")),
            ("e", profile("", "", "")),
        ];
        assert_eq!(rows(&profiles, 80), ["a    mysql     h.example   shop", "bcd  postgres  名.example", "e"]);
        assert_eq!(rows(&profiles, 20), ["a    mysql     h.", "bcd  postgres  名", "e"]);
    }

    #[test]
    fn names_stay_whole_and_rows_different_on_the_narrowest_terminal() {
        let profiles = [("orders-eu-1", profile("mysql", "h", "")), ("orders-eu-2", profile("mysql", "h", ""))];
        for width in 0..30 {
            let rows = rows(&profiles, width);
            assert!(rows[0].starts_with("orders-eu-1") && rows[1].starts_with("orders-eu-2"), "{rows:?}");
        }
    }
}
