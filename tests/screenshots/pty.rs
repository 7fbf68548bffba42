//! `Terminal`: a shell in a pseudo-terminal of a fixed size, and the screen that it has drawn.

use pty_process::Size;
use pty_process::blocking::{self, Pty};
use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::stage::Stage;

/// A program that is silent for so long hangs.
const PATIENCE: Duration = Duration::from_secs(30);
/// What the shell asks with.
const PROMPT: &str = "$ ";

pub(crate) struct Terminal {
    pty: Arc<Pty>,
    shared: Arc<Shared>,
    shell: Child,
}

struct Shared {
    parser: Mutex<vt100::Parser>,
    drawn: Condvar,
}

impl Shared {
    fn parser(&self) -> MutexGuard<'_, vt100::Parser> {
        self.parser.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Terminal {
    /// A terminal with a shell in it that has asked for its first command.
    pub(crate) fn open(stage: &Stage, columns: u16, rows: u16) -> Result<Self, String> {
        let told = |error: &dyn std::fmt::Display| format!("could not open a terminal: {error}");
        let (pty, end) = blocking::open().map_err(|error| told(&error))?;
        pty.resize(Size::new(rows, columns)).map_err(|error| told(&error))?;
        let shell = blocking::Command::new("/bin/sh")
            .arg("-i")
            .env_clear()
            .envs(stage.variables())
            .env("TERM", "xterm-256color")
            .env("PS1", PROMPT)
            .current_dir(stage.home())
            .spawn(end)
            .map_err(|error| told(&error))?;
        let size = |length| NonZeroU16::new(length).unwrap_or(NonZeroU16::MIN);
        let parser = Mutex::new(vt100::Parser::new(size(rows), size(columns), 0));
        let terminal = Self { pty: Arc::new(pty), shared: Arc::new(Shared { parser, drawn: Condvar::new() }), shell };
        let (pty, shared) = (Arc::clone(&terminal.pty), Arc::clone(&terminal.shared));
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // An error is the end: nobody has the other side open any more.
            while let Ok(length) = (&*pty).read(&mut bytes)
                && length > 0
            {
                shared.parser().process(&bytes[..length]);
                shared.drawn.notify_all();
            }
        });
        terminal.until("the shell's prompt", |screen| text(screen) == PROMPT.trim_end())?;
        Ok(terminal)
    }

    /// Types.
    pub(crate) fn keys(&self, keys: &str) -> Result<(), String> {
        (&*self.pty).write_all(keys.as_bytes()).map_err(|error| format!("could not type `{keys}`: {error}"))
    }

    /// Types a line and waits until a prompt with this end asks for the next one.
    pub(crate) fn line(&self, line: &str, prompt: &str) -> Result<(), String> {
        let before = text(self.shared.parser().screen());
        self.keys(&format!("{line}\r"))?;
        self.until(&format!("`{prompt}` after `{line}`"), |screen| {
            let now = text(screen);
            now.len() > before.len() + line.len() && asks(screen, prompt)
        })
    }

    /// The same for a command of the shell.
    pub(crate) fn command(&self, line: &str) -> Result<(), String> {
        self.line(line, PROMPT)
    }

    /// Waits until the screen is as it is wanted.
    pub(crate) fn until(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> Result<(), String> {
        let parser = self.shared.parser();
        let (parser, end) = self
            .shared
            .drawn
            .wait_timeout_while(parser, PATIENCE, |parser| !wanted(parser.screen()))
            .unwrap_or_else(PoisonError::into_inner);
        if end.timed_out() {
            return Err(format!("this is not {what}:\n{}", text(parser.screen())));
        }
        Ok(())
    }

    /// The screen as it is.
    pub(crate) fn screen(&self) -> vt100::Screen {
        self.shared.parser().screen().clone()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // What it started loses its terminal and ends with it.
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// Whether the cursor stands behind a prompt, to which nothing was typed yet.
fn asks(screen: &vt100::Screen, prompt: &str) -> bool {
    let (row, column) = screen.cursor_position();
    let line: String = (0..column).filter_map(|column| screen.cell(row, column)).map(shown).collect();
    line.ends_with(prompt) && text(screen).lines().count() == usize::from(row) + 1
}

/// What a cell shows.
pub(crate) fn shown(cell: &vt100::Cell) -> &str {
    if cell.has_contents() { cell.contents() } else { " " }
}

/// A row, with the spaces at its end.
pub(crate) fn line(screen: &vt100::Screen, row: u16) -> String {
    (0..screen.size().1.get()).filter_map(|column| screen.cell(row, column)).map(shown).collect()
}

/// What stands on a screen, without spaces and lines at the end.
pub(crate) fn text(screen: &vt100::Screen) -> String {
    let lines = (0..screen.size().0.get()).map(|row| line(screen, row).trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}
