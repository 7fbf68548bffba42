#!/usr/bin/env bash
# build.sh [TARGET] : builds the program as it is released, with what comes out of it beside it: manual pages,
# completions and the licences of what it contains, in `share`. TARGET is a Rust target triple that runs here.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

cd "$ROOT"
release=$(target_dir)/${1:+$1/}release
cargo build --locked --release --bin rdsconnect ${1:+--target "$1"}
"$PACKAGING/generate.sh" "$release/rdsconnect" "$release/share"
# Takes seconds, and is of the crates alone.
notices=$release/share/THIRD-PARTY.gz
if ! [ "$notices" -nt Cargo.lock ] || ! [ "$notices" -nt "$PACKAGING/notices.sh" ]; then
    "$PACKAGING/notices.sh" ${1:+"$1"} | gzip -9n >"$notices.new"
    mv "$notices.new" "$notices"
fi
