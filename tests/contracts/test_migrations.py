"""Models equal migrations, on both databases, and migrations can be undone."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, inspect, text

from directory.common.migrate import downgrade, revisions, upgrade
from directory.extensions import make_engine
from directory.models import Base
from directory.paths import MIGRATIONS
from tests.support.databases import Databases
from tests.support.schema import schema_of

MakeEngine = Callable[[], Engine]


@pytest.fixture
def blank_engine(databases: Databases, database_kind: str) -> Iterator[MakeEngine]:
    """Makes engines on databases of the test's own that hold nothing."""
    contexts, engines = [], []

    def make() -> Engine:
        context = databases.blank(database_kind)
        contexts.append(context)
        engines.append(make_engine(context.__enter__()))
        return engines[-1]

    yield make
    for engine, context in zip(engines, contexts, strict=True):
        engine.dispose()
        context.__exit__(None, None, None)


def test_models_equal_migrations(blank_engine: MakeEngine) -> None:
    migrated, modelled = blank_engine(), blank_engine()
    upgrade(migrated)
    Base.metadata.create_all(modelled)

    by_migrations, by_models = schema_of(migrated), schema_of(modelled)

    assert by_models, "there is nothing to compare"
    assert sorted(by_migrations - by_models) == [], "the migrations make what the models do not know"
    assert sorted(by_models - by_migrations) == [], "the models want what no migration makes: write one"


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE one_more (id INTEGER PRIMARY KEY)",
        "ALTER TABLE users ADD COLUMN nickname VARCHAR(20)",
        "DROP INDEX ix_units_service_id_state",
        "CREATE UNIQUE INDEX one_more ON users (name) WHERE active",
        "DROP TABLE service_languages",
    ],
)
def test_the_comparison_bites(blank_engine: MakeEngine, change: str) -> None:
    engine = blank_engine()
    upgrade(engine)
    before = schema_of(engine)

    with engine.begin() as connection:
        connection.execute(text(change))

    assert schema_of(engine) != before


def test_migrations_can_be_undone_and_done_again(blank_engine: MakeEngine) -> None:
    engine = blank_engine()
    upgrade(engine)
    schema = schema_of(engine)

    downgrade(engine, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    assert revisions(engine)[0] is None

    upgrade(engine)
    assert schema_of(engine) == schema


def test_migrations_are_numbered_and_named() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))

    assert [name.partition("_")[0] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    for name in names:
        source = (MIGRATIONS / "versions" / name).read_text()
        assert f'revision = "{name[:4]}"' in source, f"{name} has another number inside"
