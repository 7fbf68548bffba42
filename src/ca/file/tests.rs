//! Every way in which a file fails to be a CA bundle.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use super::*;

const ROOTS: &str = include_str!("../roots/amazon-trust-services-roots.pem");

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(500_000)
}

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, contents).unwrap();
        path
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn text(path: &Path) -> String {
    let error = check(path, now()).unwrap_err();
    error.to_string().replace(&path.display().to_string(), "PATH")
}

#[test]
fn a_good_bundle_is_returned_by_the_path_it_was_named_by() {
    let place = Place::new();
    let path = place.file("ca.pem", ROOTS);
    assert_eq!(check(&path, now()).unwrap(), path);
    let link = place.0.path().join("current.pem");
    symlink(&path, &link).unwrap();
    assert_eq!(check(&link, now()).unwrap(), link);
}

#[test]
fn a_relative_path_is_made_absolute() {
    let path = check(Path::new("src/ca/roots/amazon-trust-services-roots.pem"), now()).unwrap();
    assert!(path.is_absolute(), "{path:?}");
}

#[test]
fn each_fault_has_its_own_text() {
    let place = Place::new();
    let damaged = format!("# x\n{}", ROOTS[ROOTS.find("-----").unwrap()..].replacen("MII", "M!I", 1));
    let key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let rows = [
        (place.0.path().join("missing.pem"), "CA bundle `PATH` does not exist"),
        (place.0.path().into(), "CA bundle `PATH` is a directory"),
        (place.file("empty", ""), "CA bundle `PATH` is empty"),
        (place.file("text", "hello"), "CA bundle `PATH` is not a PEM file"),
        (place.file("key", key), "CA bundle `PATH` contains no certificate"),
        (place.file("bad", damaged), "the certificate at line 2 of CA bundle `PATH` is damaged"),
    ];
    for (path, want) in rows {
        assert_eq!(text(&path), want);
    }
    let path = place.file("old", ROOTS);
    let error = check(&path, now() + Duration::from_hours(300_000)).unwrap_err();
    assert_eq!(
        error.to_string().replace(&path.display().to_string(), "PATH"),
        "every certificate in CA bundle `PATH` has expired, the last one on 2040-05-26"
    );
}

#[test]
fn a_bundle_that_everyone_can_change_is_refused() {
    let place = Place::new();
    let path = place.file("ca.pem", ROOTS);
    set_mode(&path, 0o666);
    assert_eq!(text(&path), "CA bundle `PATH` is not safe to use");
    set_mode(&path, 0o664);
    check(&path, now()).unwrap();
    set_mode(place.0.path(), 0o777);
    assert_eq!(text(&path), "CA bundle `PATH` is not safe to use");
    set_mode(place.0.path(), 0o1777);
    check(&path, now()).unwrap();
}

#[test]
fn a_bundle_of_somebody_else_is_fine() {
    let place = Place::new();
    let path = place.file("ca.pem", ROOTS);
    // Only root can give a file away; for others this says that their own files are fine.
    let _ = std::os::unix::fs::chown(&path, Some(12345), None);
    check(&path, now()).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "the standard library cannot make a FIFO")]
#[test]
fn what_is_no_file_is_refused_without_waiting() {
    let place = Place::new();
    let fifo = place.0.path().join("fifo");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let socket = place.0.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let (reader, _writer) = io::pipe().unwrap();
    let pipe = format!("/dev/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
    for path in [fifo, socket, "/dev/null".into(), "/dev/zero".into(), pipe.into()] {
        assert_eq!(text(&path), "CA bundle `PATH` is not a regular file");
    }
}

#[test]
fn a_file_without_end_is_not_read_to_its_end() {
    let place = Place::new();
    let path = place.file("huge", ROOTS);
    File::options().write(true).open(&path).unwrap().set_len(LIMIT + 1).unwrap();
    assert_eq!(text(&path), "CA bundle `PATH` is larger than 16 MiB");
    File::options().write(true).open(&path).unwrap().set_len(LIMIT).unwrap();
    check(&path, now()).unwrap();
}

#[test]
fn a_file_that_may_not_be_read_says_so() {
    let denied = PermissionError::Open { path: "/ca.pem".into(), source: ErrorKind::PermissionDenied.into() };
    let error = unopened("/ca.pem".into(), denied);
    assert_eq!(error.to_string(), "could not read CA bundle `/ca.pem`");
    assert_eq!(error.hint().as_deref(), Some("make it readable, for example `chmod u+r /ca.pem`"));
    if rustix::process::getuid().as_raw() == 0 {
        return; // root may read everything
    }
    let place = Place::new();
    let path = place.file("ca.pem", ROOTS);
    set_mode(&path, 0);
    assert_eq!(text(&path), "could not read CA bundle `PATH`");
}
