//! Asks on the terminal, whatever standard input and output are: what is read from standard input
//! is meant for the client.

use crate::signals::Signals;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};

/// How often a signal is looked for while nobody types.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };

/// Longer than any answer.
const LIMIT: usize = 256;

/// The terminal of this session.
#[derive(Debug)]
pub(super) struct Terminal(File);

impl Terminal {
    /// `None` when there is none, as under cron or in a pipeline's container.
    pub(super) fn open() -> Option<Self> {
        OpenOptions::new().read(true).write(true).open("/dev/tty").ok().map(Self)
    }

    /// Asks, and reads a line that is not shown. `None` when the user gave up.
    pub(super) fn ask(&mut self, question: &str) -> io::Result<Option<String>> {
        // Hidden first: whoever answers at once is not shown either.
        let hidden = Hidden::begin(&self.0)?;
        write!(&self.0, "{}", crate::printable::printable(question))?;
        let answer = hidden.line(&self.0);
        drop(hidden);
        writeln!(self.0)?;
        answer
    }
}

/// A terminal that shows nothing and sends no signals for keys, until it is dropped. Ctrl-C arrives
/// as a key, so that nothing can end the program while the terminal is in this state; the signals
/// that others send are noticed, and do their work once the terminal is as it was.
struct Hidden<'t> {
    tty: &'t File,
    before: Termios,
    // Dropped after the terminal is as it was.
    signals: Signals,
}

impl<'t> Hidden<'t> {
    fn begin(tty: &'t File) -> io::Result<Self> {
        let signals = Signals::put_off()?;
        let before = tcgetattr(tty)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG);
        quiet.special_codes[SpecialCodeIndex::VMIN] = 1;
        quiet.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(tty, OptionalActions::Flush, &quiet)?;
        Ok(Self { tty, before, signals })
    }

    fn line(&self, mut tty: &File) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        loop {
            if self.signals.noticed().is_some() {
                return Ok(None);
            }
            match poll(&mut [PollFd::new(tty, PollFlags::IN)], Some(&PAUSE)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => continue,
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
            let mut byte = [0];
            if tty.read(&mut byte)? == 0 {
                return Ok(None);
            }
            match byte[0] {
                b'\r' | b'\n' => return Ok(Some(String::from_utf8_lossy(&line).trim().to_owned())),
                // Ctrl-C, Ctrl-D, Ctrl-\
                0x03 | 0x04 | 0x1c => return Ok(None),
                0x7f | 0x08 => _ = line.pop(),
                // Ctrl-U
                0x15 => line.clear(),
                byte if byte >= b' ' && line.len() < LIMIT => line.push(byte),
                _ => {}
            }
        }
    }
}

impl Drop for Hidden<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.tty, OptionalActions::Now, &self.before);
    }
}
