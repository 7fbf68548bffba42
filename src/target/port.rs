//! `Port`: a TCP port.

use super::Invalid;
use serde::Deserialize;
use std::fmt;
use std::num::NonZeroU16;
use std::str::FromStr;

/// A TCP port, 1 to 65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct Port(NonZeroU16);

impl Port {
    pub(super) const MYSQL: Self = Self(NonZeroU16::new(3306).expect("3306 is not 0"));
    pub(super) const POSTGRES: Self = Self(NonZeroU16::new(5432).expect("5432 is not 0"));

    /// The number.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0.get()
    }
}

impl TryFrom<i64> for Port {
    type Error = Invalid;

    fn try_from(number: i64) -> Result<Self, Invalid> {
        u16::try_from(number).ok().and_then(NonZeroU16::new).map(Self).ok_or(Invalid::Port)
    }
}

impl FromStr for Port {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Invalid::Port);
        }
        text.parse().map(Self).map_err(|_| Invalid::Port)
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
