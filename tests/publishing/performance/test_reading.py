"""Reading figures: from the database, in few statements, only final quarters, and only what may be shown."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from directory.capacity.models import UnitState, UnitStatePeriod
from directory.catalogue.models import PerformanceFigure
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.errors import InvalidInputError, NotFoundError, RefusedError
from directory.publishing.performance import reading
from directory.publishing.performance.facts import PeerRange, ServiceFigures, Shown, ShownState, Source
from directory.publishing.performance.measures import measure, measures
from directory.publishing.performance.reading import peers, read_quarter, read_trend, shown_quarters, usual_answers
from directory.publishing.performance.self_check import check_suppression
from directory.publishing.performance.wording import as_shown
from directory.referrals.models import ReferralCount
from tests import factories

QUARTER, BEFORE = "2026-Q3", "2026-Q2"


def give(session: Session, service_id: str, quarter: str = QUARTER, **figures: float | None) -> None:
    """Imported figures."""
    session.add_all(
        PerformanceFigure(
            service_id=service_id, period=quarter, measure=code, value=None if value is None else Decimal(str(value))
        )
        for code, value in figures.items()
    )
    session.flush()


def count(session: Session, service_id: str, month: str = "2026-08", **counters: int) -> None:
    """What the directory counted; `_` stands for a point."""
    session.add_all(
        ReferralCount(month=month, service_id=service_id, measure=name.replace("__", "."), count=number)
        for name, number in counters.items()
    )
    session.flush()


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """Those that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    bind = session.connection()
    event.listen(bind, "before_cursor_execute", note)
    yield sent
    event.remove(bind, "before_cursor_execute", note)


@pytest.fixture
def house(session: Session) -> str:
    """A refuge with plenty of figures from both sources, which differ in what was accepted."""
    service = factories.service(session, id="marigold-house", name="Marigold House")
    give(session, service.id, referrals_received=48, referrals_accepted=28, median_response_minutes=34.5)
    count(session, service.id, asked=48, accepted=12, declined__provider__no_capacity=28)
    count(session, service.id, declined__provider__too_near=2, declined__survivor__too_near=2, unanswered=4)
    count(session, service.id, answered__30=34, answered__60=10, answered_in_time=33)
    return service.id


def only(session: Session, now: datetime, quarter: str = QUARTER) -> ServiceFigures:
    (one,) = read_quarter(session, quarter, now).services
    return one


def test_both_sources_stand_side_by_side(session: Session, house: str, now: datetime) -> None:
    one = only(session, now)

    assert (one.service_id, one.service_name, one.kind) == (house, "Marigold House", ServiceKind.REFUGE)
    assert one.imported["referrals_accepted"] == Shown(Decimal(28), "28", ShownState.SHOWN)
    assert one.computed["referrals_accepted"].text == "12"
    assert one.computed["declined_no_capacity"].text == "28"
    assert one.computed["declined_too_near"].state is ShownState.HIDDEN
    assert one.computed["median_response_minutes"].text == "within 30 minutes"
    assert one.computed["answered_within_target_percent"].text == "60 to 80%"
    assert one.disagreeing == ("referrals_accepted", "median_response_minutes")
    assert [flag.code for flag in one.flags] == ["disagrees"]


def test_occupancy_is_reckoned_from_the_history_of_units(session: Session, now: datetime) -> None:
    unit = factories.unit(session)
    periods = (("2026-07-01", "2026-09-16", UnitState.OCCUPIED), ("2026-09-16", "2026-11-22", UnitState.OPEN))
    for began, ended, state in periods:
        began_at, ended_at = (datetime.fromisoformat(day).replace(hour=1, tzinfo=UTC) for day in (began, ended))
        session.add(UnitStatePeriod(unit_id=unit.id, began_at=began_at, ended_at=ended_at, state=state))
    session.flush()

    figures = read_quarter(session, QUARTER, now)

    # 77 of the quarter's 92 nights.
    assert figures.services[0].computed["occupancy_percent"].text == "84%"
    assert figures.london["occupancy_percent"].text == "84%"


