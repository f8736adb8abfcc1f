"""The world of tests of editing."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.editing.world import World, make_world


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    """A refuge, its provider, a commissioner, an officer and an advocate."""
    return make_world(session, now)
