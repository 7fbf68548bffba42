#!/usr/bin/env bash
# tools.sh [--missing] NAME... : compiles cargo's packagers and checkers into target/tools, in the versions below.
#
#   --missing   prints the names that are not there yet and compiles nothing
#
# One that is on PATH in the very same version counts. What is complete is left alone.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

version_of() {
    case $1 in
        cargo-deb) say 3.8.0 ;;
        cargo-deny) say 0.20.2 ;;
        cargo-generate-rpm) say 0.21.1 ;;
        *) die "tools.sh: unknown tool \`$1\`" ;;
    esac
}

missing=
if [ "${1:-}" = --missing ]; then
    missing=yes
    shift
fi
[ $# -gt 0 ] || die "usage: tools.sh [--missing] NAME..."
tools=$(target_dir)/tools
PATH=$tools/bin:$PATH

for name in "$@"; do
    version=$(version_of "$name")
    case " $("$name" --version 2>/dev/null </dev/null || true) " in *" $version "*) continue ;; esac
    if [ -n "$missing" ]; then
        say "$name"
        continue
    fi
    say "+ cargo install --locked $name --version $version --root $tools"
    # Its build has a place of its own, which is of no use afterwards.
    cargo install --quiet --locked --force "$name" --version "$version" --root "$tools" --target-dir "$tools/build"
    rm -rf "$tools/build"
done
