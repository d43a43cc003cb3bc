#!/bin/sh
# Makes .sumo at the package root with SUMO and its Python side; does nothing when that has been done.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
wanted="$root/simulations/sumo/requirements.txt"
installed="$root/.sumo/installed.txt"

if [ -x "$root/.sumo/bin/python" ] && cmp -s "$wanted" "$installed"; then
  exit 0
fi

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  echo "install.sh: Python's venv module is missing: apt-get install python3-venv" >&2
  exit 1
fi
# An environment that was begun and not finished is made anew.
python3 -m venv --clear "$root/.sumo"
"$root/.sumo/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"
cp "$wanted" "$installed"
