#!/usr/bin/env bash
# deny.sh [--if-installed] [advisories] : has cargo-deny check all dependencies against .deny.toml: licences, versions,
# sources, and with `advisories` known faults, for which it fetches a database.
#
#   --if-installed   says so when cargo-deny is not there, in place of compiling it (four minutes on two cores)
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

cd "$ROOT"
if [ "${1:-}" = --if-installed ]; then
    shift
    if [ -n "$("$PACKAGING/tools.sh" --missing cargo-deny)" ]; then
        say 'cargo-deny is not installed (make deny compiles it): licences, versions and sources are left to tests/cli/supply.rs.'
        exit 0
    fi
fi
"$PACKAGING/tools.sh" cargo-deny
PATH=$(target_dir)/tools/bin:$PATH
# A rule that no longer applies is a warning, and has to go.
cargo-deny --locked check --deny warnings bans licenses sources
for which in "$@"; do cargo-deny --locked check "$which"; done
