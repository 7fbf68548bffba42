//! The README's pictures: that they are there, that they are XML with text in it, and that the picker's
//! is what the picker shows. Those of databases are compared in `tests/real`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pictures that the README shows: the words for those who do not see it, and its file.
fn shown() -> Vec<(String, PathBuf)> {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let image = |part: &str| {
        let (words, rest) = part.split_once("](")?;
        Some((words.to_owned(), rest.split(')').next()?.into()))
    };
    readme.split("![").skip(1).filter_map(image).collect()
}

#[test]
fn the_readme_shows_every_picture_and_each_can_be_read_aloud() {
    let directory = root().join("docs/pictures");
    let there: BTreeSet<PathBuf> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| Path::new("docs/pictures").join(entry.unwrap().file_name()))
        .collect();
    let shown = shown();
    assert_eq!(shown.iter().map(|(_, path)| path.clone()).collect::<BTreeSet<_>>(), there);
    assert_eq!(there.len(), 3);
    for (words, path) in shown {
        assert!(words.len() > 20, "{} needs a description, not `{words}`", path.display());
        let text = fs::read_to_string(root().join(&path)).unwrap();
        let picture = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(picture.root_element().has_tag_name(("http://www.w3.org/2000/svg", "svg")));
        let element = |name: &str| picture.descendants().find(|node| node.tag_name().name() == name);
        assert!(element("title").unwrap().text().unwrap().starts_with("rdsconnect"));
        let spoken = element("desc").unwrap().text().unwrap();
        let (group, texts) = (element("g").unwrap(), |node: roxmltree::Node<'_, '_>| node.text().map(str::to_owned));
        let drawn: Vec<String> = group.children().filter_map(texts).collect();
        // What is read aloud is what is drawn, but for spaces.
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(bare(&drawn.concat()), bare(spoken), "{}", path.display());
        assert!(spoken.starts_with("$ rdsconnect") && spoken.contains("orders"), "{spoken}");
        for private in ["/home/", "/opt", "/root", "X-Amz", "AKID"] {
            assert!(!text.contains(private), "{} shows `{private}`", path.display());
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_picture_of_the_picker_is_what_it_shows() {
    use crate::screenshots::pictures::{PICKER, PROFILES};
    use crate::screenshots::stage::{Home, Stage};
    let stage = Stage::set(Home::Random, Path::new(env!("CARGO_BIN_EXE_rdsconnect")), PROFILES).unwrap();
    let taken = PICKER.take(&stage).unwrap_or_else(|error| panic!("{error}"));
    let kept = fs::read_to_string(root().join("docs/pictures/picker.svg")).unwrap();
    assert_eq!(kept, taken, "the picture is out of date: `make screenshots` takes it again");
}

#[cfg(target_os = "linux")]
#[test]
fn a_picture_has_the_colours_and_signs_of_the_screen() {
    use std::num::NonZeroU16;
    let size = |length| NonZeroU16::new(length).unwrap();
    let mut parser = vt100::Parser::new(size(4), size(10), 0);
    parser.process(b"\x1b[1;31m<a&b>\x1b[0m \x1b[7mon\x1b[0m\r\n0123456789abc \x1b[38;5;196;48;2;1;2;3m\"");
    let picture = crate::screenshots::svg::picture(parser.screen(), "a & b");
    assert!(roxmltree::Document::parse(&picture).is_ok(), "{picture}");
    for part in [
        "<title id=\"title\">a &amp; b</title>",
        // A line that the terminal has broken is read whole.
        "<desc id=\"desc\">&lt;a&amp;b&gt; on\n0123456789abc &quot;</desc>",
        "x=\"18.0\" y=\"48.0\" textLength=\"42.0\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#ff7b72\" font-weight=\"bold\">&lt;a&amp;b&gt;<",
        // What is inverse has a rectangle in the text's colour behind it.
        "<rect x=\"68.4\" y=\"34.0\" width=\"16.8\" height=\"19.0\" fill=\"#e6edf3\"/>",
        "x=\"68.4\" y=\"48.0\" textLength=\"16.8\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#161b22\">on<",
        "fill=\"#010203\"/>",
        "fill=\"#ff0000\">&quot;<",
        // The cursor, behind everything.
        "<rect x=\"60.0\" y=\"72.0\" width=\"8.4\" height=\"19.0\" fill=\"#e6edf3\"/>",
    ] {
        assert!(picture.contains(part), "{part} is not in {picture}");
    }
    parser.process(b"\x1b[?25l");
    let without = crate::screenshots::svg::picture(parser.screen(), "a & b");
    assert!(!without.contains("x=\"60.0\" y=\"72.0\""), "{without}");
}
