#!/usr/bin/env bash
# Runs the suite on other versions than make test: .ci/versions.sh lowest|newest [pytest's arguments]
# Makes .venv-lowest or .venv-newest for it, and makes it anew when a list of dependencies changed.
# Browser and packaging tests are left to make test: they don't differ by version.
set -euo pipefail
cd "$(dirname "$0")/.."

which=$1
shift
venv=.venv-$which
constraints=tests/constraints-$which.txt

case $which in
    lowest) wanted=(3.11) ;;
    newest) wanted=(3.13 3.12) ;;
    *) echo "usage: $0 lowest|newest [argument…]" >&2; exit 2 ;;
esac

if [[ ! $venv/.suite -nt setup.cfg || ! $venv/.suite -nt $constraints ]]; then
    python=$(.ci/python.sh "${wanted[@]}")
    if [[ -z $python ]]; then
        echo "Left out: the suite on the $which versions needs Python ${wanted[*]}, which is not here."
        exit
    fi
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --editable '.[suite]' --constraint "$constraints"
    touch "$venv/.suite"
fi

"$venv/bin/python" -c '
import platform, django, wagtail
print(f"Python {platform.python_version()}, Django {django.__version__}, Wagtail {wagtail.__version__}")'
env -u DATABASE_URL "$venv/bin/python" -m pytest --ignore=tests/browser \
    -m "not browser and not packaging and not benchmarks" "$@"
