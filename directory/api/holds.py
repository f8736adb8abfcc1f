"""Holds over the API: a program acts for the person whose token it has, by the same rules."""

import re
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.permissions import Scope
from directory.api.access import actor, hold_terms, moment, requires_scope
from directory.api.answers import match_body
from directory.api.bodies import json_object
from directory.api.hold_description import LONGEST_ID, LONGEST_KEY
from directory.api.problems import ApiError
from directory.capacity.holds.errors import KeyUsedError, SpaceGoneError, TooManyHoldsError
from directory.capacity.holds.making import hold_unit
from directory.capacity.holds.queries import HoldFact, holds_of, read_hold
from directory.capacity.holds.service import extend_hold, release_hold
from directory.common.errors import FieldProblem, InvalidInputError, NotFoundError, RefusedError
from directory.extensions import begin_writing, current_session
from directory.search.alternatives import next_best, service_of_unit
from directory.search.criteria import Criteria
from directory.search.questions import read_question

blueprint = Blueprint("holds_api", __name__, url_prefix="/api/v1/holds")

KEY_HEADER = "Idempotency-Key"
_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
_HOLD_ID = re.compile(r"[a-z0-9]{1,16}")


@blueprint.get("")
@requires_scope(Scope.HOLDS)
def listing() -> Response:
    """One's live holds."""
    now = moment().now
    live = [hold for hold in holds_of(current_session(), _user_id(), now, now) if hold.is_live]
    return jsonify({"holds": [_body(hold) for hold in live]})


@blueprint.post("")
@requires_scope(Scope.HOLDS)
def make() -> ResponseReturnValue:
    """Hold a unit. The same key again is the same hold, whatever it is by then: 200 instead of 201."""
    key = request.headers.get(KEY_HEADER, "")
    if not _KEY.fullmatch(key):
        message = f"Send this header: 1 to {LONGEST_KEY} visible ASCII characters, new for each new hold."
        raise ApiError(422, problems=[FieldProblem(KEY_HEADER, message)])
    unit_id, criteria = _wish(json_object())
    session, asked = current_session(), moment()
    begin_writing(session)
    try:
        hold_id = hold_unit(session, unit_id, actor(), key, asked, hold_terms())
        session.commit()
    except KeyUsedError as error:
        raise ApiError(422, problems=[FieldProblem(KEY_HEADER, str(error))]) from error
    except TooManyHoldsError as error:
        raise ApiError(409, str(error), members={"next_best": []}) from error
    except (SpaceGoneError, NotFoundError) as error:
        session.rollback()
        # Its provider may have closed it since it was shown. Of a unit that never was, this raises NotFoundError again.
        service_of_unit(session, unit_id)
        others = [match_body(match) for match in next_best(session, criteria, unit_id, asked)]
        raise ApiError(409, str(SpaceGoneError()), members={"next_best": others}) from error
    hold = read_hold(session, hold_id, _user_id(), asked.now)
    # A key that was used before finds a hold from before this instant.
    return jsonify(_body(hold)), 201 if hold.held_at == asked.now else 200, {"Location": _address(hold_id)}


@blueprint.get("/<hold_id>")
@requires_scope(Scope.HOLDS)
def hold(hold_id: str) -> Response:
    """One of one's holds, as it is now."""
    return jsonify(_body(_read(hold_id)))


@blueprint.post("/<hold_id>/extend")
@requires_scope(Scope.HOLDS)
def extend(hold_id: str) -> Response:
    """Let a hold begin anew, once."""
    _read(hold_id)
    session = current_session()
    begin_writing(session)
    extend_hold(session, hold_id, actor(), moment(), hold_terms())
    session.commit()
    return jsonify(_body(_read(hold_id)))


@blueprint.delete("/<hold_id>")
@requires_scope(Scope.HOLDS)
def release(hold_id: str) -> ResponseReturnValue:
    """Give the space back. What is over already is not held, which is what was wanted."""
    _read(hold_id)
    session = current_session()
    begin_writing(session)
    release_hold(session, hold_id, actor(), moment().now)
    session.commit()
    response = Response(status=204)
    response.headers["Cache-Control"] = "no-store"
    del response.headers["Content-Type"]
    return response


def _wish(body: dict[str, Any]) -> tuple[str, Criteria | None]:
    """The unit to be held, and what was searched for. Raises ApiError 422 with every field that is wrong."""
    problems = [FieldProblem(name, "is not a field.") for name in sorted(body.keys() - {"unit_id", "search"})]
    unit_id, question = body.get("unit_id"), body.get("search")
    # An id in which something stands that no id can have is the id of no unit: 404, as for any other.
    if not isinstance(unit_id, str) or not 0 < len(unit_id) <= LONGEST_ID:
        problems.append(FieldProblem("unit_id", f"must be text of 1 to {LONGEST_ID} characters."))
    criteria = None
    if question is not None and not isinstance(question, dict):
        problems.append(FieldProblem("search", "must be an object."))
    elif question is not None:
        try:
            criteria = read_question(current_session(), question)
        except InvalidInputError as error:
            problems += [FieldProblem(f"search.{one.field}", one.message, one.allowed) for one in error.problems]
    if problems or not isinstance(unit_id, str):
        raise ApiError(422, problems=problems)
    if not unit_id.isprintable() or not unit_id.isascii():
        raise NotFoundError("There is no such space.")
    return unit_id, criteria


def _read(hold_id: str) -> HoldFact:
    if not _HOLD_ID.fullmatch(hold_id):
        raise NotFoundError("There is no such hold.")
    return read_hold(current_session(), hold_id, _user_id(), moment().now)


def _user_id() -> int:
    user_id = actor().user_id
    if user_id is None:
        raise RefusedError("Only people hold spaces.")
    return user_id


def _address(hold_id: str) -> str:
    return url_for("holds_api.hold", hold_id=hold_id)


def _body(hold: HoldFact) -> dict[str, Any]:
    """A hold: its service, never its unit, which would tell what was needed (firewall, rule 3)."""
    return {
        "id": hold.id,
        "service": {"id": hold.service_id, "name": hold.service_name},
        "held_at": hold.held_at.isoformat(),
        "expires_at": hold.expires_at.isoformat(),
        "extended": hold.extended,
        "for_referral": hold.for_referral,
        "state": hold.state.value,
    }
