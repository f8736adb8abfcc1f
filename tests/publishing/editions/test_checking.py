"""The checks of a draft, each shown to find what it is for."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from directory.audit.events import Event
from directory.audit.log import flush_audit, record
from directory.capacity.contracts.models import Programme
from directory.catalogue.models import PerformanceFigure, Service
from directory.catalogue.vocabulary import LocationDisclosure, ServiceKind
from directory.common.errors import RefusedError
from directory.publishing.editions.checking import blocking, check, count_warnings
from directory.publishing.editions.content import build
from directory.publishing.editions.facts import Severity
from directory.publishing.editions.lifecycle import draft, sign
from directory.publishing.editions.performance_checks import given_away
from directory.publishing.editions.vocabulary import EntryKind
from directory.publishing.performance.facts import Shown, ShownState
from tests import factories
from tests.publishing.editions.world import moment_at, people, refuge


def complete_refuge(session: Session, now: datetime) -> Service:
    """A refuge of which nothing is to be said, and its figures."""
    organisation = factories.organisation(session, description="A charity.", phone="020 7946 0001")
    house = refuge(
        session,
        owner=organisation,
        description="A house.",
        response_target_minutes=60,
        verified_on=now.date(),
        location_disclosure=LocationDisclosure.SECRET,
    )
    figure = PerformanceFigure(service_id=house.id, period="2026-Q2", measure="referrals_received", value=Decimal(58))
    session.add(figure)
    session.flush()
    return house


def found(session: Session, now: datetime) -> dict[str, list[tuple[str, str]]]:
    """What the checks of a new draft find: id and why, by code."""
    made = draft(session, people(session).preparer, moment_at(now))
    return {
        one.code: [(listing.id, listing.why) for listing in one.found]
        for one in check(session, made.id, moment_at(now))
        if one.found
    }


def test_a_sound_catalogue_passes(session: Session, now: datetime) -> None:
    complete_refuge(session, now)
    made = draft(session, people(session).preparer, moment_at(now))
    checks = check(session, made.id, moment_at(now))
    assert [one.code for one in checks if one.found] == []
    assert [one.severity for one in checks] == [Severity.BLOCKS] * 3 + [Severity.WARNS] * 7
    assert (blocking(checks), count_warnings(checks)) == ((), 0)


def test_each_warning(session: Session, now: datetime) -> None:
    house = complete_refuge(session, now)
    stale = refuge(session, owner=house.organisation, units=0, verified_on=now.date() - timedelta(days=91), hours="")
    factories.unit(session, house, confirmed_at=now - timedelta(hours=73), programme="LDN")
    session.add(Programme(code="LDN", name="London", units=2, bedspaces=4, ringfenced_units=0))
    session.flush()

    warnings = found(session, now)

    assert warnings["stale_listings"] == [(stale.id, "It was last confirmed on 23 August 2026.")]
    assert warnings["unconfirmed_units"] == [(house.id, "1 unit has not been confirmed lately.")]
    assert warnings["incomplete"] == [(stale.id, "It lacks: description, opening hours, answers referrals within.")]
    assert [one for one, _ in warnings["reconciliation"]] == ["LDN"]
    assert warnings["performance_missing"] == [(stale.id, "It has given no figures of 2026-Q2.")]
    assert {*warnings} == {
        *("stale_listings", "unconfirmed_units", "incomplete", "reconciliation", "performance_missing")
    }


def test_without_any_figures(session: Session, now: datetime) -> None:
    refuge(session)
    assert found(session, now)["performance_missing"] == [("", "There are no figures of any final quarter.")]


@pytest.mark.parametrize(
    "told",
    [
        {"description": "A house at 12 Acacia Road."},
        {"name": "12 Acacia Road"},
        {"id": "12-acacia-road"},
        {"hours": "ring at E8 3GA"},
    ],
)
def test_a_secret_place_that_is_told_blocks(session: Session, now: datetime, told: dict[str, str]) -> None:
    house = refuge(session, location_disclosure=LocationDisclosure.SECRET, **told)
    who, moment = people(session), moment_at(now)
    made = draft(session, who.preparer, moment)

    checks = check(session, made.id, moment)

    assert [(one.code, [place.id for place in one.found]) for one in blocking(checks)] == [
        ("secret_location", [house.id])
    ]
    with pytest.raises(RefusedError, match="No place is told"):
        sign(session, made.id, made.content_hash, count_warnings(checks), who.signer, moment)


def test_a_public_place_may_be_told(session: Session, now: datetime) -> None:
    factories.service(
        session,
        kind=ServiceKind.LEGAL_ADVICE,
        description="At 12 Acacia Road, E8 3GA.",
        location_disclosure=LocationDisclosure.PUBLIC,
        postcode="E8 3GA",
        latitude=51.5,
        longitude=0.0,
    )
    assert "secret_location" not in found(session, now)


def test_a_number_that_is_given_away_blocks(session: Session, now: datetime) -> None:
    complete_refuge(session, now)
    quarters = build(session, moment_at(now)).quarters
    assert list(given_away(quarters)) == []
    small = {"placements": Shown(Decimal(3), "3", ShownState.SHOWN), "referrals_received": _three()}
    broken = [replace(one, services=tuple(replace(of, imported=small) for of in one.services)) for one in quarters]

    (one,) = given_away(broken)

    assert one.id == "2026-Q2"
    assert "can be worked out" in one.why
    assert "3" not in one.why, "the number itself is not repeated"


def test_figures_are_checked_as_they_went_into_the_draft(session: Session, now: datetime) -> None:
    house = complete_refuge(session, now)
    who, later = people(session), now + timedelta(minutes=5)
    made = draft(session, who.preparer, moment_at(now))
    session.add(
        PerformanceFigure(service_id=house.id, period="2026-Q2", measure="referrals_accepted", value=Decimal(40))
    )
    record(session, Event.PERFORMANCE_IMPORTED, who.preparer.reference, later, added=1, changed=0, removed=0)
    flush_audit(session)

    found = {one.code: one.found for one in check(session, made.id, moment_at(later)) if one.found}

    assert [(one.kind, one.name) for one in found.pop("changed_since")] == [
        (EntryKind.PERFORMANCE, "Performance figures")
    ]
    assert found == {}
    draft(session, who.preparer, moment_at(later))
    assert count_warnings(check(session, made.id, moment_at(later))) == 0


def _three() -> Shown:
    return Shown(Decimal(3), "3", ShownState.SHOWN)
