//! `Secret`: a text that cannot be printed, logged or put into an argument by accident.

use std::fmt;

/// What stands wherever a secret would have been shown.
pub const MASK: &str = "[token]";

/// A secret text. It has no `Display`, its `Debug` is masked, and the one way to read it is
/// [`Secret::expose`], so that every place that does can be found by that name.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself, for the one place that hands it on.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Length in bytes, which is no secret.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_is_masked() {
        let secret = Secret::new("db.example:3306/?Action=connect".into());
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "[token] Some([token])");
    }
}
