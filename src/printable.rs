//! Text made safe for a terminal: what came from a file, a variable or a server cannot move the
//! cursor, ring the bell or start a new line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Escapes every control character, and the characters that reorder or hide text (Unicode
/// bidirectional controls, zero-width and line separators), as `\n`, `\u{1b}` and so on.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(hides) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hides(c) {
            let _ = write!(out, "{}", c.escape_default());
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a character must not reach a terminal as it is.
#[must_use]
pub fn hides(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_left_alone() {
        assert!(matches!(printable("prod `mydb` é 名前"), Cow::Borrowed(_)));
    }

    #[test]
    fn controls_and_reordering_are_escaped() {
        assert_eq!(printable("a\u{1b}[31m\r\nb\u{202e}\u{9b}"), "a\\u{1b}[31m\\r\\nb\\u{202e}\\u{9b}");
    }
}
