//! `Terminal`: a real terminal, by tmux, in which a shell runs that types and reads are driven
//! from a test. Whatever is waited for has a deadline.

use crate::programs;
use crate::sandbox::Sandbox;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

const DEADLINE: Duration = Duration::from_secs(30);

pub(crate) struct Terminal<'s> {
    sandbox: &'s Sandbox,
    tmux: PathBuf,
}

impl<'s> Terminal<'s> {
    /// A terminal of 100 columns and 30 lines, with a program in it; `None` where there is no tmux.
    pub(crate) fn open(sandbox: &'s Sandbox, program: &[&str]) -> Option<Self> {
        let terminal = Self { sandbox, tmux: programs::find("tmux")? };
        let mut start = vec!["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "--"];
        start.extend(program);
        terminal.tmux(&start);
        Some(terminal)
    }

    /// Types keys by the names that tmux has for them, such as `Enter`.
    pub(crate) fn keys(&self, keys: &[&str]) {
        self.tmux(&[&["send-keys", "--"], keys].concat());
    }

    /// Types text.
    pub(crate) fn text(&self, text: &str) {
        self.tmux(&["send-keys", "-l", "--", text]);
    }

    /// Types a line.
    pub(crate) fn line(&self, text: &str) {
        self.text(text);
        self.keys(&["Enter"]);
    }

    /// Waits until the screen is as it is wanted, and gives it back without trailing spaces.
    #[track_caller]
    pub(crate) fn until(&self, wanted: impl Fn(&str) -> bool) -> String {
        let start = Instant::now();
        loop {
            let screen = self.screen();
            if wanted(&screen) {
                return screen;
            }
            assert!(start.elapsed() < DEADLINE, "this never came:\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What stands on the screen.
    pub(crate) fn screen(&self) -> String {
        let screen = self.tmux(&["capture-pane", "-p"]);
        screen.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// Waits until a text stands on the screen.
    #[track_caller]
    pub(crate) fn until_shown(&self, text: &str) -> String {
        self.until(|screen| screen.contains(text))
    }

    /// Whether the cursor is shown.
    pub(crate) fn shows_the_cursor(&self) -> bool {
        self.tmux(&["display-message", "-p", "#{cursor_flag}"]).trim() == "1"
    }

    /// The screen with its colours, as escape sequences.
    pub(crate) fn colours(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-e"])
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "tmux {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.sandbox.any_command(&self.tmux, &["-u", "-S"]);
        command.arg(self.sandbox.path("tmux")).args(arguments);
        command
    }
}

impl Drop for Terminal<'_> {
    fn drop(&mut self) {
        let _ = self.command(&["kill-server"]).output();
    }
}
