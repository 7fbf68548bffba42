//! `Signals`: those that end a process, put off while the terminal is not as it was found.

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Signals that are noticed and do nothing yet. Once this is dropped, the one that came does its work,
/// and those that come later do theirs at once: so it is dropped after the terminal was put right.
#[derive(Debug)]
pub struct Signals {
    noticed: [(i32, Arc<AtomicBool>); 4],
    over: Arc<AtomicBool>,
}

impl Signals {
    /// Begins.
    ///
    /// # Errors
    /// Those of the system.
    pub fn put_off() -> io::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let noticed = [SIGTERM, SIGHUP, SIGQUIT, SIGINT].map(|signal| (signal, Arc::new(AtomicBool::new(false))));
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

impl Drop for Signals {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        if let Some(signal) = self.noticed() {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    }
}
