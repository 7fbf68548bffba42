//! What a started program finds behind the descriptors.

use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::process::{Command, Output};

use super::*;

/// Runs a shell, which inherits what outlives `exec`.
#[expect(clippy::disallowed_methods, reason = "only another program can show what is inherited")]
fn shell(script: &str) -> Output {
    Command::new("/bin/sh").args(["-c", script]).output().unwrap()
}

fn printed(script: &str) -> String {
    String::from_utf8(shell(script).stdout).unwrap()
}

fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[cfg(target_os = "linux")]
mod sealed {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn every_opener_reads_from_the_beginning() {
        let file = SealedFile::new("test", b"contents").unwrap();
        let mut first = File::open(file.path()).unwrap();
        let mut half = [0; 4];
        first.read_exact(&mut half).unwrap();
        assert_eq!(read(&file.path()), "contents");
        let path = file.path();
        assert_eq!(printed(&format!("cat {0}; cat {0}", path.display())), "contentscontents");
    }

    #[test]
    fn nobody_can_change_it() {
        let file = SealedFile::new("test", b"contents").unwrap();
        let path = file.path();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        let mut writer = OpenOptions::new().write(true).open(&path).unwrap();
        assert_eq!(writer.write(b"X").unwrap_err().kind(), ErrorKind::PermissionDenied);
        for length in [0, 3, 100] {
            assert!(writer.set_len(length).is_err(), "{length}");
        }
        assert!(rustix::fs::fcntl_add_seals(&file.descriptor, rustix::fs::SealFlags::empty()).is_err());
        assert_eq!(read(&path), "contents");
    }

    #[test]
    fn its_number_is_known_before_its_contents() {
        let reserved = SealedFile::reserve("test").unwrap();
        let path = reserved.path();
        assert!(reserved.works());
        // A credential process started now must not be able to wait for the token.
        assert!(!shell(&format!("exec < {}", path.display())).status.success());
        let filled = reserved.fill_and_seal(b"token").unwrap();
        assert_eq!(filled.path(), path);
        assert_eq!(printed(&format!("cat {}", path.display())), "token");
    }

    #[test]
    fn a_path_that_leads_elsewhere_does_not_work() {
        let (ours, other) = (SealedFile::new("a", b"").unwrap(), SealedFile::new("b", b"").unwrap());
        assert!(ours.works());
        assert!(!leads_to(&other.path(), &ours.descriptor));
        assert!(!leads_to(Path::new("/nonexistent"), &ours.descriptor));
    }
}

#[test]
fn a_pipe_is_read_once_and_by_the_started_program() {
    let pipe = Pipe::new().unwrap();
    assert!(pipe.works());
    let path = pipe.path();
    let end = pipe.fill(b"secret").unwrap();
    assert_eq!(end.path(), path);
    let script = format!("cat {0}; echo; cat {0}", path.display());
    assert_eq!(printed(&script), "secret\n");
}

#[test]
fn only_the_filled_reading_end_is_inherited() {
    let closed_on_exec = |descriptor: &OwnedFd| rustix::io::fcntl_getfd(descriptor).unwrap().contains(FdFlags::CLOEXEC);
    let pipe = Pipe::new().unwrap();
    assert!(closed_on_exec(&pipe.reader));
    assert!(closed_on_exec(&pipe.writer));
    let end = pipe.fill(b"secret").unwrap();
    assert!(!closed_on_exec(&end.descriptor));
    // With a writer left, the end would not be reached: the read would fail instead of waiting.
    let mut reader =
        OpenOptions::new().read(true).custom_flags(OFlags::NONBLOCK.bits().cast_signed()).open(end.path()).unwrap();
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "secret");
}

#[test]
fn what_does_not_fit_is_an_error_and_not_a_wait() {
    let error = Pipe::new().unwrap().fill(&vec![b'x'; 4 << 20]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::FileTooLarge);
}

#[test]
fn a_token_of_eight_thousand_bytes_fits() {
    let end = Pipe::new().unwrap().fill(&[b'x'; 8000]).unwrap();
    assert_eq!(read(&end.path()).len(), 8000);
}

#[test]
fn a_low_number_is_moved_up() {
    let (reader, _writer) = io::pipe().unwrap();
    let low = OwnedFd::from(reader);
    let number = low.as_raw_fd();
    let kept = at_least(low, number).unwrap();
    assert_eq!(kept.as_raw_fd(), number);
    let moved = at_least(kept, 200).unwrap();
    assert!(moved.as_raw_fd() >= 200, "{moved:?}");
    assert!(rustix::io::fcntl_getfd(&moved).unwrap().contains(FdFlags::CLOEXEC));
    const { assert!(LOWEST == 3) };
}
