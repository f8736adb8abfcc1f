"""Reading a JSON body strictly: what no program should send is refused here, before anything else looks at it."""

import json
from typing import Any, NoReturn

from flask import request

from directory.api.problems import ApiError

LARGEST_BODY = 64 * 1024


def json_object() -> dict[str, Any]:
    """The request's body as an object.

    Raises ApiError 400 when it is not a JSON object in UTF-8 (a name that stands in it twice included), 413 when it is
    larger than 64 KiB.
    """
    sent = request.get_data(cache=False) if (request.content_length or 0) <= LARGEST_BODY else None
    if sent is None or len(sent) > LARGEST_BODY:  # the second, because a body sent in chunks does not say its length
        raise ApiError(413)
    try:
        body = json.loads(sent.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as error:
        raise ApiError(400) from error
    if not isinstance(body, dict):
        raise ApiError(400)
    return body


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        raise ValueError("a name stands twice")
    return dict(pairs)
