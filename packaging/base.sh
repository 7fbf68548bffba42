#!/usr/bin/env bash
# base.sh TAR : makes a bare Debian (or Ubuntu, where this is one) of this machine's release: what every installation
# has and nothing else. In apt's cache lie the packages that rdsconnect's own recommends, so that nothing has to be
# fetched later. Needs mmdebstrap, and root.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

tar=${1:?base.sh: TAR is missing}
# What is recommended, the first of each choice, and the frame that loads bash's completions.
later="$(sed -n 's/^recommends = "\(.*\)"$/\1/p' "$ROOT/Cargo.toml" | sed 's/ *|[^,]*//g; s/,/ /g') bash-completion"
suite=$(os_release VERSION_CODENAME)
case $(os_release ID) in ubuntu) components=main,universe ;; *) components=main ;; esac

# The archive that this machine's own sources name; the usual one when that does not work.
own_mirror() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Identifier: Packages' 2>/dev/null |
        awk -v suite="$suite" '$2 == suite && $3 == "main" && $1 ~ /^https?:/ { print $1; exit }'
}

make_base() {
    # shellcheck disable=SC2016
    mmdebstrap --quiet --format=tar --variant=minbase --components="$components" --aptopt='Acquire::Retries "5"' --aptopt='Acquire::Languages "none"' \
        --skip=cleanup/apt \
        --customize-hook="chroot \"\$1\" apt-get -q -y --no-install-recommends --download-only install $later >\"\$1/tmp/apt.log\"" \
        --customize-hook='rm "$1/tmp/apt.log"' "$suite" "$tar.new" "$@"
}

rm -f "$tar.new"
mirror=$(own_mirror)
make_base ${mirror:+"$mirror"} || { [ -n "$mirror" ] && make_base; } || die "no bare system could be made (mmdebstrap's own message is above)"
chmod 644 "$tar.new"
mv "$tar.new" "$tar"
