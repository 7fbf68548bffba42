#!/usr/bin/env bash
# deb.sh : builds the Debian package for this machine's release and architecture, and prints where it is.
#
# DEBFULLNAME and DEBEMAIL name the maintainer. What goes in is said in Cargo.toml, [package.metadata.deb].
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# Other hands than root's may have a stricter one, and packages keep modes of directories.
umask 022
cd "$ROOT"
target=$(target_dir)
"$PACKAGING/tools.sh" cargo-deb >&2
"$PACKAGING/build.sh" >&2
# Not before: crates with C in them would be compiled anew for it.
SOURCE_DATE_EPOCH=$(package_time)
export SOURCE_DATE_EPOCH

maintainer=$(sed -n '/^\[package.metadata.deb\]/,/^\[/s/^maintainer = "\(.*\)"/\1/p' Cargo.toml)
[ -z "${DEBEMAIL:-}" ] || maintainer="${DEBFULLNAME:-The rdsconnect authors} <$DEBEMAIL>"
{
    printf 'rdsconnect (%s-1) unstable; urgency=medium\n\n' "$(version)"
    printf '  * Version %s; what is new in it says changelog.gz.\n\n' "$(version)"
    printf ' -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n >"$target/release/share/changelog.Debian.gz"

PATH=$target/tools/bin:$PATH cargo-deb --no-build --no-strip --locked --quiet --maintainer "$maintainer" >/dev/null
say "$target/debian/rdsconnect_$(version)-1_$(dpkg --print-architecture).deb"
