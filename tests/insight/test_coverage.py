"""Who covers what: held to what the search itself answers, and few statements however many services."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.capacity.models import UnitState
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.errors import DomainError
from directory.insight.coverage import Cover, Subject, coverage, read_catalogue
from directory.insight.gaps import need_by_borough, per_residents, worst_gaps
from directory.insight.periods import quarter_named
from directory.insight.populations import POPULATIONS, read_populations
from directory.insight.unmet_tables import read_unmet
from directory.places.lookup import all_boroughs
from directory.search.questions import read_question
from directory.search.service import search
from tests import factories
from tests.insight.worlds import count
from tests.support.databases import count_statements

ADVICE = ServiceKind.IMMIGRATION_ADVICE
HACKNEY, EALING, SOUTHWARK = factories.HACKNEY, factories.EALING, factories.SOUTHWARK


@pytest.fixture
def moment(now: datetime) -> Moment:
    """Now, with the usual times."""
    return Moment(now, timedelta(hours=24), timedelta(hours=72))


def test_needs_by_borough(session: Session, moment: Moment) -> None:
    """A narrower term answers for its widest one, once; a refuge stands where its units are."""
    factories.service(session, kind=ADVICE, needs=["coercive-control", "domestic-abuse"], areas=[HACKNEY, EALING])
    factories.service(session, kind=ADVICE, needs=["domestic-abuse"], areas=["england", HACKNEY])
    refuge = factories.service(session, needs=["refuge-space"], areas=["london"], borough_code=HACKNEY)
    factories.unit(session, refuge, borough_code=SOUTHWARK)
    factories.unit(session, refuge, borough_code=EALING, state=UnitState.OCCUPIED)
    factories.unit(session, refuge, state=UnitState.CLOSED)  # in Hackney, but cannot be offered
    factories.service(session, kind=ADVICE, needs=["housing"], areas=["uk"], status=ListingStatus.DRAFT)
    owner = factories.organisation(session, status=ListingStatus.SUSPENDED)
    factories.service(session, owner, kind=ADVICE, needs=["housing"], areas=["uk"])

    matrix = coverage(read_catalogue(session, moment), Subject.NEEDS)

    assert matrix.cell("domestic-abuse", HACKNEY) == Cover(local=1, wide=1)
    assert matrix.cell("domestic-abuse", SOUTHWARK) == Cover(wide=1)
    assert matrix.cell("domestic-abuse", SOUTHWARK).only_wide
    assert [matrix.cell("housing", one).local for one in (SOUTHWARK, EALING, HACKNEY)] == [1, 1, 0]
    assert matrix.cell("housing", HACKNEY).is_gap
    assert not matrix.is_offered("forced-marriage")
    assert "coercive-control" not in matrix.rows
    assert len(matrix.columns) == 33


def test_it_says_what_the_search_says(session: Session, moment: Moment) -> None:
    """For each borough: as many as a search there for the need finds; of refuges, those with a unit in the borough."""
    for areas in (["uk"], ["england"], ["london"], [HACKNEY], [HACKNEY, SOUTHWARK], [EALING]):
        factories.service(session, kind=ADVICE, needs=["coercive-control"], areas=areas)
    matrix = coverage(read_catalogue(session, moment), Subject.NEEDS)

    for borough in all_boroughs(session)[::8] + [one for one in all_boroughs(session) if one.code == HACKNEY]:
        question = {"near": borough.name, "need": ["domestic-abuse"], "kind": [ADVICE.value]}
        total = search(session, read_question(session, question), moment).total
        assert matrix.cell("domestic-abuse", borough.code).services == total


def test_languages_and_communities(session: Session, moment: Moment) -> None:
    owner = factories.organisation(session, communities=["deaf"])
    factories.service(session, owner, kind=ADVICE, communities=["lgbt"], languages=["bn", "so"], areas=[HACKNEY])
    factories.service(session, kind=ServiceKind.HELPLINE, communities=["deaf"], languages=["bn"], areas=["london"])
    factories.service(session, owner)  # a refuge without units takes nobody in
    catalogue = read_catalogue(session, moment)

    languages = coverage(catalogue, Subject.LANGUAGES)
    assert list(languages.rows.values()) == ["Bangla", "Somali"]
    assert languages.cell("bn", HACKNEY) == Cover(1, 1)
    assert languages.cell("so", EALING).is_gap
    communities = coverage(catalogue, Subject.COMMUNITIES)
    assert communities.cell("deaf", ADVICE.value).services == 1
    assert communities.cell("deaf", ServiceKind.HELPLINE.value).services == 1
    assert communities.cell("deaf", ServiceKind.REFUGE.value).is_gap
    assert not communities.is_offered("latin-american")
    assert catalogue.local_services()[HACKNEY] == 1
    assert catalogue.wide_services == 1


def test_the_number_of_statements_does_not_grow(session: Session, engine: Engine, moment: Moment) -> None:
    numbers = []
    for _ in range(2):
        for _ in range(5):
            factories.unit(session, factories.service(session, languages=["bn"], communities=["deaf"]))
        with count_statements(engine) as statements:
            read_catalogue(session, moment)
        numbers.append(len(statements))

    assert numbers[0] == numbers[1] <= 12


def test_gaps_that_matter_most(session: Session, moment: Moment, now: datetime) -> None:
    """Nobody before somebody far away; searches in vain before people; people before the alphabet."""
    factories.service(session, kind=ADVICE, needs=["domestic-abuse"], areas=["london"])
    for need in ("forced-marriage", "immigration-advice", "trafficking-and-exploitation"):
        factories.service(session, kind=ADVICE, needs=[need], areas=[one.code for one in all_boroughs(session)])
    quarter = quarter_named("2026-Q3")
    count(session, quarter.first, 20, EALING, "housing")
    boroughs, residents = all_boroughs(session), read_populations().residents
    matrix = coverage(read_catalogue(session, moment), Subject.NEEDS)

    gaps = worst_gaps(matrix, boroughs, residents, read_unmet(session, quarter, now), most=40)

    assert {gap.need for gap in gaps[:33]} == {"housing"}
    assert {gap.borough.police_area for gap in gaps[:3]} == {"West Area"}
    assert [gap.unmet.text for gap in gaps[:4]] == ["20", "20", "20", "fewer than 5"]
    assert gaps[3].borough.name == "Croydon"  # the most people of all others
    assert {gap.need for gap in gaps[33:]} == {"domestic-abuse"}
    croydon = next(gap for gap in need_by_borough(matrix, "domestic-abuse", boroughs, residents, None) if gap.residents)
    assert croydon.residents_per_service == croydon.residents


def test_populations(tmp_path) -> None:  # type: ignore[no-untyped-def]
    found = read_populations()
    assert len(found.residents) == 33
    assert 8_000_000 < sum(found.residents.values()) < 10_000_000
    assert "ONS" in found.source
    assert POPULATIONS.exists()

    spoilt = tmp_path / "populations.csv"
    spoilt.write_text("borough_code,population,source\nE09000001,8600,x\nE09000002,many,x\n")
    with pytest.raises(DomainError, match="line 3"):
        read_populations(spoilt)


def test_rates() -> None:
    assert per_residents(3, 200_000) == 1.5
    assert per_residents(3, 0) is None
