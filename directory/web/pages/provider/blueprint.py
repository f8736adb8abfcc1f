"""The provider's pages have one blueprint: own units, who is reminded of them, and the poster."""

from typing import Any

from flask import Blueprint

from directory.common.errors import NotFoundError

blueprint = Blueprint("provider", __name__, url_prefix="/provider")


@blueprint.url_value_preprocessor
def refuse_unreadable(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Nothing has an id with control characters in it, and not every database can even be asked."""
    if any(not str(value).isprintable() for value in (values or {}).values()):
        raise NotFoundError("There is no such page.")
