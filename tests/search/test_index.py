"""The catalogue in memory: always true to the database, whoever changed it and how."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from directory.capacity.availability import Moment
from directory.catalogue.models import Service
from directory.catalogue.vocabulary import ListingStatus, ServiceKind
from directory.common.changes import current_mark
from directory.extensions import Database
from directory.search.criteria import Criteria
from directory.search.index import MAX_AGE_SECONDS, build_index, catalogue_index
from directory.search.service import search
from tests import factories
from tests.search.worlds import NOW

MOMENT = Moment(NOW, timedelta(hours=24), timedelta(hours=72))


@pytest.fixture
def database(database_url: str) -> Database:
    made = Database(database_url)
    with made.new_session.begin() as session:
        factories.service(session, id="helpline", kind=ServiceKind.HELPLINE)
    yield made
    made.engine.dispose()


def found(database: Database) -> list[str]:
    with database.new_session() as session:
        return [match.service.id for match in search(session, Criteria(), MOMENT).results]


def test_it_is_built_once_and_kept(database: Database) -> None:
    with database.new_session() as session:
        first = catalogue_index(session)
    with database.new_session() as session:
        assert catalogue_index(session) is first


def test_what_is_committed_is_found_at_once(database: Database) -> None:
    assert found(database) == ["helpline"]

    with database.new_session.begin() as session:
        factories.service(session, id="advocacy", kind=ServiceKind.ADVOCACY)

    assert sorted(found(database)) == ["advocacy", "helpline"]


@pytest.mark.parametrize(
    "statement",
    [
        update(Service).values(status=ListingStatus.SUSPENDED),
        text("UPDATE services SET status = 'suspended'"),
        text("  update organisations set status = 'suspended'"),
        text('DELETE FROM "services"'),
    ],
    ids=["core", "text", "lower case", "quoted"],
)
def test_no_way_of_writing_goes_unnoticed(database: Database, statement: object) -> None:
    assert found(database) == ["helpline"]

    with database.engine.begin() as connection:
        if "DELETE" in str(statement):
            for table in ("service_needs", "service_genders", "service_areas"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - names of our own
        connection.execute(statement)

    assert found(database) == []


def test_what_is_rolled_back_was_never_found(database: Database) -> None:
    with database.new_session() as session:
        factories.service(session, id="draft-idea", kind=ServiceKind.ADVOCACY)
        own = [match.service.id for match in search(session, Criteria(), MOMENT).results]
        session.rollback()

    assert sorted(own) == ["draft-idea", "helpline"]
    assert found(database) == ["helpline"]


def test_another_process_is_noticed_by_its_mark(database: Database, database_url: str) -> None:
    assert found(database) == ["helpline"]

    other = Database(database_url)
    with other.new_session.begin() as session:
        session.execute(update(Service).values(status=ListingStatus.WITHDRAWN))
    other.engine.dispose()

    assert found(database) == []


def test_what_changes_behind_our_back_is_noticed_within_a_minute(database: Database) -> None:
    with database.new_session() as session:
        first = catalogue_index(session, tick=lambda: 1_000.0)
        assert catalogue_index(session, tick=lambda: 1_000.0 + MAX_AGE_SECONDS - 1) is first
        assert catalogue_index(session, tick=lambda: 1_000.0 + MAX_AGE_SECONDS) is not first


def test_writing_other_tables_leaves_no_mark(database: Database) -> None:
    with database.new_session() as session:
        before = current_mark(session)
    with database.new_session.begin() as session:
        factories.user(session, "officer")
    with database.new_session() as session:
        assert current_mark(session) == before


def test_units_of_drafts_and_of_nobody_are_no_trouble(session: Session) -> None:
    factories.unit(session, factories.service(session, status=ListingStatus.DRAFT))

    assert build_index(session).units.ids == []
    assert search(session, Criteria(), MOMENT).total == 0
