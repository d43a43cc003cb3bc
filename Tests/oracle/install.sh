#!/bin/sh
# Makes .oracle at the package root with the pinned solvers; does nothing when that has been done.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
wanted="$root/Tests/oracle/requirements.txt"
installed="$root/.oracle/installed.txt"

if [ -x "$root/.oracle/bin/python" ] && cmp -s "$wanted" "$installed"; then
  exit 0
fi

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  echo "install.sh: Python's venv module is missing: apt-get install python3-venv" >&2
  exit 1
fi
# An environment that was begun and not finished is made anew.
python3 -m venv --clear "$root/.oracle"
"$root/.oracle/bin/python" -m pip install --quiet --disable-pip-version-check \
  --requirement "$wanted"
cp "$wanted" "$installed"
