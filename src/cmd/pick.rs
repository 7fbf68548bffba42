//! The picker: which profile, when none was named and there is a terminal to ask on. Everything is
//! drawn on standard error, so that standard output stays the client's.

use super::list::marks;
use crate::cli::Common;
use crate::config::Config;
use crate::config::explain::{Outline, outline};
use crate::env::Env;
use crate::error::Error;
use crate::signals::Signals;
use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{FuzzySelect, console};
use fuzzy_matcher::skim::SkimMatcherV2;
use rustix::process::Signal;
use rustix::termios::{self, LocalModes, OptionalActions, SpecialCodeIndex, Termios};
use std::cell::Cell;
use std::fmt;
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

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
    let rows = rows(&profiles, width);
    // Dropped last: a signal does its work once the terminal is as it was.
    let _signals = Attentive::begin().map_err(Error::Terminal)?;
    let keys = Keys::of(io::stdin()).map_err(Error::Terminal)?;
    let picked = draw(&terminal, &rows);
    let shown = terminal.show_cursor().and_then(|()| terminal.flush());
    drop(keys);
    let picked = picked?.ok_or(Error::Left)?;
    shown.map_err(Error::Terminal)?;
    Ok(names.swap_remove(picked))
}

fn draw(terminal: &Term, rows: &[String]) -> Result<Option<usize>, Error> {
    let coloured = coloured();
    let (theme, prompt): (&dyn Theme, _) =
        if console::colors_enabled_stderr() { (&coloured, "") } else { (&SimpleTheme, PROMPT) };
    let counted = Counted { theme, lines: Cell::new(0) };
    let picked = FuzzySelect::with_theme(&counted)
        .with_prompt(prompt)
        .items(rows)
        .default(0)
        .report(false)
        .interact_on_opt(terminal);
    let error = match picked {
        Ok(picked) => return Ok(picked),
        Err(dialoguer::Error::IO(error)) => error,
    };
    // The library leaves its list where it is then.
    terminal.clear_last_lines(counted.lines.get()).map_err(Error::Terminal)?;
    match error.kind() {
        // Of Ctrl-C the library makes a signal.
        io::ErrorKind::Interrupted => Ok(None),
        _ => Err(Error::Terminal(error)),
    }
}

/// Signals that interrupt the library's waiting for a key, and do their work when this is dropped.
struct Attentive {
    _signals: Arc<Signals>,
    over: Sender<()>,
    thread: Option<JoinHandle<()>>,
}

/// How often a signal is looked for that came while nobody waited for a key.
const PAUSE: Duration = Duration::from_millis(100);

impl Attentive {
    fn begin() -> io::Result<Self> {
        let signals = Arc::new(Signals::put_off()?);
        let (over, wait) = mpsc::channel();
        let noticed = Arc::clone(&signals);
        // Without it, such a signal has to wait for the next key.
        let thread = std::thread::Builder::new().spawn(move || {
            while wait.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                if let Some(signal) = noticed.noticed().and_then(Signal::from_named_raw) {
                    let _ = rustix::process::kill_process(rustix::process::getpid(), signal);
                }
            }
        });
        Ok(Self { _signals: signals, over, thread: thread.ok() })
    }
}

impl Drop for Attentive {
    fn drop(&mut self) {
        let _ = self.over.send(());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// A theme that knows how many lines were drawn.
struct Counted<'t> {
    theme: &'t dyn Theme,
    lines: Cell<usize>,
}

impl Theme for Counted<'_> {
    fn format_fuzzy_select_prompt(
        &self,
        f: &mut dyn fmt::Write,
        prompt: &str,
        typed: &str,
        position: usize,
    ) -> fmt::Result {
        self.lines.set(1);
        self.theme.format_fuzzy_select_prompt(f, prompt, typed, position)
    }

    fn format_fuzzy_select_prompt_item(
        &self,
        f: &mut dyn fmt::Write,
        text: &str,
        active: bool,
        highlight: bool,
        matcher: &SkimMatcherV2,
        typed: &str,
    ) -> fmt::Result {
        self.lines.update(|lines| lines + 1);
        self.theme.format_fuzzy_select_prompt_item(f, text, active, highlight, matcher, typed)
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
