#!/usr/bin/env bash
# python.sh [--check] DIR : makes a virtual environment in DIR with the AWS CLI, moto (an AWS that answers from memory),
# and the database clients that are written in Python.
#   --check   only tells, by its status, whether DIR is as it should be
#
# moto's STS needs its web server (flask) but not the rest of its extra `server`, which is larger than everything else.
set -euo pipefail

WANTED='awscli==1.46.3 moto==5.2.5 flask==3.1.3 flask-cors==6.0.5 pgcli==4.7.1 mycli==2.30.1'

check=
if [ "${1:-}" = --check ]; then
    check=yes
    shift
fi
dir=${1:?python.sh: DIR is missing}
stamp=$dir/rdsconnect-setup

# The last thing written, so that half an environment does not count; the interpreter may have gone since.
if [ "$(cat "$stamp" 2>/dev/null)" = "$WANTED" ] && "$dir/bin/python" -c '' 2>/dev/null; then exit 0; fi
[ -z "$check" ] || exit 1

printf '%s\n' "+ python3 -m venv $dir; pip install $WANTED"
rm -rf "$dir"
mkdir -p "$(dirname "$dir")"
python3 -m venv "$dir"
# shellcheck disable=SC2086
"$dir/bin/pip" install --quiet --disable-pip-version-check --no-input --retries 5 $WANTED
printf '%s\n' "$WANTED" >"$stamp"
