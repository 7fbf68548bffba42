#!/usr/bin/env bash
# release-check.sh TAG : refuses a tag that is not `v` and the version in Cargo.toml, and a version that the changelog
# does not describe under a date. Prints what the changelog says of it, for the release's page.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

tag=${1:?release-check.sh: TAG is missing}
version=$(version)
[ "$tag" = "v$version" ] || die "the tag is $tag, and Cargo.toml has version $version"
grep -E "^## \[$version\] - [0-9]{4}-[0-9]{2}-[0-9]{2}\$" "$ROOT/CHANGELOG.md" >/dev/null ||
    die "CHANGELOG.md has no line \`## [$version] - YEAR-MONTH-DAY\`"
notes=$(awk -v heading="## [$version] - " 'index($0, heading) == 1 { on = 1; next } /^## / { on = 0 } on' "$ROOT/CHANGELOG.md" | sed '/./,$!d')
[ -n "$notes" ] || die "CHANGELOG.md says nothing of version $version"
say "$notes"
