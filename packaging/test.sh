#!/usr/bin/env bash
# test.sh : builds the Debian package and the archive, and tries both in a bare Debian of this machine's release, as
# bare.sh says. The bare system is kept below target/base, and unpacked anew each time.
#
# Needs root for the other root directory, or sudo. What happens there has mounts, processes and no network of its own
# where the machine allows it, so that nothing is left behind however this ends.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# In CI, what could not be tried has failed.
not_run() {
    warn "not run: the packages were not tried: $*"
    if in_ci; then exit 1; fi
    exit 0
}

has_apt || not_run 'this is neither Debian nor Ubuntu'
if [ "$(id -u)" = 0 ]; then root=()
elif command -v sudo >/dev/null && has_terminal; then root=(sudo)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then root=(sudo -n)
else not_run 'it takes root, and sudo cannot be used'; fi
command -v mmdebstrap >/dev/null || not_run 'mmdebstrap is not installed (make setup)'

cd "$ROOT"
package=$("$PACKAGING/deb.sh" | tail -n 1)
archive=$("$PACKAGING/archive.sh" | tail -n 1)
"$PACKAGING/try-archive.sh" "$archive"

bases=$(target_dir)/base
# Made anew when another is wanted.
edition=$({ cat "$PACKAGING/base.sh" && grep '^recommends = ' Cargo.toml; } | cksum | cut -d ' ' -f 1)
base=$bases/$(os_release VERSION_CODENAME)-$(dpkg --print-architecture)-$edition.tar
if ! [ -e "$base" ]; then
    "${root[@]}" rm -rf "$bases"
    mkdir -p "$bases"
    say "+ packaging/base.sh $base"
    "${root[@]}" "$PACKAGING/base.sh" "$base"
fi

work=$bases/run.$$
trap '"${root[@]}" rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
mkdir "$work"
"${root[@]}" tar -xf "$base" -C "$work" --numeric-owner
"${root[@]}" cp "$package" "$work/tmp/rdsconnect.deb"
"${root[@]}" cp "$archive" "$work/tmp/archive.tar.gz"
"${root[@]}" cp "$PACKAGING/bare.sh" "$work/tmp/bare.sh"
"${root[@]}" chmod -R a+rX "$work/tmp"

enter=(chroot "$work" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin bash /tmp/bare.sh "$(version)")
apart=(unshare --mount --propagation private --net --pid --fork --kill-child)
if "${root[@]}" "${apart[@]}" "--mount-proc=$work/proc" true 2>/dev/null; then
    "${root[@]}" "${apart[@]}" "--mount-proc=$work/proc" "${enter[@]}"
else
    warn 'This machine allows no mounts; going on without /proc.'
    "${root[@]}" "${enter[@]}"
fi
say "The packages work: $package, $archive"
