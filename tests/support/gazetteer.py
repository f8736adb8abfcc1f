"""The gazetteer in a test database."""

from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.paths import SEED_DATA
from directory.places.loading import load_gazetteer

LOADED_AT = datetime(2026, 11, 1, tzinfo=UTC)


def fill_with_gazetteer(engine: Engine) -> None:
    """Load the gazetteer's own files, as every installation does."""
    with Session(engine) as session:
        load_gazetteer(session, SEED_DATA / "gazetteer", LOADED_AT)
        session.commit()
