#!/usr/bin/env bash
# try-archive.sh ARCHIVE : unpacks an archive that archive.sh made for this machine, and runs what is in it: version,
# profiles, a token. Nothing is asked of any network.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

archive=${1:?try-archive.sh: ARCHIVE is missing}
if command -v sha256sum >/dev/null; then check=(sha256sum --check); else check=(shasum -a 256 --check); fi
(cd "$(dirname "$archive")" && "${check[@]}" "$(basename "$archive").sha256" >/dev/null) || die "the checksum of $archive is another"

work=$(mktemp -d "${TMPDIR:-/tmp}/rdsconnect-try.XXXXXX")
trap 'rm -rf "$work"' EXIT
tar -xzf "$archive" -C "$work"
directory=$work/$(basename "$archive" .tar.gz)
for file in README.md LICENSE-MIT LICENSE-APACHE THIRD-PARTY config.example.toml docs/security.md man/man1/rdsconnect.1.gz \
    completions/rdsconnect.bash completions/_rdsconnect completions/rdsconnect.fish completions/rdsconnect.ps1; do
    [ -s "$directory/$file" ] || die "the archive has no $file"
done

chmod 600 "$directory/config.example.toml"
rdsconnect() {
    env -i PATH=/usr/bin:/bin HOME="$work" RDSCONNECT_CONFIG="$directory/config.example.toml" AWS_EC2_METADATA_DISABLED=true \
        AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY \
        "$directory/rdsconnect" "$@"
}
[ "$(rdsconnect --version)" = "rdsconnect $(version)" ] || die "the program says it is $(rdsconnect --version)"
rdsconnect list | grep orders >/dev/null || die "the program does not list the example's profiles"
rdsconnect token orders | grep 'X-Amz-Signature=' >/dev/null || die "the program makes no token"
