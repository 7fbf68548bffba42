#!/usr/bin/env bash
# install.sh demo|test|bench : finds out what `make demo`, `make test` or `make bench` needs and this machine lacks, asks, and installs it.
#
#   YES=1     do not ask
#   CI=true   do not ask when there is no terminal (otherwise the script stops there and says what is missing)
#
# Programs are looked for, not packages, so anything that came another way counts. Plain bash 3.2 (macOS).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

purpose=${1:-}
case $purpose in demo | test | bench) ;; *) die "usage: install.sh demo|test|bench" ;; esac
asked=$purpose
# The bench compares with the tests' servers, clients and AWS CLI.
if [ "$asked" = bench ]; then purpose=test; fi

# ---- what is missing --------------------------------------------------------------------------------------------

works() { "$@" >/dev/null 2>&1 </dev/null; }

has_compiler() {
    # On macOS a mere `cc` opens a dialogue when the tools are missing.
    if is_macos; then works xcode-select -p; else
        # A compiler without the C library's headers is of no use to the linker either.
        printf '#include <stdio.h>\nint main(void) { return 0; }\n' | cc -x c -o /dev/null - >/dev/null 2>&1
    fi
}

# The first arguments, up to `--`, are directories to try besides PATH; the others are programs, all of them needed.
has_programs() {
    local path=$PATH:/usr/local/sbin:/usr/sbin:/sbin
    while [ "$1" != -- ]; do
        path=$path:$1
        shift
    done
    shift
    local program
    for program in "$@"; do
        PATH=$path command -v "$program" >/dev/null || return 1
    done
}

has_postgres_server() {
    local dir
    for dir in /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
        [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ] && return 0
    done
    has_programs -- initdb postgres
}

has_mariadb_server() {
    has_programs /usr/libexec /opt/homebrew/opt/mariadb/bin /usr/local/opt/mariadb/bin -- mariadbd mariadb-install-db
}

has_mariadb_client() {
    # Oracle's client and MariaDB's cannot be installed side by side on Debian, so either will do where it can.
    if [ "$purpose" = test ] && is_debian_12; then works mariadb --no-defaults --version
    else works mariadb --no-defaults --version || works mysql --no-defaults --version; fi
}

# What Debian keeps out of the package that has the client alone.
has_mariadb_tools() {
    has_programs -- mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mariadb-dump mariadb-admin mariadb-import \
        mariadb-check mariadb-show
}

