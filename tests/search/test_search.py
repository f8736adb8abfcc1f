"""What a search says besides what it finds: reasons, near misses, pathways; what it costs; and what it never tells."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import RingFence, UnitState
from directory.catalogue.models import PerformanceFigure
from directory.catalogue.vocabulary import AcceptsNrpf, ListingStatus, ServiceKind
from directory.search import matching, musts
from directory.search.board import bed_board
from directory.search.questions import read_question
from directory.search.ranking import CODES, WEIGHTS
from directory.search.service import Answer, search
from tests import factories

Ask = Callable[..., Answer]


@pytest.fixture
def ask(session: Session, now: datetime) -> Ask:
    """Asks a question by the names of design section 4."""
    moment = Moment(now, timedelta(hours=24), timedelta(hours=72))
    return lambda **question: search(session, read_question(session, question), moment)


@contextmanager
def counted_statements(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def ids(matches: Any) -> list[str]:
    return [match.service.id for match in matches]


def test_the_number_of_statements_does_not_grow_with_what_is_found(session: Session, ask: Ask) -> None:
    counts = []
    for services in (1, 12):
        for _ in range(services):
            factories.unit(session, factories.service(session, languages=["bn"]))
        with counted_statements(session) as statements:
            ask(near="Hackney", adults=1, need=["domestic-abuse"])
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_what_was_asked_for_comes_first_and_says_why(session: Session, ask: Ask) -> None:
    plain = factories.service(session, kind=ServiceKind.ADVOCACY)
    fitting = factories.service(
        session,
        factories.organisation(session, communities=["latin-american"], by_and_for=True),
        kind=ServiceKind.ADVOCACY,
        languages=["es"],
    )

    results = ask(language=["es"], community=["latin-american"], by_and_for=True).results

    assert ids(results) == [fitting.id, plain.id]
    reasons = {reason.code: reason.weight for reason in results[0].reasons}
    assert reasons.keys() >= {"language", "community", "by_and_for"}
    assert reasons["language"] == WEIGHTS["language"].points


@pytest.mark.parametrize(("prefer", "first"), [("near", 0), ("far", 1)])
def test_far_can_be_safer(session: Session, ask: Ask, prefer: str, first: int) -> None:
    near = factories.service(session, borough_code=factories.HACKNEY)
    far = factories.service(session, borough_code=factories.EALING)
    for refuge in (near, far):
        factories.unit(session, refuge)

    assert ids(ask(near="Hackney", prefer_distance=prefer).results)[0] == [near.id, far.id][first]


def test_a_free_space_stands_before_a_full_one_and_an_ordinary_room_before_an_adapted_one(
    session: Session, ask: Ask
) -> None:
    full, adapted, ordinary = (factories.service(session) for _ in range(3))
    factories.unit(session, full, state=UnitState.OCCUPIED)
    factories.unit(session, adapted, access_features=["hearing-loop"])
    factories.unit(session, ordinary)

    assert ids(ask(adults=1).results) == [ordinary.id, adapted.id, full.id]


def test_every_weight_has_a_reason() -> None:
    assert set(CODES) == set(WEIGHTS)
    assert all(len(weight.because) > 20 for weight in WEIGHTS.values())


def test_a_near_miss_says_the_one_thing_that_is_missing(session: Session, ask: Ask) -> None:
    refuge = factories.service(session)
    factories.unit(session, refuge, max_children=1)

    answer = ask(near="Hackney", adults=1, child=["4f", "7f"])

    assert answer.total == 0
    (miss,) = answer.near_misses
    assert miss.failed is not None
    assert miss.failed[0] == musts.Must.HOUSEHOLD
    assert "1 adult and 2 children" in miss.failed[1]
    assert miss.units == ()


def test_no_near_miss_tells_a_ring_fence(session: Session, ask: Ask) -> None:
    refuge = factories.service(session, accepts_nrpf=AcceptsNrpf.NO)
    factories.unit(session, refuge, ringfence=RingFence.NRPF)
    factories.unit(session, factories.service(session, accepts_nrpf=AcceptsNrpf.NO))

    assert ask(adults=1, kind=["refuge"], access=["step-free"]).near_misses != ()
    not_asked = ask(kind=["refuge"], adults=1)
    asked = ask(kind=["refuge"], adults=1, nrpf=True)

    assert refuge.id not in ids(not_asked.results + not_asked.near_misses)
    assert ids(asked.results) == [refuge.id]
    assert asked.near_misses == ()


def test_where_nothing_fits_there_is_still_somebody_to_phone(session: Session, ask: Ask) -> None:
    helpline = factories.service(session, kind=ServiceKind.HELPLINE, areas=["uk"])
    factories.service(session, kind=ServiceKind.HELPLINE, areas=["uk"], genders=["man"])
    factories.service(session, kind=ServiceKind.HELPLINE, areas=["uk"], status=ListingStatus.DRAFT)

    answer = ask(near="Hackney", need=["forced-marriage"], language=["es"], must=["language"], gender="woman")

    assert answer.total == 0
    assert ids(answer.pathways) == [helpline.id]


def test_what_fits_only_if_funded_stands_apart(session: Session, ask: Ask) -> None:
    refuge = factories.service(session, accepts_nrpf=AcceptsNrpf.IF_FUNDED)
    unit = factories.unit(session, refuge)

    answer = ask(adults=1, nrpf=True)

    assert answer.results == ()
    assert ids(answer.conditional) == [refuge.id]
    assert [one.id for one in answer.conditional[0].units] == [unit.id]


def test_a_household_sees_on_the_board_what_the_search_offers_it(session: Session, now: datetime) -> None:
    moment = Moment(now, timedelta(hours=24), timedelta(hours=72))
    refuge = factories.service(session, accepts_nrpf=AcceptsNrpf.NO)
    ordinary = factories.unit(session, refuge)
    ringfenced = factories.unit(session, refuge, ringfence=RingFence.NRPF)
    factories.unit(session, refuge, max_adults=1, bedspaces=1, max_children=0)

    def units(**question: Any) -> set[str]:
        criteria = read_question(session, question) if question else None
        board = bed_board(session, criteria, moment)
        return {row.unit.id for borough in board.boroughs for row in borough.rows}

    assert len(units()) == 3
    assert units(adults=2) == {ordinary.id}
    assert units(adults=2, nrpf=True) == {ringfenced.id}


def test_the_comparison_with_the_reference_bites(
    session: Session, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    """With the ring-fence rule broken, the same question gives another answer: the other tests would see it."""
    moment = Moment(now, timedelta(hours=24), timedelta(hours=72))
    factories.unit(session, factories.service(session), ringfence=RingFence.NRPF)
    criteria = read_question(session, {"adults": 1})
    assert search(session, criteria, moment).total == 0

    monkeypatch.setattr(matching, "units_outright", lambda asked: asked.available)

    assert search(session, criteria, moment).total == 1


def test_a_near_miss_speaks_of_one_unit(session: Session, ask: Ask) -> None:
    """The unit that is too far away would fit; the one that is near is too small: the second is the near miss shown."""
    refuge = factories.service(session)
    factories.unit(session, refuge, borough_code="E09000004")
    factories.unit(session, refuge, borough_code=factories.HACKNEY, max_children=0)

    (miss,) = ask(near="E8 3PN", within=3, adults=1, child=["4f"]).near_misses

    assert miss.failed is not None
    assert (miss.failed[0], miss.distance_miles) == (musts.Must.HOUSEHOLD, 1)


def test_one_service_with_newer_figures_does_not_slow_the_others(session: Session, ask: Ask) -> None:
    quick, other = (factories.service(session, kind=ServiceKind.HELPLINE) for _ in range(2))
    for service_id, period, value in ((quick.id, "2026-Q3", 20), (other.id, "2026-Q4", None)):
        session.add(
            PerformanceFigure(service_id=service_id, period=period, measure="median_response_minutes", value=value)
        )
    session.flush()

    codes = {match.service.id: {reason.code for reason in match.reasons} for match in ask().results}

    assert "responsiveness" in codes[quick.id]
    assert "responsiveness" not in codes[other.id]
