"""Whether the gazetteer is there: without it nobody can say where they need help."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.places.models import GazetteerLoad


def gazetteer_is_loaded(session: Session) -> bool:
    """Whether the gazetteer's files were loaded into this database."""
    return session.scalar(select(GazetteerLoad.id)) is not None
