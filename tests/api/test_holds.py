"""The API of holds: one key is one hold, a lost race answers with the next best, and no unit stands in any hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.permissions import Scope
from directory.capacity.holds.models import Hold as HoldRow
from directory.capacity.models import RingFence, UnitState
from directory.catalogue.vocabulary import AcceptsNrpf, ListingStatus
from tests import factories
from tests.api.conftest import Call
from tests.api.test_description import CHECKS
from tests.support.clock import Clock

Hold = Callable[..., TestResponse]


@pytest.fixture
def bearer(token: Callable[..., str]) -> str:
    return token(scopes=[Scope.HOLDS])


@pytest.fixture
def hold(call: Call, bearer: str) -> Hold:
    """Asks for a hold: `hold(unit.id)`, with a key, a search or another person's token."""

    def ask(unit_id: str, key: str = "key-1", *, by: str = "", **body: Any) -> TestResponse:
        return call(
            "POST",
            "/api/v1/holds",
            bearer=by or bearer,
            headers={"Idempotency-Key": key},
            json={"unit_id": unit_id, **body},
        )

    return ask


def test_a_hold_names_its_service_and_not_its_unit(session: Session, hold: Hold, call: Call, bearer: str) -> None:
    unit = factories.unit(session)

    made = hold(unit.id)

    body = made.get_json()
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/holds/{body['id']}"
    assert body["service"] == {"id": unit.service_id, "name": f"{body['service']['name']}"}
    assert body["expires_at"] == "2026-11-22T04:00:00+00:00"
    assert (body["state"], body["extended"]) == ("live", False)
    assert unit.id not in made.text
    assert call("GET", made.headers["Location"], bearer=bearer).get_json() == body
    assert call("GET", "/api/v1/holds", bearer=bearer).get_json() == {"holds": [body]}


def test_the_same_key_again_is_the_same_hold(session: Session, hold: Hold, clock: Clock) -> None:
    unit = factories.unit(session)
    first = hold(unit.id)
    clock.advance(minutes=1)

    again = hold(unit.id)

    assert (again.status_code, again.get_json()) == (200, first.get_json())


def test_a_key_used_for_another_unit_is_refused(session: Session, hold: Hold) -> None:
    hold(factories.unit(session).id)

    refused = hold(factories.unit(session).id)

    assert refused.status_code == 422
    assert [problem["field"] for problem in refused.get_json()["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize("key", ["", "x" * 201, "two words", "ü"])
def test_a_key_is_needed(session: Session, hold: Hold, key: str) -> None:
    refused = hold(factories.unit(session).id, key)

    assert refused.status_code == 422
    assert [problem["field"] for problem in refused.get_json()["errors"]] == ["Idempotency-Key"]


def test_who_comes_too_late_is_offered_the_next_best(session: Session, hold: Hold, token: Callable[..., str]) -> None:
    gone, other = factories.unit(session), factories.unit(session)
    hold(gone.id)

    late = hold(gone.id, by=token(scopes=[Scope.HOLDS]), search={"adults": 1})

    assert late.status_code == 409
    (match,) = late.get_json()["next_best"]
    assert [(unit["id"], unit["available"]) for unit in match["units"]] == [(other.id, True)]


def test_a_unit_that_was_closed_meanwhile_has_gone(session: Session, hold: Hold) -> None:
    gone, other = factories.unit(session, state=UnitState.CLOSED), factories.unit(session)

    refused = hold(gone.id, search={"adults": 1})

    assert refused.status_code == 409
    assert [unit["id"] for match in refused.get_json()["next_best"] for unit in match["units"]] == [other.id]


def test_a_unit_that_is_listed_nowhere_is_not_there(session: Session, hold: Hold) -> None:
    draft = factories.unit(session, factories.service(session, status=ListingStatus.DRAFT))

    assert hold(draft.id).status_code == 404


def test_too_many_holds(session: Session, hold: Hold) -> None:
    for number in range(3):
        assert hold(factories.unit(session).id, f"key-{number}").status_code == 201

    refused = hold(factories.unit(session).id, "key-4")

    assert refused.status_code == 409
    assert "You have 3 holds already" in refused.get_json()["detail"]
    assert refused.get_json()["next_best"] == []


@pytest.mark.parametrize("unit_id", ["nowhere", "a\x00b", "ü"])
def test_a_unit_that_there_is_not(hold: Hold, unit_id: str) -> None:
    assert hold(unit_id).status_code == 404


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["unit_id"]),
        ({"unit_id": 7}, ["unit_id"]),
        ({"unit_id": "u", "beds": 2, "search": "Hackney"}, ["beds", "search"]),
        ({"unit_id": "u", "search": {"adults": 0}}, ["search.adults"]),
    ],
)
def test_wrong_fields_are_named(call: Call, bearer: str, body: dict[str, Any], fields: list[str]) -> None:
    refused = call("POST", "/api/v1/holds", bearer=bearer, headers={"Idempotency-Key": "k"}, json=body)

    assert refused.status_code == 422
    assert [problem["field"] for problem in refused.get_json()["errors"]] == fields


def test_a_hold_is_extended_once(session: Session, hold: Hold, call: Call, bearer: str, clock: Clock) -> None:
    address = hold(factories.unit(session).id).headers["Location"]
    clock.advance(hours=1)

    extended = call("POST", f"{address}/extend", bearer=bearer)
    again = call("POST", f"{address}/extend", bearer=bearer)

    assert extended.get_json()["expires_at"] == "2026-11-22T05:00:00+00:00"
    assert extended.get_json()["extended"] is True
    assert again.status_code == 409
    assert "extended once" in again.get_json()["detail"]


