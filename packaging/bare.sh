#!/bin/bash
# bare.sh VERSION : what test.sh runs as root inside a bare Debian that is thrown away afterwards: installs the package,
# uses it as an ordinary user would, removes it, and looks whether anything is left. /tmp has what is needed:
#
#   rdsconnect.deb   the package         archive.tar.gz   the archive
set -euo pipefail

version=$1
export LC_ALL=C DEBIAN_FRONTEND=noninteractive HOME=/root
cd /tmp

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    exit 1
}
ok() { printf "ok: %s (%s s)\n" "$*" "$SECONDS"; }

# What is thrown away need not be safe from a power cut.
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/unsafe-io

# Nobody answers for names here, and nobody has to wait for that.
printf '%s: files\n' passwd group hosts >/etc/nsswitch.conf

# What there is. Of what apt and dpkg keep for themselves, only the list of packages counts.
inventory() {
    find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /home -o -path /var/log \
        -o -path /var/cache/apt -o -path /var/cache/debconf -o -path /var/lib/apt -o -path '/var/lib/dpkg/*-old' \) -prune \
        -o -printf '%y %m %p\n' | sort
    dpkg-query -W -f '${Package} ${Version} ${Status}\n'
}

# ---- a user ------------------------------------------------------------------------------------------------------------

useradd --create-home --shell /bin/bash jane
# With keys of nobody's account, which are enough for a token, and no network to ask anything on.
as_jane() {
    setpriv --reuid jane --regid jane --init-groups env -i HOME=/home/jane PATH=/usr/bin:/bin LC_ALL=C TERM=dumb \
        AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
        AWS_EC2_METADATA_DISABLED=true "$@"
}

# Runs a command as the user: `run STATUS COMMAND...`. What it prints is in $out and $err.
out='' err=''
run() {
    local wanted=$1 status=0
    shift
    out=$(cd /home/jane && as_jane "$@" 2>/tmp/err </dev/null) || status=$?
    err=$(cat /tmp/err)
    [ "$status" = "$wanted" ] || fail "\`$*\` ended with $status, not $wanted: $out $err"
}
says() { case $out in *"$1"*) ;; *) fail "\`$1\` is missing in: $out" ;; esac; }
complains() { case $err in *"$1"*) ;; *) fail "\`$1\` is missing in: $err" ;; esac; }

write_profiles() {
    as_jane mkdir -p /home/jane/.config/rdsconnect
    as_jane tee /home/jane/.config/rdsconnect/config.toml >/dev/null <<'END'
[defaults]
user = "jane"
[profiles.orders]
engine = "mysql"
host = "orders.abc123def456.us-west-2.rds.amazonaws.com"
[profiles.reports]
engine = "postgres"
host = "reports.abc123def456.us-west-2.rds.amazonaws.com"
database = "warehouse"
connect_to = "127.0.0.1:15432"
END
}

# ---- what the program has to do, wherever it came from -------------------------------------------------------------------

works() {
    local program=$1 host=reports.abc123def456.us-west-2.rds.amazonaws.com
    run 0 "$program" --version
    [ "$out" = "rdsconnect $version" ] || fail "--version: $out"
    run 0 "$program" list
    says orders
    says reports
    run 0 "$program" token reports
    says "$host:5432/?Action=connect&DBUser=jane&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F"
    says '&X-Amz-Signature='
    run 0 "$program" ca list
    says us-west-2
}

without_clients() {
    run 127 "$1" reports --dry-run
    complains psql
    run 127 "$1" orders
    complains mysql
}

# The real clients are started, and say themselves that there is nobody.
with_clients() {
    run 0 "$1" reports --dry-run
    says /usr/bin/psql
    says "PGPASSWORD='[token]'"
    run 0 "$1" orders --dry-run
    says "MYSQL_PWD='[token]'"
    run 2 "$1" reports
    complains 'psql: error: connection to server'
    run 1 "$1" orders
    complains "Unknown server host 'orders.abc123def456.us-west-2.rds.amazonaws.com'"
}

# ---- the package ---------------------------------------------------------------------------------------------------------

bash_completes() {
    # shellcheck disable=SC2016
    run 0 bash -c '
        set -e
        '"$1"'
        completer=$(complete -p rdsconnect | sed "s/.* -F \([^ ]*\) .*/\1/")
        COMP_WORDS=(rdsconnect connect rep) COMP_CWORD=2 COMP_TYPE=9 COMP_LINE="rdsconnect connect rep" COMP_POINT=22
        "$completer" rdsconnect rep connect
        printf "%s\n" "${COMPREPLY[@]}"'
    [ "$out$err" = reports ] || fail "bash completes \`rep\` as: $out $err"
}

