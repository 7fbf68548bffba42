//! Rows of text: aligned and fitted to the width of a terminal for people, one line a row with
//! tabs between the columns for programs. Pure.

use crate::printable::printable;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// What a cell without a value shows to people; programs get nothing.
const EMPTY: &str = "-";
/// What stands in place of text that was cut off.
const CUT: char = '…';
/// Between two columns.
const GAP: usize = 2;
/// No column gets narrower than this.
const NARROWEST: usize = 6;

/// For whom a table is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// A terminal so many columns wide, when it tells.
    Person(Option<usize>),
    /// A pipe or a file.
    Program,
}

/// The table: with a header for a person, without one for a program.
#[must_use]
pub fn table(header: &[&str], rows: &[Vec<String>], reader: Reader) -> String {
    lines(header, rows, reader, cut)
}

/// The same, but text that does not fit is whole all the same, and makes its line longer than the others.
#[must_use]
pub fn uncut(header: &[&str], rows: &[Vec<String>], reader: Reader) -> String {
    lines(header, rows, reader, |cell, _| cell.to_owned())
}

fn lines(header: &[&str], rows: &[Vec<String>], reader: Reader, cut: impl Fn(&str, usize) -> String) -> String {
    match reader {
        Reader::Program => rows.iter().map(|row| tabbed(row)).collect(),
        Reader::Person(width) => {
            let header = header.iter().map(|name| (*name).to_owned()).collect();
            let shown = |cell: &String| if cell.is_empty() { EMPTY.to_owned() } else { printable(cell).into_owned() };
            let lines: Vec<Vec<String>> =
                std::iter::once(header).chain(rows.iter().map(|row| row.iter().map(shown).collect())).collect();
            let widths = fitted(natural(&lines), width);
            lines.iter().map(|line| aligned(line, &widths, &cut)).collect()
        }
    }
}

fn tabbed(row: &[String]) -> String {
    row.iter().map(|cell| printable(cell)).collect::<Vec<_>>().join("\t") + "\n"
}

/// How wide each column would like to be.
fn natural(lines: &[Vec<String>]) -> Vec<usize> {
    let columns = lines.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| length(cell)).max();
    (0..columns).map(|column| widest(column).unwrap_or(0)).collect()
}

/// Narrows the widest column again and again, until all of them fit. The first, which is what people type,
/// is the last to be narrowed.
fn fitted(mut widths: Vec<usize>, width: Option<usize>) -> Vec<usize> {
    let Some(width) = width else { return widths };
    while needed(&widths) > width {
        let (first, others) = match widths.split_first_mut() {
            Some((first, others)) => (Some(first), others),
            None => (None, &mut [][..]),
        };
        match others
            .iter_mut()
            .max()
            .filter(|widest| **widest > NARROWEST)
            .or(first.filter(|first| **first > NARROWEST))
        {
            Some(widest) => *widest -= 1,
            None => break,
        }
    }
    widths
}

/// How wide a line of such columns is.
fn needed(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

/// Which of the columns a terminal has room for, when each is as narrow as it may get: all, or all but the
/// first few of those that can be spared.
#[must_use]
pub fn room_for(header: &[&str], rows: &[Vec<String>], reader: Reader, spare: &[usize]) -> Vec<usize> {
    let mut columns: Vec<usize> = (0..header.len()).collect();
    let Reader::Person(Some(width)) = reader else { return columns };
    let widest = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| length(&printable(cell)));
        cells.chain(header.get(column).map(|name| length(name))).max().unwrap_or(0)
    };
    // The first stays whole.
    let narrowest = |column: usize| if column == 0 { widest(0) } else { widest(column).min(NARROWEST) };
    for spared in spare {
        if needed(&columns.iter().map(|column| narrowest(*column)).collect::<Vec<_>>()) <= width {
            break;
        }
        columns.retain(|column| column != spared);
    }
    columns
}

