"""The ground under all other tests: two databases, both migrated, each test on its own."""

from datetime import datetime

import pytest
from sqlalchemy import Engine, create_engine, func, inspect, select
from sqlalchemy.orm import Session

from directory.capacity.models import Unit
from directory.places.models import Borough
from tests import factories


def test_the_database_is_of_the_kind_it_says(engine: Engine, database_kind: str) -> None:
    assert engine.dialect.name == database_kind


def test_the_gazetteer_is_loaded(session: Session) -> None:
    assert session.scalar(select(func.count()).select_from(Borough)) == 33


@pytest.mark.parametrize("round_", [1, 2])
def test_what_a_test_commits_is_undone(session: Session, round_: int) -> None:
    assert session.scalar(select(func.count()).select_from(Unit)) == 0
    factories.unit(session)
    session.commit()
    assert session.scalar(select(func.count()).select_from(Unit)) == 1


def test_factories_make_rows_that_can_be_offered(session: Session, now: datetime) -> None:
    unit = factories.unit(session, not_from=[factories.EALING], access_features=["step-free"])
    assert (unit.state, unit.confirmed_at) == ("open", now)
    assert factories.user(session, "provider").organisation_id


def test_a_database_of_ones_own_is_filled(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Borough)) == 33
    engine.dispose()


def test_a_blank_database_is_blank(blank_database_url: str) -> None:
    engine = create_engine(blank_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
