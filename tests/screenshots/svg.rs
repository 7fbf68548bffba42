//! A screen as an SVG picture: every run of cells has its place and its width, whatever the font is.

use std::fmt::Write as _;

use super::pty::{line, shown, text};

/// The size of a cell, and the room around the cells, in pixels.
const CELL: (f64, f64) = (8.4, 19.0);
const MARGIN: f64 = 18.0;
const BAR: f64 = 34.0;
const FONT: &str = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace";

const BACKGROUND: &str = "#161b22";
const FOREGROUND: &str = "#e6edf3";
/// The sixteen colours that have names: eight, and the same ones brighter.
const COLOURS: [&str; 16] = [
    "#6e7681", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#d0d7de", "#8b949e", "#ffa198",
    "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
];

/// How a run of cells looks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Style {
    colour: String,
    background: Option<String>,
    /// Whatever else, as attributes.
    face: String,
}

/// The picture. `title` stands above the screen; together with the screen's text it is also what
/// those hear who do not see it.
pub(crate) fn picture(screen: &vt100::Screen, title: &str) -> String {
    let columns = screen.size().1.get();
    let (cursor_row, cursor_column) = screen.cursor_position();
    let cursor = (!screen.hide_cursor()).then_some((cursor_row, cursor_column.min(columns - 1)));
    let used = u16::try_from(text(screen).lines().count()).unwrap_or(u16::MAX);
    let rows = used.max(cursor.map_or(1, |(row, _)| row + 1));

    let width = f64::from(columns) * CELL.0 + 2.0 * MARGIN;
    let height = f64::from(rows) * CELL.1 + BAR + MARGIN;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">{}</title>\n<desc id=\"desc\">{}</desc>",
        escaped(title),
        escaped(&spoken(screen))
    );
    let _ = writeln!(
        out,
        "<rect x=\"0.5\" y=\"0.5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"9\" fill=\"{BACKGROUND}\" \
         stroke=\"#8b949e\" stroke-opacity=\"0.45\"/>",
        width - 1.0,
        height - 1.0
    );
    for at in [20, 38, 56] {
        let _ = writeln!(out, "<circle cx=\"{at}\" cy=\"17\" r=\"5.5\" fill=\"#484f58\"/>");
    }
    let _ = writeln!(
        out,
        "<text x=\"{:.0}\" y=\"21\" text-anchor=\"middle\" font-family=\"system-ui,sans-serif\" font-size=\"12.5\" \
         fill=\"#8b949e\">{}</text>",
        width / 2.0,
        escaped(title)
    );
    let _ = writeln!(out, "<g font-family=\"{FONT}\" font-size=\"14\" fill=\"{FOREGROUND}\" xml:space=\"preserve\">");
    for row in 0..rows {
        for (column, style, words) in runs(screen, row, cursor) {
            draw(&mut out, row, column, &style, &words);
        }
    }
    out + "</g>\n</svg>\n"
}

/// What stands on the screen, with those lines whole that the terminal has broken.
fn spoken(screen: &vt100::Screen) -> String {
    let whole = |row| {
        let line = line(screen, row);
        if screen.row_wrapped(row) { line } else { line.trim_end().to_owned() + "\n" }
    };
    (0..screen.size().0.get()).map(whole).collect::<String>().trim_end().to_owned()
}

/// The runs of a row: where one begins, how it looks and what it says. Nothing that rdsconnect or the clients
/// print in the pictures is two cells wide.
fn runs(screen: &vt100::Screen, row: u16, cursor: Option<(u16, u16)>) -> Vec<(u16, Style, String)> {
    let mut runs: Vec<(u16, Style, String)> = Vec::new();
    for column in 0..screen.size().1.get() {
        let Some(cell) = screen.cell(row, column) else { break };
        let style = style(cell, cursor == Some((row, column)));
        match runs.last_mut() {
            Some((_, last, words)) if *last == style => words.push_str(shown(cell)),
            _ => runs.push((column, style, shown(cell).to_owned())),
        }
    }
    runs
}

fn style(cell: &vt100::Cell, under_cursor: bool) -> Style {
    let (mut colour, mut background) = (named(cell.fgcolor()), named(cell.bgcolor()));
    if cell.inverse() != under_cursor {
        let front = colour.unwrap_or_else(|| FOREGROUND.to_owned());
        colour = Some(background.unwrap_or_else(|| BACKGROUND.to_owned()));
        background = Some(front);
    }
    let mut face = String::new();
    for (on, attribute) in [
        (cell.bold(), " font-weight=\"bold\""),
        (cell.dim(), " fill-opacity=\"0.65\""),
        (cell.italic(), " font-style=\"italic\""),
        (cell.underline(), " text-decoration=\"underline\""),
    ] {
        face.push_str(if on { attribute } else { "" });
    }
    Style { colour: colour.unwrap_or_else(|| FOREGROUND.to_owned()), background, face }
}

/// A colour as SVG has it; `None` is the default.
fn named(colour: vt100::Color) -> Option<String> {
    match colour {
        vt100::Color::Default => None,
        vt100::Color::Idx(index) if index < 16 => Some(COLOURS[usize::from(index)].to_owned()),
        // xterm's cube of six steps for each colour, and its greys.
        vt100::Color::Idx(index) if index < 232 => {
            let step = |digit: u8| if digit == 0 { 0 } else { 55 + 40 * digit };
            let number = index - 16;
            Some(format!("#{:02x}{:02x}{:02x}", step(number / 36), step(number / 6 % 6), step(number % 6)))
        }
        vt100::Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            Some(format!("#{grey:02x}{grey:02x}{grey:02x}"))
        }
        vt100::Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
    }
}

fn draw(out: &mut String, row: u16, column: u16, style: &Style, words: &str) {
    let cells = |words: &str| f64::from(u16::try_from(words.chars().count()).unwrap_or(u16::MAX)) * CELL.0;
    let top = BAR + f64::from(row) * CELL.1;
    let left = MARGIN + f64::from(column) * CELL.0;
    if let Some(background) = &style.background {
        let (width, height) = (cells(words), CELL.1);
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{background}\"/>"
        );
    }
    let bare = words.trim();
    if bare.is_empty() {
        return;
    }
    let left = left + cells(words) - cells(words.trim_start());
    let (baseline, width) = (top + 14.0, cells(bare));
    let fill = if style.colour == FOREGROUND { String::new() } else { format!(" fill=\"{}\"", style.colour) };
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{baseline:.1}\" textLength=\"{width:.1}\" lengthAdjust=\"spacingAndGlyphs\"{fill}{}>{}</text>",
        style.face,
        escaped(bare)
    );
}

/// Text as XML has it; what XML cannot have becomes a sign for it.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, character| {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            character if character.is_control() => out.push('\u{FFFD}'),
            character => out.push(character),
        }
        out
    })
}
