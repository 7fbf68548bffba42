//! The picker, in a real terminal: what is shown, what the keys do, and how the terminal is left.

use crate::programs;
use crate::sandbox::Sandbox;
use crate::terminal::Terminal;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const PROFILES: &str = r#"
[defaults]
user = "jane"
[profiles.orders]
engine = "mysql"
host = "orders.abc123.us-west-2.rds.amazonaws.com"
database = "shop"
[profiles.prod-reports]
production = true
engine = "postgres"
host = "reports.abc123.us-west-2.rds.amazonaws.com"
database = "warehouse"
[profiles.reports]
engine = "postgres"
host = "reports.abc123.eu-west-1.rds.amazonaws.com"
database = "warehouse"
"#;

const LIST: &str = "\
Connect to:
> orders                    mysql     orders.abc123.us-west-2.rds.amazonaws.com   shop
  prod-reports  production  postgres  reports.abc123.us-west-2.rds.amazonaws.com  warehouse
  reports                   postgres  reports.abc123.eu-west-1.rds.amazonaws.com  warehouse";

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_config(PROFILES);
    // `$ ` is what the lines of the tests begin with.
    sandbox.for_shells().set("TERM", "xterm").set("PS1", "$ ");
    sandbox
}

/// A shell that has noted its terminal's settings.
fn shell(sandbox: &Sandbox) -> Option<Terminal<'_>> {
    let terminal = Terminal::open(sandbox, &[programs::find("sh")?.to_str().unwrap(), "-i"])?;
    terminal.until(|screen| screen == "$");
    clear(&terminal, "stty -g >before");
    Some(terminal)
}

/// Runs a command and clears the screen, but for a word that never stood there before.
fn clear(terminal: &Terminal<'_>, command: &str) -> String {
    static CLEARED: AtomicUsize = AtomicUsize::new(0);
    let number = CLEARED.fetch_add(1, Ordering::Relaxed);
    // In two parts, so that the typed line is not taken for its result.
    terminal.line(&format!("{command}; clear; echo cle''ared-{number}"));
    let line = format!("cleared-{number}\n$");
    terminal.until(|screen| screen == line);
    line
}

/// Starts the picker, and waits for it.
fn pick(terminal: &Terminal<'_>, command: &str) {
    let before = clear(terminal, ":");
    terminal.line(command);
    terminal.until(|screen| screen == format!("{before} {command}\n{LIST}"));
    assert!(!terminal.shows_the_cursor());
}

/// The status, once the shell has the terminal back, just as it was.
fn left_as_it_was(sandbox: &Sandbox, terminal: &Terminal<'_>) -> String {
    // What is typed earlier would be the picker's.
    terminal.until(|screen| screen.lines().last() == Some("$"));
    terminal.line("echo $? >status; stty -g >after; echo no''ted");
    terminal.until_shown("noted");
    let read = |name: &str| fs::read_to_string(sandbox.path(name)).unwrap().trim().to_owned();
    assert_eq!(read("before"), read("after"));
    assert!(terminal.shows_the_cursor());
    read("status")
}

#[test]
fn typing_and_arrow_keys_choose_and_enter_connects() {
    let sandbox = sandbox();
    let Some(terminal) = shell(&sandbox) else { return };
    pick(&terminal, "rdsconnect -- -c 'select 1'");
    terminal.text("rpts");
    let narrowed = terminal.until(|screen| screen.contains("rpts") && !screen.contains("orders"));
    assert!(narrowed.contains("prod-reports") && narrowed.contains("\n> reports "), "{narrowed}");
    terminal.keys(&["Down"]);
    terminal.until_shown("\n> prod-reports ");
    terminal.keys(&["Enter"]);
    assert_eq!(left_as_it_was(&sandbox, &terminal), "0");
    let record = sandbox.record("psql").unwrap();
    assert!(record.args.iter().any(|word| word.contains("reports.abc123.us-west-2")), "{:?}", record.args);
    assert_eq!(record.args[record.args.len() - 2..], ["-c", "select 1"]);
    assert!(!terminal.screen().contains("Connect to:"), "{}", terminal.screen());
}

#[test]
fn the_first_profile_is_one_enter_away_and_standard_output_is_the_clients() {
    let sandbox = sandbox();
    let Some(terminal) = shell(&sandbox) else { return };
    pick(&terminal, "rdsconnect --dry-run >out");
    terminal.keys(&["Enter"]);
    assert_eq!(left_as_it_was(&sandbox, &terminal), "0");
    let named = sandbox.run(&["--dry-run", "orders"]);
    assert_eq!((named.stderr.as_str(), named.status), ("", Some(0)));
    assert_eq!(sandbox.neutral(&fs::read_to_string(sandbox.path("out")).unwrap()), named.stdout);
}

#[test]
fn escape_and_ctrl_c_leave_with_status_130_and_nothing_on_standard_output() {
    let sandbox = sandbox();
    let Some(terminal) = shell(&sandbox) else { return };
    for key in ["Escape", "C-c"] {
        for command in ["rdsconnect >out", "rdsconnect connect >out"] {
            pick(&terminal, command);
            terminal.keys(&[key]);
            assert_eq!(left_as_it_was(&sandbox, &terminal), "130", "{key}");
            assert_eq!(fs::read_to_string(sandbox.path("out")).unwrap(), "");
            assert!(!terminal.screen().contains("error"), "{}", terminal.screen());
            assert!(!terminal.screen().contains("Connect to:"), "{}", terminal.screen());
        }
    }
    assert!(sandbox.record("mysql").is_none() && sandbox.record("psql").is_none());
}

