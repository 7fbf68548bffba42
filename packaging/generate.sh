#!/usr/bin/env bash
# generate.sh PROGRAM DIRECTORY : what packages carry beside the program and comes out of it: manual pages, compressed,
# and completions. The program has to run on this machine.
#
#   DIRECTORY/man1/*.1.gz
#   DIRECTORY/completions/rdsconnect.bash, _rdsconnect (zsh), rdsconnect.fish, rdsconnect.ps1
#
# The completions ask the program itself, by its name, so they stay right when it is updated.
set -euo pipefail

program=${1:?generate.sh: PROGRAM is missing}
directory=${2:?generate.sh: DIRECTORY is missing}

rm -rf "$directory/man1" "$directory/completions"
mkdir -p "$directory/completions"
"$program" generate man "$directory/man1"
# Without name and time, so that the same page gives the same file.
gzip -9n "$directory"/man1/*.1
for shell in bash:rdsconnect.bash zsh:_rdsconnect fish:rdsconnect.fish powershell:rdsconnect.ps1; do
    "$program" generate completions "${shell%%:*}" >"$directory/completions/${shell#*:}"
done
