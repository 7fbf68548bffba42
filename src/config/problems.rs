//! What becomes of a mistake in the profile file: the first one ends the reading, or, for a check,
//! all of them are kept.

use crate::error::Error;

/// The mistakes found so far.
#[derive(Debug)]
pub enum Problems {
    /// The first one is returned.
    First,
    /// All are kept, and the reading goes on without what was wrong.
    All(Vec<Error>),
}

impl Problems {
    /// Hands on a result, or keeps its error.
    ///
    /// # Errors
    /// The result's own, unless it is kept.
    pub fn note<T: Default, E: Into<Error>>(&mut self, result: Result<T, E>) -> Result<T, E> {
        match (result, self) {
            (Err(error), Self::All(kept)) => {
                kept.push(error.into());
                Ok(T::default())
            }
            (result, _) => result,
        }
    }
}
