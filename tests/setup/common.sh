# shellcheck shell=bash
# Shared by the scripts in this directory: messages, what machine this is, where things are. To be sourced.
# Plain bash 3.2, which is what macOS has.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034
SETUP=$ROOT/tests/setup

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
    warn "error: $*"
    exit 1
}

# One field of os-release, such as ID or VERSION_ID; empty where there is no such file.
os_release() {
    [ -r /etc/os-release ] || return 0
    # shellcheck disable=SC1091,SC2016
    (set +u && . /etc/os-release && eval "printf '%s' \"\${$1:-}\"")
}

# The only system on which the full set of clients is required.
is_debian_12() { [ "$(os_release ID)" = debian ] && [ "$(os_release VERSION_ID)" = 12 ]; }
is_macos() { [ "$(uname -s)" = Darwin ]; }
has_apt() { command -v apt-get >/dev/null && command -v dpkg >/dev/null; }

has_terminal() { [ -t 0 ] && [ -t 2 ]; }
in_ci() { [ "${CI:-}" = true ] || [ "${CI:-}" = 1 ]; }

# Where the tests look for clients that are newer than the system's own (see foreign-clients.sh).
clients_dir() {
    local dir=${RDSCONNECT_TEST_CLIENTS:-${CARGO_TARGET_DIR:-target}/clients}
    case $dir in /*) say "$dir" ;; *) say "$ROOT/$dir" ;; esac
}

# Where the tests look for Python's programs (see python.sh).
venv_dir() {
    local dir=${RDSCONNECT_TEST_VENV:-${CARGO_TARGET_DIR:-target}/venv}
    case $dir in /*) say "$dir" ;; *) say "$ROOT/$dir" ;; esac
}
