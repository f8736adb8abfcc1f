"""Our own API, version 1. There is no GET for a search, so that no need ever stands in an address."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, jsonify

from directory.accounts.permissions import Scope
from directory.api.access import moment, public, requires_scope
from directory.api.answers import flat, match_body
from directory.api.bodies import json_object
from directory.api.openapi import description
from directory.api.problems import ApiError
from directory.capacity.board import count_spaces
from directory.common.errors import InvalidInputError
from directory.extensions import current_session
from directory.insight.unmet import UnmetNeeds
from directory.places.lookup import all_boroughs
from directory.search.criteria import Criteria
from directory.search.questions import read_question
from directory.search.service import Answer, search

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.post("/v1/search")
@requires_scope(Scope.SEARCH)
def run_search() -> Response:
    """Who can help, by the names of the search form."""
    session = current_session()
    try:
        criteria = read_question(session, json_object())
    except InvalidInputError as error:
        raise ApiError(422, problems=error.problems) from error
    answer = search(session, criteria, moment())
    response = jsonify(_answer(answer))
    if criteria.paging.page == 1:
        response.call_on_close(_counting(criteria, found_nothing=not answer.total))
    return response


@blueprint.get("/v1/availability")
@requires_scope(Scope.AVAILABILITY)
def availability() -> Response:
    """How many spaces there are now, by borough and by service."""
    session = current_session()
    names = {borough.code: borough.name for borough in all_boroughs(session)}
    asked = moment()
    counts = count_spaces(session, asked)
    return jsonify(
        {
            "as_of": asked.now.isoformat(),
            "total": flat(counts.total),
            "boroughs": [
                {"code": code, "name": names[code], **flat(tally)} for code, tally in sorted(counts.by_borough.items())
            ],
            "services": [
                {"id": service.id, "name": service.name, **flat(service.tally)} for service in counts.by_service
            ],
        }
    )


@blueprint.get("/openapi.json")
@public
def openapi() -> Response:
    """This API's description (OpenAPI 3.1)."""
    return jsonify(description())


def _counting(criteria: Criteria, *, found_nothing: bool) -> Callable[[], None]:
    """What counts the search once its answer has gone, coarsely and without whoever asked; it never fails."""
    unmet: UnmetNeeds = current_app.extensions["unmet_needs"]
    new_session = current_app.extensions["database"].new_session
    if found_nothing:
        return partial(unmet.note, new_session, criteria, moment().now)
    return partial(unmet.write_due, new_session, moment().now)


def _answer(answer: Answer) -> dict[str, Any]:
    place = answer.place
    return {
        "total": answer.total,
        "page": answer.paging.page,
        "per_page": answer.paging.per_page,
        "place": {"name": place.name, "kind": place.kind, "borough_codes": list(place.borough_codes)}
        if place
        else None,
        "results": [match_body(match) for match in answer.results],
        "conditional": [match_body(match) for match in answer.conditional],
        "near_misses": [match_body(match) for match in answer.near_misses],
    }
