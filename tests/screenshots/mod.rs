//! The README's pictures: real runs in a pseudo-terminal, drawn as SVG.
//!
//! Serves the Cargo example `screenshots`, which takes them, and the tests, which take them again and compare.

#![allow(dead_code, reason = "its users, the example and the tests, need different parts")]

pub(crate) mod pictures;
pub(crate) mod pty;
pub(crate) mod stage;
pub(crate) mod svg;
