#!/usr/bin/env bash
# rpm.sh : builds an RPM package for this machine's architecture, and prints where it is. What goes in is said in
# Cargo.toml, [package.metadata.generate-rpm]. It asks for the C library that the program was linked with, so build it on
# the oldest release that it is for.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

umask 022
cd "$ROOT"
target=$(target_dir)
"$PACKAGING/tools.sh" cargo-generate-rpm >&2
"$PACKAGING/build.sh" >&2
# Not before: crates with C in them would be compiled anew for it.
SOURCE_DATE_EPOCH=$(package_time)
export SOURCE_DATE_EPOCH
out=$target/generate-rpm/rdsconnect-$(version)-1.$(uname -m).rpm
PATH=$target/tools/bin:$PATH cargo-generate-rpm generate-rpm --target-dir "$target" --output "$out" >&2
say "$out"
