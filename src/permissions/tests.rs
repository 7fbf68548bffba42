//! The rule as a table, and the thin part against real files.

use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;

use super::*;

const JOE: u32 = 1000;
const MALLORY: u32 = 1001;

const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
    joe:x:1000:1000::/home/joe:/bin/sh\n\
    mallory:x:1001:1001::/home/mallory:/bin/sh\n\
    ann:x:1002:50::/home/ann:/bin/sh\n\
    +::::::\n";
const GROUP: &str = "root:x:0:\n\
    staff:x:50:joe\n\
    pair:x:60:joe,mallory\n\
    solo:x:61:joe\n\
    nobodys:x:62:\n\
    ghost:x:63:joe,left-the-company\n\
    joe:x:1000:\n\
    mallory:x:1001:joe\n";

fn facts(uid: u32, gid: u32, mode: u32) -> FileFacts {
    FileFacts { uid, gid, mode }
}

fn judged(file: FileFacts, directory: FileFacts, rule: Rule) -> Result<(), Problem> {
    judge(&file, Some(&directory), rule, JOE, &Accounts::parse(PASSWD, GROUP))
}

#[test]
fn a_profile_is_judged_as_openssh_judges_its_files() {
    let home = facts(JOE, JOE, 0o40755);
    let rows = [
        (facts(JOE, JOE, 0o100_600), home, Ok(())),
        (facts(JOE, JOE, 0o100_644), home, Ok(())),
        // umask 002 with a group of one's own
        (facts(JOE, JOE, 0o100_664), facts(JOE, JOE, 0o40775), Ok(())),
        (facts(0, 0, 0o100_644), facts(0, 0, 0o40755), Ok(())),
        (facts(0, 0, 0o100_664), facts(0, 0, 0o40755), Ok(())),
        (facts(MALLORY, MALLORY, 0o100_644), home, Err(Problem::Owner)),
        (facts(JOE, JOE, 0o100_646), home, Err(Problem::Everyone)),
        (facts(JOE, JOE, 0o100_666), home, Err(Problem::Everyone)),
        // a member by primary group, a second supplementary member, nobody, an unknown member
        (facts(JOE, 50, 0o100_664), home, Err(Problem::Group)),
        (facts(JOE, 60, 0o100_664), home, Err(Problem::Group)),
        (facts(JOE, 61, 0o100_664), home, Ok(())),
        (facts(JOE, 62, 0o100_664), home, Err(Problem::Group)),
        (facts(JOE, 63, 0o100_664), home, Err(Problem::Group)),
        // joe is listed in mallory's own group
        (facts(JOE, MALLORY, 0o100_664), home, Err(Problem::Group)),
        // a group that this machine does not know
        (facts(JOE, 4711, 0o100_664), home, Err(Problem::Group)),
        (facts(JOE, 50, 0o100_644), home, Ok(())),
        // root's file, open to joe's own group
        (facts(0, JOE, 0o100_664), home, Err(Problem::Group)),
        (facts(JOE, JOE, 0o100_600), facts(0, 0, 0o40777), Err(Problem::DirectoryEveryone)),
        (facts(JOE, JOE, 0o100_600), facts(0, 0, 0o41777), Ok(())),
        (facts(JOE, JOE, 0o100_600), facts(JOE, 60, 0o40775), Err(Problem::DirectoryGroup)),
        (facts(JOE, JOE, 0o100_600), facts(0, 60, 0o41775), Ok(())),
        (facts(JOE, JOE, 0o100_600), facts(JOE, 60, 0o40755), Ok(())),
    ];
    for (file, directory, want) in rows {
        assert_eq!(judged(file, directory, Rule::Owned), want, "{file:?} in {directory:?}");
    }
}

#[test]
fn a_bundle_is_refused_only_when_everyone_can_write() {
    let usr = facts(0, 0, 0o40755);
    let rows = [
        (facts(MALLORY, 60, 0o100_664), usr, Ok(())),
        (facts(JOE, JOE, 0o100_600), facts(0, 60, 0o40775), Ok(())),
        (facts(0, 0, 0o100_646), usr, Err(Problem::Everyone)),
        (facts(0, 0, 0o100_644), facts(0, 0, 0o40777), Err(Problem::DirectoryEveryone)),
        (facts(0, 0, 0o100_644), facts(0, 0, 0o41777), Ok(())),
        (facts(0, 0, 0o100_646), facts(0, 0, 0o41777), Err(Problem::Everyone)),
    ];
    for (file, directory, want) in rows {
        assert_eq!(judged(file, directory, Rule::Everyone), want, "{file:?} in {directory:?}");
    }
}