def test_london_is_the_sum_of_what_is_shown(session: Session, house: str, now: datetime) -> None:
    few = factories.service(session)
    count(session, few.id, asked=70, accepted=66, unanswered=4, answered__15=66, answered_in_time=66)

    london = read_quarter(session, QUARTER, now).london

    assert london["referrals_received"].text == "118 or more"
    assert london["referrals_accepted"].text == "12 or more"
    assert london["referrals_unanswered"].state is ShownState.HIDDEN
    assert london["median_response_minutes"].text == "within 15 minutes"
    assert london["answered_within_target_percent"].text == "about 85%"


def test_quarters_are_shown_once_they_are_final(session: Session, house: str, now: datetime) -> None:
    give(session, house, "2026-Q4", referrals_received=20)
    give(session, house, "1926-Q4", referrals_received=20)
    count(session, house, "2026-05", asked=4)
    count(session, house, "2026-02", asked=5)

    assert shown_quarters(session, now) == (QUARTER, "2026-Q1")
    first_day = datetime(2026, 10, 29, 0, 0, tzinfo=UTC)
    assert shown_quarters(session, first_day)[0] == QUARTER
    assert shown_quarters(session, first_day - timedelta(seconds=1)) == ("2026-Q1",)
    with pytest.raises(RefusedError, match="29 January 2027"):
        read_quarter(session, "2026-Q4", now)
    for wrong in ("2026-08", "2026", ""):
        with pytest.raises(InvalidInputError, match="quarter"):
            read_quarter(session, wrong, now)


def test_what_is_not_published_is_not_shown(session: Session, house: str, now: datetime) -> None:
    draft = factories.service(session, status=ListingStatus.DRAFT)
    hidden_owner = factories.organisation(session, status=ListingStatus.SUSPENDED)
    owned = factories.service(session, hidden_owner)
    for service in (draft, owned):
        give(session, service.id, referrals_received=40)

    assert [one.service_id for one in read_quarter(session, QUARTER, now).services] == [house]
    for service in (draft, owned):
        with pytest.raises(NotFoundError):
            read_trend(session, service.id, now)
    with pytest.raises(NotFoundError):
        read_trend(session, "nowhere", now)


def test_who_is_small_in_the_directory_looks_like_who_has_nothing(session: Session, house: str, now: datetime) -> None:
    quiet, none = factories.service(session), factories.service(session)
    count(session, quiet.id, asked=4, accepted=4, answered__15=4)
    assert [one.service_id for one in read_quarter(session, QUARTER, now).services] == [house]
    for service in (quiet, none):
        give(session, service.id, occupancy_percent=80)

    of_service = {one.service_id: one for one in read_quarter(session, QUARTER, now).services}

    assert of_service[quiet.id].computed == of_service[none.id].computed
    assert of_service[quiet.id].computed["referrals_received"].state is ShownState.HIDDEN
    assert read_trend(session, quiet.id, now)[-1][1].computed == of_service[none.id].computed


def test_a_trend_shows_what_its_quarters_show(session: Session, house: str, now: datetime) -> None:
    """Whoever asks otherwise is told the same."""
    count(session, house, "2026-05", asked=9, accepted=9)
    other = factories.service(session)
    give(session, other.id, "2025-Q4", referrals_received=30)

    trend = read_trend(session, house, now)

    assert [quarter for quarter, _ in trend] == ["2025-Q4", BEFORE, QUARTER]
    assert trend[0][1].imported == {}
    for quarter, figures in trend[1:]:
        assert figures == {one.service_id: one for one in read_quarter(session, quarter, now).services}[house]
    assert [quarter for quarter, _ in read_trend(session, house, now, quarters=1)] == [QUARTER]


def test_peers_are_compared_by_what_is_shown(session: Session, now: datetime) -> None:
    for number in (20, 3, 60, 41, 50):
        give(session, factories.service(session).id, referrals_received=number)

    services = read_quarter(session, QUARTER, now).services

    expected = PeerRange(4, Decimal(20), Decimal("45.5"), Decimal(60))
    assert peers(services, "referrals_received", Source.IMPORTED) == expected
    assert peers(services[:2], "referrals_received", Source.IMPORTED) is None
    assert peers(services, "occupancy_percent", Source.IMPORTED) is None
    assert peers(services, "referrals_received", Source.COMPUTED) is None


