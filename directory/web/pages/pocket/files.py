"""The style sheet and the script of the pocket page, and its worker: the page brings nothing that all others share."""

import gzip
import hashlib

from flask import current_app, url_for
from flask.blueprints import BlueprintSetupState

from directory.paths import STATIC
from directory.web.assets import Asset

STYLE, SCRIPT = "pocket.css", "pocket.js"
WORKER = STATIC / "pocket" / "worker.js"
_TYPES = {STYLE: "text/css", SCRIPT: "text/javascript"}


def serve_files(state: BlueprintSetupState) -> None:
    """Have them served beside the other assets. They are written as they are served, so nothing builds them."""
    for name, mimetype in _TYPES.items():
        content = (STATIC / "pocket" / name).read_bytes()
        state.app.extensions["assets"][name] = Asset(
            content=content,
            compressed=gzip.compress(content, mtime=0),
            mimetype=mimetype,
            digest=hashlib.sha256(content).hexdigest()[:16],
        )


def file_url(name: str) -> str:
    """Where it is served; another address as soon as its content is another."""
    assets: dict[str, Asset] = current_app.extensions["assets"]
    return url_for("asset", digest=assets[name].digest, name=name)
