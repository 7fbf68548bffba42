#!/usr/bin/env bash
# archive.sh [TARGET] : builds an archive of the program, for those without a package manager, and prints where it is;
# its checksum lies beside it. TARGET is a Rust target triple that runs on this machine; without it, the machine's own.
#
#   target/archives/rdsconnect-VERSION-TARGET.tar.gz, and .tar.gz.sha256 for `sha256sum --check`
#
# The same program gives the same archive.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

umask 022
cd "$ROOT"
export LC_ALL=C TZ=UTC
triple=${1:-$(rustc -vV | sed -n 's/^host: //p')}
target=$(target_dir)
release=$target/${1:+$1/}release
"$PACKAGING/build.sh" "$@" >&2

name=rdsconnect-$(version)-$triple
out=$target/archives
mkdir -p "$out"
work=$(mktemp -d "${TMPDIR:-/tmp}/rdsconnect-archive.XXXXXX")
trap 'rm -rf "$work"' EXIT
whole=$work/$name
mkdir -p "$whole/docs/pictures" "$whole/man/man1"
cp "$release/rdsconnect" README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT config.example.toml "$whole"
cp docs/*.md "$whole/docs"
cp docs/pictures/*.svg "$whole/docs/pictures"
cp -R "$release/share/completions" "$whole"
# Compressed already; where they are unpacked to is read as it is, too.
cp "$release/share/man1"/* "$whole/man/man1"
gzip -dc "$release/share/THIRD-PARTY.gz" >"$whole/THIRD-PARTY"
chmod -R u=rwX,go=rX "$whole"
chmod 755 "$whole/rdsconnect"

# One time, one owner and one order for all that is in it.
time=$(package_time)
if is_macos; then stamp=$(date -r "$time" +%Y%m%d%H%M.%S); else stamp=$(date -d "@$time" +%Y%m%d%H%M.%S); fi
find "$whole" -exec touch -h -t "$stamp" {} +
if tar --version 2>/dev/null | grep GNU >/dev/null; then
    owner=(--owner=0 --group=0 --numeric-owner --format=ustar --no-recursion)
else
    owner=(--uid 0 --gid 0 --uname '' --gname '' --format ustar -n)
fi
(cd "$work" && find "$name" | sort >list && tar -cf "$work/archive.tar" "${owner[@]}" -T list)
gzip -9n <"$work/archive.tar" >"$out/$name.tar.gz"
cd "$out"
if command -v sha256sum >/dev/null; then sha256sum "$name.tar.gz"; else shasum -a 256 "$name.tar.gz"; fi >"$name.tar.gz.sha256"
say "$out/$name.tar.gz"
