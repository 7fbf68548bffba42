# shellcheck shell=bash
# Shared by the scripts in this directory: messages and where things are. To be sourced. Plain bash 3.2, which is what
# macOS has.

# shellcheck source-path=SCRIPTDIR source=../tests/setup/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tests/setup/common.sh"
# shellcheck disable=SC2034
PACKAGING=$ROOT/packaging

version() { sed -n 's/^version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml" | head -n 1; }

# Where cargo puts what it builds, whatever decides it.
target_dir() {
    cargo metadata --manifest-path "$ROOT/Cargo.toml" --locked --no-deps --format-version 1 |
        sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

# The time that goes into packages, so that the same program gives the same package: of the last commit.
package_time() {
    local time=${SOURCE_DATE_EPOCH:-}
    [ -n "$time" ] || time=$(git -C "$ROOT" log -1 --format=%ct 2>/dev/null) || time=
    # From an archive of the sources.
    [ -n "$time" ] || time=$(date -r "$ROOT/CHANGELOG.md" +%s)
    say "$time"
}
