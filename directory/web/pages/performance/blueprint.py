"""The pages of performance have one blueprint; only what carries a sheet may be larger than other requests."""

from typing import Any

from flask import Blueprint, request

MOST_BYTES = 2 * 1024 * 1024
"""The largest sheet. Thousands of services with twenty measures fit into it."""
_AROUND = 64 * 1024
# A sheet that has been checked comes back as text, which is by a third longer, once more for its seal.
_CARRIED = MOST_BYTES * 2

blueprint = Blueprint("performance", __name__, url_prefix="/performance")


@blueprint.url_value_preprocessor
def allow_a_file(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let an upload, and the sheet that a confirmation carries, be as large as they may be.

    This happens before anything reads the request; what reads it first is the check of the form's token, which comes
    after the check of who is asking. So nobody else can send us as much.
    """
    if endpoint == "performance.check":
        request.max_content_length = MOST_BYTES + _AROUND
    elif endpoint == "performance.confirm":
        request.max_content_length = request.max_form_memory_size = _CARRIED + _AROUND
