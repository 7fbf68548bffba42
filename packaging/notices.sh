#!/usr/bin/env bash
# notices.sh [TARGET] : prints the licences of the crates that are compiled into the program, with the notices that they
# ask to be kept: packages carry them. TARGET is a Rust target triple; without it, this machine's.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

cd "$ROOT"
export LC_ALL=C
target=${1:-$(rustc -vV | sed -n 's/^host: //p')}
work=$(mktemp -d "${TMPDIR:-/tmp}/rdsconnect-notices.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Where the source of every crate lies, and which of them become a part of the program.
cargo metadata --locked --format-version 1 --filter-platform "$target" |
    grep -o '"manifest_path":"[^"]*"' | sed 's/^"manifest_path":"//; s/\/Cargo\.toml"$//' >"$work/sources"
cargo tree --locked --edges normal,no-proc-macro --target "$target" --prefix none --format '{p}|{l}' |
    sed -n 's/^\([^ ]*\) v\([^ |]*\)[^|]*|\(.*\)$/\1-\2|\3/p' | sed 's/ (\*)$//' | sort -u | grep -v '^rdsconnect-' >"$work/crates"

# The texts of a crate. Of two that leave the choice, the shorter one is enough.
texts_of() {
    local directory=$1 licence=$2 file name
    for file in "$directory"/*; do
        name=$(basename "$file" | tr '[:lower:]' '[:upper:]')
        case $name in LICENSE* | LICENCE* | COPYING* | COPYRIGHT* | NOTICE*) ;; *) continue ;; esac
        [ -f "$file" ] || continue
        case $name in *APACHE* | *BOOST* | *LLVM*)
            case $licence in *AND*) ;; *) if ls "$directory"/*MIT* >/dev/null 2>&1; then continue; fi ;; esac
            ;;
        esac
        say "$file"
    done
}

# One copy of each text, in the order of the first crate that has it.
mkdir "$work/texts"
number=0
while IFS='|' read -r crate licence; do
    source=$(grep "/$crate\$" "$work/sources" | head -n 1) || die "the source of $crate is not where cargo metadata says"
    printf '  %s: %s\n' "$crate" "$licence" >>"$work/list"
    texts_of "$source" "$licence" >"$work/files"
    while read -r file; do
        sum=$(tr -d '\r' <"$file" | cksum | tr ' ' -)
        if ! [ -e "$work/texts/$sum" ]; then
            number=$((number + 1))
            tr -d '\r' <"$file" >"$work/texts/$sum"
            say "$sum" >>"$work/order"
        fi
        say "$crate ($(basename "$file"))" >>"$work/texts/$sum.crates"
    done <"$work/files"
done <"$work/crates"
[ "$number" -gt 10 ] || die "no licence texts were found"

say 'rdsconnect contains these, under the licences given. The texts of the crates follow.'
say
say '  the Rust standard library: MIT OR Apache-2.0'
cat "$work/list"
while read -r sum; do
    printf '\n%s\n' '--------------------------------------------------------------------------------'
    sed 's/^/  /' "$work/texts/$sum.crates"
    say
    cat "$work/texts/$sum"
done <"$work/order"
