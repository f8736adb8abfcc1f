"""The style sheet of the pages behind a link, which come without the large one that all other pages share."""

import gzip
import hashlib

from flask import current_app, url_for
from flask.blueprints import BlueprintSetupState

from directory.paths import STATIC
from directory.web.assets import Asset

NAME = "one-tap.css"
_FILE = STATIC / "one-tap" / NAME


def serve_style(state: BlueprintSetupState) -> None:
    """Have the style sheet served beside the other assets. It is written as it is served, so nothing builds it."""
    content = _FILE.read_bytes()
    state.app.extensions["assets"][NAME] = Asset(
        content=content,
        compressed=gzip.compress(content, mtime=0),
        mimetype="text/css",
        digest=hashlib.sha256(content).hexdigest()[:16],
    )


def style_url() -> str:
    """Where it is served; another address as soon as its content is another."""
    assets: dict[str, Asset] = current_app.extensions["assets"]
    return url_for("asset", digest=assets[NAME].digest, name=NAME)
