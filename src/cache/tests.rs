//! What happens to a file over time, and with many launches at once.

use std::os::unix::fs::symlink;
use std::sync::Barrier;

use super::*;

fn store(directory: &Path, contents: &[u8]) -> Result<PathBuf, CacheError> {
    Cache::open(directory)?.keep("roots", "pem", contents)
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn names(directory: &Path) -> usize {
    fs::read_dir(directory).unwrap().count()
}

#[test]
fn directory_and_file_are_for_the_user_alone() {
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("deep/er");
    let path = store(&directory, b"roots").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"roots");
    assert_eq!((mode(&directory), mode(&path)), (0o700, 0o600));
    assert_eq!(names(&directory), 1);
}

#[test]
fn a_home_that_does_not_exist_is_not_made() {
    let base = tempfile::tempdir().unwrap();
    let home = base.path().join("nonexistent");
    assert!(matches!(Cache::open(&home.join(".cache/rdsconnect")), Err(CacheError::Write { .. })));
    assert!(!home.exists());
}

#[test]
fn an_intact_file_is_used_again() {
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("cache");
    let path = store(&directory, b"roots").unwrap();
    let before = fs::metadata(&path).unwrap().ino();
    assert_eq!(store(&directory, b"roots").unwrap(), path);
    assert_eq!(fs::metadata(&path).unwrap().ino(), before);
    assert_ne!(store(&directory, b"other roots").unwrap(), path);
}

#[test]
fn a_damaged_file_is_rebuilt() {
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("cache");
    let path = store(&directory, b"roots").unwrap();
    let other = base.path().join("other");
    fs::write(&other, "roots").unwrap();
    set_mode(&other, 0o600);
    let damages: [&dyn Fn(); 6] = [
        &|| fs::write(&path, "rootz").unwrap(),
        &|| fs::write(&path, "roo").unwrap(),
        &|| fs::write(&path, "roots and more").unwrap(),
        &|| fs::remove_file(&path).unwrap(),
        &|| set_mode(&path, 0o644),
        &|| {
            fs::remove_file(&path).unwrap();
            symlink(&other, &path).unwrap();
        },
    ];
    for (number, damage) in damages.iter().enumerate() {
        damage();
        assert_eq!(store(&directory, b"roots").unwrap(), path);
        assert_eq!(fs::read(&path).unwrap(), b"roots", "{number}");
        assert_eq!(mode(&path), 0o600, "{number}");
        assert!(fs::symlink_metadata(&path).unwrap().is_file(), "{number}");
        assert_eq!(names(&directory), 1, "{number}");
    }
    assert_eq!(fs::read(&other).unwrap(), b"roots");
}

#[test]
fn nothing_is_left_behind_when_the_file_cannot_be_put_in_place() {
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("cache");
    let path = store(&directory, b"roots").unwrap();
    fs::remove_file(&path).unwrap();
    fs::create_dir_all(path.join("full")).unwrap();
    let error = store(&directory, b"roots").unwrap_err();
    assert!(matches!(error, CacheError::Write { path: ref named, .. } if *named == path), "{error:?}");
    assert_eq!(names(&directory), 1);
}

#[test]
fn a_directory_that_others_can_write_to_is_refused() {
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("cache");
    store(&directory, b"roots").unwrap();
    for open in [0o770, 0o707, 0o1777] {
        set_mode(&directory, open);
        let error = store(&directory, b"roots").unwrap_err();
        assert!(matches!(error, CacheError::Open { .. }), "{open:o} {error:?}");
    }
    set_mode(&directory, 0o755);
    store(&directory, b"roots").unwrap();
}

#[test]
fn a_shared_temporary_directory_is_refused() {
    let base = tempfile::tempdir().unwrap();
    let shared = base.path().join("tmp");
    fs::create_dir(&shared).unwrap();
    for open in [0o1777, 0o777] {
        set_mode(&shared, open);
        let error = store(&shared.join("rdsconnect"), b"roots").unwrap_err();
        assert!(matches!(error, CacheError::Shared { .. }), "{open:o} {error:?}");
    }
}

#[test]
fn a_directory_of_somebody_else_is_refused() {
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("cache");
    fs::create_dir(&directory).unwrap();
    if std::os::unix::fs::chown(&directory, Some(12345), None).is_err() {
        return; // only root can give a directory away
    }
    set_mode(&directory, 0o700);
    let error = store(&directory, b"roots").unwrap_err();
    assert!(matches!(error, CacheError::Owner { owner: 12345, .. }), "{error:?}");
}

#[test]
fn a_directory_in_that_of_somebody_else_is_refused() {
    let base = tempfile::tempdir().unwrap();
    let theirs = base.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    store(&theirs.join("cache"), b"roots").unwrap();
    if std::os::unix::fs::chown(&theirs, Some(12345), None).is_err() {
        return; // only root can give a directory away
    }
    let error = store(&theirs.join("cache"), b"roots").unwrap_err();
    assert!(matches!(error, CacheError::Shared { .. }), "{error:?}");
}

#[test]
fn fifty_launches_at_once_all_find_whole_roots() {
    const LAUNCHES: usize = 50;
    let base = tempfile::tempdir().unwrap();
    let directory = base.path().join("cache");
    let contents = vec![b'r'; 200_000];
    for round in 0..5 {
        let start = Barrier::new(LAUNCHES);
        std::thread::scope(|scope| {
            for _ in 0..LAUNCHES {
                scope.spawn(|| {
                    start.wait();
                    let path = store(&directory, &contents).unwrap();
                    assert!(fs::read(path).unwrap() == contents);
                });
            }
        });
        assert_eq!(names(&directory), 1, "{round}");
        fs::remove_dir_all(&directory).unwrap();
    }
}
