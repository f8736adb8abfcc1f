#!/bin/sh
# Makes .venv with the locked packages: `environment.sh run` for what the product needs, `environment.sh test` for the
# tests' packages too. Does nothing, and asks the network nothing, when the lock files are those of the last time.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
kind=${1:?run or test}
cd "$root"
venv="$root/.venv"

# The folder's own path counts: programs in a virtual environment name it, so a copied one is made anew.
inputs_of() { printf '%s\n' "$root" && cksum pyproject.toml .setup/environment.sh "$@"; }
run_inputs=$(inputs_of .setup/requirements.txt)
test_inputs=$(inputs_of .setup/requirements.txt .setup/requirements-dev.txt)
is_done() { [ -x "$venv/bin/python" ] && [ "$(cat "$venv/installed-for-$1" 2>/dev/null)" = "$2" ]; }

if [ "$kind" = run ] && is_done run "$run_inputs"; then exit 0; fi
if [ "$kind" = test ] && is_done run "$run_inputs" && is_done test "$test_inputs"; then exit 0; fi

suits='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'
find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if "$candidate" -c "$suits" >/dev/null 2>&1; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    return 1
}

if ! python=$(find_python); then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing python3-venv" >&2
        apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3 python3-venv >&2 || true
    fi
    if ! python=$(find_python); then
        echo "This needs Python 3.11 or newer with its venv module: install it, or name one with PYTHON=/path/to/python3." >&2
        exit 1
    fi
fi

if [ -d "$venv" ] && ! "$venv/bin/python" -c "$suits" >/dev/null 2>&1; then rm -rf "$venv"; fi
if [ -f "$venv/made-at" ] && [ "$(cat "$venv/made-at")" != "$root" ]; then rm -rf "$venv"; fi
if [ ! -x "$venv/bin/pip" ]; then
    echo "Making .venv with $python" >&2
    "$python" -m venv "$venv"
    printf '%s\n' "$root" >"$venv/made-at"
fi

install() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-warn-script-location "$@"; }
rm -f "$venv/installed-for-run" "$venv/installed-for-test"
if [ "$kind" = test ]; then
    echo "Installing the packages of the product and its tests" >&2
    install --require-hashes -r .setup/requirements-dev.txt
else
    echo "Installing the packages of the product" >&2
    install --require-hashes -r .setup/requirements.txt
fi
install --no-deps --no-build-isolation --editable .
printf '%s\n' "$run_inputs" >"$venv/installed-for-run"
if [ "$kind" = test ]; then printf '%s\n' "$test_inputs" >"$venv/installed-for-test"; fi