/// As after `nohup`.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_stays_so_in_the_picker_and_in_the_client() {
    let sandbox = sandbox();
    let told = sandbox.path("told");
    let script = format!(
        "#!/bin/sh\ncase $* in *--version*) echo 'mysql  Ver 9.7.4 for Linux' ;; *--print-defaults*) ;; \
         *) grep SigIgn /proc/self/status >{} ;; esac\n",
        told.display()
    );
    fs::remove_file(sandbox.path("bin/mysql")).unwrap();
    let client = sandbox.write("bin/mysql", &script);
    fs::set_permissions(client, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    let Some(terminal) = shell(&sandbox) else { return };
    pick(&terminal, "sh -c 'trap \"\" HUP; echo $$ >pid; exec rdsconnect'");
    let pid = fs::read_to_string(sandbox.path("pid")).unwrap().trim().to_owned();
    let sent = sandbox.any_command("/bin/sh", &["-c", &format!("kill -HUP {pid}")]).status().unwrap();
    assert!(sent.success());
    terminal.keys(&["Enter"]);
    assert_eq!(left_as_it_was(&sandbox, &terminal), "0");
    let told = fs::read_to_string(told).unwrap();
    let mask = u64::from_str_radix(told.trim_start_matches("SigIgn:").trim(), 16).unwrap();
    assert_eq!(mask & 1, 1, "{told}");
}

#[test]
fn a_signal_clears_the_list_leaves_the_terminal_as_it_was_and_ends_the_process_itself() {
    let sandbox = sandbox();
    let Some(terminal) = shell(&sandbox) else { return };
    // What the shell says of a child that a signal ended; of one that exits with the status, nothing.
    for (signal, status, said) in [("TERM", "143", "Terminated"), ("HUP", "129", "Hangup"), ("QUIT", "131", "Quit")] {
        pick(&terminal, "sh -c 'echo $$ >pid; exec rdsconnect >out'");
        let pid = fs::read_to_string(sandbox.path("pid")).unwrap().trim().to_owned();
        let killed = sandbox.any_command("/bin/sh", &["-c", &format!("kill -{signal} {pid}")]).status().unwrap();
        assert!(killed.success());
        assert_eq!(left_as_it_was(&sandbox, &terminal), status, "{signal}");
        let screen = terminal.screen();
        assert!(screen.contains(&format!("\n{said}")) && !screen.contains("Connect to:"), "{screen}");
        assert!(!screen.contains("orders"), "{screen}");
    }
    pick(&terminal, "sh -c 'echo $$ >pid; exec rdsconnect >out'");
    terminal.text("rpts");
    terminal.until(|screen| !screen.contains("orders"));
    let pid = fs::read_to_string(sandbox.path("pid")).unwrap().trim().to_owned();
    sandbox.any_command("/bin/sh", &["-c", &format!("kill -INT {pid}")]).status().unwrap();
    assert_eq!(left_as_it_was(&sandbox, &terminal), "130");
    assert!(!terminal.screen().contains("report"), "{}", terminal.screen());
}

#[test]
fn a_terminal_that_goes_away_ends_it() {
    let sandbox = sandbox();
    let Some(terminal) = shell(&sandbox) else { return };
    pick(&terminal, "sh -c 'echo $$ >pid; exec rdsconnect'");
    let pid = fs::read_to_string(sandbox.path("pid")).unwrap().trim().to_owned();
    drop(terminal);
    let deadline = Instant::now() + Duration::from_secs(30);
    let there = || sandbox.any_command("/bin/sh", &["-c", &format!("kill -0 {pid} 2>/dev/null")]).status().unwrap();
    while there().success() {
        assert!(Instant::now() < deadline, "process {pid} is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn there_is_colour_but_for_no_color() {
    let sandbox = sandbox();
    let Some(terminal) = shell(&sandbox) else { return };
    let colour = |screen: &str| screen.contains("\x1b[32m") || screen.contains("\x1b[36m");
    pick(&terminal, "rdsconnect");
    assert!(colour(&terminal.colours()));
    terminal.keys(&["Escape"]);
    left_as_it_was(&sandbox, &terminal);
    let before = clear(&terminal, ":");
    terminal.line("NO_COLOR=1 rdsconnect");
    // Without colours the cursor is a sign.
    terminal.until(|screen| screen == format!("{before} NO_COLOR=1 rdsconnect\n{}", LIST.replacen(':', ": |", 1)));
    assert!(!colour(&terminal.colours()));
    terminal.keys(&["Escape"]);
    left_as_it_was(&sandbox, &terminal);
}

#[test]
fn without_a_terminal_there_is_the_usage() {
    let sandbox = sandbox();
    let Some(terminal) = shell(&sandbox) else { return };
    for command in ["rdsconnect </dev/null", "rdsconnect 2>errors", "TERM=dumb rdsconnect", "TERM= rdsconnect"] {
        clear(&terminal, ":");
        terminal.line(command);
        assert_eq!(left_as_it_was(&sandbox, &terminal), "125", "{command}");
        let said = if command.contains("errors") {
            fs::read_to_string(sandbox.path("errors")).unwrap()
        } else {
            terminal.screen()
        };
        assert!(said.contains("error: no profile named\n\nUsage: rdsconnect [FLAGS] PROFILE"), "{said}");
    }
}

#[test]
fn a_file_without_profiles_has_nothing_to_pick() {
    let sandbox = sandbox();
    sandbox.config("");
    let Some(terminal) = shell(&sandbox) else { return };
    terminal.line("rdsconnect 2>&1 | cat; rdsconnect");
    assert_eq!(left_as_it_was(&sandbox, &terminal), "125");
    let screen = terminal.screen();
    assert!(screen.contains("error: there is no profile in "), "{screen}");
}
