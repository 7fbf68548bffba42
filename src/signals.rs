//! `Signals`: those that end a process, put off while the terminal is not as it was found. Signals
//! that are ignored (`nohup`) stay so, here and in the client.

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use std::fs;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Signals that are noticed and do nothing yet. Once this is dropped, the one that came does its work,
/// and those that come later do theirs at once: so it is dropped after the terminal was put right.
#[derive(Debug)]
pub struct Signals {
    noticed: Vec<(i32, Arc<AtomicBool>)>,
    over: Arc<AtomicBool>,
}

impl Signals {
    /// Begins.
    ///
    /// # Errors
    /// Those of the system.
    pub fn put_off() -> io::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let ignored = ignored(&fs::read_to_string("/proc/self/status").unwrap_or_default());
        let heeded = [SIGTERM, SIGHUP, SIGQUIT, SIGINT].into_iter().filter(|signal| !ignored.contains(signal));
        let noticed: Vec<_> = heeded.map(|signal| (signal, Arc::new(AtomicBool::new(false)))).collect();
        for (signal, noticed) in &noticed {
            // Handlers cannot be taken back: once this is over, they do what there was without them.
            flag::register_conditional_default(*signal, Arc::clone(&over))?;
            flag::register(*signal, Arc::clone(noticed))?;
        }
        Ok(Self { noticed, over })
    }

    /// A signal that has come.
    #[must_use]
    pub fn noticed(&self) -> Option<i32> {
        self.noticed.iter().find(|(_, noticed)| noticed.load(Ordering::SeqCst)).map(|(signal, _)| *signal)
    }
}

/// The signals that the process ignores, by what Linux says of it. Elsewhere nothing says it without unsafe
/// code, and none counts as ignored.
fn ignored(status: &str) -> Vec<i32> {
    let mask = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    (1..=64).filter(|signal| mask.unwrap_or_default() >> (signal - 1) & 1 == 1).collect()
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        if let Some(signal) = self.noticed() {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_off_the_mask() {
        // As Linux 6 shows it under `nohup`, and of a program that ignores SIGPIPE and SIGINT.
        assert_eq!(ignored("Name:\tx\nSigBlk:\t0000000000000004\nSigIgn:\t0000000000000001\n"), [SIGHUP]);
        assert_eq!(ignored("SigIgn:\t0000000000001002\n"), [SIGINT, 13]);
        assert_eq!(ignored("SigIgn:\t8000000000000000\n"), [64]);
        assert_eq!(ignored(""), [0; 0]);
        assert_eq!(ignored("SigIgn:\tx\n"), [0; 0]);
    }
}