def test_releasing_gives_the_space_back(session: Session, hold: Hold, call: Call, bearer: str) -> None:
    unit = factories.unit(session)
    address = hold(unit.id).headers["Location"]

    released, again = (call("DELETE", address, bearer=bearer) for _ in range(2))

    assert (released.status_code, released.data, again.status_code) == (204, b"", 204)
    assert call("GET", address, bearer=bearer).get_json()["state"] == "released"
    assert hold(unit.id, "key-2").status_code == 201


def test_a_hold_runs_out_without_anybody_doing_anything(
    session: Session, hold: Hold, call: Call, bearer: str, clock: Clock
) -> None:
    address = hold(factories.unit(session).id).headers["Location"]
    clock.advance(hours=2)

    assert call("GET", address, bearer=bearer).get_json()["state"] == "expired"
    assert call("GET", "/api/v1/holds", bearer=bearer).get_json() == {"holds": []}
    assert call("POST", f"{address}/extend", bearer=bearer).status_code == 409
    assert call("DELETE", address, bearer=bearer).status_code == 204


@pytest.mark.parametrize(("method", "more"), [("GET", ""), ("DELETE", ""), ("POST", "/extend")])
def test_another_persons_hold_is_not_there(
    session: Session, hold: Hold, call: Call, token: Callable[..., str], method: str, more: str
) -> None:
    address = hold(factories.unit(session).id).headers["Location"]

    assert call(method, address + more, bearer=token(scopes=[Scope.HOLDS])).status_code == 404
    assert call(method, "/api/v1/holds/a%00b" + more, bearer=token(scopes=[Scope.HOLDS])).status_code == 404


@pytest.mark.parametrize("role", ["provider", "commissioner", "auditor", "administrator"])
def test_who_may_not_hold(session: Session, hold: Hold, token: Callable[..., str], role: str) -> None:
    assert hold(factories.unit(session).id, by=token(role, [Scope.HOLDS])).status_code == 403


def test_nothing_tells_a_ringfence(
    session: Session, hold: Hold, call: Call, bearer: str, token: Callable[..., str], now: datetime
) -> None:
    """Rule 3: each answer about a ring-fenced unit is that about an ordinary one, but for references."""
    told = []
    factories.unit(session, factories.service(session, name="Another place", accepts_nrpf=AcceptsNrpf.YES))
    for ringfence in RingFence:
        refuge = factories.service(session, name="Refuge")
        unit = factories.unit(session, refuge, ringfence=ringfence)
        key = f"key-{ringfence}"
        made = hold(unit.id, key)
        address = made.headers["Location"]
        answers = [
            made,
            hold(unit.id, f"{key}-late", by=token(scopes=[Scope.HOLDS])),
            hold(unit.id, f"{key}-late", by=token(scopes=[Scope.HOLDS]), search={"adults": 1}),
            call("POST", f"{address}/extend", bearer=bearer),
            call("DELETE", address, bearer=bearer),
            call("GET", address, bearer=bearer),
        ]
        unit.state = UnitState.CLOSED
        refuge.name = "Closed"
        session.flush()
        references = (address.rpartition("/")[2], refuge.id, refuge.organisation_id, unit.id)
        text = "\n".join(f"{answer.status_code} {answer.text}" for answer in answers)
        for reference in references:
            text = text.replace(f'"{reference}"', '"reference"')
        told.append(text)

    assert told[0] == told[1]
    assert told[0].count("Another place") == 2


OPERATIONS = (
    ("GET", "/api/v1/holds"),
    ("POST", "/api/v1/holds"),
    ("GET", "/api/v1/holds/{hold_id}"),
    ("DELETE", "/api/v1/holds/{hold_id}"),
    ("POST", "/api/v1/holds/{hold_id}/extend"),
)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_random_requests_get_the_promised_answers(
    app: Flask, session: Session, bearer: str, hold: Hold, method: str, path: str
) -> None:
    unit = factories.unit(session)
    made = hold(unit.id).get_json()["id"]
    units = iter([unit.id, factories.unit(session).id])
    operation = schemathesis.openapi.from_wsgi("/api/openapi.json", app)[path][method]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def check(case: Any) -> None:
        # Units and holds that there are would hardly be guessed: some requests ask for them.
        if isinstance(case.body, dict) and "unit_id" in case.body:
            case.body["unit_id"] = next(units, case.body["unit_id"])
        if case.path_parameters and len(case.path_parameters["hold_id"]) % 2:
            case.path_parameters["hold_id"] = made
        case.call_and_validate(headers={"Authorization": f"Bearer {bearer}"}, checks=CHECKS)

    check()


def test_a_hold_kept_by_a_referral_is_not_released(
    session: Session, hold: Hold, call: Call, bearer: str, now: datetime
) -> None:
    unit = factories.unit(session)
    body = hold(unit.id).get_json()
    keep_for_a_referral(session, body["id"], now + timedelta(hours=5))

    kept = call("DELETE", f"/api/v1/holds/{body['id']}", bearer=bearer)

    assert kept.status_code == 409
    assert "belongs to a referral" in kept.get_json()["detail"]


def keep_for_a_referral(session: Session, hold_id: str, until: datetime) -> None:
    """As sending a referral does."""
    row = session.get_one(HoldRow, hold_id)
    row.for_referral, row.expires_at = True, until
    session.flush()
