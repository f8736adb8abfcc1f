"""GET /api/v1/availability: counts by borough and by service, from the one definition."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from directory.capacity.models import RingFence, UnitState
from directory.catalogue.vocabulary import ListingStatus
from tests import factories
from tests.api.conftest import Call


def test_spaces_are_counted_by_borough_and_by_service(session: Session, call: Call, now: datetime) -> None:
    refuge = factories.service(session, borough_code=factories.HACKNEY)
    factories.unit(session, refuge, bedspaces=4)
    factories.unit(session, refuge, bedspaces=2, ringfence=RingFence.NRPF)
    factories.unit(session, refuge, bedspaces=3, borough_code=factories.EALING, confirmed_at=now - timedelta(hours=30))
    factories.unit(session, refuge, state=UnitState.OCCUPIED)
    factories.unit(session, refuge, state=UnitState.CLOSED)
    factories.unit(session, refuge, confirmed_at=now - timedelta(hours=73))
    factories.unit(session, factories.service(session, status=ListingStatus.DRAFT))

    counts = call("GET", "/api/v1/availability").get_json()

    assert counts["as_of"].startswith("2026-11-22T02:00")
    assert counts["total"] == {
        "units": 5,
        "bedspaces": 17,
        "available_units": 3,
        "available_bedspaces": 9,
        "confirm_by_phone_units": 1,
    }
    boroughs = {one["name"]: one for one in counts["boroughs"]}
    assert (boroughs["Hackney"]["available_units"], boroughs["Ealing"]["available_units"]) == (2, 1)
    (service,) = counts["services"]
    assert (service["id"], service["available_bedspaces"]) == (refuge.id, 9)


def test_an_empty_catalogue_has_no_spaces(call: Call) -> None:
    counts = call("GET", "/api/v1/availability").get_json()

    assert counts["total"]["units"] == 0
    assert counts["boroughs"] == counts["services"] == []


def test_it_needs_a_token(call: Call) -> None:
    assert call("GET", "/api/v1/availability", bearer="").status_code == 401
