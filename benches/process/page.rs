//! The tables, and the page that they stand in.

use crate::goals::Goal;
use std::fmt::Write as _;
use std::path::Path;

/// What is between these is written by `make bench`; what is around them by people.
const BEGIN: &str = "<!-- measured by `make bench`: begin -->\n";
const END: &str = "<!-- measured by `make bench`: end -->\n";

/// Rows under a heading.
pub(crate) struct Table {
    pub(crate) title: &'static str,
    /// What to know before reading it.
    pub(crate) note: String,
    pub(crate) columns: Vec<&'static str>,
    pub(crate) rows: Vec<Vec<String>>,
    /// What is expected of the figures.
    pub(crate) goals: Vec<Goal>,
}

/// All of them as Markdown.
pub(crate) fn tables(machine: &[(&'static str, String)], tables: &[Table]) -> String {
    let mut text = String::from("### Machine and versions\n\n");
    for (name, value) in machine {
        let _ = writeln!(text, "- {name}: {value}");
    }
    text += "\n### Targets\n\n| figure | target | measured | |\n| --- | ---: | ---: | --- |\n";
    for goal in tables.iter().flat_map(|table| &table.goals) {
        let met = if goal.is_met { "met" } else { "**missed**" };
        let _ = writeln!(text, "| {} | {} | {} | {met} |", goal.what, goal.wanted, goal.measured);
    }
    for table in tables {
        let _ = write!(text, "\n### {}\n\n", table.title);
        if !table.note.is_empty() {
            let _ = write!(text, "{}\n\n", table.note);
        }
        let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let columns: Vec<String> = table.columns.iter().copied().map(str::to_owned).collect();
        let rule: Vec<String> =
            columns.iter().enumerate().map(|(at, _)| if at == 0 { "---" } else { "---:" }.into()).collect();
        text += &row(&columns);
        text += &row(&rule);
        table.rows.iter().for_each(|cells| text += &row(cells));
    }
    text
}

/// Puts the tables in the page's place for them.
pub(crate) fn replace(page: &Path, tables: &str) -> Result<(), String> {
    let told = |error| format!("`{}`: {error}", page.display());
    let old = std::fs::read_to_string(page).map_err(told)?;
    let (before, rest) = old.split_once(BEGIN).ok_or_else(|| format!("`{}` has no line {BEGIN}", page.display()))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| format!("`{}` has no line {END}", page.display()))?;
    std::fs::write(page, format!("{before}{BEGIN}\n{tables}\n{END}{after}")).map_err(told)
}
