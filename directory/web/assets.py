"""The style sheet, the script and the icons. Their address holds a digest of what is in them, so browsers keep them."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, url_for

from directory.common.errors import DomainError
from directory.paths import STATIC
from directory.web.access import public

# Nothing else in the folder is served.
FILES = {
    "app.css": STATIC / "built" / "app.css",
    "app.js": STATIC / "built" / "app.js",
    "favicon.svg": STATIC / "icons" / "favicon.svg",
    "manifest.json": STATIC / "icons" / "manifest.json",
}
_FOR_A_YEAR = "public, max-age=31536000, immutable"


class AssetsMissingError(DomainError):
    """The style sheet or the script has not been built, so the application does not start."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served: its bytes, the same compressed (empty: as they are), its type and its digest."""

    content: bytes
    compressed: bytes
    mimetype: str
    digest: str


def init_assets(app: Flask) -> None:
    """Read the files once and serve them.

    Raises AssetsMissingError, saying what to do, when they have not been built.
    """
    missing = [path.name for path in FILES.values() if not path.exists()]
    if missing:
        raise AssetsMissingError(f"{' and '.join(missing)} cannot be found: run `make assets`.")
    app.extensions["assets"] = {name: _read(path) for name, path in FILES.items()}
    app.add_url_rule("/static/<digest>/<name>", "asset", _serve, methods=["GET"])


def asset_url(name: str) -> str:
    """Where `name` (a key of FILES) is served; another address as soon as its content is another."""
    assets: dict[str, Asset] = current_app.extensions["assets"]
    return url_for("asset", digest=assets[name].digest, name=name)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    packed = path.with_name(path.name + ".gz")
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(
        content=content,
        compressed=packed.read_bytes() if packed.exists() else b"",
        mimetype="text/javascript" if path.suffix == ".js" else mimetype,
        digest=hashlib.sha256(content).hexdigest()[:16],
    )


@public
def _serve(digest: str, name: str) -> Response:
    assets: dict[str, Asset] = current_app.extensions["assets"]
    asset = assets.get(name)
    if asset is None:
        abort(404)
    packed = asset.compressed and request.accept_encodings["gzip"] > 0
    response = Response(asset.compressed if packed else asset.content, mimetype=asset.mimetype)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    # A page from before an upgrade asks for the old digest. It gets the new file, but no browser shall keep it as old.
    response.headers["Cache-Control"] = _FOR_A_YEAR if digest == asset.digest else "no-store"
    return response
