//! The README's pictures of databases, taken again: they must still show what they would show now.

use std::fs;
use std::path::Path;

use crate::scene::{Prefix, Scene};
use crate::screenshots::pictures::{CHECK, PROFILES, SESSION};
use crate::screenshots::stage::Home;
use crate::transcripts;

/// What a picture says, less what differs between machines: versions of clients.
fn spoken(svg: &str) -> String {
    let picture = roxmltree::Document::parse(svg).unwrap();
    let text = picture.descendants().find(|node| node.tag_name().name() == "desc").unwrap().text().unwrap();
    text.lines().map(transcripts::steady).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_pictures_of_sessions_and_checks_show_what_happens_now() {
    let prefix = Prefix::of_this_run();
    let program = Path::new(env!("CARGO_BIN_EXE_rdsconnect"));
    let scene = Scene::set(Home::Random, program, PROFILES, prefix).unwrap_or_else(|error| panic!("{error}"));
    let home = scene.stage.home().to_str().unwrap();
    for picture in [SESSION, CHECK] {
        let taken = picture.take(&scene.stage).unwrap_or_else(|error| panic!("{error}"));
        let taken = taken.replace(home, "/tmp/jane").replace(&prefix.to_string(), &Prefix::PICTURES.to_string());
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures").join(picture.name).with_extension("svg");
        let kept = fs::read_to_string(kept).unwrap();
        assert_eq!(spoken(&kept), spoken(&taken), "the picture is out of date: `make screenshots` takes it again");
    }
}
