#!/usr/bin/env bash
# demo.sh [show] | shell [mysql|postgres] : rdsconnect against a PostgreSQL and a MariaDB of its own, on this machine.
#
# The servers stand in for RDS: they present a certificate for an RDS host name and let nobody in without a valid IAM
# token. They, the profile file and the certificates are gone when this ends. Plain bash 3.2 (macOS).
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

heading() { printf '\n\033[1m%s\033[0m\n' "$*"; }
# Without a terminal, no colours.
[ -t 1 ] || heading() { printf '\n%s\n' "$*"; }
note() { printf '   %s\n' "$@"; }

# Shows a command as one would type it, and runs it.
try() {
    local word line='$ rdsconnect'
    shift
    for word in "$@"; do
        case $word in *[!A-Za-z0-9_=.,/:-]*) line="$line \"$word\"" ;; *) line="$line $word" ;; esac
    done
    say "$line"
    "$RDSCONNECT" "$@"
}

# ---- inside: the servers are up, RDSCONNECT_CONFIG and credentials are set -------------------------------------------

show() {
    # Nothing to scroll through, and nothing that waits for a key.
    export PAGER=cat PSQL_PAGER=cat
    heading "The profiles ($RDSCONNECT_CONFIG)"
    note 'Two entries are all that rdsconnect is told. The host is an RDS name; here it leads to this machine.'
    cat "$RDSCONNECT_CONFIG"

    heading '1. PostgreSQL: what would be run'
    note '--dry-run prints the real psql command and what changes in its environment, and runs nothing.' \
        'There is no password in it: the IAM token, masked here, goes into the environment and never into the arguments.'
    try rdsconnect demo-pg --dry-run

    heading '2. PostgreSQL: a query'
    note 'Now for real: a token is made, psql takes the place of rdsconnect, and the server checks the token.' \
        'What follows -- is for psql.'
    try rdsconnect demo-pg -- -c 'select name, city from fleet order by name'

    heading '3. PostgreSQL: the TLS in use'
    note 'What the server says of this very connection; psql has verified certificate and host name (verify-full).'
    try rdsconnect demo-pg -- -c 'select version, cipher from pg_stat_ssl where pid = pg_backend_pid()'

    heading '4. MySQL: what would be run'
    note 'The same for the mysql family. Options that only this client understands are chosen by asking it for its version.'
    try rdsconnect demo-mysql --dry-run

    heading '5. MySQL: a query'
    try rdsconnect demo-mysql -- -t -e 'select name, city from fleet order by name'

    heading '6. MySQL: the TLS in use'
    try rdsconnect demo-mysql -- -t -e "show session status where variable_name in ('Ssl_version', 'Ssl_cipher')"

    heading 'That was the demo. The servers are being stopped, nothing is left behind.'
    note 'Next:' \
        '  make demo-shell                 an interactive psql on the same servers' \
        '  make demo-shell ENGINE=mysql    an interactive mysql' \
        '  cargo install --locked --path . install rdsconnect; then describe your own databases in' \
        '                                  ~/.config/rdsconnect/config.toml (example: config.example.toml)'
}

enter() {
    case $1 in
        mysql) set -- demo-mysql 'exit' ;;
        *) set -- demo-pg '\q' ;;
    esac
    heading "rdsconnect $1"
    note "This is the real client, logged in with a token. Try: select * from fleet;   Leave with: $2"
    exec "$RDSCONNECT" "$1"
}

case ${1:-show} in
    inside-show) show; exit 0 ;;
    inside-shell) enter "$2" ;;
esac

# ---- outside: build, boot, run the above -----------------------------------------------------------------------------

action=${1:-show}
engine=${2:-postgres}
case $action in show | shell) ;; *) die "usage: demo.sh [show] | shell [mysql|postgres]" ;; esac
case $engine in
    mysql | mariadb) engine=mysql ;;
    postgres | postgresql | pg) engine=postgres ;;
    *) die "ENGINE is mysql or postgres, not \`$engine\`" ;;
esac
if [ "$action" = shell ] && ! [ -t 0 ]; then die "an interactive client needs a terminal"; fi

cd "$ROOT"
# Programs and test servers in one go, so that both use the same build of every dependency; `make test` uses it too.
say "+ cargo build --locked --bins --example standin"
cargo build --locked --bins --example standin
target=$(cargo metadata --locked --no-deps --format-version 1 | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p')
export RDSCONNECT=$target/debug/rdsconnect

dir=$(mktemp -d "${TMPDIR:-/tmp}/rdsconnect-demo.XXXXXX")
trap 'rm -rf "$dir"' EXIT
# The client gets a process group of its own as in any shell: its Ctrl-C is not for make, which would give up on it.
if [ "$action" = shell ]; then set -m; fi
say "+ cargo run --example standin -- $dir -- (the $action)"
cargo run --quiet --locked --example standin -- "$dir" -- "$SETUP/demo.sh" "inside-$action" "$engine"
