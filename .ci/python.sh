#!/usr/bin/env bash
# Prints the first Python found of these versions, newest wish first: .ci/python.sh 3.13 3.12
# Looks where one calls it by its name, and among those that pyenv keeps. Prints nothing if none
# is there.
set -euo pipefail

for version in "$@"; do
    for python in "python$version" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
        # pyenv has commands for versions that are not switched on, which only complain.
        if "$python" -c 'import ensurepip, sqlite3, venv' 2>/dev/null; then
            echo "$python"
            exit
        fi
    done
done