#[test]
fn root_accepts_only_what_root_owns() {
    let accounts = Accounts::parse(PASSWD, GROUP);
    let judged = |uid| judge(&facts(uid, uid, 0o100_644), Some(&facts(uid, uid, 0o40755)), Rule::Owned, 0, &accounts);
    assert_eq!(judged(0), Ok(()));
    assert_eq!(judged(JOE), Err(Problem::Owner));
}

#[test]
fn two_names_of_one_user_are_one_member() {
    let passwd = "joe:x:1000:1000::/:/bin/sh\njoe-adm:x:1000:1000::/:/bin/sh\n";
    let accounts = Accounts::parse(passwd, "joe:x:1000:joe,joe-adm\n");
    assert!(accounts.is_private(1000, 1000));
}

#[test]
fn a_group_listed_twice_counts_with_all_its_members() {
    let accounts = Accounts::parse(PASSWD, "joe:x:1000:joe\nalias:x:1000:mallory\n");
    assert!(!accounts.is_private(1000, JOE));
}

#[test]
fn a_primary_group_without_a_line_of_its_own_is_not_trusted() {
    let accounts = Accounts::parse(PASSWD, "staff:x:50:joe\n");
    assert!(!accounts.is_private(JOE, JOE));
}

fn file_in(directory: &Path, name: &str, mode: u32) -> PathBuf {
    let path = directory.join(name);
    fs::write(&path, "x").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[test]
fn a_symbolic_link_is_judged_at_its_target() {
    let dir = tempfile::tempdir().unwrap();
    let base = dir.path().canonicalize().unwrap();
    let open_dir = base.join("open");
    fs::create_dir(&open_dir).unwrap();
    let target = file_in(&open_dir, "ca.pem", 0o600);
    let link = base.join("link.pem");
    symlink(&target, &link).unwrap();
    assert_eq!(open_checked(&link, Rule::Owned).unwrap().path, target);

    fs::set_permissions(&open_dir, fs::Permissions::from_mode(0o777)).unwrap();
    let error = open_checked(&link, Rule::Everyone).unwrap_err();
    let PermissionError::DirectoryEveryone { path, directory } = error else {
        panic!("{error:?}");
    };
    assert_eq!((path, directory), (target, open_dir));
}

#[test]
fn a_link_in_an_open_directory_does_not_matter_when_its_target_is_safe() {
    let dir = tempfile::tempdir().unwrap();
    let target = file_in(dir.path(), "ca.pem", 0o600);
    let open_dir = dir.path().join("open");
    fs::create_dir(&open_dir).unwrap();
    fs::set_permissions(&open_dir, fs::Permissions::from_mode(0o777)).unwrap();
    let link = open_dir.join("link.pem");
    symlink(&target, &link).unwrap();
    open_checked(&link, Rule::Everyone).unwrap();
}

#[test]
fn everyone_may_not_write_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = file_in(dir.path(), "ca.pem", 0o646);
    for rule in [Rule::Everyone, Rule::Owned] {
        let error = open_checked(&path, rule).unwrap_err();
        assert!(matches!(error, PermissionError::Everyone { .. }), "{error:?}");
    }
    let error = inspect(&path, Rule::Everyone).unwrap_err();
    assert!(matches!(error, PermissionError::Everyone { .. }), "{error:?}");
}

#[test]
fn a_foreign_file_is_refused_where_the_owner_counts() {
    if rustix::process::getuid().as_raw() != 0 {
        // Only root can give a file away; the pure table covers the rule for everybody else.
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let path = file_in(dir.path(), "config.toml", 0o600);
    std::os::unix::fs::chown(&path, Some(12345), None).unwrap();
    let error = open_checked(&path, Rule::Owned).unwrap_err();
    assert!(matches!(error, PermissionError::Owner { owner: 12345, user: 0, .. }), "{error:?}");
    open_checked(&path, Rule::Everyone).unwrap();
}

#[test]
fn a_missing_file_keeps_the_reason() {
    let error = open(Path::new("/nonexistent/ca.pem")).unwrap_err();
    let PermissionError::Open { source, .. } = error else { panic!("{error:?}") };
    assert_eq!(source.kind(), io::ErrorKind::NotFound);
}

#[test]
fn a_pipe_is_opened_without_waiting_and_lies_in_no_directory() {
    let (reader, _writer) = std::io::pipe().unwrap();
    let number = std::os::fd::AsRawFd::as_raw_fd(&reader);
    let opened = open(Path::new(&format!("/dev/fd/{number}"))).unwrap();
    assert!(!opened.metadata.is_file());
    assert!(opened.directory.is_none());
    opened.check(Rule::Owned).unwrap();
}
