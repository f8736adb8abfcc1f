"""Firewall, rule 3: a hold or referral on a ring-fenced unit looks to everybody as one on an ordinary unit does."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from directory.api import holds as api_holds
from directory.capacity.holds import making
from directory.capacity.models import RingFence, Unit
from directory.referrals import privacy, routing
from tests.conftest import NOW
from tests.referrals.twins import Told, differences, ringfenced, tell
from tests.support.databases import Databases

Teller = Callable[..., Told]


@pytest.fixture(scope="module")
def told(databases: Databases, database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Teller:
    """Tells the story in a database of its own: `told(RingFence.NRPF)`, or only its beginning with `whole=False`."""

    def tell_it(ringfence: RingFence, **how: bool) -> Told:
        folder: Path = tmp_path_factory.mktemp("twin")
        with databases.filled(database_kind) as url:
            return tell(url, folder, NOW, ringfence, **how)

    return tell_it


@pytest.fixture(scope="module")
def ordinary(told: Teller) -> Told:
    """The story of the unit that is not ring-fenced."""
    return told(RingFence.NONE)


@pytest.fixture(scope="module")
def beginning(told: Teller) -> Told:
    """The beginning of it."""
    return told(RingFence.NONE, whole=False)


def test_nobody_can_tell_the_twins_apart(told: Teller, ordinary: Told) -> None:
    assert differences(ordinary, told(RingFence.NRPF)) == []


def test_the_story_was_told_to_its_end(ordinary: Told) -> None:
    """Nobody can tell empty pages apart either: so this says what has been seen."""
    events = {row[2] for row in ordinary.rows["audit_entries"]}
    assert events >= {
        *("hold_made", "hold_extended", "hold_expired", "hold_released", "hold_placed", "unit_state_changed"),
        *("referral_sent", "referral_seen", "referral_declined", "referral_expired", "referral_moved_on"),
        *("referral_accepted", "referral_arrived", "referral_did_not_arrive", "referral_withdrawn", "referral_closed"),
        *("referral_nudged", "referral_escalated", "referral_shown", "contact_key_destroyed"),
    }
    shown = {seen.who for seen in ordinary.seen if seen.status == 200}
    assert shown >= {"author", "officer", "advocate", "commissioner", "auditor", "administrator", "marigold", "rowan"}
    assert {409, 404} <= {seen.status for seen in ordinary.seen if seen.who == "officer"}
    assert [seen.status for seen in ordinary.seen if seen.who == "program"].count(409) == 3
    assert {seen.who for seen in ordinary.seen if "Marigold House" in seen.body} >= {"author", "officer", "program"}
    assert not any("Room 4" in seen.body for seen in ordinary.seen if seen.what.startswith(("/holds", "/referrals")))


def test_that_somebody_asked_for_it_is_forgotten(told: Teller, beginning: Told) -> None:
    """Rule 2: what was asked of a place is seen by who asked, on the results, and is nowhere afterwards."""
    not_asked = told(RingFence.NONE, whole=False, asks=False)

    assert set(differences(beginning, not_asked)) <= {
        "author: /search ",
        "author: /search/",
        "officer: /search ",
        "officer: /search/",
        "author: /search/ hold",
        "officer: held already",
    }
    assert beginning.rows == not_asked.rows


# Leaks that this test must notice. Each tells the ring-fence in one way, and nothing else.


def audit_forgets(session: Session, *given: Any, really: Any = making.record, **details: Any) -> None:
    """The trail has no entry where the unit is ring-fenced."""
    if not ringfenced(session, details["service"]):
        really(session, *given, **details)


def page_says(session: Session, ids: list[str], really: Any = privacy._services) -> Any:
    """One more dot on a page."""
    found = really(session, ids)
    return {key: replace(one, name=f"{one.name}.") if ringfenced(session, key) else one for key, one in found.items()}


def answer_is_empty(
    session: Session, criteria: Any, unit_id: str, moment: Any, really: Any = api_holds.next_best
) -> Any:
    """The loser of a race is offered nothing instead of a ring-fenced unit."""
    unit = session.get_one(Unit, unit_id)
    return [] if unit.ringfence is RingFence.NRPF else really(session, criteria, unit_id, moment)


def nobody_is_told(
    session: Session, kind: Any, referral: Any, step: Any, now: Any, really: Any = routing.tell_service
) -> None:
    """A service with a ring-fenced unit is not written to."""
    if not ringfenced(session, step.service_id):
        really(session, kind, referral, step, now)


@pytest.mark.parametrize(
    ("module", "name", "leak", "told_by"),
    [
        (making, "record", audit_forgets, "auditor: /audit"),
        (privacy, "_services", page_says, "author: /referrals"),
        (api_holds, "next_best", answer_is_empty, "program: POST /api/v1/holds"),
        (routing, "tell_service", nobody_is_told, "what could be looked at"),
    ],
)
def test_the_comparison_bites(
    told: Teller,
    beginning: Told,
    database_kind: str,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    leak: Any,
    told_by: str,
) -> None:
    if database_kind == "postgresql":
        pytest.skip("the comparison is the same on both")
    monkeypatch.setattr(module, name, leak)

    assert told_by in differences(beginning, told(RingFence.NRPF, whole=False))
