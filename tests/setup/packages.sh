#!/usr/bin/env bash
# packages.sh [--names] NEED... : installs Debian or Ubuntu packages without starting or creating any service.
#   NEED      make compiler psql postgres-server mariadb-client mariadb-tools mariadb-server nss-wrapper patchelf groff python
#             zsh fish tmux openssl bare-system package-tools time valgrind
#   --names   only prints the packages; works for anyone. Otherwise root is needed.
#
# Beyond the packages nothing stays changed: two settings are made for the time of the installation and undone at the end.
#   policy-rc.d            the file by which Debian lets an administrator forbid that packages start services; one that
#                          exists already is left to decide
#   createcluster.conf     create_main_cluster = false, so that PostgreSQL's server comes without a database cluster
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

POLICY=/usr/sbin/policy-rc.d
CLUSTERS=/etc/postgresql-common/createcluster.conf
MARK='# for the time of an installation by rdsconnect'

export LC_ALL=C DEBIAN_FRONTEND=noninteractive
# Ubuntu's needrestart would restart services whose libraries were renewed.
export NEEDRESTART_SUSPEND=1

apt() {
    local command=$1
    shift
    apt-get -q -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5 "$command" "$@"
}

# ---- names -------------------------------------------------------------------------------------------------------

# Without grep -q, which would break the pipe and with it the result.
available() { apt-cache policy "$1" 2>/dev/null | grep '^  Candidate: [^(]' >/dev/null; }

# The major version that the release (or an added repository) calls current; empty when the lists are missing.
postgres_major() {
    { apt-cache depends postgresql 2>/dev/null || true; } | sed -n 's/^ *Depends: postgresql-\([0-9]*\)$/\1/p' | tail -n 1
}

# Debian 12 and Ubuntu 24.04 have the plain name; before that (Ubuntu 22.04) the version was part of it.
mariadb_package() {
    local newest
    if ! available "$1"; then
        newest=$({ apt-cache pkgnames "$1-" 2>/dev/null || true; } | grep -E -- '-[0-9]+\.[0-9]+$' | sort -V | tail -n 1 || true)
    fi
    say "${newest:-$1}"
}

names() {
    local need major
    major=$(postgres_major)
    for need in "$@"; do
        case $need in
            make | patchelf | zsh | fish | tmux | openssl | time | valgrind) say "$need" ;;
            groff) say groff-base ;;
            compiler) say gcc libc6-dev ;;
            psql) say "postgresql-client${major:+-$major}" ;;
            # Never the unversioned package as long as the version is known: it may come with more than the server.
            postgres-server) say "postgresql${major:+-$major}" ;;
            mariadb-client) mariadb_package mariadb-client-core ;;
            mariadb-tools) mariadb_package mariadb-client ;;
            mariadb-server) mariadb_package mariadb-server-core ;;
            nss-wrapper) say libnss-wrapper ;;
            python) say python3 python3-venv ;;
            bare-system) say mmdebstrap ;;
            package-tools) say dpkg-dev ;;
            *) die "packages.sh: unknown need \`$need\`" ;;
        esac
    done | tr '\n' ' '
}

if [ "${1:-}" = --names ]; then
    shift
    names "$@"
    exit 0
fi

# ---- nothing may start -------------------------------------------------------------------------------------------

undo() {
    if [ -f "$POLICY" ] && grep -qF "$MARK" "$POLICY"; then rm -f "$POLICY"; fi
    if [ -f "$CLUSTERS" ] && grep -qF "$MARK" "$CLUSTERS"; then
        local kept
        kept=$(mktemp)
        grep -vF "$MARK" "$CLUSTERS" >"$kept" || true
        # Written over, not renamed, for the sake of the file's owner and mode.
        cat "$kept" >"$CLUSTERS"
        rm -f "$kept"
    fi
}

forbid_starting() {
    [ -e "$POLICY" ] && return 0
    # Should this process be killed and the file stay behind, it forbids nothing any more.
    printf '#!/bin/sh\n%s\nkill -0 %s 2>/dev/null && exit 101\nexit 0\n' "$MARK" "$$" >"$POLICY"
    chmod 755 "$POLICY"
}

forbid_cluster() {
    # At the end of the file, where it wins over whatever is set or included before.
    [ -z "$(tail -c 1 "$CLUSTERS")" ] || echo >>"$CLUSTERS"
    printf 'create_main_cluster = false %s\n' "$MARK" >>"$CLUSTERS"
}

# ---- install -----------------------------------------------------------------------------------------------------

[ $# -gt 0 ] || die "packages.sh: nothing to install"
[ "$(id -u)" = 0 ] || die "packages.sh has to be run by root"
has_apt || die "packages.sh is for Debian and Ubuntu"

lists_cover() {
    local package
    for package in "$@"; do available "$package" || return 1; done
}

# shellcheck disable=SC2046
if ! lists_cover $(names "$@"); then
    say "+ apt-get update"
    apt update
fi
read -r -a packages < <(names "$@"; echo)
for package in "${packages[@]}"; do
    available "$package" || die "no package $package in the repositories of this system"
done

# Nothing is ever removed for this: a clash (Oracle's MySQL server, say) is for the user to decide.
install() {
    say "+ apt-get install --no-install-recommends $*"
    if ! apt install -y --no-install-recommends --no-remove "$@" </dev/null; then
        warn "Once more, with fresh package lists."
        apt update
        apt install -y --no-install-recommends --no-remove "$@" </dev/null ||
            die "apt-get could not install $* (its own message is above)"
    fi
}

# What an earlier run left when it was killed.
undo
trap undo EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
forbid_starting
for package in "${packages[@]}"; do
    case $package in postgresql-[0-9]* | postgresql)
        # Only when this is there, its set-up can be told what the server's shall not do.
        [ -f "$CLUSTERS" ] || install postgresql-common
        forbid_cluster
        break
        ;;
    esac
done
install "${packages[@]}"