has_nss_wrapper() {
    local library
    for library in /usr/lib/libnss_wrapper.so /usr/lib/*/libnss_wrapper.so /usr/lib64/libnss_wrapper.so /usr/local/lib/libnss_wrapper.so; do
        [ -e "$library" ] && return 0
    done
    return 1
}

missing=()
need() { missing+=("$1"); }
has_programs -- make || need make
has_compiler || need compiler
works psql --version || need psql
has_postgres_server || need postgres-server
has_mariadb_client || need mariadb-client
has_mariadb_server || need mariadb-server
if [ "$purpose" = test ] && is_debian_12; then has_mariadb_tools || need mariadb-tools; fi
is_macos || has_nss_wrapper || need nss-wrapper
venv=$(venv_dir)
python=
if [ "$purpose" = test ] && ! "$SETUP/python.sh" --check "$venv"; then
    python=wanted
    works python3 -c 'import ensurepip, venv' || need python
fi

# The shells that `env` is tried in and that complete, the terminal in which they do, and what the manual pages are read with.
if [ "$purpose" = test ]; then
    for program in zsh fish tmux groff openssl; do has_programs -- "$program" || need "$program"; done
fi

if [ "$asked" = bench ] && ! is_macos; then
    for program in time valgrind; do
        # `time` is also a word of the shell.
        [ -x "/usr/bin/$program" ] || need "$program"
    done
fi

# What builds the Debian package, and what makes the bare system in which it is tried.
tools=()
if [ "$asked" = test ] && has_apt; then
    has_programs -- mmdebstrap || need bare-system
    has_programs -- dpkg-shlibdeps || need package-tools
    if command -v cargo >/dev/null; then
        while read -r name; do tools+=("$name"); done < <("$ROOT/packaging/tools.sh" --missing cargo-deb)
    fi
fi

clients=$(clients_dir)
fetch=()
if [ "$purpose" = test ] && is_debian_12; then
    while read -r name; do fetch+=("$name"); done < <("$SETUP/foreign-clients.sh" --missing "$clients")
    if [ ${#fetch[@]} -gt 0 ]; then works patchelf --version || need patchelf; fi
fi

# ---- other systems: say it, and let run what can run ---------------------------------------------------------------

stop_or_go_on() {
    # The tests report what they could not run; a demo without servers has nothing to show.
    if [ "$purpose" = test ]; then warn "Going on without."; else exit 1; fi
}

make_python() {
    [ -n "$python" ] || return 0
    if "$SETUP/python.sh" "$venv"; then :
    elif is_debian_12; then die "the Python packages could not be installed (pip's own message is above)"
    else warn "The Python packages could not be installed; the tests that need them are reported as not run."; fi
}

if ! command -v cargo >/dev/null; then
    die "cargo is not on PATH: install Rust $(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml") or newer (https://rustup.rs)"
fi

if [ ${#missing[@]} -gt 0 ] && is_macos; then
    formulas=()
    for thing in "${missing[@]}"; do
        case $thing in
            make | compiler) warn "The compiler is missing. Run: xcode-select --install" ;;
            psql | postgres-server) formulas+=(postgresql@17) ;;
            mariadb-client | mariadb-server) formulas+=(mariadb) ;;
            zsh | fish | tmux | python | groff) formulas+=("$thing") ;;
        esac
    done
    if [ ${#formulas[@]} -gt 0 ]; then
        warn "Missing: ${missing[*]}. Run: brew install $(printf '%s\n' "${formulas[@]}" | sort -u | tr '\n' ' ')"
        warn "(no service has to be started; psql of a versioned formula must be put on PATH, see \`brew info\`)"
    fi
    stop_or_go_on
    case " ${missing[*]} " in *" python "*) ;; *) make_python ;; esac
    exit 0
fi

if [ ${#missing[@]} -gt 0 ] && ! has_apt; then
    warn "Missing: ${missing[*]}."
    warn "This system has no apt; install these with its own package manager (server programs only, nothing need be started)."
    stop_or_go_on
    case " ${missing[*]} " in *" python "*) ;; *) make_python ;; esac
    exit 0
fi

# ---- Debian and Ubuntu: say it, ask, install -----------------------------------------------------------------------

if [ ${#missing[@]} -eq 0 ] && [ ${#fetch[@]} -eq 0 ] && [ ${#tools[@]} -eq 0 ] && [ -z "$python" ]; then
    say "Everything that \`make $asked\` needs is installed."
    exit 0
fi

warn "\`make $asked\` needs what this machine does not have:"
if [ ${#missing[@]} -gt 0 ]; then
    packages=$("$SETUP/packages.sh" --names "${missing[@]}")
    warn "  Packages to install (apt-get):  $packages"
    warn "    Programs only: no service is started, and PostgreSQL is installed without a database cluster."
fi
if [ ${#fetch[@]} -gt 0 ]; then
    warn "  Clients to download:            ${fetch[*]} (Kerberos of this Debian, others of newer ones; about 40 MB)"
    warn "    They are unpacked into $clients; the system's packages stay as they are."
fi
if [ -n "$python" ]; then
    warn "  Python packages:                the AWS CLI, moto, pgcli and mycli, with what they need (pip, about 90 MB)"
    warn "    They go into a virtual environment of their own, $venv."
fi
if [ ${#tools[@]} -gt 0 ]; then
    warn "  Programs to compile:            ${tools[*]} (cargo; a minute or two)"
    warn "    They go into target/tools."
fi

if [ "${YES:-}" = 1 ]; then :
elif has_terminal; then
    printf 'Go on? [Y/n] ' >&2
    read -r answer || answer=n
    case $answer in '' | [Yy] | [Yy][Ee][Ss]) ;; *) die "nothing was installed" ;; esac
elif ! in_ci; then
    die "there is no terminal to ask on; set YES=1 to have it installed (make $asked YES=1)"
fi

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then "$SETUP/packages.sh" "${missing[@]}"
    elif command -v sudo >/dev/null && has_terminal; then sudo "$SETUP/packages.sh" "${missing[@]}"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$SETUP/packages.sh" "${missing[@]}"
    else
        warn "Root is needed for it, and sudo cannot be used. As root, run:"
        warn "  $SETUP/packages.sh ${missing[*]}"
        warn "which is this, but keeps Debian from creating and starting a PostgreSQL cluster:"
        warn "  apt-get install --no-install-recommends $packages"
        exit 1
    fi
fi
if [ ${#fetch[@]} -gt 0 ]; then
    "$SETUP/foreign-clients.sh" "$clients" "${fetch[@]}"
fi
make_python
if [ ${#tools[@]} -gt 0 ]; then "$ROOT/packaging/tools.sh" "${tools[@]}"; fi
