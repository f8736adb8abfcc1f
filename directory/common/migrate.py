"""Bringing a database up to the newest migration, from code: there is no ini file to keep in step."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from directory.paths import MIGRATIONS


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Apply every migration that the database lacks; no work when it lacks none."""
    command.upgrade(_config(engine), "head")


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """The revision the database is at, and the newest one there is."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current, ScriptDirectory.from_config(_config(engine)).get_current_head()


def downgrade(engine: Engine, revision: str) -> None:
    """Undo every migration after `revision` (`base`: all of them), and with them the data that they made room for."""
    command.downgrade(_config(engine), revision)
