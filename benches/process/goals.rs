//! What the figures are to be, and whether they are.

/// A figure with a limit.
pub(crate) struct Goal {
    /// The figure.
    pub(crate) what: String,
    /// The limit, in words.
    pub(crate) wanted: String,
    /// What was measured.
    pub(crate) measured: String,
    pub(crate) is_met: bool,
}

impl Goal {
    pub(crate) fn at_most(what: &str, limit: f64, unit: &str, measured: f64) -> Self {
        Self::new(what, format!("at most {limit}{unit}"), unit, measured, measured <= limit)
    }

    pub(crate) fn at_least(what: &str, limit: f64, unit: &str, measured: f64) -> Self {
        Self::new(what, format!("at least {limit}{unit}"), unit, measured, measured >= limit)
    }

    fn new(what: &str, wanted: String, unit: &str, measured: f64, is_met: bool) -> Self {
        let digits = if measured < 100.0 { 2 } else { 0 };
        Self { what: what.to_owned(), wanted, measured: format!("{measured:.digits$}{unit}"), is_met }
    }
}
