"""The pages of bulk work have one blueprint; only an upload may be larger than other requests."""

from typing import Any

from flask import Blueprint, request

from directory.editing.bulk.sheet import MAX_BYTES

UPLOAD = "bulk.upload"
# The form around the file.
_AROUND = 64 * 1024

blueprint = Blueprint("bulk", __name__, url_prefix="/manage")


@blueprint.url_value_preprocessor
def allow_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let an upload be as large as a file may be.

    This happens before anything reads the request; what reads it first is the check of the form's token, which comes
    after the check of who is asking. So nobody else can send us as much.
    """
    if endpoint == UPLOAD:
        request.max_content_length = MAX_BYTES + _AROUND
