#!/usr/bin/env bash
# foreign-clients.sh DIR [NAME...] | --missing DIR [NAME...] : puts clients of newer Debian releases beside a Debian 12's own,
# and Kerberos, whose packages would start services.
#
#   NAME       what                    from     the tests find it as
#   mysql      Oracle MySQL 9          sid      DIR/mysql/usr/bin/mysql
#   mariadb    MariaDB 11.8            trixie   DIR/mariadb/usr/bin/mariadb
#   psql       PostgreSQL 18           sid      DIR/psql/usr/lib/postgresql/*/bin/psql
#   kerberos   a KDC and kinit         its own  DIR/kerberos/usr/sbin/krb5kdc, DIR/kerberos/usr/bin/kinit
#
# Without NAME: all of them. Dump and administration programs of the same packages lie beside them (mysqldump,
# mysqladmin, mariadb-dump, pg_dump ...). --missing prints the names that are not there yet and changes nothing.
#
# The system's packages and apt's own lists are not touched and root is not needed: an apt with directories of its own
# fetches a package and everything below it down to the C library, the archives are unpacked, and patchelf makes the
# programs use the unpacked loader and libraries, so that they start like any other program. That needs absolute paths:
# a directory that was moved is recognised and made anew. What is complete is left alone; what a killed run left is removed.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# Raised when what this script makes changes, so that older results are made anew.
EDITION=1
TRIES=3

list_only=
if [ "${1:-}" = --missing ]; then
    list_only=1
    shift
fi
[ $# -gt 0 ] || die "usage: foreign-clients.sh [--missing] DIR [mysql] [mariadb] [psql] [kerberos]"
D=$(realpath -m -- "$1")
shift
[ $# -gt 0 ] || set -- mysql mariadb psql kerberos

suite_of() {
    case $1 in
        mysql | psql) say sid ;;
        mariadb) say trixie ;;
        kerberos) os_release VERSION_CODENAME ;;
        *) die "foreign-clients.sh: unknown client \`$1\`" ;;
    esac
}

# What shows that it can be run.
proof_of() {
    case $1 in
        mysql) say usr/bin/mysql --no-defaults --version ;;
        mariadb) say usr/bin/mariadb --no-defaults --version ;;
        psql) say 'usr/lib/postgresql/*/bin/psql' --version ;;
        kerberos) say usr/bin/klist -V ;;
    esac
}

stamp() { say "edition $EDITION of $D/$1 for $(dpkg --print-architecture)"; }
is_complete() { [ -f "$D/$1/.complete" ] && [ "$(head -n 1 "$D/$1/.complete")" = "$(stamp "$1")" ]; }

wanted=()
for name in "$@"; do
    suite_of "$name" >/dev/null
    is_complete "$name" || wanted+=("$name")
done
if [ -n "$list_only" ]; then
    [ ${#wanted[@]} -eq 0 ] || printf '%s\n' "${wanted[@]}"
    exit 0
fi
[ ${#wanted[@]} -gt 0 ] || exit 0

case $(dpkg --print-architecture) in
    amd64) TRIPLET=x86_64-linux-gnu LOADER=ld-linux-x86-64.so.2 ;;
    arm64) TRIPLET=aarch64-linux-gnu LOADER=ld-linux-aarch64.so.1 ;;
    *) die "foreign-clients.sh knows amd64 and arm64 only" ;;
esac
command -v patchelf >/dev/null || die "foreign-clients.sh needs patchelf (apt-get install patchelf)"

umask 022
mkdir -p "$D"
exec 9>"$D/.lock"
flock -w 900 9 || die "another foreign-clients.sh has been at work in $D for 15 minutes"
rm -rf "$D"/.work.*
W=$(mktemp -d "$D/.work.XXXXXX")
trap 'rm -rf "$W"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# ---- an apt of our own ---------------------------------------------------------------------------------------------

mkdir -p "$W/lists/partial" "$W/sources" "$W/none" "$W/log"
: >"$W/status"
# A file, because only a file can clear a list: hooks of the machine's set-up are not for us. Its proxies are.
cat >"$W/apt.conf" <<END
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$W/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$W/none";
Dir::State::lists "$W/lists";
Dir::State::status "$W/status";
Dir::State::extended_states "$W/extended_states";
Dir::Cache "$W";
Dir::Log "$W/log";
APT::Sandbox::User "$(id -un)";
APT::Install-Recommends "false";
APT::Default-Release "";
Acquire::Retries "5";
Debug::NoLocking "true";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Pre-Install-Pkgs;
END
own_apt() {
    local tool=$1
    shift
    LC_ALL=C "apt-$tool" -q -c "$W/apt.conf" "$@"
}

# Every archive that the machine's own sources name for its release; additional repositories may be among them.
mirrors() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' |
        awk -v release="$(os_release VERSION_CODENAME)" \
            '($2 == release || $2 ~ /^(old)*stable$/) && $3 == "main" && $1 !~ /^cdrom:/ && !seen[$1]++ { print $1 }'
}

