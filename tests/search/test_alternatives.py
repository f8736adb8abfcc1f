"""The next best spaces: the same question's answer, or what is right for everybody; the same for every ring-fence."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import RingFence, Unit, UnitState
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import AcceptsNrpf, ListingStatus, ServiceKind
from directory.common.errors import NotFoundError
from directory.search.alternatives import next_best, service_of_unit
from directory.search.details import Match
from directory.search.questions import read_question
from tests import factories

DAY = timedelta(hours=24)


@pytest.fixture
def moment(now: datetime) -> Moment:
    return Moment(now, DAY, 3 * DAY)


def for_everybody(session: Session, **overrides: object) -> Service:
    return factories.service(session, accepts_nrpf=AcceptsNrpf.YES, **overrides)


def units(matches: list[Match]) -> list[str]:
    return [unit.id for match in matches for unit in match.units]


def test_with_a_search_it_is_the_same_question_without_the_lost_unit(session: Session, moment: Moment) -> None:
    refuge = factories.service(session)
    lost, sibling = factories.unit(session, refuge), factories.unit(session, refuge)
    factories.unit(session, bedspaces=1)
    factories.unit(session, state=UnitState.OCCUPIED)
    other = factories.unit(session)
    criteria = read_question(session, {"adults": 1, "child": ["4f"], "page": 3})

    assert units(next_best(session, criteria, lost.id, moment)) == [sibling.id, other.id]


def test_services_of_other_kinds_have_nothing_to_hold(session: Session, moment: Moment) -> None:
    lost = factories.unit(session)
    factories.service(session, kind=ServiceKind.HELPLINE)

    assert next_best(session, read_question(session, {}), lost.id, moment) == []


def test_at_most_three_services(session: Session, moment: Moment) -> None:
    lost = factories.unit(session)
    for _ in range(5):
        factories.unit(session, for_everybody(session))

    assert len(next_best(session, None, lost.id, moment)) == 3
    assert len(next_best(session, read_question(session, {}), lost.id, moment, most=2)) == 2


def test_without_a_search_only_what_is_right_for_everybody(session: Session, moment: Moment, now: datetime) -> None:
    lost = factories.unit(session)
    right = for_everybody(session)
    factories.unit(session, right, ringfence=RingFence.NRPF)
    factories.unit(session, right, state=UnitState.OCCUPIED)
    factories.unit(session, right, confirmed_at=now - timedelta(hours=73))
    factories.unit(session, for_everybody(session, status=ListingStatus.DRAFT))
    for accepts in (AcceptsNrpf.NO, AcceptsNrpf.IF_FUNDED, None):
        factories.unit(session, factories.service(session, accepts_nrpf=accepts))
    offered = factories.unit(session, right)

    assert units(next_best(session, None, lost.id, moment)) == [offered.id]


@pytest.mark.parametrize(
    "narrower",
    [
        {"bedspaces": 3},
        {"max_adults": 1},
        {"max_children": 2},
        {"boys_max_age": 13},
        {"not_from": [factories.EALING]},
    ],
)
def test_it_shuts_nobody_out_whom_the_lost_one_would_have_taken(
    session: Session, moment: Moment, narrower: dict[str, object]
) -> None:
    lost = factories.unit(session, boys_max_age=14, not_from=[factories.HACKNEY])
    refuge = for_everybody(session)
    factories.unit(session, refuge, **{"boys_max_age": 14, **narrower})
    same = factories.unit(session, refuge, boys_max_age=14, not_from=[factories.HACKNEY])
    wider = factories.unit(session, refuge, bedspaces=9)

    assert sorted(units(next_best(session, None, lost.id, moment))) == sorted([same.id, wider.id])


@pytest.mark.parametrize("other", [{"genders": ["man"]}, {"min_age": 25}, {"max_age": 60}])
def test_it_is_for_the_same_people(session: Session, moment: Moment, other: dict[str, object]) -> None:
    lost = factories.unit(session, factories.service(session, min_age=18))
    factories.unit(session, for_everybody(session, **other))
    same = factories.unit(session, for_everybody(session, genders=["woman", "man"], min_age=16))

    assert units(next_best(session, None, lost.id, moment)) == [same.id]


def test_the_nearest_stands_first_and_then_by_id(session: Session, moment: Moment) -> None:
    lost = factories.unit(session, borough_code=factories.HACKNEY)
    made: list[Unit] = [
        factories.unit(session, for_everybody(session, borough_code=None)),
        factories.unit(session, for_everybody(session), borough_code=factories.EALING),
        factories.unit(session, for_everybody(session), borough_code=factories.HACKNEY),
        factories.unit(session, for_everybody(session), borough_code=factories.HACKNEY),
    ]
    unknown, far, *near = (unit.id for unit in made)

    by_service = sorted(made[2:], key=lambda unit: unit.id)
    assert units(next_best(session, None, lost.id, moment, most=4)) == [*(unit.id for unit in by_service), far, unknown]
    assert sorted(near) == [unit.id for unit in by_service]


@pytest.mark.parametrize("nrpf", [None, False, True])
def test_what_is_offered_is_the_same_whatever_the_lost_unit_is_funded_for(
    session: Session, moment: Moment, nrpf: bool | None
) -> None:
    """Rule 3. The same unit, once with a ring-fence and once without: not a byte is different."""
    refuge = for_everybody(session)
    lost = factories.unit(session, refuge)
    factories.unit(session, refuge, ringfence=RingFence.NRPF)
    factories.unit(session, refuge)
    factories.unit(session, factories.service(session), ringfence=RingFence.NRPF)
    factories.unit(session, factories.service(session))
    criteria = None if nrpf is None else read_question(session, {"adults": 1, "nrpf": nrpf})

    told = []
    for ringfence in RingFence:
        lost.ringfence = ringfence
        session.flush()
        told.append(repr(next_best(session, criteria, lost.id, moment)))

    assert told[0] == told[1]
    assert "Match(" in told[0]


def test_a_unit_that_is_not_listed_any_more_has_no_next_best(session: Session, moment: Moment) -> None:
    factories.unit(session, for_everybody(session))
    lost = factories.unit(session, factories.service(session, status=ListingStatus.SUSPENDED))

    assert next_best(session, None, lost.id, moment) == []


def test_the_service_of_a_unit_can_be_named(session: Session) -> None:
    refuge = factories.service(session, name="Marigold House")
    unit = factories.unit(session, refuge)

    assert service_of_unit(session, unit.id).name == "Marigold House"
    draft = factories.unit(session, factories.service(session, status=ListingStatus.DRAFT))
    for unit_id in ("nowhere", draft.id):
        with pytest.raises(NotFoundError):
            service_of_unit(session, unit_id)