def test_times_that_are_bands_are_compared_as_bands() -> None:
    """There is nothing between two bands, and what is longer than the longest is not within it."""

    def timed(minutes: int) -> ServiceFigures:
        one = measure("median_response_minutes")
        assert one is not None
        figure = {one.code: as_shown(one, Decimal(minutes), Source.COMPUTED)}
        return ServiceFigures("a", "A", "b", "B", ServiceKind.HELPLINE, None, {}, figure)

    found = peers(map(timed, (15, 15, 30, 9_999)), "median_response_minutes", Source.COMPUTED)

    assert found == PeerRange(4, Decimal(15), Decimal(30), Decimal(2_881))


def test_what_is_said_beside_a_listing(session: Session, house: str, now: datetime) -> None:
    ids = {name: factories.service(session, id=name).id for name in ("slow", "few", "own", "computed", "nothing")}
    give(session, ids["slow"], referrals_received=200, referrals_accepted=192, median_response_minutes=1740)
    give(session, ids["few"], referrals_received=9, referrals_accepted=8, median_response_minutes=9)
    give(session, ids["own"], BEFORE, referrals_received=100, referrals_accepted=97)
    count(session, ids["computed"], asked=50, accepted=24, answered__120=50, declined__survivor__too_far=26)

    said = usual_answers(session, [house, *ids.values()], now)

    assert said == {
        house: "Usually answers within 35 minutes; accepted about 6 of 10 last quarter.",
        "slow": "Usually answers within 29 hours; accepted nearly all last quarter.",
        "computed": "Usually answers within 2 hours; accepted about 5 of 10 last quarter.",
    }
    assert usual_answers(session, [], now) == {}


def test_services_that_contradict_themselves_are_flagged(session: Session, now: datetime) -> None:
    service = factories.service(session)
    wrong = {"referrals_received": 20, "referrals_accepted": 15, "declined_no_capacity": 8, "occupancy_percent": 120}
    give(session, service.id, median_response_minutes=60, p90_response_minutes=30, **wrong)

    one = only(session, now)

    assert [flag.code for flag in one.flags] == ["more_than_received", "impossible", "times_contradict"]
    assert "occupancy" in one.flags[1].text
    assert "referrals_accepted" not in one.imported
    give(session, service.id, BEFORE, occupancy_percent=80, referrals_received=None)
    expected = "It has not given: referrals received, referrals accepted, response time: median."
    assert [flag.text for flag in only(session, now, BEFORE).flags] == [expected]


def test_many_services_take_as_few_statements_as_one(session: Session, house: str, now: datetime) -> None:
    with statements(session) as for_one:
        read_quarter(session, QUARTER, now)
    others = [factories.service(session).id for _ in range(5)]
    for service_id in others:
        give(session, service_id, referrals_received=40)
    with statements(session) as for_many:
        read_quarter(session, QUARTER, now)
        read_trend(session, house, now)
        usual_answers(session, [house, *others], now)

    assert len(for_one) <= 8
    assert len(for_many) <= 3 * 11


def test_the_check_of_the_suppression_passes(session: Session, house: str, now: datetime) -> None:
    (check,) = check_suppression(session, now)

    assert (check.quarter, check.passed) == (QUARTER, True)
    assert check.hidden > 0
    assert check.cells > check.hidden


def test_no_raw_figure_leaves_by_any_public_function() -> None:
    """Pages, editions and the API get facts; `assemble` is for the tests of the rule."""
    public = {
        name for name, one in inspect.getmembers(reading, inspect.isfunction) if one.__module__ == reading.__name__
    }

    assert {name for name in public if not name.startswith("_")} == {
        *("assemble", "peers", "read_quarter", "read_trend", "shown_quarters", "usual_answers")
    }
    assert {one.code for one in measures() if one.computed} >= {"referrals_received", "occupancy_percent"}
