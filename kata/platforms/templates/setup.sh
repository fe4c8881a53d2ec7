#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: a Python with what the judge needs, and a test of it.
#   AUTOGRADER_ROOT    where Gradescope lays everything out (default /autograder)
#   AUTOGRADER_PYTHON  a Python 3.11 to 3.13 that has the packages of requirements.txt: then nothing is installed
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
source="$root/source"
python="${AUTOGRADER_PYTHON:-}"

if [ -z "$python" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update --quiet
  base=
  for version in 3.12 3.13 3.11; do
    if apt-get install --yes --quiet --no-install-recommends "python$version" "python$version-venv"; then
      base="/usr/bin/python$version" # not some other one that comes first on the PATH
      break
    fi
  done
  if [ -z "$base" ]; then
    echo "kata: this image has no Python 3.11 to 3.13: choose a newer base image, Ubuntu 24.04 say." >&2
    exit 1
  fi
  "$base" -m venv "$root/venv"
  python="$root/venv/bin/python"
  "$python" -m pip install --quiet --disable-pip-version-check \
    --requirement "$source/requirements.txt" --constraint "$source/constraints.txt"
fi

printf '%s\n' "$python" > "$source/python"
chmod -R go= "$source" # suites and solutions are root's alone
PYTHONPATH="$source" "$python" -P -m kata.platforms.container "$root" --check
