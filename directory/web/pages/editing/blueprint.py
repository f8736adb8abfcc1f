"""The pages on which listings are kept have one blueprint: proposing, correcting, versions and status."""

from typing import Any

from flask import Blueprint

from directory.common.errors import NotFoundError

blueprint = Blueprint("editing", __name__)


@blueprint.url_value_preprocessor
def refuse_unreadable(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Nothing has an id with control characters in it, and not every database can even be asked."""
    if any(not str(value).isprintable() for value in (values or {}).values()):
        raise NotFoundError("There is no such page.")
