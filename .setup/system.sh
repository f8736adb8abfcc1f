#!/bin/sh
# Makes sure that the tests find a browser, a PostgreSQL server and Pango (which sets PDFs): the system's, else installed
# by apt when root on Debian, else a sentence saying what to install.
set -eu

has_browser() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    return 1
}

has_postgresql() {
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        if [ -x "$initdb" ]; then return 0; fi
    done
    command -v initdb >/dev/null 2>&1
}

has_pango() {
    ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0\.so' && ldconfig -p | grep -q 'libharfbuzz-subset\.so'
}

missing=""
has_browser || missing="$missing chromium fonts-dejavu-core"
has_postgresql || missing="$missing postgresql"
has_pango || missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
# PostgreSQL refuses to run as root: setpriv starts it as somebody else.
if [ "$(id -u)" = 0 ] && ! command -v setpriv >/dev/null 2>&1; then missing="$missing util-linux"; fi
if [ -z "$missing" ]; then exit 0; fi

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing" >&2
    apt-get update -qq >&2
    # The packages are words of their own.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >&2
    if has_browser && has_postgresql && has_pango; then exit 0; fi
fi
echo "The tests need Chromium, PostgreSQL 15 or newer, and Pango: install$missing with your system's package manager." >&2
exit 1
