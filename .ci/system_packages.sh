#!/usr/bin/env bash
# Installs what pip cannot: .ci/system_packages.sh GROUP, where GROUP is browser, messages,
# test or venv. Looks first, and uses apt only for what is missing. Where it cannot install,
# it says what to install by hand and goes on: tests that need it are skipped, each with its reason.
set -euo pipefail

missing=()

# need PACKAGE WHY COMMAND…: wants PACKAGE unless one of the commands is there.
need() {
    local package=$1 why=$2 command
    shift 2
    for command in "$@"; do
        if command -v "$command" >/dev/null; then return; fi
    done
    missing+=("$package|$why")
}

browser() {
    need chromium "browser tests and screenshots" chromium chromium-browser google-chrome
    need fontconfig "finding fonts" fc-list
    need_font fonts-dejavu-core "the cards for sharing" "DejaVu Sans"
    need_font fonts-noto-core "names in Arabic, Hebrew or Devanagari in PDFs and pictures" "Noto Sans Arabic"
    need_font fonts-noto-cjk "names in Chinese, Japanese or Korean in PDFs and pictures" "Noto Sans CJK JP"
}

# need_font PACKAGE WHY FAMILY
need_font() {
    if command -v fc-list >/dev/null && [[ -n $(fc-list "$3") ]]; then return; fi
    missing+=("$1|$2")
}

messages() {
    need gettext "the translation catalogues" msgfmt
}

machines() {
    need nginx-light "the page behind a caching proxy" nginx /usr/sbin/nginx
    need redis-server "the settings in deploy/" redis-server
    need postgresql "the settings in deploy/" postgres /usr/lib/postgresql/*/bin/postgres
}

spreadsheets() {
    need libreoffice-calc-nogui "opening exported files in a real spreadsheet" soffice libreoffice
}

venv() {
    if "${BASE_PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null; then return; fi
    missing+=("python3-venv|the Python environment")
}

case "${1:-}" in
    browser) browser ;;
    messages) messages ;;
    test) browser; messages; spreadsheets; machines ;;
    venv) venv ;;
    *) echo "usage: $0 browser|messages|test|venv" >&2; exit 2 ;;
esac
if ((${#missing[@]} == 0)); then exit 0; fi

as_root=()
# -n: never ask for a password, since this also runs unattended.
if ((EUID != 0)); then as_root=(sudo -n); fi

left=()
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
    "${as_root[@]}" apt-get update -qq </dev/null || true
    # One by one, so that a package this system lacks does not hold up the others.
    for entry in "${missing[@]}"; do
        echo "Installing ${entry%%|*}"
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq --yes \
            --no-install-recommends "${entry%%|*}" </dev/null >/dev/null || left+=("$entry")
    done
else
    left=("${missing[@]}")
fi

if ((${#left[@]})); then
    echo "Could not install these; install them by hand to run everything:" >&2
    for entry in "${left[@]}"; do
        printf '  %-24s %s\n' "${entry%%|*}" "${entry#*|}" >&2
    done
fi