is_complete() {
    local page shell file
    # By a pipe, because process substitution needs /proc, which not every machine lets be mounted.
    # shellcheck disable=SC2016
    run 0 bash -c 'dpkg-query -L rdsconnect | while read -r file; do [ -r "$file" ] || echo "$file"; done'
    [ -z "$out" ] || fail "an ordinary user cannot read $out"

    # The very pages and completions that the program would write now, and readable for everyone.
    run 0 /usr/bin/rdsconnect generate man /home/jane/man
    for page in /home/jane/man/*.1; do
        run 0 gzip -dc "/usr/share/man/man1/$(basename "$page").gz"
        [ "$out" = "$(cat "$page")" ] || fail "the manual page $(basename "$page") is not the program's"
    done
    [ "$(ls /home/jane/man)" = "$(dpkg-query -L rdsconnect | sed -n 's|.*/man1/\(.*\)\.gz$|\1|p' | sort)" ] || fail "the manual pages are not those of the program"
    for file in bash:bash-completion/completions/rdsconnect zsh:zsh/vendor-completions/_rdsconnect fish:fish/vendor_completions.d/rdsconnect.fish; do
        shell=${file%%:*}
        run 0 cat "/usr/share/${file#*:}"
        [ "$out" = "$(/usr/bin/rdsconnect generate completions "$shell")" ] || fail "the completions for $shell are not the program's"
    done
    bash_completes '. /usr/share/bash-completion/completions/rdsconnect'

    for file in README.md config.example.toml copyright changelog.gz changelog.Debian.gz THIRD-PARTY.gz docs/configuration.md docs/security.md docs/pictures/check.svg; do
        run 0 test -s "/usr/share/doc/rdsconnect/$file"
    done
}

# What `make deb` built needs no more than a bare system has.
inventory >/tmp/before
apt-get -q -y --no-install-recommends install /tmp/rdsconnect.deb >/tmp/apt.log 2>&1 || fail "apt-get install: $(cat /tmp/apt.log)"
write_profiles
works rdsconnect
without_clients rdsconnect
is_complete
ok 'the package installs on a bare system, runs there, and is whole'

apt-get -q -y purge rdsconnect >/tmp/apt.log 2>&1 || fail "apt-get purge: $(cat /tmp/apt.log)"
inventory >/tmp/after
diff /tmp/before /tmp/after || fail 'the package left what is listed above'
ok 'nothing is left when it is removed'

# With what it recommends, the first of each choice, out of apt's cache.
read -r -a recommended <<<"$(dpkg-deb --field /tmp/rdsconnect.deb Recommends | sed 's/ *|[^,]*//g; s/,/ /g')"
[ ${#recommended[@]} -ge 2 ] || fail "the package recommends ${recommended[*]}"
apt-get -q -y --no-install-recommends install /tmp/rdsconnect.deb "${recommended[@]}" bash-completion >/tmp/apt.log 2>&1 ||
    fail "apt-get install: $(cat /tmp/apt.log)"
works rdsconnect
with_clients rdsconnect
bash_completes '. /usr/share/bash-completion/bash_completion; _completion_loader rdsconnect || [ $? = 124 ]'
run 0 rdsconnect --config /usr/share/doc/rdsconnect/config.example.toml config check
ok 'with the clients that it recommends, it becomes them'
apt-get -q -y remove rdsconnect >/tmp/apt.log 2>&1 || fail "apt-get remove: $(cat /tmp/apt.log)"
if [ -e /usr/bin/rdsconnect ] || dpkg-query -W rdsconnect >/dev/null 2>&1; then fail 'the package is still there'; fi

# ---- the archive -----------------------------------------------------------------------------------------------------------

mkdir /opt/archive
tar -xzf /tmp/archive.tar.gz -C /opt/archive --strip-components=1
works /opt/archive/rdsconnect
with_clients /opt/archive/rdsconnect
for file in LICENSE-MIT LICENSE-APACHE THIRD-PARTY README.md config.example.toml docs/security.md man/man1/rdsconnect.1.gz \
    completions/rdsconnect.bash completions/_rdsconnect completions/rdsconnect.fish completions/rdsconnect.ps1; do
    run 0 test -s "/opt/archive/$file"
done
ok 'the archive unpacks, and what is in it runs'