fn aligned(line: &[String], widths: &[usize], cut: impl Fn(&str, usize) -> String) -> String {
    let mut out = String::new();
    for (cell, width) in line.iter().zip(widths) {
        let cell = cut(cell, *width);
        let blanks = width.saturating_sub(length(&cell)) + GAP;
        out.push_str(&cell);
        out.extend(std::iter::repeat_n(' ', blanks));
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

fn cut(cell: &str, width: usize) -> String {
    if length(cell) <= width {
        return cell.to_owned();
    }
    // As many characters as fit beside the sign; those without a width stay with the one before them.
    let mut room = width.saturating_sub(1);
    let fits = |c: &char| match room.checked_sub(c.width().unwrap_or(0)) {
        Some(left) => {
            room = left;
            true
        }
        None => false,
    };
    cell.chars().take_while(fits).chain([CUT]).collect()
}

/// In columns of a terminal: a Chinese character takes two, an accent of its own none.
fn length(text: &str) -> usize {
    text.width()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        [["orders", "mysql", "orders.abc123def456.example"], ["é", "", "short"]]
            .map(|row| row.map(str::to_owned).to_vec())
            .to_vec()
    }

    const HEADER: &[&str] = &["PROFILE", "ENGINE", "HOST"];

    #[test]
    fn a_program_gets_tabs_and_neither_header_nor_marks() {
        assert_eq!(table(HEADER, &rows(), Reader::Program), "orders\tmysql\torders.abc123def456.example\né\t\tshort\n");
        assert_eq!(table(HEADER, &[], Reader::Program), "");
    }

    #[test]
    fn a_person_gets_columns_under_a_header() {
        assert_eq!(
            table(HEADER, &rows(), Reader::Person(None)),
            "PROFILE  ENGINE  HOST\norders   mysql   orders.abc123def456.example\né        -       short\n"
        );
    }

    #[test]
    fn the_widest_column_is_cut_until_all_fit() {
        let text = table(HEADER, &rows(), Reader::Person(Some(30)));
        assert_eq!(text, "PROFILE  ENGINE  HOST\norders   mysql   orders.abc12…\né        -       short\n");
        assert!(text.lines().all(|line| line.width() <= 30));
        let text = uncut(HEADER, &rows(), Reader::Person(Some(30)));
        assert_eq!(
            text,
            "PROFILE  ENGINE  HOST\norders   mysql   orders.abc123def456.example\né        -       short\n"
        );
        // Nothing is cut away altogether.
        assert!(table(HEADER, &rows(), Reader::Person(Some(3))).contains("order…"));
    }

    #[test]
    fn what_people_type_is_cut_last_and_columns_that_can_be_spared_go_before_it() {
        let rows = vec![["orders-in-europe", "mysql", "3306", "jane.doe"].map(str::to_owned).to_vec()];
        let header = &["PROFILE", "ENGINE", "PORT", "USER"];
        let fits = |width| room_for(header, &rows, Reader::Person(Some(width)), &[2, 3]);
        assert_eq!(fits(38), [0, 1, 2, 3]);
        assert_eq!(fits(37), [0, 1, 3]);
        assert_eq!(fits(31), [0, 1]);
        assert_eq!(fits(3), [0, 1]);
        assert_eq!(room_for(header, &rows, Reader::Program, &[2]), [0, 1, 2, 3]);
        let text = table(header, &rows, Reader::Person(Some(38)));
        assert_eq!(text, "PROFILE           ENGINE  PORT  USER\norders-in-europe  mysql   3306  jane.…\n");
    }

    #[test]
    fn columns_are_those_of_the_terminal_and_not_characters() {
        // Two columns each; an accent of its own; a plain one.
        let rows: Vec<Vec<String>> = [["数据库", "x"], ["e\u{301}te\u{301}", "y"], ["été", "z"]]
            .map(|row| row.map(str::to_owned).to_vec())
            .to_vec();
        assert_eq!(
            table(&["A", "B"], &rows, Reader::Person(None)),
            "A       B\n数据库  x\ne\u{301}te\u{301}     y\nété     z\n"
        );
        // A character that would stand half in the next column is left out.
        for (width, shown) in
            [(8, "数据库"), (7, "数据库"), (6, "数据库"), (5, "数据…"), (4, "数…"), (3, "数…"), (2, "…")]
        {
            assert_eq!(cut("数据库", width), shown, "{width}");
        }
        assert_eq!(cut("e\u{301}te\u{301}s", 4), "e\u{301}te\u{301}s");
        assert_eq!(cut("e\u{301}te\u{301}s", 3), "e\u{301}t…");
        let narrow = table(&["A", "B"], &[vec!["数据库数据库数据库".into(), "x".into()]], Reader::Person(Some(12)));
        assert_eq!(narrow, "A          B\n数据库数…  x\n");
    }
}