suites() { for name in "${wanted[@]}"; do suite_of "$name"; done | sort -u | tr '\n' ' '; }

# Leaves the lists of the first mirror that has all the suites.
update() {
    local mirror keyring
    for mirror in $(mirrors); do
        # Debian's keys first; for a mirror that signs by itself, the keys that the machine trusts.
        for keyring in /usr/share/keyrings/debian-archive-keyring.gpg ''; do
            [ -z "$keyring" ] || [ -r "$keyring" ] || continue
            {
                printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nTargets: Packages\n' "$mirror" "$(suites)"
                [ -z "$keyring" ] || printf 'Signed-By: %s\n' "$keyring"
            } >"$W/sources/foreign.sources"
            rm -rf "$W"/lists/*
            mkdir -p "$W/lists/partial"
            own_apt get -o APT::Update::Error-Mode=any update >"$W/log/update" 2>&1 && return 0
        done
    done
    return 1
}

# The packages to ask for. PostgreSQL's name tells its version: 18, or what the suite has instead.
packages_of() {
    local newest
    case $1 in
        mysql) say mysql-client-core mysql-client ;;
        mariadb) say mariadb-client ;;
        psql)
            newest=postgresql-client-18
            if ! own_apt cache show "$newest" >/dev/null 2>&1; then
                newest=$(own_apt cache -t sid depends postgresql-client | sed -n 's/^ *Depends: \(postgresql-client-[0-9]*\)$/\1/p' | tail -n 1)
            fi
            say "$newest"
            ;;
        kerberos) say krb5-kdc krb5-user krb5-admin-server ;;
    esac
}

download() {
    rm -rf "$W/archives"
    mkdir -p "$W/archives/partial"
    # shellcheck disable=SC2046
    own_apt get -t "$(suite_of "$1")" -y --download-only install $(packages_of "$1") >"$W/log/$1" 2>&1
}

# A moving suite may change between the lists and the download: then both are done again.
fetch() {
    local try log=
    for ((try = 1; try <= TRIES; try++)); do
        if [ ! -e "$W/fresh" ]; then
            log=$W/log/update
            update || continue
            : >"$W/fresh"
        fi
        log=$W/log/$1
        download "$1" && return 0
        rm -f "$W/fresh"
    done
    [ -z "$log" ] || [ ! -e "$log" ] || tail -n 5 "$log" >&2
    die "could not download the $1 client (tried $TRIES times)"
}

# ---- unpack and make it run ----------------------------------------------------------------------------------------

unpack() {
    local to=$1 dir archive
    # Packages of releases before the merge of / and /usr bring /lib and /bin.
    for dir in bin sbin lib lib64; do
        mkdir -p "$to/usr/$dir"
        ln -s "usr/$dir" "$to/$dir"
    done
    for archive in "$W"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$archive" | tar -x -C "$to" --no-same-owner --no-same-permissions --keep-directory-symlink \
            --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale'
    done
}

# Every program in $1 is made to use loader and libraries as they lie once $1 is called $2.
patch_programs() {
    local from=$1 to=$2 program libraries old
    libraries=$to/usr/lib/$TRIPLET:$to/usr/lib
    [ -e "$from/usr/lib/$TRIPLET/$LOADER" ] || die "the downloaded packages have no $LOADER"
    for program in "$from"/usr/bin/* "$from"/usr/sbin/* "$from"/usr/lib/postgresql/*/bin/*; do
        if [ ! -f "$program" ] || [ -L "$program" ] || ! patchelf --print-interpreter "$program" >/dev/null 2>&1; then continue; fi
        # Libraries that a package keeps to itself.
        old=$(patchelf --print-rpath "$program" | tr ':' '\n' | sed -n "s|^/usr/|$to/usr/|p" | tr '\n' ':')
        # RPATH, not RUNPATH: it holds for the libraries of libraries too.
        patchelf --set-interpreter "$to/usr/lib/$TRIPLET/$LOADER" --force-rpath --set-rpath "$old$libraries" "$program"
    done
}

proved() {
    local words
    # The path may hold a pattern, for a version in it.
    read -r -a words < <(proof_of "$1"; echo)
    local programs
    # shellcheck disable=SC2206
    programs=("$D/$1"/${words[0]})
    "${programs[0]}" "${words[@]:1}" 2>&1
}

for name in "${wanted[@]}"; do
    say "+ download and unpack the $name client into $D/$name"
    fetch "$name"
    rm -rf "${W:?}/$name"
    mkdir "$W/$name"
    unpack "$W/$name"
    patch_programs "$W/$name" "$D/$name"
    # Servers and tests may run under other accounts.
    chmod 755 "$W/$name"
    rm -rf "${D:?}/$name"
    mv "$W/$name" "$D/$name"
    version=$(proved "$name") || die "the downloaded $name client does not run: $version"
    { stamp "$name"; say "$version"; } >"$D/$name/.complete"
    say "  $version"
done
